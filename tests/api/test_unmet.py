"""What a platform cannot do of what the inventory asks: told once for all its switches, with their exception."""

import datetime as dt
from pathlib import Path

from api.cli.unmet import Unmet, unmet
from inventory.load import load
from inventory.model import Requirement, Waiver
from inventory.sentence import say
from templates.render import unexpressed
from templates.switch.means import Extent, Lack, Means

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
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


def test_only_what_is_not_done_at_all_and_let_off_by_nobody_is_open() -> None:
    waiver = Waiver(requirement=Requirement.LOCKOUT, why="replaced in spring", until=dt.date(2027, 3, 31))
    assert [_unmet(*each).open for each in ((NONE, None), (NONE, waiver), (PARTLY, None))] == [True, False, False]


def test_every_switch_of_an_office_is_asked_and_the_same_is_told_once() -> None:
    office = load(PILA).require()
    found = unmet(office, NOW)
    told = [(lack.platform, lack.lack.requirement, device) for lack in found for device in lack.devices]
    expected = [
        (str(device.platform), lack.requirement, device.name)
        for device in office.switches
        for lack in unexpressed(office, device, NOW.date())
    ]
    assert sorted(told) == sorted(expected)
    assert len({str(lack) for lack in found}) == len(found) < len(told)


def test_an_exception_is_told_with_its_end() -> None:
    waiver = Waiver(requirement=Requirement.LOCKOUT, why="replaced in spring", until=dt.date(2027, 3, 31))
    told = _unmet(PARTLY, waiver)
    assert str(told).endswith("(only partly): it locks for a minute; exception until 2027-03-31: replaced in spring")
    assert told.as_json()["waiver"] == {"why": "replaced in spring", "until": "2027-03-31"}
