"""The newest check: how much is in order and how much of it was looked at, findings with their evidence, clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.pages.figures import DASH, count, share
from api.pages.signs import Sign, of_clause, of_result
from api.pages.times import Clock, Moment
from api.pages.upkeep import OPEN
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance import words
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.catalogue.model import LegalStatus
from monitor.compliance.model import ClauseFinding, Evidence, Report, Result, Severity
from monitor.compliance.report.shape import Chapter, Entry, Grouped, chapters, groups, score
from monitor.compliance.rollup import BAD, DECIDED, FINE

__all__ = ["ChapterRow", "Check", "ClauseRow", "Dealt", "EvidenceRow", "FindingRow", "Scored", "check"]

_PLACES = 8
"""So many lines of evidence a finding shows; the interface for programs has them all."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What was read."""

    asset: str
    source: str
    """With the line, where there is one."""
    text: str
    read: Moment | None
    digest: str
    """The whole hash; a page shows how it begins."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What a rule says of one device, or in the same words of several."""

    rule: str
    title: str
    assets: tuple[str, ...]
    sign: Sign
    message: str
    fix: str
    waived: str
    """The exception it is let be by; empty without one."""
    evidence: tuple[EvidenceRow, ...]
    more: int
    """Lines of evidence that are not shown."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """Findings that stand together."""

    key: str
    title: str
    rows: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause of law and how it stands."""

    label: str
    statement: str
    sign: Sign
    because: tuple[str, ...]
    """Which rules keep it from being met."""


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """A law or regulation with its clauses."""

    title: str
    repealed: str
    """That it binds nobody any more; empty while it does."""
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True)
class Scored:
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
    basis: str
    catalogue: str
    note: str
    """That the catalogue is a draft, as long as it is one."""
    profile: str
    score: Scored
    problems: tuple[str, ...]
    failed: tuple[Dealt, ...]
    """By severity."""
    rest: tuple[Dealt, ...]
    """What could not be decided, what is in order, and what needs no decision."""
    chapters: tuple[ChapterRow, ...]


def check(report: Report, clock: Clock) -> Check:
    """Everything the page says of a report."""
    known, found = catalogue(), groups(report)
    return Check(
        made=clock.moment(report.made_at),
        basis=", ".join(words.basis(basis) for basis in report.basis),
        catalogue=report.catalogue,
        note=str(known.note) if known.draft else "",
        profile=report.profile,
        score=_score(report),
        problems=tuple(str(problem) for problem in report.problems),
        failed=tuple(_failed(found, clock)),
        rest=tuple(_rest(found, clock)),
        chapters=tuple(_chapter(chapter) for chapter in chapters(report, known) if chapter.entries),
    )


def _score(report: Report) -> Scored:
    scored, coverage = score(report), report.coverage
    fine, decided = _("{n} of {total} decided"), _("{n} of {total}: each rule on each managed device")
    judged = _("{judged} of {expected} managed devices; the office has {total} devices")
    return Scored(
        fine=share(scored.fine / scored.decided) if scored.decided else DASH,
        fine_of=fine.format(n=count(scored.fine), total=count(scored.decided)),
        decided=share(coverage.decided / coverage.pairs) if coverage.pairs else DASH,
        decided_of=decided.format(n=count(coverage.decided), total=count(coverage.pairs)),
        devices=judged.format(
            judged=count(coverage.assets_judged),
            expected=count(coverage.assets_expected),
            total=count(coverage.devices_total),
        ),
    )


def _failed(found: Sequence[Grouped], clock: Clock) -> Iterator[Dealt]:
    for severity in Severity:
        bad = [group for group in found if group.result in BAD and group.severity is severity]
        if bad:
            title = _("How bad: {severity}").format(severity=words.severity(severity))
            yield Dealt(f"failed-{severity}", title, tuple(_row(group, clock) for group in bad))


def _rest(found: Sequence[Grouped], clock: Clock) -> Iterator[Dealt]:
    for key, title, results in (
        ("open", _("Not known"), OPEN),
        ("fine", _("In order"), FINE),
        ("other", _("Needs no decision"), frozenset(Result) - OPEN - DECIDED),
    ):
        if those := [group for group in found if group.result in results]:
            text = ngettext("{title}: {n} finding", "{title}: {n} findings", len(those))
            rows = tuple(_row(group, clock) for group in those)
            yield Dealt(key, text.format(title=title, n=count(len(those))), rows)


def _row(group: Grouped, clock: Clock) -> FindingRow:
    return FindingRow(
        rule=group.rule,
        title=group.title,
        assets=group.assets,
        sign=of_result(group.result),
        message=str(group.message),
        fix="" if group.fix is None or group.result in FINE else str(group.fix),
        waived="" if group.waived is None else words.waived(group.waived),
        evidence=tuple(_evidence(asset, evidence, clock) for asset, evidence in group.evidence[:_PLACES]),
        more=max(len(group.evidence) - _PLACES, 0),
    )


def _evidence(asset: str, evidence: Evidence, clock: Clock) -> EvidenceRow:
    where = _("{source}, line {line}").format(source=evidence.source, line=evidence.line)
    return EvidenceRow(
        asset=asset,
        source=evidence.source if evidence.line is None else where,
        text=evidence.text,
        read=None if evidence.read_at is None else clock.moment(evidence.read_at),
        digest=evidence.sha256,
    )


def _chapter(chapter: Chapter) -> ChapterRow:
    instrument = chapter.instrument
    return ChapterRow(
        title=str(instrument.title),
        repealed=words.legal_status(instrument.legal_status) if instrument.legal_status is LegalStatus.REPEALED else "",
        clauses=tuple(_clause(entry) for entry in chapter.entries),
    )


def _clause(entry: Entry) -> ClauseRow:
    clause, found = entry.clause, entry.finding
    return ClauseRow(clause.label, str(clause.statement), of_clause(found.status), tuple(_because(found)))


def _because(found: ClauseFinding) -> Iterator[str]:
    for text, rules in (
        (_("failed: {rules}"), found.failed),
        (_("not known: {rules}"), found.undecided),
        (_("fosa cannot judge yet: {rules}"), found.missing),
    ):
        if rules:
            yield text.format(rules=", ".join(rules))
