"""Matters of fosa itself: a watch that is silent, a store that cannot be kept, a check that failed or does not run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.pages.matters import Matter, Step
from api.pages.people import People
from api.pages.signs import Shape
from api.pages.times import lasting
from api.picture import Picture
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance.model import Finding, Report, Result, Severity

__all__ = ["OPEN", "SILENT_AFTER_S", "of_the_check", "of_the_watch", "silent"]

SILENT_AFTER_S = 3.0
"""A watch says something every second; after three missed ones it counts as silent."""
_CHECKED_WITHIN = dt.timedelta(hours=1)
"""The check runs every ten minutes; where the last one is older than this, it does not."""
_NAMED = 3
"""How many findings a matter names; all of them stand below."""
_SEVERITIES = tuple(Severity)

OPEN = frozenset({Result.ERROR, Result.UNKNOWN, Result.NOT_CHECKED})
"""Results that leave a question open."""


def silent(picture: Picture) -> bool:
    """Whether the watch has not been heard of for too long, or never was."""
    return picture.silent_s is None or picture.silent_s > SILENT_AFTER_S


def of_the_watch(picture: Picture) -> Iterator[Matter]:
    """What keeps fosa from seeing, or from keeping what it has seen."""
    administrator = People(picture.office).administrator
    if silent(picture):
        yield _silence(picture, administrator)
    elif not (picture.watched.tunnels or picture.watched.links or picture.watched.devices):
        write = _("Write the gateways into the inventory, with their platform, and start fosa anew.")
        yield Matter(Shape.UNKNOWN, _("Nothing is watched"), steps=(Step(administrator, write),), anchor="devices")
    if picture.store_problem:
        keep = _("See to it soon: fosa goes on watching, but what happens meanwhile is kept in memory only.")
        steps = (Step(administrator, keep),)
        yield Matter(Shape.HEED, _("The store has a problem"), why=(picture.store_problem,), steps=steps)
    if picture.watched.problems and not silent(picture):
        yield Matter(Shape.HEED, _("The watch has a problem"), why=picture.watched.problems)


def _silence(picture: Picture, administrator: str) -> Matter:
    see = _("See whether fosa serve runs on the manager's machine, and what it says.")
    if picture.silent_s is None:
        title, effect = _("The watch has not been heard of yet"), _("Everything below is unknown.")
    else:
        title = _("The watch is silent")
        effect = _("Nothing has been heard of it for {span}: everything below is unknown.")
        effect = effect.format(span=lasting(picture.silent_s))
    return Matter(Shape.UNKNOWN, title, effect, steps=(Step(administrator, see),))


def of_the_check(picture: Picture) -> Iterator[Matter]:
    """What the newest check complains about, and a check that does not run."""
    report, people = picture.report, People(picture.office)
    last = picture.watched.began if report is None else report.made_at
    if picture.at - last > _CHECKED_WITHIN and not silent(picture):
        see = Step(people.administrator, _("See what fosa serve says, or run fosa comply."))
        yield Matter(Shape.HEED, _("The check does not run"), since=last, steps=(see,), anchor="check")
    if report is not None:
        yield from _of_report(report, people)


def _of_report(report: Report, people: People) -> Iterator[Matter]:
    if report.problems:
        why = tuple(str(problem) for problem in report.problems)
        yield Matter(Shape.HEED, _("Not every gateway could be checked"), why=why, anchor="check")
    failed = sorted((each for each in report.findings if each.result is Result.FAIL), key=_badness)
    if failed:
        title = ngettext(
            "{n} finding of the check is to be put right", "{n} findings of the check are to be put right", len(failed)
        )
        fixes = [_fix(finding) for finding in failed[:_NAMED] if finding.fix is not None]
        yield Matter(
            Shape.HEED,
            title.format(n=len(failed)),
            why=tuple(_named(finding) for finding in failed[:_NAMED]),
            steps=tuple(Step(people.administrator, fix) for fix in fixes),
            anchor="check",
        )


def _badness(finding: Finding) -> int:
    return _SEVERITIES.index(finding.severity)


def _named(finding: Finding) -> str:
    return _("{rule} on {asset}: {message}").format(rule=finding.rule, asset=finding.asset, message=finding.message)


def _fix(finding: Finding) -> str:
    return _("{rule} on {asset}: {message}").format(rule=finding.rule, asset=finding.asset, message=finding.fix)
