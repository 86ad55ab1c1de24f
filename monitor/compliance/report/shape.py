"""A report in the order of reading, for every form it is shown in: worst first, what devices have in common once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.sentence import Sentence
from monitor.compliance.catalogue.model import Catalogue, Clause, Instrument
from monitor.compliance.model import ClauseFinding, ClauseStatus, Evidence, Finding, Report, Result, Severity, Waived
from monitor.compliance.rollup import DECIDED, FINE, outcomes
from monitor.compliance.rules.table import RULES

__all__ = ["Chapter", "Entry", "Grouped", "Score", "chapters", "groups", "score", "title_of"]

_URGENCY = (
    Result.FAIL,
    Result.ERROR,
    Result.UNKNOWN,
    Result.NOT_CHECKED,
    Result.INFORMATIONAL,
    Result.PASS,
    Result.FIXED,
    Result.NOT_APPLICABLE,
    Result.NOT_SELECTED,
)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Score:
    """How many pairs of rule and device came to what. Never shown without the coverage."""

    fine: int
    failed: int
    open: int
    """Not decided: no reading, not understood, not checked."""

    @property
    def decided(self) -> int:
        """Those that came to something."""
        return self.fine + self.failed


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a rule says in the same words of one device or of several."""

    rule: str
    title: str
    severity: Severity
    result: Result
    message: Sentence
    fix: Sentence | None
    assets: tuple[str, ...]
    evidence: tuple[tuple[str, Evidence], ...]
    """With the device each belongs to."""
    waived: Waived | None = None
    """The exception all of these devices are let off by."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause and how it stands."""

    clause: Clause
    finding: ClauseFinding


@dataclass(frozen=True, slots=True)
class Chapter:
    """An instrument and its clauses, those not met first."""

    instrument: Instrument
    entries: tuple[Entry, ...]


def score(report: Report) -> Score:
    """The score of a report."""
    results = list(outcomes(report.findings).values())
    fine = sum(result in FINE for result in results)
    decided = sum(result in DECIDED for result in results)
    return Score(fine=fine, failed=decided - fine, open=report.coverage.pairs - decided)


def groups(report: Report) -> tuple[Grouped, ...]:
    """All findings, the most urgent first."""
    same: dict[tuple[str, Result, str, str, str], list[Finding]] = {}
    for finding in report.findings:
        said, waived = sorted(finding.message.values.items()), finding.waived
        key = (finding.rule, finding.result, finding.message.text, repr(said), repr(waived))
        same.setdefault(key, []).append(finding)
    return tuple(sorted(map(_grouped, same.values()), key=_urgency))


def title_of(rule: str, catalogue: Catalogue) -> str:
    """What a rule asks for, in the language in use; also one that is only wanted."""
    if rule in RULES:
        return str(RULES[rule].title)
    return next((str(wanted.title) for wanted in catalogue.wanted if wanted.id == rule), "")


def chapters(report: Report, catalogue: Catalogue) -> Iterator[Chapter]:
    """The clauses by instrument, in the catalogue's order."""
    found = {finding.clause: finding for finding in report.clauses}
    for section in catalogue.sections:
        entries = [Entry(clause, found[clause.id]) for clause in section.clauses if clause.id in found]
        yield Chapter(section.instrument, tuple(sorted(entries, key=_need)))


def _grouped(findings: list[Finding]) -> Grouped:
    first = findings[0]
    rule = RULES.get(first.rule)
    return Grouped(
        rule=first.rule,
        title=str(rule.title) if rule is not None else "",
        severity=first.severity,
        result=first.result,
        message=first.message,
        fix=first.fix,
        assets=_once(finding.asset for finding in findings),
        evidence=tuple((finding.asset, evidence) for finding in findings for evidence in finding.evidence),
        waived=first.waived,
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _urgency(group: Grouped) -> tuple[int, int, str]:
    return _URGENCY.index(group.result), _SEVERITIES.index(group.severity), group.rule


def _need(entry: Entry) -> int:
    order = (ClauseStatus.NOT_MET, ClauseStatus.NOT_ASSESSED, ClauseStatus.PARTLY, ClauseStatus.MET)
    return order.index(entry.finding.status)
