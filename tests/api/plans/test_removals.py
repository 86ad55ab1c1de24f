"""Temporary flows: their removal is planned and approved with their adding, and comes by itself."""

import datetime as dt
from pathlib import Path

import pytest

from api.chain import Deed
from api.plans import verbs
from api.plans.due import due
from api.plans.model import Kind, PlanState
from api.plans.removals import removals
from api.plans.shelf import PLANS
from api.store.ledger import Put
from playbooks.drivers.base import Failure, FailureKind
from templates.render import render
from tests.api.plans.offices import EWA, Tried, tried

END = dt.date(2026, 11, 25)
AFTER = dt.datetime.fromisoformat("2026-11-26T09:00+01:00")


@pytest.fixture
def office(tmp_path: Path) -> Tried:
    """The flow has been added, approved, and runs."""
    made = tried(tmp_path)
    made.add_flow(END)
    return made


def begun(office: Tried) -> str:
    name = office.approved()
    office.run(office.plan(name))
    return name


def as_intended(office: Tried, name: str) -> bool:
    device = office.office.device(name)
    wanted = {f"file {file.path}": file.text for file in render(office.office, device, office.now.date()).files}
    running = office.drivers[name].running
    return {key: text.split("\n", 1)[1] for key, text in running.items()} == wanted


def test_the_removal_is_shown_and_approved_with_the_adding(office: Tried) -> None:
    shown = office.propose()
    plan = office.plan(shown.plan.id)
    assert plan.removal == END
    assert [device.name for device in plan.removes] == ["gw-k", "gw-b", "gw-k2"]
    assert all(device.base == "" and device.files for device in plan.removes)
    for device in plan.removes:
        come = {line[1:] for diff in plan.device(device.name).diffs for line in diff.lines if line[0] == "+"}
        gone = {line[1:] for diff in device.diffs for line in diff.lines if line[0] == "-"}
        assert gone <= come


def test_nothing_happens_before_its_end(office: Tried) -> None:
    begun(office)
    office.now = dt.datetime.fromisoformat("2026-11-25T23:59+01:00")
    assert removals(office.context) == ()


def test_when_its_day_has_come_the_removal_begins_without_a_second_approval(office: Tried) -> None:
    added = begun(office)
    office.now = AFTER
    (name,) = removals(office.context)
    plan = office.plan(name)
    assert (plan.kind, plan.state, plan.follows) == (Kind.REMOVAL, PlanState.APPROVED, added)
    assert plan.author == "schedule:plans"
    assert [approval.digest for approval in plan.approvals] == [office.plan(added).digest]
    assert due(office.context) == (name,)
    office.run(plan)
    assert all(as_intended(office, device.name) for device in office.office.managed)
    assert removals(office.context) == ()


def test_a_removal_is_planned_once(office: Tried) -> None:
    begun(office)
    office.now = AFTER
    assert len(removals(office.context)) == 1
    assert removals(office.context) == ()


def test_a_removal_with_other_lines_waits_for_approval(office: Tried) -> None:
    begun(office)
    running = office.drivers["gw-b"].running
    office.drivers["gw-b"].running = {**running, "file /etc/chrony/chrony.conf": "by hand\n"}
    office.now = AFTER
    plans = [office.plan(name) for name in removals(office.context)]
    assert [(plan.state, [each.name for each in plan.devices]) for plan in plans] == [
        (PlanState.APPROVED, ["gw-k", "gw-k2"]),
        (PlanState.PROPOSED, ["gw-b"]),
    ]
    assert due(office.context) == (plans[0].id,)


def test_what_the_inventory_says_beside_does_not_come_in_with_a_removal(office: Tried) -> None:
    """Somebody has added another flow to the inventory and proposed nothing yet: the old one goes all the same."""
    begun(office)
    office.add_flow(None, "https", "audit-visit")
    office.now = AFTER
    (name,) = removals(office.context)
    assert office.plan(name).state is PlanState.APPROVED
    assert "audit-visit" not in str(office.plan(name))


def test_a_flow_nobody_approved_the_end_of_is_proposed_for_removal(office: Tried) -> None:
    """Its end was put into the inventory after it had been pushed."""
    for device in office.office.managed:
        rendered = render(office.office, device, office.now.date())
        office.drivers[device.name].running = {
            f"file {file.path}": f"# fosa: mode {file.mode:04o}\n{file.text}" for file in rendered.files
        }
    office.now = AFTER
    (name,) = removals(office.context)
    assert office.plan(name).state is PlanState.PROPOSED
    assert due(office.context) == ()


def test_a_device_that_cannot_be_read_is_tried_again(office: Tried) -> None:
    begun(office)
    office.now = AFTER
    office.drivers["gw-b"].faults = {"fetch": Failure(FailureKind.UNREACHABLE, "no answer in time")}
    (first,) = removals(office.context)
    assert [device.name for device in office.plan(first).devices] == ["gw-k", "gw-k2"]
    office.drivers["gw-b"].faults = {}
    (second,) = removals(office.context)
    assert [device.name for device in office.plan(second).devices] == ["gw-b"]
    assert removals(office.context) == ()


def test_a_removal_that_failed_is_planned_again_the_next_day(office: Tried) -> None:
    begun(office)
    office.now = AFTER
    (name,) = removals(office.context)
    kept = office.ledger.get(PLANS, name)
    assert kept is not None
    failed = kept.value.model_copy(update={"state": PlanState.FAILED})
    deed = Deed(who="work", origin="schedule", action="change.end", subject=name)
    office.ledger.write(deed, [Put(PLANS, name, failed, kept.version)])
    assert removals(office.context) == ()
    office.now += dt.timedelta(days=1)
    assert len(removals(office.context)) == 1


def test_a_removal_that_somebody_rejects_is_not_planned_again(office: Tried) -> None:
    begun(office)
    office.now = AFTER
    (name,) = removals(office.context)
    office.ask(EWA, verbs.REJECT, verbs.Reasoned(plan=name, why="the repair goes on"))
    office.now += dt.timedelta(days=3)
    assert removals(office.context) == ()


def test_a_plan_that_adds_nothing_for_a_time_carries_no_removal(tmp_path: Path) -> None:
    office = tried(tmp_path)
    office.add_flow(None)
    plan = office.plan(office.propose().plan.id)
    assert (plan.removal, plan.removes) == (None, ())


def test_an_untouched_temporary_flow_is_not_planned_to_be_removed_twice(office: Tried) -> None:
    begun(office)
    office.add_flow(None, "https", "audit-visit")
    plan = office.plan(office.propose("gw-b").plan.id)
    assert plan.removal is None
