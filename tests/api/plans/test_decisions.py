"""People decide on plans: four eyes, what was read, time, and devices that have moved."""

import datetime as dt
from pathlib import Path

import pytest

from api.chain import Deed
from api.desk.verb import Nothing
from api.plans import verbs
from api.plans.due import due
from api.plans.model import PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Put
from inventory.errors import ConflictError, DriverError, InputError, RefusedError, SelectionError
from playbooks.drivers.base import Failure, FailureKind
from tests.api.plans.offices import ANNA, EWA, JAN, Tried, tried

DAY = dt.timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Tried:
    made = tried(tmp_path)
    made.add_flow(None)
    return made


def approving(shown: verbs.Shown) -> verbs.Approving:
    return verbs.Approving(plan=shown.plan.id, digest=shown.digest)


def test_a_plan_is_approved_by_somebody_else_and_is_due(office: Tried) -> None:
    shown = office.propose()
    assert due(office.context) == ()
    answer = office.ask(EWA, verbs.APPROVE, approving(shown))
    assert (answer.state, answer.waits_for) == (PlanState.APPROVED, None)
    plan = office.plan(shown.plan.id)
    assert [(each.who, each.at, each.digest) for each in plan.approvals] == [("ewa", office.now, plan.digest)]
    assert due(office.context) == (plan.id,)
    assert office.deeds()[-1] == f"ewa plan.approve plan {plan.id}"


def test_nobody_approves_his_own_where_the_office_asks_for_four_eyes(office: Tried) -> None:
    shown = office.ask(JAN, verbs.PROPOSE, verbs.Proposal(why="x")).shown
    assert shown is not None
    with pytest.raises(RefusedError, match=r"jan may not .*approve.* what is his own"):
        office.ask(JAN, verbs.APPROVE, approving(shown))
    assert office.plan(shown.plan.id).state is PlanState.PROPOSED


def test_an_office_of_one_person_may_and_the_audit_says_so(office: Tried) -> None:
    changes = office.office.changes.model_copy(update={"four_eyes": False})
    office.office = office.office.model_copy(update={"changes": changes})
    shown = office.ask(JAN, verbs.PROPOSE, verbs.Proposal(why="x")).shown
    assert shown is not None
    office.ask(JAN, verbs.APPROVE, approving(shown))
    assert "the author's own, by the office's choice" in office.ledger.entries()[-1][1]


def test_who_may_not_approve_at_all_may_not_approve_his_own_either(office: Tried) -> None:
    changes = office.office.changes.model_copy(update={"four_eyes": False})
    office.office = office.office.model_copy(update={"changes": changes})
    shown = office.propose()
    with pytest.raises(RefusedError, match="it takes the role approver"):
        office.ask(ANNA, verbs.APPROVE, approving(shown))


def test_only_what_was_read_is_approved(office: Tried) -> None:
    shown = office.propose()
    with pytest.raises(ConflictError, match="not the plan you have read"):
        office.ask(EWA, verbs.APPROVE, verbs.Approving(plan=shown.plan.id, digest="0" * 64))


def test_a_plan_expires_when_its_time_is_over(office: Tried) -> None:
    shown = office.propose()
    office.now += 7 * DAY
    with pytest.raises(ConflictError, match="has expired: it was not begun by 2026-11-30T09:00"):
        office.ask(EWA, verbs.APPROVE, approving(shown))
    assert office.plan(shown.plan.id).state is PlanState.EXPIRED
    with pytest.raises(ConflictError, match="is expired, not proposed"):
        office.ask(EWA, verbs.APPROVE, approving(shown))


def test_a_plan_expires_when_a_device_has_moved(office: Tried) -> None:
    shown = office.propose()
    office.drivers["gw-b"].running = {**office.drivers["gw-b"].running, "kernel nftables": "by hand\n"}
    with pytest.raises(ConflictError, match="gw-b runs something else than when the plan was made"):
        office.ask(EWA, verbs.APPROVE, approving(shown))
    assert office.plan(shown.plan.id).state is PlanState.EXPIRED
    assert office.deeds()[-1] == f"ewa plan.expire plan {shown.plan.id}"


def test_what_nobody_can_read_is_not_approved(office: Tried) -> None:
    shown = office.propose()
    office.drivers["gw-b"].faults = {"fetch": Failure(FailureKind.UNREACHABLE, "no answer in time")}
    with pytest.raises(DriverError, match="nobody can tell whether the plan still fits: gw-b: no answer"):
        office.ask(EWA, verbs.APPROVE, approving(shown))
    assert office.plan(shown.plan.id).state is PlanState.PROPOSED


def test_the_schedule_lets_plans_expire_and_begins_none_of_them(office: Tried) -> None:
    name = office.approved()
    office.propose("gw-b")
    office.now += 8 * DAY
    assert due(office.context) == ()
    assert office.plan(name).state is PlanState.EXPIRED
    assert str(office.plan(name).remark) == "it was not begun by 2026-11-30T09:00+01:00"
    assert office.deeds()[-1].startswith("schedule:plans plan.expire plan p-20261123-000")


