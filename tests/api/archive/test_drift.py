"""Drift is found, told, adopted or put back; and what cannot be read is never taken for fine."""

import pytest

from api.archive import verbs
from api.archive.drift import Drifts
from api.archive.drifted import DRIFTS, Drift, DriftState, Standing
from api.archive.model import OriginKind, Revision
from api.chain import Deed
from api.changes.model import Change, ChangeState
from api.changes.shelf import CHANGES
from api.desk.verb import Nothing
from api.plans.model import Plan
from api.plans.shelf import PLANS
from api.store.ledger import Put
from inventory.errors import ConflictError, DriverError, InputError, RefusedError, SelectionError
from playbooks.drivers.base import Failure, FailureKind
from tests.api.archive import offices
from tests.api.archive.offices import ANNA, EWA, JAN, RULES


def look(office: offices.Standing, *names: str) -> dict[str, Standing]:
    round_ = office.ask(JAN, verbs.LOOK, verbs.Which(devices=names)).round
    assert round_ is not None
    return {name: each.standing for name, each in round_.devices.items()}


def drift(office: offices.Standing, device: str) -> Drift:
    kept = office.ledger.get(DRIFTS, device)
    assert kept is not None
    return kept.value


def adopt(office: offices.Standing, device: str) -> Revision:
    asked = verbs.Adoption(device=device, found=drift(office, device).found, why="it is right")
    return office.ask(EWA, verbs.ADOPT, asked)


def put_back(office: offices.Standing) -> Plan:
    made = office.ask(ANNA, verbs.PUT_BACK, verbs.PutBack(device="gw-b", why="not ours"))
    kept = office.ledger.get(PLANS, made.plan.id)
    assert kept is not None
    return kept.value


@pytest.fixture
def adopted(office: offices.Standing) -> offices.Standing:
    """Everything that runs has been approved."""
    look(office)
    for name in office.drivers:
        adopt(office, name)
    office.later()
    assert set(look(office).values()) == {Standing.SAME}
    return office


def test_nothing_is_fine_before_somebody_has_approved_it(office: offices.Standing) -> None:
    assert office.ask(JAN, verbs.DRIFT, Nothing()).round is None
    assert set(look(office).values()) == {Standing.UNAPPROVED}
    assert "nobody has ever approved what gw-b runs" in map(str, drift(office, "gw-b").told)
    made = adopt(office, "gw-b")
    assert (made.origin.kind, made.origin.who, made.bundle) == (OriginKind.ADOPTION, "ewa", True)
    assert look(office, "gw-b")["gw-b"] is Standing.SAME
    with pytest.raises(ConflictError, match="gw-b has no open drift"):
        adopt(office, "gw-b")


