"""Which ends of a tunnel must change at once: one end's new terms are not what the other end still holds to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from itertools import permutations

from inventory.crypto import agree
from inventory.model import Device, Office, Tunnel
from monitor.basis import Basis
from monitor.facts.ipsec import Child, Connection, Ipsec, View
from monitor.facts.read import facts
from monitor.facts.where import Fact
from playbooks.drivers.base import Sections
from playbooks.reach import Compared
from templates.linux_gateway.gate.managed import SWANCTL
from templates.linux_gateway.text import file_section

__all__ = ["Apart", "apart"]

_FILE = file_section(SWANCTL)
_ANY = "%any"
_DEFAULT = "default"
_Agreed = tuple[object, bool]
"""One thing both ends must agree on, as one end says it; and whether the other end agrees."""


@dataclass(frozen=True, slots=True)
class Apart:
    """With `first` changed and `second` not yet, the tunnel between them would not come up."""

    tunnel: str
    first: str
    second: str

    @property
    def pair(self) -> tuple[str, str]:
        """As `playbooks.waves` takes it."""
        return self.first, self.second


def apart(office: Office, devices: Sequence[Device], compared: Iterable[Compared]) -> tuple[Apart, ...]:
    """Every tunnel that stands between two of these devices and would break at one end's change, both ways round.

    An end can break it only by what it changes. What was put into a daemon by hand, and what a file leaves to the
    daemon, is not seen: there a change that fails is taken back, as always.
    """
    gateways = {device.name: device for device in devices if device.gateway}
    sides = {each.device: _Side.of(gateways[each.device], each) for each in compared if each.device in gateways}
    return tuple(
        Apart(tunnel.name, first, second)
        for tunnel in office.tunnels
        for first, second in permutations(_own_ends(tunnel, sides), 2)
        if _breaks(tunnel, sides[first], sides[second])
    )


def _own_ends(tunnel: Tunnel, among: Collection[str]) -> list[str]:
    """The devices a tunnel ends on, of these."""
    return [end.device for end in tunnel.ends if end.device is not None and end.device in among]


@dataclass(frozen=True, slots=True)
class _Side:
    """What a device says of its tunnels, before and after."""

    before: Ipsec
    after: Ipsec

    @classmethod
    def of(cls, device: Device, compared: Compared) -> _Side:
        return cls(_ipsec(device, compared.running), _ipsec(device, compared.intended))


def _ipsec(device: Device, sections: Sections) -> Ipsec:
    assert device.platform is not None  # noqa: S101  only managed devices are planned for
    # The daemon itself does not tell its proposals.
    text = {_FILE: sections.get(_FILE, "")}
    return facts(device.name, device.platform, Basis.RUNNING, text, None).ipsec or Ipsec((), frozenset(), (), ())


def _breaks(tunnel: Tunnel, first: _Side, second: _Side) -> bool:
    """Whether the first end's change alone would end a tunnel that stands."""
    new = _named(first.after, tunnel.name)
    if new is None:
        return False
    old, other = _before(first, tunnel.name, new), _before(second, tunnel.name, None)
    if old is None or other is None:
        return False
    then, now = _agreed(new, other), _agreed(old, other)
    # What an end says as it did before does not break anything, whatever we make of the other end's words.
    changed = any(not agreed and said != before for (said, agreed), (before, _now) in zip(then, now, strict=True))
    return changed or _keys_part(first, old, new)


def _named(ipsec: Ipsec, name: str) -> Connection | None:
    return next((each for each in ipsec.in_view(View.CONFIGURED) if each.name == name), None)


def _before(side: _Side, name: str, new: Connection | None) -> Connection | None:
    """The connection a device had for this tunnel, under this name or between the same identities."""
    new = new or _named(side.after, name)
    connections = side.before.in_view(View.CONFIGURED)
    same = (each for each in connections if new is not None and _identities(each) == _identities(new))
    return _named(side.before, name) or next(same, None)


