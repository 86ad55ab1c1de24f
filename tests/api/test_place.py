"""Whose folder is which; and whether there is more to come of what somebody follows."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from api.chain import Deed
from api.changes.model import Change, ChangeState
from api.changes.shelf import CHANGES
from api.serve.accounts import accounts, edges
from api.serve.place import Place, prepare
from api.serve.progress import Progress
from api.settings import Settings
from api.store.ledger import Ledger, Put
from inventory.errors import InputError

DEED = Deed(who="schedule:work", origin="schedule", action="try", subject="change")


def settings(folder: Path, **more: str) -> Settings:
    return Settings.from_environ({"FOSA_STATE": str(folder), **more})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_what_was_restored_as_root_becomes_the_parts_own(tmp_path: Path) -> None:
    deep = tmp_path / "work/archive.git/objects"
    deep.mkdir(parents=True)
    (deep / "one").touch(0o600)
    (deep / "out").symlink_to("/etc/hostname")
    outside = Path("/etc/hostname").stat().st_uid
    who = accounts(settings(tmp_path))
    assert who is not None
    prepare(settings(tmp_path), who)
    assert (deep / "one").stat().st_uid == who.work.uid
    assert Path("/etc/hostname").stat().st_uid == outside
    found = {name: (tmp_path / name).stat() for name in ("serve", "store", "ledger", "work", "desk")}
    assert {name: (entry.st_uid, oct(stat.S_IMODE(entry.st_mode))) for name, entry in found.items()} == {
        "serve": (who.watch.uid, "0o2750"),
        "store": (who.watch.uid, "0o2750"),
        "ledger": (who.work.uid, "0o700"),
        "work": (who.work.uid, "0o700"),
        "desk": (who.work.uid, "0o2755"),
    }
    assert edges(settings(tmp_path)) == {who.edge.uid}


def test_without_accounts_everything_is_ours(tmp_path: Path) -> None:
    prepare(settings(tmp_path), None)
    assert stat.S_IMODE(Place.of(tmp_path).own.stat().st_mode) == 0o700
    assert Place.of(tmp_path).desk.parent.is_dir()


def test_store_and_ledger_in_one_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folders of their own"):
        prepare(settings(tmp_path, FOSA_LEDGER=f"sqlite:///{tmp_path}/store/ledger.db"), None)
    assert not (tmp_path / "store").exists()


def test_who_follows_is_told_when_it_is_over(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    ledger.migrate()
    change = Change(plan="p-1", state=ChangeState.RUNNING, queued_at=dt.datetime.now(dt.UTC))
    ledger.write(DEED, [Put(CHANGES, "p-1", change)])
    progress = Progress(ledger)
    assert not progress.over("change p-1")
    ended = change.model_copy(update={"state": ChangeState.REVERTED})
    ledger.write(DEED, [Put(CHANGES, "p-1", ended, 1)])
    assert progress.over("change p-1")
    assert progress.over("change p-2")
    assert progress.over("something else")
    ledger.close()
    (tmp_path / "ledger.db").rename(tmp_path / "away.db")
    assert not progress.over("change p-1")
