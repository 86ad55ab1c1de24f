"""How long packets may be that go through each tunnel of ours: longer ones vanish, and only long answers stall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address

from inventory.model import Esp, Office, Tunnel
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.inside import inside
from monitor.mtu.overhead import inner_mtu
from monitor.mtu.search import Fate, Found, search
from monitor.mtu.wire import Wire
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.results import Measured, ProbeKind, State

__all__ = ["PROBE", "PathMtu", "expected_mtu"]

_PACE = Pace(period_s=900.0, timeout_s=60.0, turn=2, again_s=60.0)
_LOW = 576
"""What every host must take (RFC 791, section 3.1)."""
_LONGEST = 1500
"""What hosts on an Ethernet send: nothing longer is tried."""
_FLOOR = 1280
"""What every link must carry for IPv6 (RFC 8200, section 5); below it nobody plans."""
_TOLERANCE = 16
_TUN_MTU = 1400
"""Of the TUN that charon's kernel-libipsec makes, whatever the line would carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Through(Target):
    address: IPv4Address
    expected: int


def expected_mtu(office: Office, tunnel: Tunnel) -> int:
    """The longest packet that should go through a tunnel of ours: the least that one of its ends lets through, and no
    more than hosts send.

    Found NAT takes eight bytes more, which is within the tolerance.
    """
    found = []
    for end in tunnel.ends:
        userspace = end.device is not None and office.device(end.device).esp is Esp.USERSPACE
        link = office.wan(end.wan).mtu if end.wan is not None else 1500
        each = min(inner_mtu(link, proposal, encapsulated=userspace) for proposal in end.esp or tunnel.esp)
        found.append(min(each, _TUN_MTU) if userspace else each)
    return min(*found, _LONGEST)


def _targets(office: Office) -> Iterator[_Through]:
    for tunnel in office.tunnels:
        address = inside(office, tunnel)
        if address is None:
            continue
        yield _Through(
            name=tunnel.name,
            subject=f"tunnel:{tunnel.name}",
            where=str(address),
            pace=_PACE,
            address=address,
            expected=expected_mtu(office, tunnel),
        )


class PathMtu:
    """Asks over one raw socket."""

    def __init__(self) -> None:
        self._wire = Wire()

    def prepare(self) -> None:
        """Open the socket, which needs CAP_NET_RAW. May be repeated. Raises DriverError."""
        self._wire.prepare()

    def close(self) -> None:
        """Close the socket. May be repeated."""
        self._wire.close()

    async def ask(self, target: _Through, _secrets: Secrets) -> Outcome:
        """As `Probe.ask`."""
        if not self._wire.ready:
            return Outcome(state=State.UNKNOWN, cause=say(N_("no raw socket could be opened")), sent="nothing")
        attempt = partial(self._wire.attempt, target.address)
        found = await search(attempt, _LOW, _LONGEST, target.expected)
        state, cause = _judged(found, target.expected)
        size = found.size
        return Outcome(
            state=state,
            cause=cause,
            sent=f"echo requests of {_LOW} to {_LONGEST} bytes to {target.where}, not to be cut up",
            received="nothing" if size is None else f"answers up to {size} bytes; {_after(found)}",
            measured=() if size is None else (Measured(name="mtu_bytes", value=size),),
        )


def _judged(found: Found, expected: int) -> tuple[State, Sentence]:
    size = found.size
    if size is None:
        text = N_("not even short packets are answered: that says nothing of long ones")
        return State.UNKNOWN, say(text)
    if size >= expected - _TOLERANCE:
        return State.UP, say(N_("packets of {size} bytes go through"), size=size)
    if found.beyond.fate in {Fate.REFUSED, Fate.UNSENT}:
        text = N_("this machine itself sends nothing longer than {size} bytes: what the way carries is not known")
        return State.UNKNOWN, say(text, size=size)
    state = State.DOWN if size < _FLOOR else State.DEGRADED
    if found.beyond.fate is Fate.TOLD:
        text = N_("only packets up to {size} bytes go through, says {by}; {expected} are expected")
        return state, say(text, size=size, by=found.beyond.by or "?", expected=expected)
    text = N_("packets longer than {size} bytes vanish without a word; {expected} are expected")
    return state, say(text, size=size, expected=expected)


def _after(found: Found) -> str:
    beyond = found.beyond
    said = "" if beyond.by is None else f" by {beyond.by} (MTU {beyond.mtu})"
    return f"one byte more: {beyond.fate.value}{said}"


PROBE = Probe(ProbeKind.PATH_MTU, _targets, PathMtu)
