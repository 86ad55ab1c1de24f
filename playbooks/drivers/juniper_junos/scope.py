"""What of a Junos text fosa speaks of, piece by piece; the rest it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from templates.juniper_junos.text import Path, Statement

__all__ = ["Scope", "scope_of"]

_PIECES: tuple[Path, ...] = (
    *(("system", name) for name in ("host-name", "domain-name", "authentication-order", "login", "services", "syslog")),
    *(("system", name) for name in ("radius-server", "radius-options", "tacplus-server", "tacplus-options")),
    *(("system", name) for name in ("accounting", "ntp", "ports", "autoinstallation", "phone-home", "no-redirects")),
    *(("system", name) for name in ("no-ping-record-route", "no-ping-time-stamp")),
    ("chassis", "auto-image-upgrade"),
    ("interfaces", "irb"),
    ("interfaces", "lo0"),
    ("interfaces", "vlan"),
    ("snmp",),
    ("routing-options", "static", "route", "0.0.0.0/0"),
    ("forwarding-options", "storm-control-profiles"),
    ("firewall", "family", "inet", "filter", "fosa-management"),
    ("access", "radius-server"),
    ("access", "profile", "fosa"),
    ("switch-options",),
    ("vlans", "*"),
    *(("protocols", name) for name in ("dot1x", "igmp-snooping", "layer2-control", "lldp", "lldp-med")),
    *(("protocols", name) for name in ("mstp", "rstp", "stp", "vstp")),
)
"""Each is taken out and written anew as a whole where it differs: one commit, so nothing is missing in between.

`system root-authentication` is not among them: Junos commits nothing without it, and the inventory does not know it.
"""
_BY_FIRST = {row[0]: tuple(each for each in _PIECES if each[0] == row[0]) for row in _PIECES}
_NUMBERED = re.compile(r"(?P<head>[a-z]+-[0-9]+/[0-9]+/)(?P<number>[0-9]{1,3})\Z")
_RUN = re.compile(r"(?P<head>[a-z]+-[0-9]+/[0-9]+/)\[(?P<first>[0-9]{1,3})-(?P<last>[0-9]{1,3})\]\Z")


@dataclass(frozen=True, slots=True)
class Scope:
    """What fosa speaks of on one switch."""

    ports: frozenset[str]
    """The inventory's."""
    ranges: frozenset[str]
    """`interface-range`s that such a port is in: what they give it, it says itself."""
    applied: frozenset[str]
    """Groups that are in force somewhere."""
    more: frozenset[Path]
    """What else the intended text speaks of: nothing, unless it is the text of a device that shall be as it was."""

    def piece(self, words: Path) -> Path | None:
        """The piece a statement belongs to, or None: fosa does not speak of it."""
        if words[:1] in self.more or words[:2] in self.more:
            return words[: 1 if words[:1] in self.more else 2]
        if words[0] == "groups" and len(words) > 2 and words[1] in self.applied:
            inner = self.piece(words[2:])
            return None if inner is None else (*words[:2], *inner)
        if words[0] == "interfaces" and len(words) > 1:
            return self._interface(words)
        for row in _BY_FIRST.get(words[0], ()):
            if len(words) >= len(row) and all(want in {"*", word} for want, word in zip(row, words, strict=False)):
                return words[: len(row)]
        return None

    def _interface(self, words: Path) -> Path | None:
        name = words[1]
        if name == "interface-range":
            return words[:3] if len(words) > 2 and words[2] in self.ranges else None
        # A group's `<*>` stands for any name.
        ours = name in self.ports or name in {"irb", "lo0", "vlan"} or name.startswith("<")
        return words[:2] if ours else None


def scope_of(running: Iterable[Statement], intended: Iterable[Statement]) -> Scope:
    """What there is to be spoken of between two texts."""
    wanted = [each.words for each in intended]
    paths = [each.words for each in running]
    ports = frozenset(name for path in wanted for name in _named(path))
    ranges = frozenset(
        path[2] for path in paths if path[1:2] == ("interface-range",) and len(path) > 4 and _holds(path[3:], ports)
    )
    known = Scope(ports, ranges, frozenset(), frozenset())
    more = frozenset(path[: 1 if path[0] == "apply-groups" else 2] for path in wanted if known.piece(path) is None)
    return Scope(ports, ranges, frozenset(_applied(paths)), more)


def _applied(paths: Iterable[Path]) -> Iterator[str]:
    return (path[at + 1] for path in paths for at, word in enumerate(path[:-1]) if word == "apply-groups")


def _named(path: Path) -> Iterator[str]:
    """The ports a statement names."""
    if path[0] != "interfaces" or len(path) < 2:
        return
    if path[1] != "interface-range":
        yield from path[1:2] if "/" in path[1] else ()
    elif len(path) > 4:
        yield from _members(path[3:]) or ()


def _holds(words: Path, ports: frozenset[str]) -> bool:
    """Whether a range's member statement names one of the ports. A pattern that is not understood might."""
    members = _members(words)
    return members is None or not ports.isdisjoint(members)


def _members(words: Path) -> tuple[str, ...] | None:
    """The ports of a range's member statement; none for another statement, None where they cannot be told."""
    if words[0] not in {"member", "member-range"}:
        return ()
    run = _RUN.match(words[1])
    if words[0] == "member":
        if run is None:
            return (words[1],) if _NUMBERED.match(words[1]) else None
        return tuple(f"{run['head']}{number}" for number in range(int(run["first"]), int(run["last"]) + 1))
    first, last = _NUMBERED.match(words[1]), _NUMBERED.match(words[-1])
    if first is None or last is None or first["head"] != last["head"]:
        return None
    return tuple(f"{first['head']}{number}" for number in range(int(first["number"]), int(last["number"]) + 1))
