"""An inventory folder to an Office: every fault at once, each with its file, line and key."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_origin

from pydantic import ValidationError

from inventory.checks import check
from inventory.errors import InventoryError
from inventory.explain import explain, path_of
from inventory.faults import Fault, Severity
from inventory.folder import read
from inventory.join import Joined, join
from inventory.model import Office
from inventory.yamltext import parse

__all__ = ["Loaded", "load"]

_LISTS = frozenset(name for name, field in Office.model_fields.items() if get_origin(field.annotation) is tuple)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder says. `office` is None as soon as there is one error."""

    office: Office | None
    faults: tuple[Fault, ...]
    folder: Path

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stop everything."""
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The findings."""
        return self._of(Severity.WARNING)

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What is good to know."""
        return self._of(Severity.NOTE)

    def require(self) -> Office:
        """The office; InventoryError with all errors when there is none."""
        if self.office is None:
            raise InventoryError(self.errors)
        return self.office

    def _of(self, severity: Severity) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is severity)


def load(folder: Path, today: dt.date | None = None) -> Loaded:
    """Read, join, validate and cross-check a folder. Never raises for what stands in it.

    Without `today` the machine's own date is taken for what depends on it: reviews, dates of flows.
    """
    content = read(folder)
    documents = [(source.name, parse(source.text, source.name)) for source in content.sources]
    joined = join(str(folder), documents, _LISTS)
    unread = (*content.faults, *joined.faults)
    if not content.sources:
        return Loaded(None, _ordered(unread), folder)
    office, refused = _validate(joined, whole=not any(fault.severity is Severity.ERROR for fault in unread))
    if office is None:
        return Loaded(None, _ordered((*unread, *refused)), folder)
    day = today or dt.datetime.now().astimezone().date()
    found = tuple(joined.fault(problem.path, problem.severity, problem.message) for problem in check(office, day))
    faults = _ordered((*unread, *found))
    sound = not any(fault.severity is Severity.ERROR for fault in faults)
    return Loaded(office if sound else None, faults, folder)


def _validate(joined: Joined, *, whole: bool) -> tuple[Office | None, tuple[Fault, ...]]:
    """The office or its faults. Where not everything was read, nothing is called missing at the top."""
    text = json.dumps(joined.values)
    try:
        # From JSON, because there strict means: text is text, a number is a number, and dates are still texts.
        office = Office.model_validate_json(text, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        return None, tuple(_refusals(joined, error, whole=whole))
    return (office if whole else None), ()


def _refusals(joined: Joined, error: ValidationError, *, whole: bool) -> Iterator[Fault]:
    for details in error.errors(include_url=False, include_input=False):
        path = path_of(details)
        if details["type"] == "missing" and len(path) == 1 and not whole:
            continue
        if message := explain(details, joined.at(path)):
            yield joined.fault(path, Severity.ERROR, message)


def _ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.key)))
