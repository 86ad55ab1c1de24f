"""A whole practice office: the way to the platform's stand-in, told by what fails; printers, a UPS and switches."""

from __future__ import annotations

import asyncio
import http.client
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from inventory.load import load
from inventory.model import Office
from inventory.secrets import SecretStore
from lab.namespace import inside
from lab.practice import Practice
from lab.standins.mood import Mood, set_mood
from monitor.channel import ChannelReading, judge_channel
from monitor.hops import Hop
from monitor.once import ask_probe, read_channels
from monitor.probes.base import Outcome
from monitor.probes.rounds import expected_probes
from monitor.results import State
from monitor.snmp.model import Polled
from monitor.watch import Keys, Listener, Watch, read_keys

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

HOST = "ws.mpips.gov.pl"
Ask = Callable[[str], Outcome]
Look = Callable[[], ChannelReading]
_UP, _DOWN = State.UP, State.DOWN


@pytest.fixture(scope="module")
def look(configured: Practice) -> Look:
    """At the channel, once, from the manager's host."""
    office = load(configured.paths.office).require()
    keys = read_keys(office, SecretStore(configured.paths.office))

    def read() -> ChannelReading:
        watched = inside(configured.namespace_of("adm-k"), lambda: read_channels(office, keys, ["csizs"]))
        return judge_channel(office, office.channel("csizs"), watched)

    return read


@pytest.fixture
def mood(configured: Practice) -> Iterator[Callable[[Mood], None]]:
    folder = configured.paths.folder / "stand-ins"
    yield lambda which: set_mood(folder, which)
    set_mood(folder, Mood.FINE)


def _states(reading: ChannelReading) -> tuple[State, ...]:
    return tuple(each.state for each in reading.aspects)


def test_the_stand_in_is_reached_believed_asked_and_the_domain_system_is_seen_to_ask(look: Look) -> None:
    limit = time.monotonic() + 60
    while _states(reading := look()) != (_UP, _UP, _UP):
        assert time.monotonic() < limit, [(each.hop, str(each.cause)) for each in reading.hops]
    assert reading.failing is None


@pytest.mark.parametrize(
    ("wrong", "failing"),
    [(Mood.REFUSES, Hop.CLIENT_CERTIFICATE), (Mood.ERROR, Hop.APPLICATION)],
)
def test_what_the_stand_in_does_wrong_is_the_hop_that_fails(
    look: Look, mood: Callable[[Mood], None], wrong: Mood, failing: Hop
) -> None:
    mood(wrong)
    assert look().failing is failing


@pytest.fixture(scope="module")
def ask(configured: Practice) -> Ask:
    """One probe, from the manager's host."""
    office = load(configured.paths.office).require()
    keys = read_keys(office, SecretStore(configured.paths.office))
    probes = {probe.name: probe for probe in expected_probes(office)}
    return lambda name: inside(configured.namespace_of("adm-k"), lambda: ask_probe(office, probes[name], keys))


@pytest.mark.parametrize(
    ("wrong", "name", "told"),
    [
        (Mood.FINE, f"revocation:csizs/{HOST}:443", (State.UP, f"{HOST} is not revoked, says OCSP")),
        (Mood.REVOKED, f"revocation:csizs/{HOST}:443", (State.DOWN, f"{HOST} is revoked since ")),
        (Mood.UNSAID, f"revocation:csizs/{HOST}:443", (State.DEGRADED, "the host answers HTTP 503")),
        (Mood.STALE, f"revocation:csizs/{HOST}:443", (State.DOWN, "is out of date since ")),
        (Mood.REVOKED, "revocation:csizs/ours", (State.UP, "is not revoked, says OCSP")),
        (Mood.FINE, "time-stamp:csizs", (State.UP, "the authority stamps, with the right time")),
        (Mood.UNSTAMPED, "time-stamp:csizs", (State.DOWN, "the authority gives no stamp: rejection")),
        (Mood.EXPIRED, f"tls:csizs/{HOST}:443", (State.DOWN, "ended")),
        (Mood.EARLY, f"tls:csizs/{HOST}:443", (State.DOWN, "is not valid before")),
        (Mood.MISNAMED, f"tls:csizs/{HOST}:443", (State.DOWN, f"other.{HOST}")),
    ],
)
def test_certificates_and_stamps_are_asked_about_at_the_stand_in(
    ask: Ask, mood: Callable[[Mood], None], wrong: Mood, name: str, told: tuple[State, str]
) -> None:
    mood(wrong)
    found = ask(name)
    assert (found.state, told[1] in str(found.cause)) == (told[0], True), found


