"""Listening at a line that two gateways share: the one that works hears, and neither is passed over in silence."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP

from inventory.access import AccessError, Refusal
from inventory.load import load
from inventory.model import Access, Device, Login, Office
from inventory.sentence import say
from monitor.errors import NonsenseError
from monitor.gate import Door
from monitor.leak import gateway
from monitor.leak.heads import heads
from monitor.leak.listened import Listened
from monitor.probes.base import Outcome
from monitor.probes.leak import PROBE, Line
from monitor.results import State
from tests.monitor.test_leak import INNER, LINE, OUTER, pcap_of

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def _with_ways_in(office: Office) -> Office:
    """As once every gateway has been enrolled."""

    def access(device: Device) -> Access:
        assert device.address is not None
        login = Login(user="reader", address=device.address, host_key=_KEY, key=f"file:keys/{device.name}")
        return Access(device=device.name, read=login, write=login)

    return office.model_copy(update={"access": tuple(map(access, office.gateways))})


_OFFICE = _with_ways_in(load(Path(__file__).parents[2] / "inventory/examples/pila").require())
_LINES = {line.subject: line for line in PROBE.targets(_OFFICE)}
_HAS_NO_LINE = NonsenseError(say("no default route leads to the line"), None)
_UNREACHABLE = AccessError(Refusal.UNREACHABLE, "no answer")


def _heard(*caught: IP) -> Listened:
    pcap = pcap_of(*(LINE / packet for packet in caught))
    return Listened(tuple(_LINES["link:k-isp1"].protected), 100, 0, whole=True, heads=tuple(heads(pcap)))


_QUIET, _LOUD = _heard(), _heard(IP(src=OUTER, dst=INNER) / TCP(dport=22))


def _asked(monkeypatch: pytest.MonkeyPatch, told: dict[str, Listened | Exception]) -> Outcome:
    async def listen(target: Line, _door: Door) -> Listened:
        found = told[target.device]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(gateway, "listen", listen)
    line = _LINES["link:k-isp1"]
    return asyncio.run(gateway.listening(line, dict.fromkeys(PROBE.secrets(_OFFICE), "key")))


@pytest.mark.parametrize(
    ("first", "standby", "state", "words"),
    [
        (_QUIET, _HAS_NO_LINE, State.UP, "nothing protected"),
        (_HAS_NO_LINE, _QUIET, State.UP, "nothing protected"),
        (_UNREACHABLE, _QUIET, State.UP, "nothing protected"),
        (_HAS_NO_LINE, _LOUD, State.DOWN, INNER),
        (_QUIET, _LOUD, State.DOWN, INNER),
        (_LOUD, _QUIET, State.DOWN, INNER),
        (_UNREACHABLE, _HAS_NO_LINE, State.UNKNOWN, "no answer"),
        (_HAS_NO_LINE, _UNREACHABLE, State.UNKNOWN, "no default route"),
    ],
)
def test_the_one_that_works_is_heard(
    monkeypatch: pytest.MonkeyPatch,
    first: Listened | Exception,
    standby: Listened | Exception,
    state: State,
    words: str,
) -> None:
    found = _asked(monkeypatch, {"gw-k": first, "gw-k2": standby})
    assert found.state is state, found
    assert words in str(found.cause)


def test_what_was_asked_names_the_gateway_that_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _asked(monkeypatch, {"gw-k": _HAS_NO_LINE, "gw-k2": _QUIET}).sent.startswith("gw-k2 ")


def test_only_lines_of_a_pair_have_a_mate_and_it_looks_for_the_same() -> None:
    for line in _LINES.values():
        assert [mate.device for mate in line.mates] == (["gw-k2"] if line.device == "gw-k" else [])
        for mate in line.mates:
            assert (mate.interface, set(mate.protected)) == (line.interface, set(line.protected))
            assert mate.login.address != line.login.address