def test_outside_the_window_a_plan_waits_until_somebody_says_now(office: Tried) -> None:
    office.now = dt.datetime.fromisoformat("2026-11-27T12:00+01:00")
    name = office.approved()
    office.now = dt.datetime.fromisoformat("2026-11-27T13:00+01:00")
    assert due(office.context) == ()
    shown = office.ask(ANNA, verbs.SHOW, verbs.WhichPlan(plan=name))
    assert str(shown.waits_for) == "changes begin between 07:30 and 13:00 today"
    assert shown.opens == dt.datetime.fromisoformat("2026-11-30T07:30+01:00")
    answer = office.ask(JAN, verbs.BEGIN, verbs.WhichPlan(plan=name))
    assert answer.waits_for is None
    assert due(office.context) == (name,)
    assert office.plan(name).begin_now == "jan"
    assert "changes begin between 07:30 and 13:00 today" in office.ledger.entries()[-1][1]


def test_only_an_approved_plan_begins_now(office: Tried) -> None:
    shown = office.propose()
    with pytest.raises(ConflictError, match="is proposed, not approved"):
        office.ask(ANNA, verbs.BEGIN, verbs.WhichPlan(plan=shown.plan.id))


def test_a_freeze_holds_everything_and_ends(office: Tried) -> None:
    name = office.approved()
    office.ask(EWA, verbs.FREEZE, verbs.Freezing(why="payments run", until=dt.date(2026, 11, 24)))
    assert due(office.context) == ()
    listed = office.ask(ANNA, verbs.LIST, verbs.Which())
    assert str(listed.closed) == "ewa has frozen all changes until 2026-11-24: payments run"
    assert [row.id for row in listed.plans] == [name]
    office.ask(EWA, verbs.END_FREEZE, Nothing())
    assert due(office.context) == (name,)
    with pytest.raises(ConflictError, match="there is no freeze"):
        office.ask(EWA, verbs.END_FREEZE, Nothing())


def test_a_freeze_in_the_past_is_refused_and_one_that_is_over_is_not_told(office: Tried) -> None:
    with pytest.raises(InputError, match="2026-11-22 is over already"):
        office.ask(EWA, verbs.FREEZE, verbs.Freezing(why="x", until=dt.date(2026, 11, 22)))
    office.ask(EWA, verbs.FREEZE, verbs.Freezing(why="x", until=dt.date(2026, 11, 23)))
    assert len(office.ask(ANNA, verbs.FREEZES, Nothing()).freezes) == 1
    office.now += DAY
    assert office.ask(ANNA, verbs.FREEZES, Nothing()).freezes == ()


def test_a_plan_is_rejected_with_a_reason(office: Tried) -> None:
    shown = office.propose()
    answer = office.ask(EWA, verbs.REJECT, verbs.Reasoned(plan=shown.plan.id, why="not this week"))
    assert answer.state is PlanState.REJECTED
    assert str(office.plan(shown.plan.id).remark) == "rejected by ewa: not this week"
    assert office.ask(ANNA, verbs.LIST, verbs.Which()).plans == ()
    assert len(office.ask(ANNA, verbs.LIST, verbs.Which(all=True)).plans) == 1


def test_an_author_withdraws_his_own_plan_and_another_operator_may_not(office: Tried) -> None:
    name = office.approved()
    other = ANNA.model_copy(update={"account": "adam"})
    with pytest.raises(RefusedError, match=r"adam may not .*withdraw"):
        office.ask(other, verbs.WITHDRAW, verbs.Reasoned(plan=name, why="mine now"))
    office.ask(ANNA, verbs.WITHDRAW, verbs.Reasoned(plan=name, why="a mistake"))
    assert office.plan(name).state is PlanState.WITHDRAWN
    assert due(office.context) == ()


def test_a_plan_nobody_knows_is_said(office: Tried) -> None:
    with pytest.raises(SelectionError, match="there is no plan p-20260101-0001"):
        office.ask(ANNA, verbs.SHOW, verbs.WhichPlan(plan="p-20260101-0001"))


def test_a_plan_that_was_altered_after_its_approval_never_begins(office: Tried) -> None:
    name = office.approved()
    kept = office.ledger.get(PLANS, name)
    assert kept is not None
    forged = kept.value.model_copy(update={"why": "something else", "revert_after_s": 3600})
    deed = Deed(who="nobody", origin="console", action="forge", subject=name)
    office.ledger.write(deed, [Put(PLANS, name, forged, kept.version)])
    assert due(office.context) == ()
    assert office.plan(name).state is PlanState.EXPIRED
    assert str(office.plan(name).remark) == "it is not what was approved"