def test_the_command_asks_a_probe_and_a_tunnel(configured: Practice) -> None:
    environ = {**os.environ, "FOSA_INVENTORY": str(configured.paths.office), "FOSA_STATE": str(configured.paths.folder)}
    for name, line in (("k-b", "k-b: up (proven)"), ("time-stamp:csizs", "time-stamp:csizs: up (")):
        argv = [sys.executable, "-c", "from api.cli import main; main()", "probe", name, "--lang", "en"]
        limit = time.monotonic() + 60
        while True:
            done = subprocess.run(
                configured.manager_command(argv), env=environ, capture_output=True, text=True, timeout=60, check=False
            )
            if done.returncode == 0 or time.monotonic() > limit:
                break
        assert done.stdout.startswith(line), (done.stdout, done.stderr)


def test_noting_who_was_answered_is_no_drift(configured: Practice) -> None:
    gateway = configured.device("gw-k")
    noted = gateway.must(["nft", "list", "set", "inet", "fosa", "asked"])
    assert "10.64.2.10 . 192.0.2.80" in noted
    told = gateway.must(["/usr/local/lib/fosa/gate", "read", "fetch"])
    assert "set asked" in told
    assert "10.64.2.10 . 192.0.2.80" not in told


def test_printers_a_ups_and_switches_tell_how_they_are(configured: Practice, look: Look) -> None:
    """With real agents: what is read of them is what they were given."""
    office = load(configured.paths.office).require()
    keys = read_keys(office, SecretStore(configured.paths.office))
    wanted = {"prn-k-01", "prn-c-09", "ups-k", *(switch.name for switch in office.switches)}
    found = inside(configured.namespace_of("adm-k"), lambda: asyncio.run(_polled(office, keys, wanted)))
    printer = found["prn-c-09"].figures
    assert printer is not None
    assert [(supply.name, supply.level_ratio) for supply in printer.supplies] == [
        ("Black Toner", 0.5),
        ("Waste Toner Box", 0.8),
    ]
    ups = found["ups-k"].figures
    assert ups is not None
    assert [battery.charge_ratio for battery in ups.batteries] == [1.0]
    switch = found["sw-k-2"].figures
    assert switch is not None
    assert [port.name for port in switch.ports][:2] == ["1/1/1", "1/1/2"]
    assert {port.speed_bps for port in switch.ports} == {10**9}


async def _polled(office: Office, keys: Keys, wanted: set[str]) -> dict[str, Polled]:
    """Everybody who is wanted, once he answers."""
    found: dict[str, Polled] = {}
    done = asyncio.Event()

    def told(polled: Polled) -> None:
        if polled.state.works:
            found[polled.device] = polled
        if wanted <= found.keys():
            done.set()

    watch = asyncio.create_task(Watch(office, keys, Listener(on_polled=told), lambda _probe: False).run())
    try:
        await asyncio.wait_for(done.wait(), 60)
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
    return found


def test_a_printer_takes_ipp(configured: Practice) -> None:
    """Get-Printer-Attributes (RFC 8011, section 4.2.5), answered by ippeveprinter."""
    words = ((0x47, "attributes-charset", "utf-8"), (0x48, "attributes-natural-language", "en"))
    asked = struct.pack(">BBHIB", 2, 0, 0x000B, 1, 1)
    for tag, name, value in (*words, (0x45, "printer-uri", "ipp://10.64.7.10/ipp/print")):
        asked += struct.pack(
            f">BH{len(name)}sH{len(value)}s", tag, len(name), name.encode(), len(value), value.encode()
        )

    def ask() -> bytes:
        with closing(http.client.HTTPConnection("10.64.7.10", 631, timeout=10)) as connection:
            connection.request("POST", "/ipp/print", asked + b"\x03", {"Content-Type": "application/ipp"})
            return connection.getresponse().read()

    answer = inside(configured.namespace_of("host-prn-k"), ask)
    assert struct.unpack(">BBHI", answer[:8]) == (2, 0, 0, 1)
    assert b"printers-prn-k" in answer
