"""The ports of a switch as an inventory writes them: those that are alike together, neighbours as a run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from inventory.model import PortMode, SwitchPorts
from inventory.plain import Value

__all__ = ["runs", "same_ports"]

_NUMBERED = re.compile(r"(?P<head>.*?)(?P<number>\d{1,3})")


def runs(ports: Iterable[tuple[str, Mapping[str, Value]]]) -> list[Value]:
    """Names with what the inventory says of each -> entries of `switch_ports`, in the order of the first ports."""
    alike: list[tuple[Mapping[str, Value], list[str]]] = []
    for name, said in ports:
        for known, names in alike:
            if known == said:
                names.append(name)
                break
        else:
            alike.append((said, [name]))
    return [{"ports": list(_patterns(names)), **said} for said, names in alike]


def _patterns(names: list[str]) -> Iterable[str]:
    place = 0
    while place < len(names):
        end = place + 1
        while end < len(names) and _next(names[end - 1], names[end]):
            end += 1
        if end - place > 1:
            first, last = _split(names[place]), _split(names[end - 1])
            yield f"{first[0]}[{first[1]}-{last[1]}]"
        else:
            yield names[place]
        place = end


def _split(name: str) -> tuple[str, int]:
    match = _NUMBERED.fullmatch(name)
    return (
        (name, -1)
        if match is None or match["number"] != str(int(match["number"]))
        else (match["head"], int(match["number"]))
    )


def _next(one: str, other: str) -> bool:
    (head, number), (same, follower) = _split(one), _split(other)
    return number >= 0 and head == same and follower == number + 1


def same_ports(old: Value, new: Value) -> bool:
    """Whether two lists of ports say the same of every port; labels and the order do not matter."""
    return _said(old) == _said(new)


def _said(value: Value) -> dict[str, tuple[object, ...]]:
    said: dict[str, tuple[object, ...]] = {}
    for each in value if isinstance(value, list) else []:
        ports = SwitchPorts.model_validate(each)
        macs = ports.macs if ports.mode is PortMode.ACCESS else 0
        what = (ports.mode, ports.zone, frozenset(ports.tagged), ports.voice, ports.uplink, macs, ports.dot1x)
        said |= dict.fromkeys(ports.names, what)
    return said
