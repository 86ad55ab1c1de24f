"""The audit in one file that can be verified elsewhere: a head, its checkpoints, its records; lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from api.audit.checkpoint import Checkpoint
from api.audit.verify import Row
from inventory.errors import InputError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["Export", "Heading", "lines", "opened"]


class Heading(Value):
    """The first line."""

    fosa: str = "audit"
    office: str
    key: str
    """PEM, as the office gave it: who doubts the office brings his own."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is in such a file."""

    heading: Heading
    checkpoints: tuple[Checkpoint, ...]
    rows: Iterator[Row]
    """Read as they are asked for; InputError for a line that is none."""


def lines(heading: Heading, checkpoints: Iterable[Checkpoint], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the file."""
    yield heading.model_dump_json() + "\n"
    for one in checkpoints:
        yield f'{{"checkpoint":{one.model_dump_json()}}}\n'
    for number, entry, mark in rows:
        yield json.dumps({"number": number, "hash": mark, "entry": json.loads(entry)}, ensure_ascii=False) + "\n"


def opened(file: Path) -> Export:
    """A file as it is; InputError when it is not an export."""
    try:
        with file.open(encoding="utf-8") as read:
            heading = Heading.model_validate_json(next(read, ""))
            checkpoints = tuple(_checkpoints(read))
    except (OSError, ValueError) as error:
        raise InputError(_("{file}: this is no exported audit").format(file=file)) from error
    return Export(heading, checkpoints, _rows(file))


def _checkpoints(read: Iterable[str]) -> Iterator[Checkpoint]:
    """Up to the first record."""
    for line in read:
        given = json.loads(line)
        if "checkpoint" not in given:
            return
        yield Checkpoint.model_validate(given["checkpoint"])


def _rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8") as read:
        for line in islice(read, 1, None):
            try:
                given = json.loads(line)
                if "checkpoint" in given:
                    continue
                row = (int(given["number"]), json.dumps(given["entry"], ensure_ascii=False), str(given["hash"]))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(_("{file}: a line is no record: {line}").format(file=file, line=line[:60])) from error
            yield row
