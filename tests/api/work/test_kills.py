"""Workers that are killed, for real, at moments all over a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from api.work.model import EXECUTORS
from tests.api.work.fleet import Fleet
from tests.api.work.plans import approve, new, plan
from tests.api.work.truth import lies
from tests.api.work.worker import Shift, begin

KEY = "p-20261123-0001"
WAVES = (("gw-b",), ("gw-c", "gw-k"))
LIMIT_S = 40

Before = dict[str, dict[str, str]]


def work(shift: Shift) -> int | None:
    process = begin(shift)
    process.join(LIMIT_S)
    return process.exitcode


@pytest.mark.parametrize("point", [1, 12, 24, 40])
def test_restarted_it_goes_on(tmp_path: Path, fleet: Fleet, ledger: Ledger, before: Before, point: int) -> None:
    approve(ledger, plan(KEY, WAVES))
    assert work(Shift(tmp_path, fleet.socket, die=point)) == -9
    assert work(Shift(tmp_path, fleet.socket)) is not None
    assert lies(ledger, fleet, KEY, before) == []
    kept = ledger.get(CHANGES, KEY)
    assert kept is not None
    assert kept.value.state is ChangeState.DONE
    assert len(ledger.told(f"change {KEY}")) == 18


def test_never_restarted_the_devices_take_it_back(tmp_path: Path, fleet: Fleet, ledger: Ledger, before: Before) -> None:
    approve(ledger, plan(KEY, [("gw-b", "gw-c", "gw-k")]))
    die_after_commit = 24
    assert work(Shift(tmp_path, fleet.socket, die=die_after_commit)) == -9
    assert fleet.running() != before
    fleet.advance(60)
    assert fleet.running() == before
    # Started days later it only finds out, and says, what has become of it.
    assert work(Shift(tmp_path, fleet.socket)) is not None
    assert lies(ledger, fleet, KEY, before) == []
    kept = ledger.get(CHANGES, KEY)
    assert kept is not None
    assert kept.value.state is ChangeState.REVERTED


@pytest.mark.lab
@pytest.mark.parametrize("point", [3, 26])
def test_another_worker_takes_over(
    tmp_path: Path, fleet: Fleet, before: Before, fresh: Callable[[], str], point: int
) -> None:
    url = fresh()
    ledger = Ledger(url)
    ledger.migrate()
    approve(ledger, plan(KEY, WAVES))
    here = Shift(tmp_path, fleet.socket, ledger=url, engine=url, silence_s=2.0)
    assert work(replace(here, executor="first", die=point)) == -9
    assert work(replace(here, executor="second")) is not None
    assert lies(ledger, fleet, KEY, before) == []
    change, lost = ledger.get(CHANGES, KEY), ledger.get(EXECUTORS, "first")
    assert change is not None
    assert (change.value.state, change.value.worker) == (ChangeState.DONE, "second")
    assert lost is not None
    assert lost.value.taken_by == "second"
    ledger.close()


@pytest.mark.lab
def test_two_workers_make_each_change_once(tmp_path: Path, fleet: Fleet, fresh: Callable[[], str]) -> None:
    url = fresh()
    ledger = Ledger(url)
    ledger.migrate()
    keys = ["p-20261123-0001", "p-20261123-0002", "p-20261123-0003"]
    running: Before | None = None
    for key in keys:
        approve(ledger, plan(key, WAVES, running))
        running = {name: new(name, key) for name in fleet.devices}
    workers = [begin(Shift(tmp_path, fleet.socket, executor=name, ledger=url, engine=url)) for name in ("one", "two")]
    for worker in workers:
        worker.join(LIMIT_S)
        assert worker.exitcode is not None
    assert [kept.value.state.value for kept in ledger.list(PLANS)] == ["done"] * 3
    assert fleet.running() == {name: new(name, keys[-1]) for name in fleet.devices}
    assert all(device.calls.count("commit") == 3 for device in fleet.devices.values())
    ledger.close()
