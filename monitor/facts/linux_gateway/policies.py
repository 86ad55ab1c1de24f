"""IPsec policies as `ip xfrm policy` writes them: a line with both networks, and further lines that are set in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

from monitor.facts.routing import Network, Policy
from monitor.facts.text import Text
from monitor.facts.where import Where

__all__ = ["read_policies"]

_HEAD = re.compile(r"src (\S+) dst (\S+)(?: (.*))?")
_DIRECTION = re.compile(r"(?:dir (in|out|fwd)|(socket) (?:in|out|fwd))\b(.*)")
_SET_IN = re.compile(r"\s")


def read_policies(text: Text) -> tuple[Policy, ...]:
    """Every policy. One whose ends or direction are not understood is an odd line, and no policy."""
    found = []
    for head, below in _blocks(text):
        policy = _policy(head, below)
        if policy is None:
            text.odd(head)
        else:
            found.append(policy)
    return tuple(found)


def _blocks(text: Text) -> Iterator[tuple[Where, list[str]]]:
    head: Where | None = None
    below: list[str] = []
    for where in text.lines():
        if _SET_IN.match(text.raw(where.line)):
            if head is None:
                text.odd(where)
            below.append(where.text)
            continue
        if head is not None:
            yield head, below
        head, below = where, []
    if head is not None:
        yield head, below


def _policy(head: Where, below: list[str]) -> Policy | None:
    ends = _HEAD.fullmatch(head.text)
    direction = next((match for line in below if (match := _DIRECTION.match(line)) is not None), None)
    if ends is None or direction is None:
        return None
    source, destination = _network(ends[1]), _network(ends[2])
    if source is None or destination is None:
        return None
    templates = [at for at, line in enumerate(below) if line.startswith("tmpl ")]
    return Policy(
        source=source,
        destination=destination,
        direction=direction[1] or direction[2],
        blocks="action block" in direction[3],
        # One of several ways of protection is enough, unless it may be left out.
        encrypts=any(_requires(below[at + 1 : at + 3]) for at in templates),
        where=head,
    )


def _requires(lines: list[str]) -> bool:
    said = " ".join(line for line in lines if not line.startswith("tmpl "))
    return "proto esp" in said and "level use" not in said


def _network(word: str) -> Network | None:
    try:
        return ip_network(word, strict=False)
    except ValueError:
        return None
