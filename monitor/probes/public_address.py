"""Whether the office comes from the addresses that are registered for it: platforms let in those and no others.

No stranger is asked: our own gateways at the far ends of tunnels see where their peer's packets come from, and charon
tells it with its security associations (vici, `remote-host`). The asking itself is `monitor.peers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Login, Office, Wan
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.packets import Section
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "Line", "Seen", "Witness", "comes_from", "judged"]

_PACE = Pace(period_s=300.0, timeout_s=60.0, turn=2)
_WITNESSES = 4
_STANDS = frozenset({b"ESTABLISHED", b"REKEYING"})


Seen = frozenset[IPv4Address] | Sentence
"""The addresses that a witness sees, or why it cannot tell."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A gateway of ours at the far end of a tunnel that takes the line."""

    tunnel: str
    login: Login


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Target):
    """A line to the internet whose address is known."""

    registered: IPv4Address
    others: frozenset[IPv4Address]
    """Of the building's other lines: what comes from those comes another way."""
    witnesses: tuple[Witness, ...]


def _targets(office: Office) -> Iterator[Line]:
    gateways = {device.name for device in office.gateways}
    for wan in office.wans:
        if wan.address is not None and wan.device in gateways:
            beside = (each for each in office.wans if each.building == wan.building and each.name != wan.name)
            yield Line(
                name=wan.name,
                subject=f"link:{wan.name}",
                where=str(wan.address),
                pace=_PACE,
                registered=wan.address,
                others=frozenset(each.address for each in beside if each.address is not None),
                witnesses=tuple(_witnesses(office, wan))[:_WITNESSES],
            )


def _witnesses(office: Office, wan: Wan) -> Iterator[Witness]:
    gateways = {device.name for device in office.gateways}
    for tunnel in office.tunnels:
        for near, far in (tunnel.ends, tunnel.ends[::-1]):
            if wan.name not in {near.wan, near.backup} or far.device not in gateways:
                continue
            access = office.access_to(far.device)
            if access is not None:
                yield Witness(tunnel.name, access.read)


def _secrets(office: Office) -> Iterable[str]:
    return {witness.login.key for line in _targets(office) for witness in line.witnesses}


def judged(target: Line, found: Sequence[Seen]) -> tuple[State, Sentence]:
    """What the witnesses say together: addresses they see, or why they cannot tell."""
    seen = {address for each in found if not isinstance(each, Sentence) for address in each}
    if target.registered in seen:
        return State.UP, say(N_("the far end sees it come from the registered address"))
    if strange := sorted(seen - target.others):
        text = N_("the far end sees it come from {found}; registered is {registered}")
        return State.DOWN, say(text, found=strange[0], registered=target.registered)
    if seen:
        return State.UNKNOWN, say(N_("the tunnels take another line now: nobody sees this one"))
    reasons = [each for each in found if isinstance(each, Sentence)]
    return State.UNKNOWN, reasons[0] if reasons else say(N_("no gateway of ours at a far end could tell"))


def comes_from(listed: Iterable[Section], tunnel: str) -> frozenset[IPv4Address]:
    """The addresses that a gateway's peers of a tunnel come from; `k-b_2` is another way of `k-b`."""
    found = set()
    for message in listed:
        for name, sa in message.items():
            if name.partition("_")[0] == tunnel and not isinstance(sa, bytes | tuple) and sa.get("state") in _STANDS:
                address = _address(sa.get("remote-host"))
                if address is not None:
                    found.add(address)
    return frozenset(found)


def _address(told: object) -> IPv4Address | None:
    try:
        return IPv4Address(told.decode()) if isinstance(told, bytes) else None
    except ValueError:
        return None


async def _without_a_way(target: Line, _secrets: Secrets) -> Outcome:
    """What is known where nobody lends a way to the gateways; the watch does (`monitor.peers`)."""
    return Outcome(state=State.UNKNOWN, cause=say(N_("this process has no way to the gateways")), sent=target.where)


PROBE = Probe(ProbeKind.PUBLIC_ADDRESS, _targets, _without_a_way, _secrets)
