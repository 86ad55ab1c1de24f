"""What really can pass a gateway: the ways through its filter, less what cannot be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Device, Office
from monitor.compliance.grants import inner_addresses, own_addresses, own_lines
from monitor.compliance.spaces import V4, V6, hosts, names
from monitor.facts.firewall import Action, Firewall, Hook
from monitor.facts.paths import NEW, Path, Paths, paths
from monitor.facts.space import Field, Ranges, Space

__all__ = ["PASSES", "Passing", "Ways", "ways"]

PASSES = frozenset({Action.ACCEPT, Action.QUEUE})
"""What a queue's program does with a packet is not in the text: it may let it pass."""
_LASTING = frozenset({"established", "related"})
_LEAVING = (Hook.FORWARD, Hook.OUTPUT)

Passing = tuple[tuple[Path, Space], ...]
"""Ways packets are let through, each with those packets that can be there at all. IPv4 and IPv6 apart."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways through a device's packet filter."""

    new: Mapping[Hook, Paths]
    """Of packets that open a connection."""
    lasting: Mapping[Hook, Paths]
    """Of packets of connections that stand, through forward and output."""
    passing: Mapping[Hook, Passing]
    """What opens a connection and is let through input, forward or output."""
    reaching: Passing
    """What of it reaches a gateway from elsewhere: this one, or another one behind it."""

    @property
    def unfollowed(self) -> Hook | None:
        """A hook with more ways than could be followed: then nothing is proven by those that were."""
        every = (*self.new.items(), *self.lasting.items())
        return next((hook for hook, found in every if not found.complete), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """The addresses of a gateway and of the others."""

    own: Ranges
    gateways: Ranges
    known: bool
    """Whether none of its own addresses is given by a provider."""


def ways(office: Office, device: Device, firewall: Firewall) -> Ways:
    """All ways through the filter of a gateway."""
    place = _Place(
        own=hosts(own_addresses(office, device)),
        gateways=hosts(address for other in office.gateways for address in inner_addresses(office, other)),
        known=all(line.address is not None for line in own_lines(office, device)),
    )
    new = {hook: paths(firewall, hook, states=NEW) for hook in Hook}
    standing = _LASTING | ({"untracked"} if _untracks(firewall) else set())
    passing = {hook: tuple(_through(place, new[hook].found)) for hook in (Hook.INPUT, *_LEAVING)}
    return Ways(
        new=new,
        lasting={hook: paths(firewall, hook, states=standing) for hook in _LEAVING},
        passing=passing,
        reaching=tuple(_reaching(place, passing)),
    )


def _untracks(firewall: Firewall) -> bool:
    """Whether any packet bears the state `untracked`: otherwise those need not be followed apart from new ones."""
    return any(rule.untracks for chain in firewall.chains.values() for rule in chain.rules)


def _through(place: _Place, found: Iterable[Path]) -> Iterator[tuple[Path, Space]]:
    for path in found:
        if path.action in PASSES:
            for family in (V4, V6):
                space = path.space.narrowed(Field.FAMILY, family)
                if space is not None and family is V4:
                    space = _real(place, path.hook, space)
                if space is not None:
                    yield path, space


def _real(place: _Place, hook: Hook, space: Space) -> Space | None:
    """What arrives is for the gateway's own addresses, what it sends is from them. Of IPv6 that is not reckoned."""
    if hook is Hook.OUTPUT:
        return space.narrowed(Field.SOURCE, place.own)
    if hook is Hook.INPUT and place.known:
        return space.narrowed(Field.DESTINATION, place.own)
    return space


def _reaching(place: _Place, passing: Mapping[Hook, Passing]) -> Iterator[tuple[Path, Space]]:
    for path, space in passing[Hook.INPUT]:
        if (reached := space.without(Field.IN_INTERFACE, names(["lo"]))) is not None:
            yield path, reached
    for path, space in passing[Hook.FORWARD]:
        reached = space.narrowed(Field.FAMILY, V4)
        if reached is not None and (reached := reached.narrowed(Field.DESTINATION, place.gateways)) is not None:
            yield path, reached
