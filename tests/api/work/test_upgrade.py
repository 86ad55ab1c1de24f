"""What an older fosa left in the middle of a change, gone on with by this one. FOSA_UPDATE_AGED=1 writes it anew.

Each folder below tests/data/upgrade is what a version left when its work was killed: the first wave confirmed, the
second armed. It is written once, when a version comes out; a version whose work cannot be gone on with needs a higher
number in `api/work/engine.py`, and is taken back.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from api.work.course import order
from api.work.engine import Engine, Fate, Seat
from api.work.script import Once
from inventory.errors import StoreError
from playbooks.drivers.base import Armed, Confirmed, Staged, Status
from playbooks.drivers.memory import MemoryDriver
from tests.api.work.fleet import Fleet
from tests.api.work.plans import approve, new, old, plan
from tests.api.work.truth import lies
from tests.api.work.worker import Shift, begin

AGED = Path(__file__).parents[2] / "data/upgrade"
KEY = "p-20261123-0001"
WAVES = (("gw-b",), ("gw-c", "gw-k"))
WHILE_ARMED = 36
FILES = ("ledger/ledger.db", "work/work.db")
Before = dict[str, dict[str, str]]


def work(shift: Shift) -> int | None:
    process = begin(shift)
    process.join(40)
    return process.exitcode


def until(there: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not there():
        assert time.monotonic() < limit, "it has not come"
        time.sleep(0.02)


def dump(file: Path) -> str:
    with closing(sqlite3.connect(file)) as opened:
        return "\n".join(opened.iterdump()) + "\n"


def lay(aged: Path, state: Path) -> None:
    """Put the databases back as they were."""
    for name in FILES:
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(state / name)) as opened:
            opened.executescript((aged / f"{Path(name).stem}.sql").read_text(encoding="utf-8"))


def token_of(driver: MemoryDriver) -> str:
    found = driver.status()
    assert isinstance(found, Status)
    return found.armed or next(iter(found.done))


def carry_out(driver: MemoryDriver, device: str, token: str, *, confirmed: bool) -> None:
    """Have a device be where the older work left it, by the word it was given then."""
    assert isinstance(driver.stage(token, order(plan(KEY, WAVES), device).bundle), Staged)
    assert isinstance(driver.commit(token, 60), Armed)
    if confirmed:
        assert isinstance(driver.confirm(token), Confirmed)


def test_this_version_leaves_what_is_kept_of_it(tmp_path: Path, fleet: Fleet, ledger: Ledger) -> None:
    approve(ledger, plan(KEY, WAVES))
    assert work(Shift(tmp_path, fleet.socket, die=WHILE_ARMED)) == -9
    ledger.close()
    tokens = {name: token_of(driver) for name, driver in fleet.devices.items()}
    folder = AGED / version("fosa")
    if os.environ.get("FOSA_UPDATE_AGED"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / f"{Path(name).stem}.sql").write_text(dump(tmp_path / name), encoding="utf-8")
        (folder / "tokens.json").write_text(json.dumps(tokens, indent=1) + "\n", encoding="utf-8")
    assert json.loads((folder / "tokens.json").read_text(encoding="utf-8")) == tokens


@pytest.mark.parametrize("aged", sorted(AGED.iterdir()), ids=lambda folder: folder.name)
def test_an_older_change_is_gone_on_with_to_its_end(tmp_path: Path, fleet: Fleet, before: Before, aged: Path) -> None:
    lay(aged, tmp_path)
    for name, token in json.loads((aged / "tokens.json").read_text()).items():
        carry_out(fleet.devices[name], name, token, confirmed=name == "gw-b")
    assert work(Shift(tmp_path, fleet.socket)) is not None
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    assert lies(ledger, fleet, KEY, before) == []
    change, kept = ledger.get(CHANGES, KEY), ledger.get(PLANS, KEY)
    assert change is not None
    assert change.value.state is ChangeState.DONE
    assert fleet.running() == {name: new(name, KEY) for name in before}
    # What was approved is what was approved.
    assert kept is not None
    assert [approval.digest for approval in kept.value.approvals] == [kept.value.digest]
    ledger.close()


@pytest.mark.parametrize("aged", sorted(AGED.iterdir()), ids=lambda folder: folder.name)
def test_where_the_order_of_steps_is_another_it_is_taken_back(
    tmp_path: Path, fleet: Fleet, before: Before, aged: Path
) -> None:
    lay(aged, tmp_path)
    with closing(sqlite3.connect(tmp_path / "work/work.db")) as opened, opened:
        opened.execute("UPDATE workflow_status SET application_version = 'another'")
    for name, token in json.loads((aged / "tokens.json").read_text()).items():
        carry_out(fleet.devices[name], name, token, confirmed=name == "gw-b")
    assert work(Shift(tmp_path, fleet.socket)) is not None
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    assert lies(ledger, fleet, KEY, before) == []
    change = ledger.get(CHANGES, KEY)
    assert change is not None
    assert change.value.state is ChangeState.PARTLY
    assert fleet.running() == {"gw-b": new("gw-b", KEY), "gw-c": old("gw-c"), "gw-k": old("gw-k")}
    ledger.close()


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Engine]:
    """An engine whose queue holds work that another version of the same executor put there."""
    seat = Seat(f"sqlite:///{tmp_path}/work/work.db", "work", "mops")

    def steps(_about: str, once: Once) -> None:
        assert once("one", lambda: "one") == "one"

    def nothing(_about: str, _once: Once) -> None:
        raise AssertionError("it was begun")

    first = Engine(seat, {"steps": steps})
    first.start()
    first.put("steps", "a", "key")
    until(lambda: first.fate("key") is Fate.DONE)
    first.close()
    with closing(sqlite3.connect(tmp_path / "work/work.db")) as opened, opened:
        opened.execute("UPDATE workflow_status SET status = 'ENQUEUED', application_version = 'another'")
    engine = Engine(seat, {"steps": nothing})
    engine.start()
    yield engine
    engine.close()


def test_what_waits_from_another_version_is_broken_not_forgotten(stranger: Engine) -> None:
    assert stranger.fate("key") is Fate.BROKEN


def test_a_ledger_of_a_newer_fosa_is_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.close()
    with closing(sqlite3.connect(tmp_path / "ledger/ledger.db")) as opened, opened:
        tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE name LIKE '%version%'")]
        opened.execute(f"UPDATE {tables[0]} SET version_num = '9999'")
    older = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    with pytest.raises(StoreError, match=r"was written by a newer fosa \(its schema is 9999\); use that one"):
        older.migrate()
    older.close()
