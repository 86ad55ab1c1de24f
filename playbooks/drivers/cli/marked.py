"""A masked text of a switch made fit to be typed again: marks become secrets, what nobody knows is left out. Pure.

A mark is a keyed hash of a secret (`playbooks.drivers.cli.mask`), so equal marks are equal secrets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from playbooks.drivers.cli.session import Dialect
from templates.secret import placeholder, references

__all__ = ["Given", "filled", "given", "referred"]

_MARK = re.compile(r"(?:\$[A-Za-z0-9]+\$)?(<secret:[0-9a-f]{16}>)")
"""With what Junos leaves before it of how a secret is kept."""
_ANY = "<secret:>"
Mark = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Given:
    """What texts that fosa has written say of secrets."""

    marks: Mapping[str, str]
    """A mark -> the placeholder of its secret."""
    lines: Mapping[tuple[str, str], str]
    """The menu, where there are such, and a line as it is compared, secrets left out -> the line as it was given."""


def given(texts: Iterable[str], dialect: Dialect, mark: Mark, secret: Callable[[str], str | None]) -> Given:
    """Read from texts with placeholders, the last one holding. `secret`: None where a reference has none."""
    marks: dict[str, str] = {}
    lines: dict[tuple[str, str], str] = {}
    for menu, line in (each for text in texts for each in _rows(text)):
        refs = references(line)
        known = {ref: value for ref in refs if (value := secret(ref))}
        marks |= {mark(value): str(placeholder(ref)) for ref, value in known.items()}
        if refs and len(known) == len(refs):
            typed = line
            for ref, value in known.items():
                typed = typed.replace(placeholder(ref), value)
            shown = dialect.masked(dialect.normal(f"{menu}\n{typed}"), mark).strip().split("\n")
            if len(shown) == 1 + bool(menu) and shown[-1]:
                lines[menu, _bare(shown[-1])] = line.strip()
    return Given(marks, lines)


def referred(text: str, known: Given) -> str:
    """A masked text with placeholders for all that was given; marks of what was not stay."""
    return "".join(f"{_referred(menu, line, known)}\n" for menu, line in _rows(text))


def _referred(menu: str, line: str, known: Given) -> str:
    marks = _MARK.findall(line)
    if not all(each in known.marks for each in marks) or not marks:
        # Where another secret stood today's does; where none is shown it may have to be written all the same.
        before = known.lines.get((menu, _bare(line)))
        return line if before is None else line[: len(line) - len(line.lstrip())] + before
    return _MARK.sub(lambda match: known.marks[match[1]], line)


def filled(text: str, running: str, dialect: Dialect, mark: Mark) -> str:
    """A text with the secrets that the device's own raw text still holds. A line with any other is left out, with all
    that stands below it: a mark or a star is no secret, and is never typed.
    """
    if _MARK.search(text) is None and (not dialect.star or dialect.star not in text):
        return text
    held: dict[str, str] = {}

    def noted(secret: str) -> str:
        held[mark(secret)] = secret
        return mark(secret)

    shown = {line.strip() for line in dialect.masked(dialect.normal(running), noted).split("\n")}
    return "".join(f"{line}\n" for line in _typed(text.removesuffix("\n").split("\n"), held, shown, dialect))


def _typed(lines: Iterable[str], held: Mapping[str, str], shown: set[str], dialect: Dialect) -> Iterator[str]:
    below: int | None = None
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if below is not None and depth > below:
            continue
        lost = any(each not in held for each in _MARK.findall(line))
        lost = lost or (_keyless(line, dialect) and line.strip() not in shown)
        below = depth if lost else None
        if not lost:
            yield _MARK.sub(lambda match: held[match[1]], line)


def _keyless(line: str, dialect: Dialect) -> bool:
    """Whether a line is shown without its key: with any other key it would look the same."""
    star = dialect.star
    return bool(star) and star in line and dialect.normal(line.replace(star, "x" * 16)).strip() == line.strip()


def _bare(line: str) -> str:
    return _MARK.sub(_ANY, line.strip())


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """Lines, each with the menu it stands in."""
    menu = ""
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("/"):
            menu = line.rstrip()
            yield "", line
        else:
            yield menu, line
