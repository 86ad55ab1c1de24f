"""What a command that is not understood takes away: it may say the opposite of all that was."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import replace

from monitor.facts.mikrotik_routeros.known import ROOTS, understood_menu, untold
from monitor.facts.mikrotik_routeros.tree import Read
from monitor.facts.model import Facts
from templates.mikrotik_routeros.text import Path

__all__ = ["doubted", "strayed"]

_DEVICE = frozenset({"ssh", "snmp", "logging", "timing"})
_PORTS = frozenset({"ports", "vlans", "layer2"})
_OF_SWITCH = frozenset({
    *_PORTS, "hostname", "users", "stored", "aaa", "lines", "web", "passwords", "access_lists", "unneeded",
    "change_log",
})  # fmt: skip
_ALL = frozenset({*_DEVICE, *_OF_SWITCH})
_PARTS: Mapping[Path, frozenset[str]] = {
    ("interface",): _PORTS,
    ("ip", "neighbor"): frozenset({"ports"}),
    ("ip", "service"): frozenset({"lines", "web", "access_lists", "unneeded"}),
    ("ip", "ssh"): frozenset({"ssh"}),
    ("ip", "firewall"): frozenset({"lines", "access_lists"}),
    ("ip",): frozenset({"unneeded"}),
    ("radius",): frozenset({"aaa", "stored", "lines"}),
    ("snmp",): frozenset({"snmp", "stored", "access_lists"}),
    ("system", "identity"): frozenset({"hostname"}),
    ("system", "logging"): frozenset({"logging", "change_log"}),
    ("system", "ntp"): frozenset({"timing"}),
    ("tool",): frozenset({"lines", "unneeded"}),
    ("user",): frozenset({"users", "lines", "aaa", "passwords"}),
}
"""By the menu it stands in."""


def doubted(found: Facts, read: Read) -> Facts:
    """Without the parts that a strange command may be about."""
    gone = frozenset(part for path in _strange(read) for part in _about(path))
    if not gone or found.switch is None:
        return found
    switch = replace(found.switch, **dict.fromkeys(gone - _DEVICE))  # type: ignore[arg-type]  # fields by name
    return replace(found, switch=switch, **dict.fromkeys(gone & _DEVICE))  # type: ignore[arg-type]  # the same


def strayed(read: Read) -> bool:
    """Whether a line enters a menu RouterOS has not, or one seen from another: what is below it belongs to any."""
    headers = read.script.headers
    if any(menu[0] not in ROOTS for _number, menu in headers):
        return True
    return any(
        said in {"/", ".."} or understood_menu((*_menu(read, number), *said.replace("/", " ").split()))
        for number, said in read.script.odd
    )


def _menu(read: Read, number: int) -> Path:
    """The menu a line stands in."""
    headers = read.script.headers
    at = bisect(headers, (number, ()))
    return headers[at - 1][1] if at else ()


def _strange(read: Read) -> Iterator[Path]:
    """The menus of commands that are none, and of those about items that cannot be told; nothing: any menu."""
    for number, said in read.script.odd:
        if said.startswith((":", "{", "}", "#")):
            yield ()
        elif said.startswith("/"):
            yield tuple(said.replace("/", " ").split())
        else:
            yield _menu(read, number)
    for path, entries in read.rest.items():
        if any(untold(entry) for entry, _ in entries):
            yield path


def _about(path: Path) -> frozenset[str]:
    if not path or path[0] not in ROOTS:
        return _ALL
    return next((_PARTS[path[:size]] for size in (2, 1) if path[:size] in _PARTS), frozenset())
