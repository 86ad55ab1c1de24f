"""Stores in a file that fail: one clear message each, and nothing is lost when the file is well again."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.store.store import Batch, Store
from inventory.errors import StoreError, StoreGoneError
from tests.api.written import event, picture

# As an account that may read the file and nothing else.
_STRANGER = """
import os, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
from api.store.store import Store
store = Store(sys.argv[1], read_only=True)
print(len(store.events(1000)))
"""
_KILLED = """
import os, signal, sys
from api.store.store import Batch, Store
from tests.api.written import event
store = Store(sys.argv[1])
store.record(Batch("killed", (event(0),)))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store" / "fosa.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """A store in a file, with one event in it."""
    made = Store(f"sqlite:///{file}")
    made.migrate()
    made.record(_batch(0))
    yield made
    made.close()


@pytest.fixture
def tiny() -> Iterator[Callable[[str], Path]]:
    """A file system of 300 KiB; call it with options to mount it anew with them."""
    # pytest makes its folders for one account only.
    place = Path(tempfile.mkdtemp(prefix="fosa-store-"))
    place.chmod(0o755)

    def mount(options: str) -> Path:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=300k,{options}", "tmpfs", str(place)], check=True)
        return place

    yield mount
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


def _batch(number: int) -> Batch:
    return Batch("a", (event(number),), number)


def _message(act: Callable[[], object], kind: type[StoreError] = StoreError) -> str:
    with pytest.raises(kind) as error:
        act()
    return str(error.value)


def _written(store: Store) -> tuple[str, ...]:
    return tuple(one.subject for one in store.events(1000))


def test_locked(store: Store, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = _message(lambda: store.record(_batch(1)))
    assert said == f"the store {file} is locked by another program; close what has it open"
    reader = Store(f"sqlite:///{file}", read_only=True)
    assert _written(reader) == ("tunnel:t-0",)
    reader.close()
    other.execute("ROLLBACK")
    other.close()
    store.record(_batch(1))
    assert _written(store) == ("tunnel:t-1", "tunnel:t-0")


def test_moved_away_and_back(store: Store, file: Path) -> None:
    elsewhere = file.rename(file.with_name("elsewhere.db"))
    said = _message(lambda: store.record(_batch(1)), StoreGoneError)
    assert said == f"there is no store {file}; put it back where it was, or leave it to fosa serve to begin a new one"
    assert not file.exists()
    elsewhere.rename(file)
    store.record(_batch(1))
    assert _written(store) == ("tunnel:t-1", "tunnel:t-0")


def test_moved_away_with_its_folder(store: Store, file: Path) -> None:
    elsewhere = file.parent.rename(file.parent.with_name("elsewhere"))
    assert "there is no store" in _message(lambda: store.record(_batch(1)), StoreGoneError)
    elsewhere.rename(file.parent)
    store.record(_batch(1))
    assert _written(store) == ("tunnel:t-1", "tunnel:t-0")


def test_deleted_and_begun_anew_without_what_its_log_still_held(store: Store, file: Path) -> None:
    file.unlink()
    assert file.with_name("fosa.db-wal").stat().st_size > 0
    assert "there is no store" in _message(lambda: store.record(_batch(1)), StoreGoneError)
    store.migrate()
    store.record(_batch(1))
    assert _written(store) == ("tunnel:t-1",)


def test_another_file_in_its_place(store: Store, file: Path) -> None:
    other = Store(f"sqlite:///{file.with_name('other.db')}")
    other.migrate()
    other.record(_batch(7))
    other.close()
    file.unlink()
    file.with_name("fosa.db-wal").unlink()
    file.with_name("fosa.db-shm").unlink()
    file.with_name("other.db").rename(file)
    store.record(_batch(8))
    assert _written(store) == ("tunnel:t-8", "tunnel:t-7")


def test_never_made(file: Path) -> None:
    for read_only in (False, True):
        assert Store(f"sqlite:///{file}", read_only=read_only).check().startswith(f"there is no store {file}; ")
    assert not file.parent.exists()


def test_not_a_database(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"<html>" * 1000)
    store = Store(f"sqlite:///{file}")
    for said in (_message(store.migrate), store.check()):
        assert said == f"{file} holds something else than a store of fosa; name another place by FOSA_STORE"
    assert file.read_bytes() == b"<html>" * 1000


def test_damaged(store: Store, file: Path) -> None:
    store.record(Batch("b", tuple(map(event, range(500)))))
    store.close()
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * (file.stat().st_size - 4096))
    said = _message(lambda: store.events(1000))
    assert said.startswith(f"the store {file} is damaged: ")
    assert said.endswith("; put it aside and bring back a copy")


