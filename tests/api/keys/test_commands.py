"""`fosa rotate` and `fosa keys` for a shared key, over a desk that is really served and reads anew when hung up on."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from api.cli.commands import run_command
from api.cli.exits import Exit
from api.desk.verb import Bound
from api.keys.handlers import handlers
from api.people.model import Caller, Role
from api.serve.lock import locked
from api.serve.place import Place
from inventory.load import load
from inventory.model import Authentication, AuthenticationKind
from inventory.model.base import Value
from playbooks.drivers.memory import MemoryDriver
from templates.render import render
from tests.api.desk.desks import Doors, desk
from tests.api.keys.holders import MemoryKeys
from tests.api.plans.offices import Tried, normal, tried

TWO = Path(__file__).parents[2] / "data/lab/two/office.yaml"
OLD, NEW = "file:secrets/k-b", "file:secrets/k-b.2"
Captured = pytest.CaptureFixture[str]


@dataclass
class Here:
    """An inventory, and a desk that has read it."""

    folder: Path
    tried: Tried
    hung_up: int = 0

    def read(self) -> None:
        self.tried.office = load(self.folder).require()

    def hear(self, _number: int, _frame: object) -> None:
        self.hung_up += 1
        self.read()

    def carry_out(self) -> None:
        """Both gateways run what the inventory says."""
        for device in self.tried.office.gateways:
            bundle = render(self.tried.office, device, self.tried.now.date())
            self.tried.drivers[device.name] = MemoryDriver(normal(bundle), ("k-b",))

    def answer(self, name: str, caller: Caller, asked: Value) -> Value:
        bound = handlers(self.tried.context, lambda _device: MemoryKeys())
        return bound[name].handle(caller, asked)

    @property
    def keys(self) -> Authentication:
        return load(self.folder).require().tunnels[0].authentication


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """anna's; k-b lives by a shared key, everywhere."""
    folder = tmp_path / "office"
    (folder / "secrets").mkdir(parents=True)
    shutil.copy(TWO, folder)
    (folder / "secrets/k-b").write_text("an old key nobody remembers")
    with (folder / "office.yaml").open("a") as file:
        file.write(f'    authentication: {{kind: psk, psk: "{OLD}"}}\n')
    made = Here(folder, tried(tmp_path / "ledger"))
    made.read()
    made.carry_out()
    (tmp_path / "desk").mkdir()
    place = Place.of(tmp_path)
    place.folder.mkdir()
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.setenv("FOSA_INVENTORY", str(folder))
    monkeypatch.delenv("FOSA_TOKEN", raising=False)
    bound = {
        name: Bound(each.verb, partial(made.answer, name))
        for name, each in handlers(made.tried.context, lambda _device: MemoryKeys()).items()
    }
    before = signal.signal(signal.SIGHUP, made.hear)
    try:
        doors = Doors(uids={os.getuid(): "anna"}, roles=frozenset({Role.ADMIN}))
        with locked(place), desk(tmp_path / "desk", bound, doors):
            yield made
    finally:
        signal.signal(signal.SIGHUP, before)
        made.tried.ledger.close()


def rotate(*more: str) -> int:
    return run_command(["rotate", "k-b", "--why", "yearly", "--summary", *more])


def test_a_shared_key_goes_from_the_old_one_to_the_new_one(here: Here, capsys: Captured) -> None:
    assert rotate("--yes") == Exit.DONE
    out = capsys.readouterr().out
    secret = (here.folder / "secrets/k-b.2").read_text()
    assert (here.keys.psk, here.keys.previous, here.hung_up) == (NEW, OLD, 1)
    assert f'+    authentication: {{kind: psk, psk: "{NEW}", previous: "{OLD}"}}' in out
    assert "in this order: gw-b > gw-k" in out
    assert out.endswith("when it has been carried out: fosa rotate k-b --finish\n")
    assert run_command(["keys"]) == Exit.DIFFERENCE
    out += capsys.readouterr().out
    assert "changing   k-b          since 2026-11-23 (" in out
    assert "both ends take the previous key of k-b, too: fosa rotate k-b --finish" in out
    assert rotate("--finish", "--yes") == Exit.BAD_INPUT
    assert "gw-k, gw-b do not have the keys" in capsys.readouterr().err
    assert here.keys.previous == OLD
    here.carry_out()
    assert rotate("--finish", "--yes") == Exit.DONE
    out += capsys.readouterr().out
    assert (here.keys, here.hung_up) == (Authentication(kind=AuthenticationKind.PSK, psk=NEW), 2)
    assert out.endswith(f"when it has been carried out nothing names {OLD} any more: take it away\n")
    here.carry_out()
    assert run_command(["keys"]) == Exit.DONE
    out += capsys.readouterr().out + "".join(here.tried.deeds())
    assert secret not in out


def test_said_again_the_plan_is_made_again_and_nothing_is_written(here: Here, capsys: Captured) -> None:
    assert rotate("--yes") == Exit.DONE
    before = (here.folder / "office.yaml").read_text()
    capsys.readouterr()
    assert rotate() == Exit.DONE
    assert f"the inventory names the new key already: {NEW}" in capsys.readouterr().out
    assert (here.folder / "office.yaml").read_text() == before
    assert not (here.folder / "secrets/k-b.3").exists()
    here.carry_out()
    assert rotate() == Exit.BAD_INPUT
    assert "nothing to do: both ends of k-b have the keys" in capsys.readouterr().err


def test_whoever_does_not_agree_or_may_not_leaves_everything_as_it_was(here: Here, capsys: Captured) -> None:
    before = (here.folder / "office.yaml").read_text()
    assert rotate() == Exit.BAD_INPUT
    assert "add --yes" in capsys.readouterr().err
    here.tried.office = here.tried.office.model_copy(update={"title": "Another"})
    assert rotate("--yes") == Exit.BAD_INPUT
    assert "another inventory" in capsys.readouterr().err
    assert (here.folder / "office.yaml").read_text() == before
    assert [path.name for path in (here.folder / "secrets").iterdir()] == ["k-b"]
    assert here.tried.deeds() == []


def test_only_a_shared_key_has_something_to_be_finished(here: Here, capsys: Captured) -> None:
    assert run_command(["rotate", "k-x", "--finish", "--why", "x"]) == Exit.BAD_INPUT
    assert "nothing of k-x is to be finished" in capsys.readouterr().err
    assert rotate("--finish") == Exit.BAD_INPUT
    told = capsys.readouterr()
    assert f"the inventory names one key only: {OLD}" in told.out
    assert "nothing to do" in told.err
