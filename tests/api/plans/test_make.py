"""Plans: what would change, in which order, and what is left out."""

import datetime as dt
from pathlib import Path

import pytest

from api.plans import verbs
from api.plans.make import Wish, make
from api.plans.model import Kind, PlanState, Risk
from api.plans.touched import guarded
from inventory.course import Guard
from inventory.errors import DriverError, InputError, RefusedError, SelectionError
from playbooks.drivers.base import Failure, FailureKind
from playbooks.plan import fingerprint
from tests.api.plans.offices import ANNA, Tried, tried

GONE = Failure(FailureKind.UNREACHABLE, "no answer in time")


@pytest.fixture
def office(tmp_path: Path) -> Tried:
    return tried(tmp_path)


def test_where_nothing_differs_nothing_is_kept(office: Tried) -> None:
    answer = office.ask(ANNA, verbs.PROPOSE, verbs.Proposal(why="look"))
    assert answer.shown is None
    assert office.deeds() == []


def test_a_plan_tells_who_why_until_when_and_what_it_touches(office: Tried) -> None:
    office.add_flow(None)
    shown = office.propose(why="repair of the file server")
    plan = office.plan(shown.plan.id)
    assert (plan.id, plan.author, plan.why) == ("p-20261123-0001", "anna", "repair of the file server")
    assert plan.until == office.now + dt.timedelta(days=7)
    assert [device.name for device in plan.devices] == ["gw-k", "gw-b", "gw-k2"]
    assert plan.waves == (("gw-b",), ("gw-k2",), ("gw-k",))
    for device in plan.devices:
        assert device.base == fingerprint(office.drivers[device.name].running)
        assert device.guard is Guard.DEVICE
        assert device.risks == (Risk.POLICY,)
    assert plan.device("gw-b").tunnels == ("k-b",)
    assert office.deeds() == ["anna plan.propose plan p-20261123-0001"]


def test_what_is_shown_has_no_files_and_the_digest_of_all(office: Tried) -> None:
    office.add_flow(None)
    shown = office.propose()
    kept = office.plan(shown.plan.id)
    assert all(device.files == () for device in shown.plan.devices)
    assert all(device.files for device in kept.devices)
    assert shown.digest == kept.digest != shown.plan.digest


def test_devices_with_the_same_lines_are_one_group(office: Tried) -> None:
    for name in ("gw-b", "gw-c"):
        running = office.drivers[name].running
        text = running["file /etc/chrony/chrony.conf"]
        office.drivers[name].running = {**running, "file /etc/chrony/chrony.conf": text + "# by hand\n"}
    running = office.drivers["gw-k"].running
    office.drivers["gw-k"].running = {**running, "file /etc/chrony/chrony.conf": "# empty\n"}
    plan = office.propose().plan
    assert plan.device("gw-b").group == plan.device("gw-c").group != plan.device("gw-k").group
    assert plan.device("gw-b").risks == (Risk.SERVICES,)


def test_a_device_that_cannot_be_read_is_left_out_and_named(office: Tried) -> None:
    office.add_flow(None)
    office.drivers["gw-b"].faults = {"fetch": GONE}
    plan = office.propose().plan
    assert [device.name for device in plan.devices] == ["gw-k", "gw-k2"]
    assert str(plan.unjudged[0]) == "gw-b could not be read and is not part of this plan: no answer in time"


def test_without_any_answer_there_is_no_plan(office: Tried) -> None:
    for driver in office.drivers.values():
        driver.faults = {"fetch": GONE}
    with pytest.raises(DriverError, match="gw-c: no answer in time"):
        office.propose()


def test_another_bundle_may_be_planned_than_the_inventory_s(office: Tried) -> None:
    managed = {device.name: device for device in office.office.managed}
    office.add_flow(None)
    new = office.propose("gw-b").plan.id
    before = office.plan(new).device("gw-b")
    office.drivers["gw-b"].running = {"file /etc/nftables.conf": "something else\n"}
    wish = Wish(Kind.RESTORE, "anna", "back to what ran", follows=new)
    plan = make(office.context, [managed["gw-b"]], wish, {"gw-b": before})
    assert (plan.kind, plan.follows) == (Kind.RESTORE, new)
    assert plan.device("gw-b").files == before.files


def test_plans_of_one_day_are_numbered(office: Tried) -> None:
    office.add_flow(None)
    names = [office.propose("gw-b").plan.id, office.propose("gw-k").plan.id]
    assert names == ["p-20261123-0001", "p-20261123-0002"]


@pytest.mark.parametrize(
    ("asked", "devices"),
    [
        (verbs.Proposal(why="x", building="b"), ["gw-b"]),
        (verbs.Proposal(why="x", devices=("gw-k",), building="b"), ["gw-k", "gw-b"]),
        (verbs.Proposal(why="x", devices=("gw-k",)), ["gw-k"]),
    ],
)
def test_devices_are_chosen_by_name_and_building(office: Tried, asked: verbs.Proposal, devices: list[str]) -> None:
    office.add_flow(None)
    shown = office.ask(ANNA, verbs.PROPOSE, asked).shown
    assert shown is not None
    assert [device.name for device in shown.plan.devices] == devices


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (verbs.Proposal(why="x", building="z"), SelectionError),
        (verbs.Proposal(why="x", devices=("gw-z",)), SelectionError),
        (verbs.Proposal(why="x", until=dt.date(2026, 11, 22)), InputError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    office: Tried, asked: verbs.Proposal, error: type[Exception]
) -> None:
    office.add_flow(None)
    with pytest.raises(error):
        office.ask(ANNA, verbs.PROPOSE, asked)
    assert office.deeds() == []


def test_a_day_until_is_the_whole_day_where_the_office_is(office: Tried) -> None:
    office.add_flow(None)
    shown = office.ask(ANNA, verbs.PROPOSE, verbs.Proposal(why="x", until=dt.date(2026, 11, 23))).shown
    assert shown is not None
    assert shown.plan.until == dt.datetime.fromisoformat("2026-11-24T00:00+01:00")
    assert shown.plan.state is PlanState.PROPOSED


@pytest.mark.parametrize("guard", [Guard.MANAGER, Guard.NONE])
def test_a_device_that_does_not_guard_itself_needs_somebody_beside_it(office: Tried, guard: Guard) -> None:
    office.add_flow(None)
    device = office.propose("gw-b").plan.device("gw-b")
    unguarded = device.model_copy(update={"guard": guard, "risks": (Risk.POLICY, Risk.TUNNELS)})
    with pytest.raises(RefusedError, match=r"gw-b .* touches: tunnels; name who stands beside it"):
        guarded([device, unguarded], "")
    guarded([device, unguarded], "jan")
    guarded([device.model_copy(update={"guard": guard}), device], "")


def test_an_office_of_one_person_says_so_in_its_plans(office: Tried) -> None:
    office.add_flow(None)
    changes = office.office.changes.model_copy(update={"four_eyes": False, "revert_after_s": 90})
    office.office = office.office.model_copy(update={"changes": changes})
    plan = office.propose().plan
    assert (plan.four_eyes, plan.revert_after_s) == (False, 90)
