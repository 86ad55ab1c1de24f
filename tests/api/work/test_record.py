"""The record: each write may be made again, and waits for a ledger that is away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.changes.model import ChangeState, DeviceEnd, Ended, Progress
from api.changes.shelf import CHANGES
from api.plans.model import PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from api.work.record import Begun, Record
from api.work.script import LetGo
from inventory.course import Restored, Step
from inventory.errors import InputError
from inventory.sentence import say
from tests.api.work.plans import NOW, approve, plan

KEY = "p-20261123-0001"
WELL = {"gw-b": DeviceEnd(ended=Ended.CHANGED)}


@pytest.fixture
def record(ledger: Ledger) -> Record:
    approve(ledger, plan(KEY, [["gw-b"]]))
    return Record(ledger, lambda: NOW, "work", threading.Event())


def states(ledger: Ledger) -> tuple[ChangeState, PlanState]:
    change, kept = ledger.get(CHANGES, KEY), ledger.get(PLANS, KEY)
    assert change is not None
    assert kept is not None
    return change.value.state, kept.value.state


def test_each_write_may_be_made_again(record: Record, ledger: Ledger) -> None:
    for _again in range(2):
        record.queue(record.plan(KEY))
    assert states(ledger) == (ChangeState.QUEUED, PlanState.APPROVED)
    for _again in range(2):
        assert record.begin(KEY) is Begun.YES
    assert states(ledger) == (ChangeState.RUNNING, PlanState.RUNNING)
    for _again in range(2):
        record.end(KEY, WELL)
    assert states(ledger) == (ChangeState.DONE, PlanState.DONE)
    assert record.begin(KEY) is Begun.NO
    actions = [text.split('"action":"')[1].split('"')[0] for _number, text, _hash in ledger.entries()]
    assert actions == ["plan.approve", "change.queue", "change.begin", "change.end"]


def test_a_plan_that_was_withdrawn_meanwhile_is_not_begun(record: Record, ledger: Ledger) -> None:
    record.queue(record.plan(KEY))
    kept = ledger.get(PLANS, KEY)
    assert kept is not None
    approve_again = kept.value.model_copy(update={"state": PlanState.WITHDRAWN, "remark": say("withdrawn by anna")})
    _write(ledger, approve_again, kept.version)
    assert record.begin(KEY) is Begun.NO
    assert states(ledger) == (ChangeState.REVERTED, PlanState.WITHDRAWN)


def test_another_worker_says_that_he_has_it_in_hand(record: Record, ledger: Ledger) -> None:
    record.begin(KEY)
    other = Record(ledger, lambda: NOW, "other", threading.Event())
    other.take(KEY)
    kept = ledger.get(CHANGES, KEY)
    assert kept is not None
    assert kept.value.worker == "other"


@pytest.mark.parametrize(
    ("end", "state", "fate"),
    [
        (DeviceEnd(ended=Ended.UNCHANGED), ChangeState.DONE, PlanState.DONE),
        (DeviceEnd(ended=Ended.FAILED, restored=Restored.YES), ChangeState.REVERTED, PlanState.FAILED),
        (DeviceEnd(ended=Ended.FAILED, restored=Restored.UNKNOWN), ChangeState.UNKNOWN, PlanState.FAILED),
        (DeviceEnd(ended=Ended.UNREACHABLE), ChangeState.REVERTED, PlanState.FAILED),
    ],
)
def test_ends_as_the_devices_were_left(
    record: Record, ledger: Ledger, end: DeviceEnd, state: ChangeState, fate: PlanState
) -> None:
    record.begin(KEY)
    record.end(KEY, {"gw-b": end})
    assert states(ledger) == (state, fate)


def test_waits_for_a_ledger_that_is_away_but_tells_nobody(record: Record, ledger: Ledger, tmp_path: Path) -> None:
    record.begin(KEY)
    (tmp_path / "ledger").rename(tmp_path / "elsewhere")
    assert not record.tell(KEY, [Progress(at=NOW, wave=1, device="gw-b", step=Step.COMMIT)])
    assert record.stopper(KEY) == ""
    ended = threading.Thread(target=record.end, args=(KEY, WELL))
    ended.start()
    (tmp_path / "elsewhere").rename(tmp_path / "ledger")
    ended.join(20)
    assert states(ledger) == (ChangeState.DONE, PlanState.DONE)


def test_who_closes_lets_go(record: Record) -> None:
    record.closing.set()
    with pytest.raises(LetGo):
        record.begin(KEY)


def test_there_must_be_a_plan(record: Record) -> None:
    calls: list[Callable[[], object]] = [lambda: record.plan("p-1"), lambda: record.begin("p-1")]
    for call in calls:
        with pytest.raises(InputError, match="there is no plan p-1"):
            call()


def _write(ledger: Ledger, made: object, version: int) -> None:
    from api.chain import Deed
    from api.plans.model import Plan
    from api.store.ledger import Put

    assert isinstance(made, Plan)
    deed = Deed(who="anna", origin="console", action="plan.withdraw", subject=f"plan {KEY}")
    ledger.write(deed, [Put(PLANS, KEY, made, version)])
