"""How everything that is watched stands, as one answer of `/metrics` tells it, and what of that is trouble."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

__all__ = ["Sight", "Stand", "sight", "troubles", "unexplained"]

_SERIES = re.compile(r"fosa_(?P<what>tunnel_cause_info|link_state|device_state|probe_state){(?P<labels>.*)}", re.DOTALL)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_KINDS = {"tunnel_cause_info": "tunnel", "link_state": "link", "device_state": "device", "probe_state": "probe"}
_OWN = re.compile(r"fosa_(watch|store)_up{")


class Stand(NamedTuple):
    """A state, and the reason where the metrics name one."""

    state: str
    reason: str = ""


Sight = Mapping[str, Stand]
"""By subject, as in events: `tunnel:k-b`; and `watch` and `store`."""


def sight(series: Mapping[str, float]) -> Sight:
    """Of everything in these series."""
    return dict(_stands(series))


def _stands(series: Mapping[str, float]) -> Iterator[tuple[str, Stand]]:
    for name, value in series.items():
        if (own := _OWN.match(name)) is not None:
            yield own[1], Stand("up" if value == 1 else "down")
        elif value == 1 and (found := _SERIES.fullmatch(name)) is not None:
            labels, kind = dict(_LABEL.findall(found["labels"])), _KINDS[found["what"]]
            yield f"{kind}:{labels[kind]}", Stand(labels["state"], labels.get("reason", ""))


def troubles(seen: Sight) -> frozenset[str]:
    """What somebody is called for: whatever is not known to be well, and probes that have found something.

    A tunnel that was set up too often has been by these tables.
    """
    return frozenset(
        subject
        for subject, stand in seen.items()
        if stand.state != "up"
        and stand.reason != "churn"
        and not (subject.startswith("probe:") and stand.state == "unknown")
    )


def unexplained(
    found: Collection[str], broken: Collection[str], follows: str, needs: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """The troubles that neither are what was broken nor need it, nor cannot but follow it (a pattern)."""
    return sorted(
        subject
        for subject in found
        if not re.fullmatch(follows or "(?!)", subject) and not _needed(subject, needs) & {*broken}
    )


def _needed(subject: str, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """It, and whatever it does not work without."""
    seen, left = set[str](), [subject]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += needs.get(one, ())
    return seen