def test_a_picture_of_another_make(store: Store, file: Path) -> None:
    store.record(Batch("a", (), 1, picture(0)))
    with sqlite3.connect(file) as other:
        other.execute("UPDATE pictures SET picture = replace(picture, 'round', 'lap')")
    other.close()
    assert f"the store {file} is damaged: " in _message(store.picture)
    store.record(Batch("a", (), 1, picture(1)))
    assert store.picture() == picture(1)


def test_a_folder_in_its_place(file: Path) -> None:
    file.mkdir(parents=True)
    assert f"the store {file} does not work: " in _message(Store(f"sqlite:///{file}").migrate)


def test_a_file_where_its_folder_should_be(file: Path) -> None:
    file.parent.touch()
    assert f"the store {file} does not work: " in _message(Store(f"sqlite:///{file}").migrate)


def test_only_its_owner_writes_and_only_its_group_reads(store: Store, file: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == {"fosa.db": 0o640, "fosa.db-wal": 0o640, "fosa.db-shm": 0o640}
    assert file.parent.stat().st_mode & 0o777 == 0o750


@pytest.mark.lab
def test_read_only(tiny: Callable[[str], Path]) -> None:
    file = tiny("rw") / "fosa.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    store.record(_batch(0))
    store.close()
    tiny("remount,ro")
    for act in (lambda: store.record(_batch(1)), Store(f"sqlite:///{file}").migrate):
        assert _message(act) == f"the store {file} is read-only here; let this account write to it and to its folder"
    tiny("remount,rw")
    store.record(_batch(1))
    assert _written(store) == ("tunnel:t-1", "tunnel:t-0")
    store.close()


@pytest.mark.lab
def test_full(tiny: Callable[[str], Path]) -> None:
    file = tiny("rw") / "fosa.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    store.record(_batch(0))
    ballast = file.with_name("ballast")
    with pytest.raises(OSError, match="No space"):
        ballast.write_bytes(bytes(1 << 20))
    large = Batch("b", tuple(map(event, range(500))))
    assert _message(lambda: store.record(large)) == f"no space is left for the store {file}; make room on its disk"
    assert _message(Store(f"sqlite:///{file.with_name('new.db')}").migrate).startswith("no space is left for the store")
    assert _written(store) == ("tunnel:t-0",)
    ballast.unlink()
    store.record(large)
    assert len(store.events(1000)) == 501
    store.close()


@pytest.mark.lab
def test_a_reader_of_another_account(tiny: Callable[[str], Path]) -> None:
    file = tiny("rw,mode=0755") / "fosa.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    file.chmod(0o644)
    store.record(_batch(0))
    stranger = [sys.executable, "-c", _STRANGER, f"sqlite:///{file}"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def seen() -> str:
        done = subprocess.run(stranger, env=environ, capture_output=True, text=True, check=False)
        return done.stdout.strip() or done.stderr

    assert seen() == "1", "while somebody writes"
    store.close()
    assert seen() == "1", "after the writer has gone"
    subprocess.run([sys.executable, "-c", _KILLED, f"sqlite:///{file}"], env=environ, check=False)
    assert seen() == "2", "after the writer was killed"
