"""The catalogue's files to values: strictly, every fault at once with its file and line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from inventory.errors import CatalogueError
from inventory.faults import Fault, Severity
from inventory.plain import key_text
from inventory.words import gettext as _
from inventory.yamltext import Document, parse
from monitor.compliance.catalogue.model import Catalogue, Cover, Section

__all__ = ["catalogue", "load"]

_HERE = Path(__file__).parent
_COVER = "catalogue.yaml"
_SECTIONS = ("kri.yaml", "rodo.yaml", "nsc.yaml", "mswia2004.yaml")
"""What is in force first, law before guidance."""

_T = TypeVar("_T", bound=BaseModel)


@cache
def catalogue() -> Catalogue:
    """The catalogue that fosa ships."""
    return load(_HERE, _SECTIONS)


def load(folder: Path, sections: Iterable[str]) -> Catalogue:
    """Read a cover and its sections. CatalogueError with every fault when one of them cannot be taken as it is."""
    faults: list[Fault] = []
    cover = _read(folder, _COVER, Cover, faults)
    read = [(name, _read(folder, name, Section, faults)) for name in sections]
    faults += _twice((name, section) for name, section in read if section is not None)
    if faults or cover is None:
        raise CatalogueError("\n".join(map(str, faults)))
    return Catalogue(
        name=cover.name,
        version=cover.version,
        draft=cover.draft,
        note=cover.note,
        sections=tuple(section for _name, section in read if section is not None),
        wanted=cover.wanted,
    )


def _read(folder: Path, name: str, model: type[_T], faults: list[Fault]) -> _T | None:
    try:
        document = parse((folder / name).read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 0, "", Severity.ERROR, str(error)))
        return None
    faults.extend(document.faults)
    try:
        # From JSON, because there strict means that text is text and a number is a number.
        return model.model_validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        faults.extend(_refusals(name, document, error))
        return None


def _refusals(name: str, document: Document, error: ValidationError) -> Iterator[Fault]:
    for details in error.errors(include_url=False, include_input=False):
        line, mark = document.mark.line, document.mark
        for step in details["loc"]:
            if (inner := mark.at(step)) is None:
                break
            line, mark = inner.line, inner
        yield Fault(name, line, key_text(document.value, details["loc"]), Severity.ERROR, details["msg"])


def _twice(sections: Iterable[tuple[str, Section]]) -> Iterator[Fault]:
    """OSCAL's tools take two controls of one id without a word: so this looks."""
    read = list(sections)
    count = Counter(clause.id for _name, section in read for clause in section.clauses)
    for name, section in read:
        known = {source.id for source in section.instrument.sources}
        for clause in section.clauses:
            if count[clause.id] > 1:
                yield Fault(name, 0, clause.id, Severity.ERROR, _("two clauses have this id"))
            for source in sorted(set(clause.sources) - known):
                message = _("the source {source} is not one of its instrument").format(source=source)
                yield Fault(name, 0, clause.id, Severity.ERROR, message)
