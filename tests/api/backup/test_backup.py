"""Everything in one sealed file and back: a round trip, and every way in which a backup can be bad."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from api.archive.archive import Archive
from api.archive.model import Origin, OriginKind
from api.backup.model import Manifest, Root
from api.backup.sealed import Sealer
from api.backup.taking import Sources, collected, pack
from api.backup.whole import check, restore, take
from api.chain import Deed
from api.cli import run
from api.cli.exits import Exit
from api.store.ledger import Ledger
from inventory.errors import ConflictError, InputError, SecretError, StoreError

PILA = Path(__file__).parents[3] / "inventory" / "examples" / "pila"
WORDS = "three long words"
DEED = Deed(who="anna", origin="console", action="try", subject="nothing")


def about(_ledger: Path | None) -> Manifest:
    return Manifest(at=dt.datetime.now(dt.UTC), fosa="0", office="pila", audit=0, members=())


def tree(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """What lies below: modes and texts; a database counts by its rows."""
    found: dict[str, tuple[int, bytes | None]] = {}
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(("-wal", "-shm", ".lock")):
            continue
        text = None if path.is_dir() else path.read_bytes()
        if text is not None and text.startswith(b"SQLite"):
            with sqlite3.connect(path) as connection:
                text = "\n".join(connection.iterdump()).encode()
            connection.close()
        if not (path.is_dir() and any(path.iterdir())):
            found[str(path.relative_to(folder))] = (stat.S_IMODE(path.stat().st_mode), text)
    return found


@pytest.fixture
def roots(tmp_path: Path) -> dict[Root, Path]:
    """A state folder with something in every place."""
    state = tmp_path / "state"
    for name in ("work/archive.git/objects/ab", "work/archive.git/refs", "store"):
        (state / name).mkdir(parents=True)
    (state / "work/archive.git/objects/ab/cdef").write_bytes(os.urandom(3_000_000))
    (state / "work/key").write_text("private")
    (state / "work/key").chmod(0o600)
    (state / "work/executor-1.lock").touch()
    for database in ("work/work.db", "store/fosa.db"):
        with sqlite3.connect(state / database) as connection:
            connection.execute("CREATE TABLE things (name TEXT)")
            connection.execute("INSERT INTO things VALUES ('one')")
        connection.close()
    ledger = Ledger(f"sqlite:///{state}/ledger/ledger.db")
    ledger.migrate()
    ledger.write(DEED)
    ledger.close()
    shutil.copytree(PILA, tmp_path / "office")
    folders = {root: state / root for root in (Root.WORK, Root.LEDGER, Root.STORE)}
    return folders | {Root.INVENTORY: tmp_path / "office"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[Root, Path]:
    """The same places on a machine where nothing is."""
    state = tmp_path / "elsewhere/state"
    return {root: state / root for root in (Root.WORK, Root.LEDGER, Root.STORE)} | {
        Root.INVENTORY: tmp_path / "elsewhere/office"
    }


@pytest.fixture
def file(tmp_path: Path, roots: dict[Root, Path]) -> Path:
    made = tmp_path / "everything.fosa"
    take(Sources(roots), made, WORDS, about)
    return made


def test_what_went_in_comes_out(file: Path, roots: dict[Root, Path], elsewhere: dict[Root, Path]) -> None:
    before = {root: tree(folder) for root, folder in roots.items()}
    manifest = restore(file, WORDS, Sources(elsewhere))
    assert {root: tree(folder) for root, folder in elsewhere.items()} == before
    assert [member for member in manifest.members if member.path.endswith((".lock", "-wal"))] == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in elsewhere[Root.WORK].parent.iterdir() if entry.name.startswith(".")] == []
    assert not list(roots[Root.WORK].glob("backup-*"))


def test_a_ledger_that_is_being_written_is_taken_whole(
    tmp_path: Path, roots: dict[Root, Path], elsewhere: dict[Root, Path]
) -> None:
    ledger = Ledger(f"sqlite:///{roots[Root.LEDGER]}/ledger.db")
    ledger.write(DEED)
    # What was written last lies in the log beside it only.
    assert (roots[Root.LEDGER] / "ledger.db-wal").stat().st_size > 0
    made = tmp_path / "live.fosa"
    take(Sources(roots), made, WORDS, about)
    last = ledger.last()
    ledger.write(DEED)
    ledger.close()
    restore(made, WORDS, Sources(elsewhere))
    copy = Ledger(f"sqlite:///{elsewhere[Root.LEDGER]}/ledger.db")
    assert copy.last() == last
    assert copy.check() == ""
    copy.close()


def test_what_is_written_while_it_is_packed_does_not_tear_it(
    tmp_path: Path, roots: dict[Root, Path], elsewhere: dict[Root, Path]
) -> None:
    shutil.rmtree(roots[Root.WORK] / "archive.git")
    archive, checkpoints = Archive(roots[Root.WORK]), roots[Root.WORK] / "checkpoints.ndjson"
    origin = Origin(kind=OriginKind.DRIFT, who="anna", why="")
    kept = archive.keep("gw-b", {"file /etc/hosts": "1\n"}, None, origin)
    checkpoints.write_text("of record 1\n")
    (tmp_path / "staging").mkdir()
    collection = collected(Sources(roots), tmp_path / "staging")
    archive.keep("gw-b", {"file /etc/hosts": "2\n"}, None, origin)
    checkpoints.write_text("of record 1\nof record 2\n")
    with (tmp_path / "b.fosa").open("wb") as file:
        pack(collection.files, about(None), Sealer(file, WORDS))
    restore(tmp_path / "b.fosa", WORDS, Sources(elsewhere))
    restored = Archive(elsewhere[Root.WORK])
    assert (restored.check(), restored.revisions()) == (1, (kept,))
    assert (elsewhere[Root.WORK] / "checkpoints.ndjson").read_text() == "of record 1\n"


def test_nothing_of_it_can_be_read_or_changed(file: Path) -> None:
    sealed = file.read_bytes()
    for planted in (b"private", b"archive.git", b"SQLite format"):
        assert planted not in sealed
    with pytest.raises(SecretError, match="passphrase is not the one"):
        check(file, "another passphrase")
    for place in (20, 50, 1_500_000):
        changed = bytearray(sealed)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(SecretError):
            check(file, WORDS)
    for length in (0, 40, len(sealed) - 1):
        file.write_bytes(sealed[:length])
        with pytest.raises(SecretError):
            check(file, WORDS)


def test_pieces_cannot_be_left_out_or_cut_off_between(file: Path) -> None:
    sealed = file.read_bytes()
    head, piece = 38, 4 + (1 << 20) + 16
    for cut in (sealed[: head + piece], sealed[:head] + sealed[head + piece :]):
        file.write_bytes(cut)
        with pytest.raises(SecretError):
            check(file, WORDS)


def test_a_damaged_backup_restores_nothing(file: Path, elsewhere: dict[Root, Path]) -> None:
    sealed = bytearray(file.read_bytes())
    sealed[-5] ^= 1
    file.write_bytes(sealed)
    with pytest.raises(SecretError):
        restore(file, WORDS, Sources(elsewhere))
    assert not [path for path in elsewhere[Root.WORK].parent.rglob("*") if path.is_file()]


def test_a_living_state_is_not_restored_over(file: Path, roots: dict[Root, Path], elsewhere: dict[Root, Path]) -> None:
    before = tree(roots[Root.WORK])
    with pytest.raises(ConflictError, match="restored only where nothing is"):
        restore(file, WORDS, Sources(elsewhere | {Root.WORK: roots[Root.WORK]}))
    assert tree(roots[Root.WORK]) == before


def test_a_backup_that_cannot_be_made_leaves_nothing(tmp_path: Path, roots: dict[Root, Path], file: Path) -> None:
    with pytest.raises(InputError, match="there already"):
        take(Sources(roots), file, WORDS, about)
    with pytest.raises(InputError, match="cannot be made"):
        take(Sources(roots), tmp_path / "none" / "file", WORDS, about)
    with pytest.raises(SecretError, match="at least 12"):
        take(Sources(roots), tmp_path / "short", "short", about)
    database = bytearray((roots[Root.STORE] / "fosa.db").read_bytes())
    database[4096:] = b"x" * len(database[4096:])
    (roots[Root.STORE] / "fosa.db").write_bytes(database)
    with pytest.raises(StoreError):
        take(Sources(roots), tmp_path / "damaged", WORDS, about)
    assert {path.name for path in tmp_path.iterdir()} == {"state", "office", "everything.fosa"}
    assert not list(roots[Root.WORK].glob("backup-*"))


@pytest.fixture
def command(tmp_path: Path, roots: dict[Root, Path], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("SUDO_UID", raising=False)
    (tmp_path / "words").write_text(WORDS + "\n")
    (tmp_path / "words").chmod(0o600)
    return ["--passphrase-file", str(tmp_path / "words")]


def test_the_commands_do_the_same_and_tell_the_audit(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, office = str(tmp_path / "b.fosa"), str(tmp_path / "office")
    assert run(["backup", file, "--inventory", office, *command]) == Exit.DONE
    assert "pila of" in capsys.readouterr().out
    assert run(["backup", file, "--check", *command]) == Exit.DONE
    assert run(["restore", "--everything", file, "--inventory", office, *command]) == Exit.BAD_INPUT
    assert "restored only where nothing is" in capsys.readouterr().err
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "other"))
    new = str(tmp_path / "new-office")
    assert run(["restore", "--everything", file, "--inventory", new, *command]) == Exit.DONE
    assert tree(Path(new)) == tree(Path(office))
    ledger = Ledger(f"sqlite:///{tmp_path}/other/ledger/ledger.db")
    assert [entry.count("backup.restore") for _number, entry, _hash in ledger.entries()] == [0, 1]
    ledger.close()
    assert run(["restore"]) == Exit.BAD_INPUT


def test_a_passphrase_is_asked_for_on_a_terminal_only(tmp_path: Path, command: list[str]) -> None:
    assert run(["backup", str(tmp_path / "b.fosa"), "--inventory", str(tmp_path / "office")]) == Exit.FAILED
