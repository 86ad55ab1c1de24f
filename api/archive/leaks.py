"""The second look for secrets, before a text that the device has masked is kept for good. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from templates.linux_gateway.gate.mask import SECRETS, SNMP_WORDS
from templates.secret import placeholder, references

__all__ = ["leaks"]

_MARK = re.compile(r"<secret:[0-9a-f]{16}>")
_ANYWHERE = tuple(pattern for pattern in SECRETS if not pattern.flags & re.MULTILINE)
"""Without those that look at whole lines of snmpd's file: the same words are harmless elsewhere."""
_SHORTEST = 6


def leaks(sections: Mapping[str, str], known: Iterable[str] = ()) -> tuple[str, ...]:
    """The places (`SECTION, line N`) where something stands that looks like a secret, or is one of `known`."""
    secrets = tuple(secret for secret in known if len(secret) >= _SHORTEST)
    found = (
        (name, line)
        for name, text in sections.items()
        for line in sorted({*_by_form(name, text), *_by_value(text, secrets)})
    )
    return tuple(f"{name}, line {line}" for name, line in found)


def _by_form(name: str, text: str) -> Iterator[int]:
    bare = _MARK.sub("", text)
    for ref in references(text):
        bare = bare.replace(placeholder(ref), "")
    for pattern in SECRETS if name.startswith("file ") else _ANYWHERE:
        for match in pattern.finditer(bare):
            words = match["secret"].replace('"', " ").split()
            if any(not SNMP_WORDS.match(word) for word in words):
                yield _line(bare, match.start("secret"))


def _by_value(text: str, secrets: Iterable[str]) -> Iterator[int]:
    for secret in secrets:
        if (position := text.find(secret)) >= 0:
            yield _line(text, position)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
