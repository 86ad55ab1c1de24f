"""A drill of a real tunnel, from its plan to its record: passed where the guard holds, failed where it is gone."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.changes.model import Change, ChangeState
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.drills.handlers import handlers
from api.drills.kept import drilled
from api.drills.model import Drill
from api.drills.shelf import DRILLS
from api.drills.verbs import Rehearsal
from api.plans.model import Kind, Plan, Risk
from api.plans.shelf import PLANS
from api.plans.verbs import Shown
from api.work.course import Course, order
from api.work.hands import Hands, Hooks
from api.work.record import Record
from inventory.course import Restored, Step
from inventory.errors import ConflictError, InputError
from playbooks.act import perform
from playbooks.drivers.base import Armed, Status
from playbooks.order import Backup, Ready
from tests.playbooks.standing import Standing, running
from tests.playbooks.test_plans_lab import ANNA, approve, desk

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

_OPEN = "nft insert rule inet fosa guard ip daddr 10.64.0.0/16 accept; nft insert rule inet fosa guard_sender accept"
_SHUT = "nft -f /etc/nftables.conf"


def test_a_tunnel_is_drilled_and_comes_back_and_the_record_says_when(manager: Standing, tmp_path: Path) -> None:
    context = desk(manager, tmp_path)
    before = running(manager.driver("gw-k"))
    shown = _proposed(context, "k-b")
    assert (shown.plan.kind, shown.plan.drill, shown.plan.waves) == (Kind.DRILL, "k-b", (("gw-k",),))
    assert Risk.TUNNELS in shown.plan.device("gw-k").risks
    change, drill = _made(context, shown)
    assert change.state is ChangeState.DONE, drill
    assert drill.passed, drill
    assert drill.tried > 5
    assert {end.device for end in drill.ends} == {"gw-k", "gw-b"}
    assert dt.datetime.now(dt.UTC) - drill.at < dt.timedelta(minutes=5)
    assert running(manager.driver("gw-k")) == before


def test_while_the_standby_works_it_is_drilled(manager: Standing, tmp_path: Path) -> None:
    context = desk(manager, tmp_path)
    with _handed_over(manager, "gw-k", "gw-k2"):
        shown = _proposed(context, "k-b")
        assert shown.plan.waves == (("gw-k2",),)
        change, drill = _made(context, shown)
    assert change.state is ChangeState.DONE, drill
    assert drill.passed, drill
    assert {end.device for end in drill.ends} == {"gw-k2", "gw-b"}


def test_a_guard_that_was_taken_away_at_the_far_end_fails_the_drill(manager: Standing, tmp_path: Path) -> None:
    context = desk(manager, tmp_path)
    shown = _proposed(context, "k-b")
    past = "ip route {} 10.64.0.0/16 via 198.51.100.17 metric 5000"
    with _by_hand(manager, "gw-b", f"{_OPEN}; {past.format('add')}", f"{_SHUT}; {past.format('del')}"):
        change, drill = _made(context, shown)
    assert not drill.passed
    assert "in clear" in str(drill.said)
    assert "gw-b" in str(drill.said)
    assert change.state is ChangeState.REVERTED, "it is back all the same"
    assert change.devices["gw-k"].restored is Restored.YES
    _until(lambda: _up(manager))


def test_a_guard_that_was_taken_away_where_it_would_be_made_stops_the_plan(manager: Standing, tmp_path: Path) -> None:
    with _by_hand(manager, "gw-k", _OPEN, _SHUT), pytest.raises(ConflictError, match="kernel nftables"):
        _proposed(desk(manager, tmp_path), "k-b")


def test_what_could_prove_nothing_is_not_proposed(manager: Standing, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not ours"):
        _proposed(desk(manager, tmp_path), "k-platform")


def test_a_drill_that_was_cut_short_is_taken_back_and_proves_nothing(manager: Standing, tmp_path: Path) -> None:
    context = desk(manager, tmp_path)
    plan = _plan(context, _proposed(context, "k-b"))
    actor = Hands(lambda: context, Hooks()).of(plan, lambda: False)
    begun = order(plan, "gw-k")
    for step, kind in ((Step.BACKUP, Backup), (Step.STAGE, Ready), (Step.COMMIT, Armed)):
        answer = perform(step, (begun,), actor)["gw-k"]
        assert isinstance(answer, kind), answer
    end = drilled(context, plan, begun, actor)
    assert end.restored is Restored.YES
    assert "cut short" in str(end.reason)
    assert context.ledger.get(DRILLS, "k-b") is None
    _until(lambda: _up(manager))


def _proposed(context: Context, tunnel: str) -> Shown:
    shown = handlers(context)["drill.propose"].handle(ANNA, Rehearsal(tunnel=tunnel, why="a try"))
    assert isinstance(shown, Shown)
    return shown


def _made(context: Context, shown: Shown) -> tuple[Change, Drill]:
    """Approved, made, and what the ledger has of it."""
    approve(context, shown)
    record = Record(context.ledger, context.clock, "here", threading.Event())
    record.queue(_plan(context, shown))
    Course(record, Hands(lambda: context, Hooks(drill=drilled))).change(shown.plan.id, lambda _name, do: do())
    change, drill = context.ledger.get(CHANGES, shown.plan.id), context.ledger.get(DRILLS, shown.plan.drill)
    assert change is not None
    assert drill is not None, change.value
    return change.value, drill.value


def _plan(context: Context, shown: Shown) -> Plan:
    found = context.ledger.get(PLANS, shown.plan.id)
    assert found is not None
    return found.value


def _up(manager: Standing, device: str = "gw-k") -> bool:
    status = manager.driver(device).status()
    return isinstance(status, Status) and "k-b" in status.tunnels and status.tunnels["k-b"].up


def _until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.5)


@contextmanager
def _handed_over(manager: Standing, first: str, standby: str) -> Iterator[None]:
    _hand_over(manager, first, standby)
    try:
        yield
    finally:
        _hand_over(manager, standby, first)


def _hand_over(manager: Standing, worked: str, works: str) -> None:
    """In order, and the one that worked stands by afterwards."""
    manager.console(worked, "systemctl stop keepalived")
    _until(lambda: _up(manager, works) and not _up(manager, worked))
    manager.console(worked, "systemctl start keepalived")


@contextmanager
def _by_hand(manager: Standing, device: str, do: str, undo: str) -> Iterator[None]:
    manager.console(device, do)
    try:
        yield
    finally:
        manager.console(device, undo)
