"""A real agent, and real senders of traps: Net-SNMP's, with every algorithm the inventory can name."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.model import SnmpAuthentication, SnmpPrivacy, SnmpVersion
from monitor.errors import RefusalError, SilenceError
from monitor.results import TrapCounts
from monitor.snmp import fast
from monitor.snmp.device import PolledDevice
from monitor.snmp.expected import Credential, ExpectedPoll, Way
from monitor.snmp.model import Figures
from monitor.snmp.notices import Notice, NoticeKind
from monitor.snmp.session import Keyring, Session, SilentKeyError
from monitor.snmp.traps import Traps
from monitor.snmp.values import Value
from tests.monitor.snmp.polls import KEYS, MANNER, expected
from tests.slots import free_port
from tests.unpacked import as_installed

pytestmark = [pytest.mark.lab, pytest.mark.timeout(120)]

_AUTH, _PRIV = KEYS.secrets["file:auth"], KEYS.secrets["file:priv"]
_PROOFS = {
    SnmpAuthentication.MD5: "MD5",
    SnmpAuthentication.SHA1: "SHA",
    SnmpAuthentication.SHA224: "SHA-224",
    SnmpAuthentication.SHA256: "SHA-256",
    SnmpAuthentication.SHA384: "SHA-384",
    SnmpAuthentication.SHA512: "SHA-512",
}
_CIPHERS = {
    SnmpPrivacy.DES: "DES",
    SnmpPrivacy.AES128: "AES",
    SnmpPrivacy.AES192: "AES192",
    SnmpPrivacy.AES256: "AES256",
}
_PAIRS = [(proof, cipher) for proof in _PROOFS for cipher in _CIPHERS]


def user(proof: SnmpAuthentication, cipher: SnmpPrivacy) -> str:
    return f"{proof}-{cipher}"


def credential(proof: SnmpAuthentication, cipher: SnmpPrivacy) -> Credential:
    return Credential(SnmpVersion.V3, user(proof, cipher), "file:auth", "file:priv", proof, cipher)


_USUAL = credential(SnmpAuthentication.SHA256, SnmpPrivacy.AES128)


class Daemon:
    """A running snmpd, which may be killed and started again."""

    def __init__(self, state: Path, folder: Path) -> None:
        self._state, self._folder, self.port = state, folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, engine: str = "fosa-one") -> None:
        lines = [f"agentAddress udp:127.0.0.1:{self.port}", f"engineID {engine}", "rocommunity public 127.0.0.1"]
        for proof, cipher in _PAIRS:
            made = f'createUser {user(proof, cipher)} {_PROOFS[proof]} "{_AUTH}" {_CIPHERS[cipher]} "{_PRIV}"'
            lines += [made, f"rouser {user(proof, cipher)} priv"]
        config, kept = self._folder / "snmpd.conf", self._folder / engine
        config.write_text("\n".join(["sysName gw-b", "sysLocation b", *lines, ""]))
        words = ["env", "MIBS=", f"SNMP_PERSISTENT_DIR={kept}", "snmpd", "-f", "-Lf", str(self._folder / "log")]
        words += ["-C", "-c", str(config), "-p", str(self._folder / "pid")]
        self._process = subprocess.Popen(as_installed(self._state, words), stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 30
        while asyncio.run(self._silent()):
            assert time.monotonic() < limit, (self._folder / "log").read_text()

    async def _silent(self) -> bool:
        try:
            session = Session(expected(self.port), KEYS)
            await session.open()
            await session.get(["1.3.6.1.2.1.1.3.0"])
        except SilenceError:
            await asyncio.sleep(0.05)
            return True
        return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)


@pytest.fixture(scope="module")
def daemon(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    running = Daemon(state, tmp_path_factory.mktemp("snmpd"))
    running.start()
    yield running
    running.stop()


def read(*polls: ExpectedPoll, keys: Keyring = KEYS) -> list[Figures]:
    async def run() -> list[Figures]:
        return [await PolledDevice(poll, keys).read() for poll in polls]

    return asyncio.run(run())


def test_a_linux_host_is_read_with_every_pair_of_algorithms(daemon: Daemon) -> None:
    async def run() -> None:
        for proof, cipher in _PAIRS:
            session = Session(expected(daemon.port, credential(proof, cipher)), KEYS)
            await session.open()
            assert "1.3.6.1.2.1.1.5.0" in await session.get(["1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"]), proof

    asyncio.run(run())


def test_version_3_and_2c_find_the_same(daemon: Daemon) -> None:
    new, old = read(expected(daemon.port, _USUAL), expected(daemon.port))
    assert (new.name, new.place, new.vendor) == ("gw-b", "b", "Net-SNMP")
    assert {port.name for port in new.ports} == {port.name for port in old.ports} >= {"lo"}
    assert new.storages == () or new.storages[0].size_bytes > 0
    assert new.partial == old.partial == ()
    loopback = next(port for port in new.ports if port.name == "lo")
    assert loopback.counters is not None
    assert (loopback.physical, loopback.enabled) == (False, True)


def test_both_ways_through_a_table_find_the_same(daemon: Daemon) -> None:
    """Tables that stand still while they are read: what the agent supports, its views, the names of its ports."""

    async def walked(credential: Credential, way: Way, oid: str, rows: int) -> list[tuple[str, Value]]:
        session = Session(expected(daemon.port, credential, replace(MANNER, way=way)), KEYS)
        found: list[tuple[str, Value]] = []
        await session.open()
        await session.walk(oid, rows, found.extend)
        return found

    async def run() -> None:
        for oid in ("1.3.6.1.2.1.1.9", "1.3.6.1.6.3.16", "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.33"):
            for rows in (2, 25):
                for asking in (_USUAL, expected(daemon.port).credential):
                    quick = await walked(asking, Way.QUICK, oid, rows)
                    assert quick == await walked(asking, Way.PUBLIC, oid, rows), (oid, rows)
                    assert bool(quick) == (oid != "1.3.6.1.2.1.33"), oid

    assert fast.hindrance() is None
    asyncio.run(run())


def test_a_wrong_user_or_proof_is_refused_and_a_wrong_privacy_key_told_from_silence(daemon: Daemon) -> None:
    manner = replace(MANNER, timeout_s=0.4)
    for wrong in (replace(_USUAL, user="nobody"), replace(_USUAL, authentication=SnmpAuthentication.SHA1)):
        with pytest.raises(RefusalError):
            read(expected(daemon.port, wrong))
    with pytest.raises(RefusalError):
        read(expected(daemon.port, _USUAL), keys=Keyring({**KEYS.secrets, "file:auth": "another-one-1234"}))
    with pytest.raises(SilentKeyError):
        read(expected(daemon.port, _USUAL, manner), keys=Keyring({**KEYS.secrets, "file:priv": "another-one-1234"}))
    with pytest.raises(SilenceError):
        read(expected(daemon.port, manner=manner), keys=Keyring({"file:community": "private"}))


def test_a_restart_and_another_box_in_its_place_are_read_on(state: Path, tmp_path: Path) -> None:
    running = Daemon(state, tmp_path)
    manner = replace(MANNER, timeout_s=1.0)
    running.start()
    device = PolledDevice(expected(running.port, _USUAL, manner), KEYS)
    try:
        assert asyncio.run(device.read()).name == "gw-b"
        running.stop()
        running.start()
        assert asyncio.run(device.read()).name == "gw-b", "its engine has booted once more"
        running.stop()
        running.start("fosa-two")
        assert asyncio.run(device.read()).name == "gw-b", "and now it is another engine"
    finally:
        running.stop()


# ---- Traps and informs -----------------------------------------------------------------------------------------------

_LINK_DOWN = ["", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.7", "i", "7"]


class Senders:
    """Net-SNMP's snmptrap and snmpinform, sending to a port of ours."""

    def __init__(self, state: Path, folder: Path, port: int) -> None:
        self._state, self._folder, self._port = state, folder, port

    async def send(self, tool: str, *words: str) -> int:
        whole = ["env", "MIBS=", f"SNMP_PERSISTENT_DIR={self._folder}", tool, "-r", "0", "-t", "5", *words]
        argv = as_installed(self._state, [*whole, f"127.0.0.1:{self._port}", *_LINK_DOWN])
        process = await asyncio.create_subprocess_exec(
            *argv, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait()


def version_3(proof: str = "SHA-256", cipher: str = "AES", level: str = "authPriv", key: str = _AUTH) -> list[str]:
    who = ["-v3", "-u", _USUAL.user, "-l", level, "-a", proof, "-A", key, "-x", cipher, "-X", _PRIV]
    return [*who, "-e", "0x80001f8804112233"]


def test_traps_are_proven_and_informs_answered(state: Path, tmp_path: Path) -> None:
    heard: list[Notice] = []

    async def run() -> TrapCounts:
        port = free_port()
        traps = Traps([expected(9, _USUAL)], KEYS, lambda _device, notice: heard.append(notice), port)
        traps.prepare()
        task = asyncio.create_task(traps.run())
        senders = Senders(state, tmp_path, port)
        assert await senders.send("snmptrap", *version_3()) == 0
        assert await senders.send("snmpinform", *version_3()[:-2]) == 0, "its sender has been answered"
        assert await senders.send("snmptrap", *version_3(level="noAuthNoPriv")) == 0
        assert await senders.send("snmptrap", *version_3(level="authNoPriv")) == 0
        assert await senders.send("snmptrap", *version_3(key="another-one-1234")) == 0
        assert await senders.send("snmptrap", "-v2c", "-c", "public") == 0
        async with asyncio.timeout(30):
            while traps.counts.taken + traps.counts.refused < 6:
                await asyncio.sleep(0.01)
        task.cancel()
        traps.close()
        return traps.counts

    counts = asyncio.run(run())
    assert heard == [Notice(NoticeKind.LINK_DOWN, 7)] * 2
    assert (counts.taken, counts.refused, counts.strangers) == (2, 4, 0)


def test_version_2c_is_heard_of_devices_that_know_nothing_else(state: Path, tmp_path: Path) -> None:
    heard: list[Notice] = []

    async def run() -> tuple[int, int]:
        port = free_port()
        traps = Traps([expected(9)], KEYS, lambda _device, notice: heard.append(notice), port)
        traps.prepare()
        task = asyncio.create_task(traps.run())
        senders = Senders(state, tmp_path, port)
        answered = await senders.send("snmpinform", "-v2c", "-c", "public")
        unanswered = await senders.send("snmpinform", "-v2c", "-c", "private", "-t", "1")
        task.cancel()
        traps.close()
        return answered, unanswered

    answered, unanswered = asyncio.run(run())
    assert answered == 0
    assert unanswered != 0
    assert heard == [Notice(NoticeKind.LINK_DOWN, 7)]
