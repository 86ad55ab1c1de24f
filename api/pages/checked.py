"""The newest check: how much is in order and how much of it was looked at, findings with their evidence, clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.pages.figures import DASH, count, share
from api.pages.signs import Sign, of_clause, of_result
from api.pages.times import Clock, Moment
from api.pages.upkeep import OPEN
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.model import Basis, Evidence, Finding, Report, Result, Severity
from monitor.compliance.rollup import BAD, DECIDED, FINE, outcomes

__all__ = ["Check", "ClauseRow", "Dealt", "EvidenceRow", "FindingRow", "Score", "check"]

_SHOWN = 100
"""Of each group; the interface for programs has the rest."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What was read."""

    source: str
    """With the line, where there is one."""
    text: str
    read: Moment | None
    digest: str
    """The whole hash; a page shows how it begins."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What a rule says of a device."""

    rule: str
    title: str
    asset: str
    sign: Sign
    message: str
    fix: str
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class Dealt:
    """Findings that stand together; `more` of them are not shown."""

    key: str
    title: str
    rows: tuple[FindingRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause of law and how it stands."""

    label: str
    statement: str
    sign: Sign
    rules: str
    """Which rules keep it from being met."""


@dataclass(frozen=True, slots=True)
class Score:
    """How much is in order, never without how much was looked at."""

    fine: str
    fine_of: str
    decided: str
    decided_of: str
    devices: str


@dataclass(frozen=True, slots=True)
class Check:
    """A report on the page."""

    made: Moment
    lasting: str
    basis: str
    catalogue: str
    note: str
    """That the catalogue is a draft, as long as it is one."""
    profile: str
    score: Score
    problems: tuple[str, ...]
    failed: tuple[Dealt, ...]
    """By severity."""
    rest: tuple[Dealt, ...]
    """What could not be decided, what is in order, and what needs no decision."""
    clauses: tuple[ClauseRow, ...]


def check(report: Report, clock: Clock) -> Check:
    """Everything the page says of a report."""
    known = catalogue()
    return Check(
        made=clock.moment(report.made_at),
        lasting=clock.since(report.made_at),
        basis=", ".join(_basis(basis) for basis in report.basis),
        catalogue=report.catalogue,
        note=str(known.note) if known.draft else "",
        profile=report.profile,
        score=_score(report),
        problems=tuple(str(problem) for problem in report.problems),
        failed=tuple(_failed(report, clock)),
        rest=tuple(_rest(report, clock)),
        clauses=tuple(_clauses(report)),
    )


def _score(report: Report) -> Score:
    results = list(outcomes(report.findings).values())
    fine, decided = (sum(result in kinds for result in results) for kinds in (FINE, DECIDED))
    coverage = report.coverage
    judged = _("{judged} of {expected} gateways; the office has {total} devices")
    return Score(
        fine=share(fine / decided) if decided else DASH,
        fine_of=_("{n} of {total} decided").format(n=count(fine), total=count(decided)),
        decided=share(coverage.decided / coverage.pairs) if coverage.pairs else DASH,
        decided_of=_("{n} of {total}: each rule on each gateway").format(
            n=count(coverage.decided), total=count(coverage.pairs)
        ),
        devices=judged.format(
            judged=count(coverage.assets_judged),
            expected=count(coverage.assets_expected),
            total=count(coverage.devices_total),
        ),
    )


def _failed(report: Report, clock: Clock) -> Iterator[Dealt]:
    for severity in Severity:
        found = [each for each in report.findings if each.result in BAD and each.severity is severity]
        if found:
            yield _dealt(f"failed-{severity}", _severity(severity), found, clock)


def _rest(report: Report, clock: Clock) -> Iterator[Dealt]:
    groups = (
        ("open", _("Not known"), OPEN),
        ("fine", _("In order"), FINE),
        ("other", _("Needs no decision"), frozenset(Result) - OPEN - DECIDED),
    )
    for key, title, results in groups:
        if found := [each for each in report.findings if each.result in results]:
            yield _dealt(key, title, found, clock)


def _dealt(key: str, title: str, found: list[Finding], clock: Clock) -> Dealt:
    n = len(found)
    text = ngettext("{title}: {n} finding", "{title}: {n} findings", n)
    rows = tuple(_row(finding, clock) for finding in found[:_SHOWN])
    return Dealt(key, text.format(title=title, n=count(n)), rows, max(n - _SHOWN, 0))


def _row(finding: Finding, clock: Clock) -> FindingRow:
    return FindingRow(
        rule=finding.rule,
        title="",
        asset=finding.asset,
        sign=of_result(finding.result),
        message=str(finding.message),
        fix="" if finding.fix is None or finding.result in FINE else str(finding.fix),
        evidence=tuple(_evidence(evidence, clock) for evidence in finding.evidence),
    )


def _evidence(evidence: Evidence, clock: Clock) -> EvidenceRow:
    where = _("{source}, line {line}").format(source=evidence.source, line=evidence.line)
    return EvidenceRow(
        source=evidence.source if evidence.line is None else where,
        text=evidence.text,
        read=None if evidence.read_at is None else clock.moment(evidence.read_at),
        digest=evidence.sha256,
    )


def _clauses(report: Report) -> Iterator[ClauseRow]:
    known = {clause.id: clause for clause in catalogue().clauses}
    for found in report.clauses:
        clause = known.get(found.clause)
        yield ClauseRow(
            label=found.clause if clause is None else clause.label,
            statement="" if clause is None else str(clause.statement),
            sign=of_clause(found.status),
            rules="; ".join(_because(found.failed, found.undecided, found.missing)),
        )


def _because(failed: Iterable[str], undecided: Iterable[str], missing: Iterable[str]) -> Iterator[str]:
    for text, rules in (
        (_("failed: {rules}"), failed),
        (_("not known: {rules}"), undecided),
        (_("fosa cannot judge yet: {rules}"), missing),
    ):
        if named := ", ".join(rules):
            yield text.format(rules=named)


def _severity(severity: Severity) -> str:
    return {
        Severity.CRITICAL: _("Critical"),
        Severity.HIGH: _("High"),
        Severity.MEDIUM: _("Medium"),
        Severity.LOW: _("Low"),
    }[severity]


def _basis(basis: Basis) -> str:
    return {
        Basis.INTENDED: _("intended texts"),
        Basis.RUNNING: _("running texts"),
        Basis.LIVE: _("live readings"),
    }[basis]
