"""A report as lines for a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from inventory.words import gettext as _
from monitor.compliance import words
from monitor.compliance.catalogue.model import Catalogue, LegalStatus
from monitor.compliance.model import ClauseFinding, ClauseStatus, Evidence, Report, Result
from monitor.compliance.report.shape import Chapter, Entry, Grouped, chapters, groups, score

__all__ = ["lines"]

_DETAILED = frozenset({Result.FAIL, Result.ERROR, Result.UNKNOWN, Result.INFORMATIONAL})
"""Results that are told with what was read."""
_SHOWN = 4
_STYLES = {Result.FAIL: "red", Result.ERROR: "red", Result.PASS: "green", Result.FIXED: "green"}
_CLAUSE_STYLES = {ClauseStatus.MET: "green", ClauseStatus.NOT_MET: "red"}

Line = tuple[str, str]
"""A text and its style."""


def lines(report: Report, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[Line]:
    """The whole report: what it is, findings with the worst first, clauses."""
    yield from _head(report, catalogue, zone)
    yield "", ""
    for group in groups(report):
        yield from _group(group)
    for chapter in chapters(report, catalogue):
        yield "", ""
        yield from _chapter(chapter)


def _head(report: Report, catalogue: Catalogue, zone: ZoneInfo) -> Iterator[Line]:
    yield _("{title}: compliance, {when}").format(title=report.title, when=_when(report.made_at, zone)), "bold"
    judged = ", ".join(words.basis(basis) for basis in report.basis)
    yield _("judged: {basis}").format(basis=judged), ""
    about = _("crypto profile {profile}, catalogue {catalogue}")
    yield about.format(profile=report.profile, catalogue=report.catalogue), ""
    if catalogue.draft:
        yield str(catalogue.note), "yellow"
    found, coverage = score(report), report.coverage
    yield (
        _("{failed} failed, {fine} in order, {open} not decided").format(
            failed=found.failed, fine=found.fine, open=found.open
        ),
        "",
    )
    decided = _(
        "coverage: {decided} of {pairs} pairs of rule and device decided; {judged} of {expected} managed devices"
    )
    yield (
        decided.format(
            decided=coverage.decided,
            pairs=coverage.pairs,
            judged=coverage.assets_judged,
            expected=coverage.assets_expected,
        ),
        "",
    )
    yield (
        _("the inventory has {total} devices; the others are not looked at yet").format(total=coverage.devices_total),
        "",
    )
    for problem in report.problems:
        yield str(problem), "red"


def _group(group: Grouped) -> Iterator[Line]:
    head = f"{words.result(group.result):19} {group.rule}  {', '.join(group.assets)}: {group.message}"
    if group.result is Result.FAIL:
        head += f" [{words.severity(group.severity)}]"
    yield head, _STYLES.get(group.result, "yellow" if group.result in _DETAILED else "dim")
    if group.result in _DETAILED:
        for asset, evidence in group.evidence[:_SHOWN]:
            yield f"    {_place(asset, evidence)}", ""
        if (more := len(group.evidence) - _SHOWN) > 0:
            yield "    " + _("and {n} more").format(n=more), ""
    if group.waived is not None:
        yield f"    {words.waived(group.waived)}", "yellow"
    if group.fix is not None:
        yield f"    {group.fix}", ""


def _place(asset: str, evidence: Evidence) -> str:
    line = "" if evidence.line is None else f":{evidence.line}"
    return f"{asset} {evidence.source}{line}: {evidence.text}".rstrip(" :")


def _chapter(chapter: Chapter) -> Iterator[Line]:
    instrument = chapter.instrument
    status = words.legal_status(instrument.legal_status)
    yield f"{instrument.title} ({instrument.published}; {status})", "bold"
    if instrument.legal_status is LegalStatus.REPEALED:
        yield str(instrument.note), "yellow"
    for entry in chapter.entries:
        yield from _clause(entry)


def _clause(entry: Entry) -> Iterator[Line]:
    label = entry.clause.label
    if entry.clause.former_label is not None:
        label += f" ({entry.clause.former_label})"
    yield f"{words.status(entry.finding.status):19} {label}", _CLAUSE_STYLES.get(entry.finding.status, "yellow")
    yield f"    {entry.clause.statement}", ""
    if why := "; ".join(_why(entry.finding)):
        yield f"    {why}", ""


def _why(finding: ClauseFinding) -> Iterator[str]:
    if finding.failed:
        yield _("failed: {rules}").format(rules=", ".join(finding.failed))
    if finding.undecided:
        yield _("not known: {rules}").format(rules=", ".join(finding.undecided))
    if finding.missing:
        yield _("no rule yet: {rules}").format(rules=", ".join(finding.missing))


def _when(moment: dt.datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
