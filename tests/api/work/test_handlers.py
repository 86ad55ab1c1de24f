"""What the desk answers about changes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from api.changes.model import DeviceEnd, Ended
from api.desk.context import Context
from api.desk.verb import Bound, Nothing
from api.people.model import Action, Caller, Role
from api.settings import Settings
from api.store.ledger import Ledger
from api.work import verbs
from api.work.handlers import handlers
from api.work.record import Record
from api.work.verbs import Changes, WhichChange
from inventory.errors import ConflictError, RefusedError, SelectionError
from inventory.load import load
from inventory.secrets import SecretStore
from playbooks.drivers.memory import MemoryDriver
from tests.api.work.plans import NOW, approve, plan

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
KEY = "p-20261123-0001"
JAN = Caller(account="jan", roles=frozenset({Role.OPERATOR}), origin="console")
EWA = Caller(account="ewa", roles=frozenset({Role.VIEWER}), origin="console")


@pytest.fixture
def record(ledger: Ledger) -> Record:
    approve(ledger, plan(KEY, [["gw-b"]]))
    return Record(ledger, lambda: NOW, "work", threading.Event())


@pytest.fixture
def table(ledger: Ledger, tmp_path: Path) -> dict[str, Bound]:
    office = load(PILA).require()
    context = Context(
        Settings.from_environ({}),
        office,
        ledger,
        SecretStore(PILA),
        lambda _device: MemoryDriver(),
        lambda: NOW,
        tmp_path,
    )
    return dict(handlers(context))


def test_stops_a_running_change_for_the_record(table: dict[str, Bound], record: Record, ledger: Ledger) -> None:
    record.begin(KEY)
    for _again in range(2):
        table["change.stop"].handle(JAN, WhichChange(plan=KEY))
    assert record.stopper(KEY) == "jan"
    deeds = [json.loads(text)["deed"] for _number, text, _hash in ledger.entries()]
    assert [(deed["who"], deed["subject"]) for deed in deeds if deed["action"] == "change.stop"] == [
        ("jan", f"change {KEY}")
    ]


def test_a_viewer_stops_nothing(table: dict[str, Bound], record: Record) -> None:
    record.begin(KEY)
    with pytest.raises(RefusedError):
        table["change.stop"].handle(EWA, WhichChange(plan=KEY))
    assert record.stopper(KEY) == ""


def test_what_has_ended_is_stopped_no_more(table: dict[str, Bound], record: Record) -> None:
    record.begin(KEY)
    record.end(KEY, {"gw-b": DeviceEnd(ended=Ended.CHANGED)})
    with pytest.raises(ConflictError, match="fosa undo"):
        table["change.stop"].handle(JAN, WhichChange(plan=KEY))


def test_tells_what_it_waits_for_and_what_is_not_there(table: dict[str, Bound], record: Record) -> None:
    with pytest.raises(ConflictError, match="has not begun"):
        table["change.show"].handle(JAN, WhichChange(plan=KEY))
    with pytest.raises(SelectionError, match="there is no plan"):
        table["change.show"].handle(JAN, WhichChange(plan="p-20261123-0009"))


def test_lists_changes(table: dict[str, Bound], record: Record) -> None:
    record.begin(KEY)
    found = table["change.list"].handle(EWA, Nothing())
    assert isinstance(found, Changes)
    assert [change.plan for change in found.changes] == [KEY]
    assert (verbs.STOP.action, verbs.LIST.action) == (Action.STOP, Action.SEE)