def _identities(connection: Connection) -> tuple[str, str]:
    return _said(connection.local_identity), _said(connection.remote_identity)


def _said(fact: Fact[str] | None) -> str:
    return _ANY if fact is None else fact.value


def _agreed(one: Connection, other: Connection) -> tuple[_Agreed, ...]:
    """Each thing, in one order: what the first says, and whether the other agrees."""
    mine, theirs = one.children[0] if one.children else None, other.children[0] if other.children else None
    return (
        _common(one.versions.value, other.versions.value),
        _suits(_values(one.proposals), _values(other.proposals)),
        _identity(one.local_identity, other.remote_identity),
        _identity(one.remote_identity, other.local_identity),
        _meets(one.local_addresses, other.remote_addresses),
        _meets(one.remote_addresses, other.local_addresses),
        _same(_values(one.local_auth), _values(other.remote_auth)),
        _same(_values(one.remote_auth), _values(other.local_auth)),
        *_carried(mine, theirs),
    )


def _carried(mine: Child | None, theirs: Child | None) -> Iterator[_Agreed]:
    if mine is None or theirs is None:
        yield from ((None, mine is theirs),) * 4
        return
    yield _same((mine.mode,), (theirs.mode,))
    yield _suits(_values(mine.proposals), _values(theirs.proposals))
    yield _overlap(mine.local_networks, theirs.remote_networks)
    yield _overlap(mine.remote_networks, theirs.local_networks)


def _common(mine: tuple[int, ...], theirs: tuple[int, ...]) -> _Agreed:
    return mine, bool(set(mine) & set(theirs))


def _same(mine: tuple[str, ...], theirs: tuple[str, ...]) -> _Agreed:
    return mine, mine == theirs


def _values(found: tuple[Fact[str], ...] | None) -> tuple[str, ...]:
    return tuple(fact.value for fact in found or ())


def _suits(mine: tuple[str, ...], theirs: tuple[str, ...]) -> _Agreed:
    """Proposals. What a daemon offers by itself is told by no text: that agrees with nothing but the same."""
    both = ((one, other) for one in mine for other in theirs)
    return mine, any(one == other or (_DEFAULT not in {one, other} and agree(one, other)) for one, other in both)


def _identity(mine: Fact[str] | None, theirs: Fact[str] | None) -> _Agreed:
    return _said(mine), _ANY in {_said(mine), _said(theirs)} or _said(mine) == _said(theirs)


def _meets(mine: tuple[str, ...], theirs: tuple[str, ...]) -> _Agreed:
    """Addresses; saying none, or any, leaves it open."""
    free = not mine or not theirs or _ANY in {*mine, *theirs}
    return mine, free or bool(set(mine) & set(theirs))


def _overlap(mine: Fact[tuple[str, ...]] | None, theirs: Fact[tuple[str, ...]] | None) -> _Agreed:
    """What lies behind an end: the smaller of what both say goes through."""
    if mine is None or theirs is None:
        return None if mine is None else mine.value, mine is theirs
    if mine.value == theirs.value:
        return mine.value, True
    try:
        pairs = [(ip_network(one), ip_network(other)) for one in mine.value for other in theirs.value]
    except ValueError:
        return mine.value, False
    return mine.value, any(one.version == other.version and one.overlaps(other) for one, other in pairs)


def _keys_part(side: _Side, old: Connection, new: Connection) -> bool:
    """Whether one of the ends would prove itself by a shared key that the other does not have.

    Two devices mask a key each in its own way, so they cannot be compared: what the other end has is what this one had.
    The last one is the one an end proves itself by; where it had two, the other end does so by the other of them.
    """
    before, after = _marks(side.before, old), _marks(side.after, new)
    return bool(before and after) and (after[-1] not in before or before[0] not in after)


def _marks(ipsec: Ipsec, connection: Connection) -> tuple[str, ...]:
    identity = _said(connection.remote_identity)
    return tuple(key.mark for key in ipsec.shared_keys if identity in key.identities or not key.identities)
