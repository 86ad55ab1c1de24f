"""Sets of what a packet can be: ranges of numbers, sets of names, and the space of packets they cut out together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["EVERYTHING", "WHOLE", "Field", "Names", "Ranges", "Space", "Values", "meet"]


class Field(StrEnum):
    """What of a packet can be asked for; the comments tell what its values are."""

    FAMILY = "family"  # names: ipv4, ipv6
    IN_INTERFACE = "in_interface"  # names
    OUT_INTERFACE = "out_interface"  # names
    SOURCE = "source"  # IPv4 addresses as numbers
    DESTINATION = "destination"
    SOURCE6 = "source6"  # IPv6 addresses as numbers
    DESTINATION6 = "destination6"
    PROTOCOL = "protocol"  # numbers of IANA: 1 icmp, 6 tcp, 17 udp, 50 esp, 58 icmpv6
    SOURCE_PORT = "source_port"
    DESTINATION_PORT = "destination_port"
    ICMP_TYPE = "icmp_type"  # numbers: 8 echo-request
    ICMP6_TYPE = "icmp6_type"
    STATE = "state"  # names of connection tracking: new, established, related, invalid, untracked
    PACKET_KIND = "packet_kind"  # names: host, broadcast, multicast, other


@dataclass(frozen=True, slots=True)
class Ranges:
    """Whole numbers as closed ranges: sorted, disjoint, and none touches the next. Equal sets are equal values."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Ranges:
        """The union of any ranges."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(spans):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.spans)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.spans)

    def __and__(self, other: Ranges) -> Ranges:
        if self is other:
            return self
        found = []
        mine, theirs = iter(self.spans), iter(other.spans)
        a, b = next(mine, None), next(theirs, None)
        while a is not None and b is not None:
            first, last = max(a[0], b[0]), min(a[1], b[1])
            if first <= last:
                found.append((first, last))
            if a[1] < b[1]:
                a = next(mine, None)
            else:
                b = next(theirs, None)
        return Ranges(tuple(found))

    def __sub__(self, other: Ranges) -> Ranges:
        found = []
        for first, last in self.spans:
            at = first
            for cut_first, cut_last in other.spans:
                if cut_last < at or cut_first > last:
                    continue
                if cut_first > at:
                    found.append((at, cut_first - 1))
                at = cut_last + 1
            if at <= last:
                found.append((at, last))
        return Ranges(tuple(found))

    def within(self, other: Ranges) -> bool:
        """Whether every number of this is in the other."""
        return self is other or (self & other) == self


@dataclass(frozen=True, slots=True)
class Names:
    """A set of names, or (`but`) every name except these. A name that ends in `*` stands for all that begin so.

    What is left of such a pattern when a name is taken out of it cannot be said: the pattern stays whole.
    """

    names: frozenset[str]
    but: bool = False

    def __bool__(self) -> bool:
        return self.but or bool(self.names)

    def __contains__(self, name: str) -> bool:
        return any(_covers(own, name) for own in self.names) is not self.but

    def __invert__(self) -> Names:
        return Names(self.names, not self.but)

    def __and__(self, other: Names) -> Names:
        if self.but and other.but:
            return Names(self.names | other.names, but=True)
        if self.but:
            return other & self
        if other.but:
            return Names(frozenset(name for name in self.names if name in other))
        found = {name for name in self.names if name in other} | {name for name in other.names if name in self}
        return Names(frozenset(found))

    def __sub__(self, other: Names) -> Names:
        return self & ~other

    def within(self, other: Names) -> bool:
        """Whether every name of this is in the other; False when that cannot be told."""
        if self.but:
            return other.but and all(any(_covers(mine, name) for mine in self.names) for name in other.names)
        if other.but:
            return not any(_covers(a, b) or _covers(b, a) for a in self.names for b in other.names)
        return all(name in other for name in self.names)


def _covers(pattern: str, name: str) -> bool:
    """Whether everything `name` stands for is also meant by the pattern."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


Values = Ranges | Names

_BYTE = Ranges(((0, 255),))
_PORT = Ranges(((0, 65535),))
_V4, _V6 = Ranges(((0, 2**32 - 1),)), Ranges(((0, 2**128 - 1),))
_ANY = Names(frozenset(), but=True)

WHOLE: Mapping[Field, Values] = {
    Field.FAMILY: Names(frozenset({"ipv4", "ipv6"})),
    Field.IN_INTERFACE: _ANY,
    Field.OUT_INTERFACE: _ANY,
    Field.SOURCE: _V4,
    Field.DESTINATION: _V4,
    Field.SOURCE6: _V6,
    Field.DESTINATION6: _V6,
    Field.PROTOCOL: _BYTE,
    Field.SOURCE_PORT: _PORT,
    Field.DESTINATION_PORT: _PORT,
    Field.ICMP_TYPE: _BYTE,
    Field.ICMP6_TYPE: _BYTE,
    Field.STATE: Names(frozenset({"new", "established", "related", "invalid", "untracked"})),
    Field.PACKET_KIND: Names(frozenset({"host", "broadcast", "multicast", "other"})),
}
"""Everything a field can be."""


def meet(one: Values, other: Values) -> Values:
    """What is in both. TypeError for values of different kinds: they are of different fields."""
    if isinstance(one, Ranges) and isinstance(other, Ranges):
        return one & other
    if isinstance(one, Names) and isinstance(other, Names):
        return one & other
    raise TypeError("values of two kinds have nothing to meet in")


def _rest(one: Values, other: Values) -> Values:
    if isinstance(one, Ranges) and isinstance(other, Ranges):
        return one - other
    if isinstance(one, Names) and isinstance(other, Names):
        return one - other
    raise TypeError("values of two kinds cannot be taken from each other")


@dataclass(frozen=True, slots=True)
class Space:
    """Packets, as what each field may be: the product of the fields. A field that is not named may be anything."""

    fields: Mapping[Field, Values] = field(default_factory=dict)

    def __getitem__(self, name: Field) -> Values:
        return self.fields.get(name, WHOLE[name])

    def ranges(self, name: Field) -> Ranges:
        """The numbers a field may be: addresses, ports, protocols, ICMP types. TypeError for a field of names."""
        values = self[name]
        if not isinstance(values, Ranges):
            raise TypeError(f"{name} has names")
        return values

    def names(self, name: Field) -> Names:
        """The names a field may be: interfaces, family, state, packet kind. TypeError for a field of numbers."""
        values = self[name]
        if not isinstance(values, Names):
            raise TypeError(f"{name} has numbers")
        return values

    def limits(self, name: Field) -> bool:
        """Whether anything is asked of a field."""
        return name in self.fields and self.fields[name] != WHOLE[name]

    def narrowed(self, name: Field, values: Values) -> Space | None:
        """The packets of this whose field is among the values; None when there are none."""
        left = meet(self[name], values)
        return Space({**self.fields, name: left}) if left else None

    def without(self, name: Field, values: Values) -> Space | None:
        """The packets of this whose field is not among the values; None when there are none."""
        left = _rest(self[name], values)
        return Space({**self.fields, name: left}) if left else None

    def freed(self, *names: Field) -> Space:
        """These packets with these fields changed to anything."""
        return Space({name: values for name, values in self.fields.items() if name not in names})

    def implies(self, name: Field, values: Values) -> bool:
        """Whether the field of every packet of this is among the values."""
        mine = self[name]
        if isinstance(mine, Ranges) and isinstance(values, Ranges):
            return mine.within(values)
        return isinstance(mine, Names) and isinstance(values, Names) and mine.within(values)


EVERYTHING = Space()
