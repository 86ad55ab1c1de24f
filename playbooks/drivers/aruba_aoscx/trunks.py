"""A port's VLANs in as few lines as can be: an uplink that is changed line by line is cut after the first.

`vlan access` ends what a trunk carried; `vlan trunk allowed` ends an access port, and `all`, and is added to a list
otherwise (Aruba, "AOS-CX Layer 2 Bridging Guide", vlan access, vlan trunk allowed; not verified on a device).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["gathered"]

_ALLOWED = re.compile(r" (no )?vlan trunk allowed (\d+)")


def gathered(lines: Iterable[str]) -> Iterator[str]:
    """What is typed, with the VLANs of each port brought together."""
    section: list[str] = []
    for line in lines:
        if not line.startswith(" ") and section:
            yield from _section(section)
            section = []
        section.append(line)
    yield from _section(section)


def _section(section: list[str]) -> Iterator[str]:
    if not section or not section[0].startswith("interface "):
        yield from section
        return
    access = any(line.startswith(" vlan access ") for line in section)
    trunk = any(line.startswith(" vlan trunk ") for line in section)
    more, fewer = _numbers(section, denied=False), _numbers(section, denied=True)
    yield section[0]
    if more:
        yield f" vlan trunk allowed {','.join(more)}"
    for line in section[1:]:
        ended = (access and line.startswith(" no vlan trunk ")) or (trunk and line == " no vlan access")
        if not ended and not _ALLOWED.fullmatch(line) and not (more and line == " no vlan trunk allowed all"):
            if line == " exit" and fewer and not access:
                yield f" no vlan trunk allowed {','.join(fewer)}"
            yield line


def _numbers(section: list[str], *, denied: bool) -> list[str]:
    matches = (_ALLOWED.fullmatch(line) for line in section)
    return [match[2] for match in matches if match is not None and bool(match[1]) is denied]
