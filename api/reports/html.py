"""A report as one HTML file: nothing is loaded from anywhere, everything from inventory and devices is escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from api.markup import markup
from api.reports.labels import labels
from inventory.words import language
from monitor.compliance import words
from monitor.compliance.catalogue.model import Catalogue, Instrument, LegalStatus
from monitor.compliance.model import ClauseFinding, ClauseStatus, Evidence, Report, Result
from monitor.compliance.report.shape import Chapter, Entry, Grouped, chapters, groups, score, title_of
from monitor.compliance.rollup import BAD, FINE
from monitor.compliance.rules.table import RULES

__all__ = ["html"]

_TEMPLATES = Path(__file__).parent / "templates"
_PLACES = 12
"""So many lines of evidence a finding shows; the JSON form has all."""
_OPEN = frozenset({Result.ERROR, Result.UNKNOWN, Result.NOT_CHECKED})


def html(report: Report, catalogue: Catalogue, zone: ZoneInfo, version: str) -> str:
    """The report in the language in use."""
    found = groups(report)
    return (
        markup(_TEMPLATES)
        .get_template("report.html")
        .render(
            language=language(),
            say=labels(),
            report=report,
            catalogue=catalogue,
            version=version,
            made=_when(report.made_at, zone),
            basis=", ".join(words.basis(basis) for basis in report.basis),
            score=score(report),
            failed=[_row(group) for group in found if group.result in BAD],
            open=[_row(group) for group in found if group.result in _OPEN],
            fine=[_row(group) for group in found if group.result in FINE],
            silent=[_row(group) for group in found if group.result not in BAD | _OPEN | FINE],
            chapters=[_chapter(chapter, catalogue) for chapter in chapters(report, catalogue)],
            sources=list(_sources(report, zone)),
            rules=list(RULES.values()),
            severity=words.severity,
        )
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding."""

    rule: str
    title: str
    result: str
    severity: str
    devices: str
    message: str
    fix: str
    waived: str
    places: tuple[tuple[str, Evidence], ...]
    more: int


def _row(group: Grouped) -> _Row:
    return _Row(
        rule=group.rule,
        title=group.title,
        result=words.result(group.result),
        severity=words.severity(group.severity),
        devices=", ".join(group.assets),
        message=str(group.message),
        fix=str(group.fix) if group.fix is not None else "",
        waived=words.waived(group.waived) if group.waived is not None else "",
        places=group.evidence[:_PLACES],
        more=max(0, len(group.evidence) - _PLACES),
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause and how it stands."""

    label: str
    former: str
    statement: str
    human: str
    status: str
    kind: ClauseStatus
    decided_by: str
    severity: str
    certainty: str
    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Instrument:
    """An instrument with its clauses."""

    given: Instrument
    legal_status: str
    repealed: bool
    clauses: tuple[_Clause, ...]


def _chapter(chapter: Chapter, catalogue: Catalogue) -> _Instrument:
    given = chapter.instrument
    return _Instrument(
        given=given,
        legal_status=words.legal_status(given.legal_status),
        repealed=given.legal_status is LegalStatus.REPEALED,
        clauses=tuple(_clause(entry, catalogue) for entry in chapter.entries),
    )


def _clause(entry: Entry, catalogue: Catalogue) -> _Clause:
    clause, finding = entry.clause, entry.finding
    return _Clause(
        label=clause.label,
        former=clause.former_label or "",
        statement=str(clause.statement),
        human=str(clause.human) if clause.human is not None else "",
        status=words.status(finding.status),
        kind=finding.status,
        decided_by=words.decided_by(clause.decided_by),
        severity=words.severity(clause.severity),
        certainty=words.certainty(clause.certainty),
        **_rules(finding, catalogue),
    )


def _rules(finding: ClauseFinding, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The rules a clause waits for, each with what it asks for."""
    named = {"failed": finding.failed, "undecided": finding.undecided, "missing": finding.missing}
    return {why: tuple(f"{rule} {title_of(rule, catalogue)}" for rule in rules) for why, rules in named.items()}


@dataclass(frozen=True, slots=True)
class _Source:
    """A text or reading, once."""

    device: str
    name: str
    read_at: str
    sha256: str


def _sources(report: Report, zone: ZoneInfo) -> Iterator[_Source]:
    seen = set()
    for finding in report.findings:
        for evidence in finding.evidence:
            key = (finding.asset, evidence.source, evidence.sha256)
            if key not in seen:
                seen.add(key)
                read_at = "" if evidence.read_at is None else _when(evidence.read_at, zone)
                yield _Source(finding.asset, evidence.source, read_at, evidence.sha256)


def _when(moment: dt.datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"
