"""Echo probes over a loopback of their own, where the kernel can be told not to answer."""

import asyncio
import ctypes
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from monitor.echo.echoes import Echoes
from monitor.echo.packet import checksum
from monitor.results import Reason, State

pytestmark = pytest.mark.lab

_CLONE_NEWNET = 0x40000000
_TARGETS = {"near": IPv4Address("127.0.0.1"), "nowhere": IPv4Address("192.0.2.1")}


def test_states_follow_the_answers() -> None:
    changes: list[dict[str, tuple[State, Reason]]] = []

    async def follow() -> Echoes:
        probes: Echoes = Echoes(_TARGETS, lambda: changes.append(_states(probes)))
        running = asyncio.create_task(probes.run())
        await _until(lambda: _states(probes)["near"][0] is State.UP)
        await _until(lambda: _states(probes)["nowhere"] == (State.UNKNOWN, Reason.UNREACHABLE))
        _answer(no=True)
        await _until(lambda: _states(probes)["near"] == (State.DOWN, Reason.NO_ANSWER))
        _answer(no=False)
        await _until(lambda: _states(probes)["near"] == (State.UP, Reason.PROVEN))
        running.cancel()
        return probes

    probes = _in_own_network(follow)
    assert [states["near"][0] for states in changes if states["near"][0] is not State.UNKNOWN][-2:] == [
        State.DOWN,
        State.UP,
    ]
    reading = probes.readings()["near"]
    assert 3 <= reading.lost < reading.sent
    assert reading.rtt_s is not None
    assert 0 < reading.rtt_s < 0.2
    exchanges = probes.exchanges("near")
    assert exchanges is not None
    assert exchanges[0][0].received.startswith("echo reply from 127.0.0.1")
    assert {exchange.problem for exchange in exchanges[1]} == {"no answer within 0.2 s"}
    assert probes.exchanges("unheard-of") is None


def test_answers_of_somebody_else_prove_nothing() -> None:
    async def follow() -> Echoes:
        probes = Echoes({"near": IPv4Address("127.0.0.1")}, lambda: None)
        _answer(no=True)
        running = asyncio.create_task(probes.run())
        await _until(lambda: _states(probes)["near"][0] is State.DOWN)
        _forge(probes)
        await asyncio.sleep(0.5)
        running.cancel()
        return probes

    assert _in_own_network(follow).readings()["near"].state is State.DOWN


def test_without_the_right_to_raw_sockets_it_says_so() -> None:
    imports = "from ipaddress import IPv4Address; from monitor.echo.echoes import Echoes"
    prepare = f"{imports}; Echoes({{'near': IPv4Address('127.0.0.1')}}, print).prepare()"
    argv = ["setpriv", "--bounding-set=-net_raw", sys.executable, "-c", prepare]
    said = subprocess.run(argv, capture_output=True, text=True, check=False).stderr
    assert "DriverError: no probes: a raw socket cannot be opened" in said


def _forge(probes: Echoes) -> None:
    """Send echo replies with the right address, number and sequence, but without the token."""
    (target,) = probes._targets.values()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        for sequence in range(target.sequence - 2, target.sequence + 10):
            body = b"\0\0\0\0" + target.identifier.to_bytes(2, "big") + sequence.to_bytes(2, "big") + bytes(16)
            raw.sendto(body[:2] + checksum(body).to_bytes(2, "big") + body[4:], ("127.0.0.1", 0))


def _states(probes: Echoes) -> dict[str, tuple[State, Reason]]:
    return {name: (reading.state, reading.reason) for name, reading in probes.readings().items()}


def _answer(*, no: bool) -> None:
    Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1" if no else "0")


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


def _in_own_network(follow: Callable[[], object]) -> Echoes:
    found: list[Echoes] = []

    def run() -> None:
        assert ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) == 0
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        found.append(asyncio.run(follow()))  # type: ignore[arg-type]

    _in_thread(run)
    return found[0]


def _in_thread(do: Callable[[], None]) -> None:
    """In a thread of its own: namespaces and users belong to threads."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001  told to the test below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