def test_a_line_typed_by_hand_opens_a_drift_and_is_told(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    standings = look(adopted)
    assert [name for name, each in standings.items() if each is Standing.DRIFTED] == ["gw-b"]
    (found,) = adopted.ask(JAN, verbs.DRIFT, Nothing()).open
    assert [(diff.section, [line for line in diff.lines if line[0] in "+-"]) for diff in found.diffs] == [
        (RULES, ["+# typed by hand"])
    ]
    told = " / ".join(map(str, found.told))
    assert "it still ran what was approved at 2026-11-23 09:10:00" in told
    assert "fosa has changed nothing on it since" in told
    assert "whoever has root on gw-b" in told
    assert "schedule:drift drift.open device gw-b" in adopted.deeds()
    assert "jan drift.look office" in adopted.deeds()


def test_the_same_drift_is_kept_once_and_another_one_moves_it(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    first, kept = drift(adopted, "gw-b"), adopted.archive.revisions("gw-b")
    adopted.later()
    look(adopted)
    assert (drift(adopted, "gw-b"), adopted.archive.revisions("gw-b")) == (first, kept)
    adopted.type_in("gw-b", "# and more")
    look(adopted)
    moved = drift(adopted, "gw-b")
    assert moved.found != first.found
    assert (moved.since, moved.seen_at) == (first.since, adopted.now)


def test_a_drift_that_is_gone_closes_itself(adopted: offices.Standing) -> None:
    before = adopted.drivers["gw-b"].running
    adopted.type_in("gw-b")
    look(adopted)
    adopted.drivers["gw-b"].running = before
    assert look(adopted)["gw-b"] is Standing.SAME
    assert drift(adopted, "gw-b").state is DriftState.GONE
    assert adopted.ask(JAN, verbs.DRIFT, Nothing()).open == ()


def test_what_cannot_be_read_is_unread_and_keeps_its_drift(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    adopted.drivers["gw-b"].faults = {"fetch": Failure(FailureKind.UNREACHABLE, "no answer in time")}
    standings = look(adopted)
    assert standings["gw-b"] is Standing.UNREAD
    assert standings["gw-k"] is Standing.SAME
    assert drift(adopted, "gw-b").state is DriftState.OPEN
    with pytest.raises(DriverError, match="gw-b: no answer in time"):
        adopt(adopted, "gw-b")
    with pytest.raises(SelectionError):
        look(adopted, "gw-x")


def test_a_device_in_a_change_is_left_alone(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    plan = put_back(adopted)
    change = Change(plan=plan.id, state=ChangeState.RUNNING, queued_at=adopted.now)
    deed = Deed(who="anna", origin="x", action="change.begin", subject="x")
    adopted.ledger.write(deed, [Put(CHANGES, plan.id, change)])
    adopted.type_in("gw-b", "# half a change")
    standings = look(adopted)
    assert (standings["gw-b"], standings["gw-k"]) == (Standing.CHANGING, Standing.SAME)
    with pytest.raises(ConflictError, match="gw-b has moved"):
        adopt(adopted, "gw-b")


def test_what_is_adopted_is_what_was_read(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    read = drift(adopted, "gw-b")
    adopted.type_in("gw-b", "# quickly, before it is adopted")
    asked = verbs.Adoption(device="gw-b", found=read.found, why="it is right")
    with pytest.raises(ConflictError, match="gw-b has moved since it was read"):
        adopted.ask(EWA, verbs.ADOPT, asked)
    look(adopted)
    with pytest.raises(ConflictError, match="gw-b has moved since it was read"):
        adopted.ask(EWA, verbs.ADOPT, asked)
    assert "# quickly" in adopted.archive.text("gw-b", adopt(adopted, "gw-b").id)[RULES]
    assert look(adopted)["gw-b"] is Standing.SAME


def test_who_operates_does_not_approve_what_was_found(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    asked = verbs.Adoption(device="gw-b", found=drift(adopted, "gw-b").found, why="I typed it")
    with pytest.raises(RefusedError):
        adopted.ask(ANNA, verbs.ADOPT, asked)
    assert drift(adopted, "gw-b").state is DriftState.OPEN


def test_a_drift_is_put_back_by_a_plan(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b")
    look(adopted)
    plan = put_back(adopted)
    assert [line for diff in plan.devices[0].diffs for line in diff.lines if line[0] in "+-"] == ["-# typed by hand"]
    assert drift(adopted, "gw-b").plan == plan.id
    adopted.carry_out(plan)
    assert look(adopted)["gw-b"] is Standing.SAME
    assert drift(adopted, "gw-b").state is DriftState.GONE


def test_what_was_never_approved_cannot_be_put_back(office: offices.Standing) -> None:
    look(office)
    with pytest.raises(InputError, match="nobody has approved anything for gw-b yet"):
        office.ask(ANNA, verbs.PUT_BACK, verbs.PutBack(device="gw-b", why="not ours"))


def test_a_drift_with_a_secret_is_told_and_not_kept(adopted: offices.Standing) -> None:
    adopted.type_in("gw-b", 'psk = "Correct-Horse-1"')
    office_round = adopted.ask(JAN, verbs.LOOK, verbs.Which()).round
    assert office_round is not None
    found = office_round.devices["gw-b"]
    assert found.standing is Standing.DRIFTED
    assert "looks like a secret" in str(found.reason)
    assert drift(adopted, "gw-b").found == ""
    everything = "".join(text for _number, text, _hash in adopted.ledger.entries()) + repr(drift(adopted, "gw-b"))
    assert "Correct-Horse-1" not in everything
    with pytest.raises(InputError):
        adopt(adopted, "gw-b")


def test_the_schedule_looks_by_itself(adopted: offices.Standing) -> None:
    adopted.type_in("gw-k")
    Drifts(adopted.context, adopted.archive).every()
    assert drift(adopted, "gw-k").state is DriftState.OPEN
    assert adopted.deeds()[-1] == "schedule:drift drift.look office"
