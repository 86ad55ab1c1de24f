"""The first sight: is everything all right now, since when, and what waits to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.matters import Matter, ordered
from api.pages.outages import outages
from api.pages.signs import Shape
from api.pages.troubles import troubles
from api.pages.upkeep import of_the_check, of_the_watch, silent
from api.picture import Picture
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance.model import Report
from monitor.compliance.report.shape import score

__all__ = ["Verdict", "verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer on top of the page, and everything somebody has to look at."""

    shape: Shape
    title: str
    detail: str
    since: dt.datetime | None
    """Since when it is so; None where that cannot be said."""
    matters: tuple[Matter, ...]
    """Worst first."""


def verdict(picture: Picture) -> Verdict:
    """What to say of a picture. Nothing is fine that is not known to be so."""
    # Of a silent watch everything is unknown: a matter for each would only hide the one that counts.
    found = () if silent(picture) else (*outages(picture.office, picture.watched), *troubles(picture))
    matters = ordered([*of_the_watch(picture), *found, *of_the_check(picture)])
    shape = matters[0].shape if matters else Shape.UP
    worst = [matter for matter in matters if matter.shape is shape]
    if shape is Shape.DOWN:
        return Verdict(shape, worst[0].title, _and_more(worst), worst[0].since, matters)
    if shape is Shape.UNKNOWN:
        return _uncertain(picture, worst, matters)
    return _working(picture, shape, matters)


def _uncertain(picture: Picture, worst: Sequence[Matter], matters: tuple[Matter, ...]) -> Verdict:
    if silent(picture):
        return Verdict(Shape.UNKNOWN, worst[0].title, worst[0].effect, worst[0].since, matters)
    detail = _("Nothing is known to be broken, but not everything can be seen.")
    since = min((matter.since for matter in worst if matter.since is not None), default=None)
    return Verdict(Shape.UNKNOWN, _("It is not certain that all is well"), detail, since, matters)


def _working(picture: Picture, shape: Shape, matters: tuple[Matter, ...]) -> Verdict:
    watched = picture.watched
    begun = [each.since for each in watched.tunnels]
    begun += [each.since for each in watched.links]
    begun += [each.since for each in watched.devices]
    works = _("Every tunnel, line and gateway that is watched works.")
    if matters:
        n = len(matters)
        title = ngettext(
            "The network works, {n} thing is to be seen to", "The network works, {n} things are to be seen to", n
        )
        return Verdict(shape, title.format(n=n), works, max(begun), matters)
    if doubt := _doubt(picture.report):
        return Verdict(shape, _("The network works"), f"{works} {doubt}", max(begun), matters)
    return Verdict(shape, _("All is well"), works, max(begun), matters)


def _doubt(report: Report | None) -> str:
    """What of the check keeps a reader from taking silence for a clean bill; empty when nothing does."""
    if report is None:
        return _("Nothing has been checked yet.")
    undecided = score(report).open
    text = ngettext("The check could not decide {n} thing.", "The check could not decide {n} things.", undecided)
    return text.format(n=undecided) if undecided else ""


def _and_more(worst: Sequence[Matter]) -> str:
    others = len(worst) - 1
    if others == 0:
        return worst[0].effect
    more = ngettext("{n} more thing is broken.", "{n} more things are broken.", others).format(n=others)
    return f"{worst[0].effect} {more}".strip()
