"""Masked text turned back into a device's files: each masked line becomes the line it was made from. Pure.

A gateway masks a secret wherever it stands by a keyed hash of it, so a line that held the same secret in the same place
is the same line. Whatever was never given to the device as a file of ours cannot be turned back, and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.plans.model import File
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Bundle, Sections
from templates.linux_gateway.text import FILES, KEPT, file_section

__all__ = ["Lost", "Pairs", "files_of", "loose", "pairs"]

Pairs = Mapping[tuple[str, str], str]
"""A file's path and one of its masked lines -> the line as it was given, with placeholders."""

_MARK = re.compile(r"<secret:[0-9a-f]{16}>")
_MODE = re.compile(r"# fosa: mode (?P<mode>[0-7]{4})\n")
_OWNER = re.compile(r"# fosa: owner \d+:\d+\n")
_NO_FILE = "(a link or no file)\n"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a text cannot be turned back."""

    reason: Sentence


def pairs(sections: Sections, bundle: Bundle) -> Pairs:
    """What the masked lines of a device's files stand for, by a bundle it ran at that time."""
    return {pair: line for file in bundle.files for pair, line in _of_file(file.path, file.text, sections)}


def _of_file(path: str, given: str, sections: Sections) -> Iterator[tuple[tuple[str, str], str]]:
    masked = _parts(sections.get(file_section(path), ""))
    lines = given.split("\n")
    if masked is None or len(masked.text.split("\n")) != len(lines):
        return
    for shown, line in zip(masked.text.split("\n"), lines, strict=True):
        if _MARK.search(shown):
            yield (path, shown), line


def files_of(sections: Sections, known: Pairs) -> tuple[File, ...] | Lost:
    """The files that make a device run these sections; `Lost` names the first thing that is in no file of ours."""
    made: list[File] = []
    for managed in (*FILES, *KEPT):
        if (section := file_section(managed.path)) not in sections:
            continue
        parts = _parts(sections[section])
        if parts is None:
            return Lost(say(N_("{path} is no plain file there"), path=managed.path))
        lines = [_line(managed.path, line, known) for line in parts.text.split("\n")]
        whole = [line for line in lines if line is not None]
        if len(whole) != len(lines):
            text = N_("line {line} of {path} holds a secret that fosa does not know")
            return Lost(say(text, line=lines.index(None) + 1, path=managed.path))
        made.append(File(path=managed.path, mode=parts.mode, text="\n".join(whole)))
    # Without a file nothing would be put back, and that must not look like a success.
    return tuple(made) or Lost(say(N_("no file is kept that would make it")))


def _line(path: str, line: str, known: Pairs) -> str | None:
    return known.get((path, line)) if _MARK.search(line) else line


@dataclass(frozen=True, slots=True)
class _Parts:
    mode: int
    text: str


def _parts(section: str) -> _Parts | None:
    """A file's section without its head; None for what is no plain file."""
    head = _MODE.match(section)
    if head is None:
        return None
    text = (
        _OWNER.sub("", section[head.end() :], count=1) if _OWNER.match(section, head.end()) else section[head.end() :]
    )
    return None if text.startswith(_NO_FILE) else _Parts(int(head["mode"], 8), text)


def loose(sections: Sections, approved: Sections) -> str:
    """The first live section that differs from the approved one while its file does not: no file would bring it back.

    Empty when there is none.
    """
    moved = {
        managed.section
        for managed in (*FILES, *KEPT)
        if sections.get(file_section(managed.path)) != approved.get(file_section(managed.path))
    }
    lives = (managed.section for managed in FILES if managed.section is not None and managed.section not in moved)
    return next((live for live in lives if sections.get(live) != approved.get(live)), "")
