"""The values of the catalogue. It is a draft until a lawyer has signed each clause, and says so where it is shown."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Value
from inventory.words import language
from monitor.compliance.model import ClauseClass, Severity

__all__ = ["Catalogue", "Certainty", "Clause", "Instrument", "LegalStatus", "Source", "Spoken", "WantedRule"]

Line = Annotated[str, StringConstraints(min_length=2, max_length=400, pattern=re.compile(r"^[^\n\r]+\Z"))]
Token = Annotated[str, StringConstraints(pattern=re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"))]
"""An identifier that may become one of OSCAL's: ASCII, no spaces."""
RuleId = Annotated[str, StringConstraints(pattern=re.compile(r"^([A-Z][A-Z0-9]|[A-Z]{3})-[0-9]{2}\Z"))]


class Spoken(Value):
    """A text in the languages of the project; `str()` is the one in use."""

    pl: Line
    en: Line

    def __str__(self) -> str:
        return self.pl if language() == "pl" else self.en


class LegalStatus(StrEnum):
    """Whether an instrument binds anybody today."""

    IN_FORCE = "in_force"
    RECOMMENDED = "recommended"
    """No law: how others advise to do what the law asks."""
    REPEALED = "repealed"


class Certainty(StrEnum):
    """How much of a clause has been seen in a source."""

    GIST_SEEN = "gist_seen"
    """The act and its gist were seen, the wording of the clause was not."""
    TO_BE_VERIFIED = "to_be_verified"
    """Written from general knowledge."""


class Source(Value):
    """Where something of an instrument was seen."""

    id: Token
    address: Annotated[str, StringConstraints(pattern=re.compile(r"^https?://[^\s]+\Z"))]


class Instrument(Value):
    """A law or regulation."""

    id: Token
    title: Spoken
    published: Line
    """The journal and position it was published under."""
    legal_status: LegalStatus
    note: Spoken
    """What a reader must know of its standing."""
    sources: tuple[Source, ...] = ()


class Clause(Value):
    """One demand of an instrument, paraphrased."""

    id: Token
    label: Line
    """As it is cited today."""
    former_label: Line | None = None
    """As it was cited before renumbering: the same demand, never counted twice."""
    statement: Spoken
    human: Spoken | None = None
    """What no machine can tell of it; None where nothing is left."""
    decided_by: ClauseClass
    severity: Severity
    rules: Annotated[tuple[RuleId, ...], Field(min_length=1)]
    """Every rule the reference names for it, also those fosa does not have yet."""
    certainty: Certainty
    sources: tuple[Token, ...] = ()


class WantedRule(Value):
    """A rule that clauses name and fosa does not have yet."""

    id: RuleId
    title: Spoken


class Section(Value):
    """One file of the catalogue: an instrument and its clauses."""

    instrument: Instrument
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]


class Cover(Value):
    """The file that says what the catalogue is."""

    name: Token
    version: Annotated[int, Field(ge=1, strict=True)]
    draft: bool
    note: Spoken
    wanted: tuple[WantedRule, ...] = ()


class Catalogue(Value):
    """All instruments with their clauses."""

    name: Token
    version: int
    draft: bool
    note: Spoken
    sections: tuple[Section, ...]
    wanted: tuple[WantedRule, ...]

    @property
    def label(self) -> str:
        """Name and version, as reports cite it."""
        return f"{self.name} {self.version}"

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the files."""
        return tuple(clause for section in self.sections for clause in section.clauses)

    def clause(self, name: str) -> Clause:
        """The clause of that id; KeyError when there is none."""
        for clause in self.clauses:
            if clause.id == name:
                return clause
        raise KeyError(name)
