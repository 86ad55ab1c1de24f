"""Matters of fosa itself: a watch that is silent, a store that cannot be kept, a check that failed or does not run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.pages.matters import Matter, Step
from api.pages.people import People
from api.pages.signs import Shape
from api.pages.times import lasting
from api.picture import Picture
from inventory.sentence import Sentence
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance.model import Report, Result
from monitor.compliance.report.shape import Grouped, groups, score
from monitor.compliance.rollup import BAD
from monitor.readings import FRESH_S

__all__ = ["OPEN", "of_the_check", "of_the_watch", "silent"]

_CHECKED_WITHIN = dt.timedelta(hours=1)
"""The check runs every ten minutes; where the last one is older than this, it does not."""
_NAMED = 3
"""How many findings a matter names; all of them stand below."""

OPEN = frozenset({Result.ERROR, Result.UNKNOWN, Result.NOT_CHECKED})
"""Results that leave a question open."""


def silent(picture: Picture) -> bool:
    """Whether the watch has not been heard of for too long, or never was."""
    return picture.silent_s is None or picture.silent_s > FRESH_S


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
        yield Matter(Shape.HEED, _("Not every managed device could be checked"), why=why, anchor="check")
    failed = [group for group in groups(report) if group.result in BAD]
    if failed:
        n, worst = score(report).failed, failed[:_NAMED]
        title = ngettext(
            "{n} finding of the check is to be put right", "{n} findings of the check are to be put right", n
        )
        yield Matter(
            Shape.HEED,
            title.format(n=n),
            why=tuple(_named(group, group.message) for group in worst),
            steps=tuple(
                Step(people.administrator, _named(group, group.fix)) for group in worst if group.fix is not None
            ),
            anchor="check",
        )


def _named(group: Grouped, text: Sentence) -> str:
    sentence = _("{rule} on {assets}: {text}")
    return sentence.format(rule=group.rule, assets=", ".join(group.assets), text=text)
