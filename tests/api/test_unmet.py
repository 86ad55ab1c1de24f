"""What a platform cannot do of what the inventory asks: told once for all its switches, with their exception."""

import datetime as dt

from api.cli.unmet import Unmet
from inventory.model import Requirement, Waiver
from inventory.sentence import say
from templates.switch.means import Extent, Lack, Means

NONE = Means(Extent.NONE, say("it has no lock-out"))
PARTLY = Means(Extent.PARTLY, say("it locks for a minute"))


def _unmet(means: Means, waiver: Waiver | None) -> Unmet:
    lack = Lack("sw-k-1", Requirement.LOCKOUT, means, waiver)
    return Unmet(("sw-k-1", "sw-k-2"), "mikrotik_routeros", lack)


def test_what_has_no_exception_says_so() -> None:
    assert str(_unmet(NONE, None)) == (
        "sw-k-1, sw-k-2: mikrotik_routeros does not do lockout (not at all): it has no lock-out; "
        "no exception is written down"
    )


def test_an_exception_is_told_with_its_end() -> None:
    waiver = Waiver(requirement=Requirement.LOCKOUT, why="replaced in spring", until=dt.date(2027, 3, 31))
    told = _unmet(PARTLY, waiver)
    assert str(told).endswith("(only partly): it locks for a minute; exception until 2027-03-31: replaced in spring")
    assert told.as_json()["waiver"] == {"why": "replaced in spring", "until": "2027-03-31"}
