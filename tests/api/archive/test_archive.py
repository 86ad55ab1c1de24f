"""The archive keeps what ran, says who wanted it, and gives it back; what is wrong with it is said, never repaired."""

import datetime as dt
import json
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from api.archive.archive import Archive, KeptBundle
from api.archive.model import Origin, OriginKind
from api.plans.model import File
from inventory.errors import InputError, SecretError, StoreError

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SECRET = "file:secrets/b.psk"


def change(plan: str = "p-20261122-0001", why: str = "Open the printers' port") -> Origin:
    return Origin(kind=OriginKind.CHANGE, who="anna", why=why, plan=plan)


DRIFT = Origin(kind=OriginKind.DRIFT, who="schedule:drift", why="found running")


def sections(rule: str = "accept") -> dict[str, str]:
    return {
        "kernel nftables": f"table inet fosa {{\n\t{rule}\n}}\n",
        "file /etc/swanctl/conf.d/fosa.conf": "# fosa: mode 0600\nsecret = <secret:0123456789abcdef>\n",
    }


def bundle(rule: str = "accept") -> KeptBundle:
    swanctl = f'secret = "@secret{{{SECRET}}}@"\n'
    return KeptBundle(
        (
            File(path="/etc/nftables.conf", mode=0o644, text=f"table inet fosa {{\n\t{rule}\n}}\n"),
            File(path="/etc/swanctl/conf.d/fosa.conf", mode=0o600, text=swanctl),
        )
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "work", clock=lambda: NOW)


def test_what_is_kept_comes_back(archive: Archive) -> None:
    made = archive.keep("gw-b", sections(), bundle(), change())
    assert archive.revisions("gw-b") == (made,)
    assert (made.at, made.origin, made.approved, made.bundle) == (NOW, change(), True, True)
    assert archive.text("gw-b", made.short) == sections()
    assert archive.bundle("gw-b", made.id) == bundle()
    assert archive.last("gw-k") is None
    archive.check()


def test_a_revision_tells_what_it_changed(archive: Archive) -> None:
    one = archive.keep("gw-b", sections(), bundle(), change())
    two = archive.keep("gw-b", sections("drop"), None, DRIFT)
    (diff,) = archive.diff("gw-b", one.id, two.id)
    assert (diff.section, diff.changes) == ("kernel nftables", ("-\taccept", "+\tdrop"))
    assert archive.last("gw-b") == two
    assert archive.approved("gw-b") == one
    assert archive.bundle("gw-b", two.id) is None


def test_each_device_has_a_history_of_its_own(archive: Archive) -> None:
    one = archive.keep("gw-b", sections(), bundle(), change())
    two = archive.keep("gw-k", sections("drop"), bundle("drop"), change())
    assert [archive.revisions(name) for name in ("gw-b", "gw-k", "")] == [(one,), (two,), (two, one)]
    with pytest.raises(InputError, match="is a revision of gw-k, not of gw-b"):
        archive.bundle("gw-b", two.id)


@pytest.mark.parametrize("named", ["", "zz", "0" * 40])
def test_an_unknown_revision_is_said(archive: Archive, named: str) -> None:
    archive.keep("gw-b", sections(), None, DRIFT)
    with pytest.raises(InputError, match="gw-b has no revision"):
        archive.text("gw-b", named)


def test_the_same_kept_again_is_kept_once(archive: Archive) -> None:
    made = archive.keep("gw-b", sections(), bundle(), change())
    assert archive.keep("gw-b", sections(), bundle(), change()) == made
    approved_again = archive.keep("gw-b", sections(), bundle(), change("p-20261122-0002"))
    assert archive.revisions("gw-b") == (approved_again, made)


@pytest.mark.parametrize(
    "line",
    [
        'secret = "Correct-Horse-1"',
        "psk=Correct-Horse-1",
        'createUser monitor SHA-256 "Correct-Horse-1" AES <secret:0123456789abcdef>',
        "rocommunity Correct-Horse-1 default",
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE",
    ],
)
def test_what_looks_like_a_secret_is_refused(archive: Archive, tmp_path: Path, line: str) -> None:
    text = {**sections(), "file /etc/snmp/snmpd.conf": f"# fosa: mode 0600\n{line}\n"}
    with pytest.raises(SecretError, match=r"gw-b: file /etc/snmp/snmpd.conf, line 2 holds") as caught:
        archive.keep("gw-b", text, bundle(), change())
    assert "Correct" not in str(caught.value)
    assert archive.revisions() == ()


def test_any_git_can_read_it_and_it_holds_nothing_open(archive: Archive, tmp_path: Path) -> None:
    archive.keep("gw-b", sections(), bundle(), change())
    archive.keep("gw-k", sections(), bundle(), change())
    git = ["git", "-c", "safe.directory=*", f"--git-dir={tmp_path}/work/archive.git"]
    subprocess.run([*git, "fsck", "--strict"], check=True, capture_output=True)
    shown = subprocess.run([*git, "log", "-p", "--text"], check=True, capture_output=True).stdout
    assert b"anna" in shown
    assert b"<secret:0123456789abcdef>" in shown
    assert SECRET.encode() not in shown


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for turn in range(3):
            Archive(tmp_path).keep(f"gw-{number}", sections(f"rule {turn}"), None, change(f"p-{turn}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Archive(tmp_path).revisions()) == 12
    Archive(tmp_path).check()


def test_a_lock_left_by_a_killed_git_stops_nobody(archive: Archive, tmp_path: Path) -> None:
    archive.keep("gw-b", sections(), None, DRIFT)
    (tmp_path / "work/archive.git/refs/heads/main.lock").touch()
    archive.keep("gw-b", sections("drop"), None, DRIFT)
    assert len(archive.revisions("gw-b")) == 2


def test_a_lost_key_is_said_and_texts_stay_readable(archive: Archive, tmp_path: Path) -> None:
    made = archive.keep("gw-b", sections(), bundle(), change())
    key = tmp_path / "work/archive.key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StoreError, match=r"archive.key is gone"):
        archive.bundle("gw-b", made.id)
    with pytest.raises(StoreError, match=r"archive.key is gone"):
        archive.keep("gw-b", sections("drop"), bundle("drop"), change("p-2"))
    assert not key.exists()
    assert archive.text("gw-b", made.id) == sections()
    key.write_bytes(kept[::-1])
    with pytest.raises(StoreError, match="is not the key"):
        archive.bundle("gw-b", made.id)
    key.write_bytes(b"short")
    with pytest.raises(StoreError, match="is not a key of fosa"):
        archive.bundle("gw-b", made.id)


@pytest.mark.parametrize("damage", ["cut", "gone", "garbage", "other"])
def test_a_broken_object_is_said_and_nothing_is_written(archive: Archive, tmp_path: Path, damage: str) -> None:
    archive.keep("gw-b", sections(), None, DRIFT)
    # All but the tree of the first commit, which holds nothing.
    objects = [path for path in (tmp_path / "work/archive.git/objects").glob("??/*") if path.parent.name != "4b"]
    for path in objects:
        whole = path.read_bytes()
        path.chmod(0o600)
        match damage:
            case "cut":
                path.write_bytes(whole[: len(whole) // 2])
            case "gone":
                path.unlink()
            case "garbage":
                path.write_bytes(b"\x00" * len(whole))
            case "other":
                path.write_bytes(zlib.compress(zlib.decompress(whole)[:-1] + b"?"))
        fresh = Archive(tmp_path / "work", clock=lambda: NOW)
        with pytest.raises(StoreError, match=r"archive.git cannot be used"):
            fresh.check()
        path.write_bytes(whole)
    Archive(tmp_path / "work").check()


def test_a_lost_branch_is_no_empty_archive(archive: Archive, tmp_path: Path) -> None:
    archive.keep("gw-b", sections(), None, DRIFT)
    (tmp_path / "work/archive.git/refs/heads/main").unlink()
    for ask in (archive.revisions, lambda: archive.keep("gw-b", sections("drop"), None, DRIFT)):
        with pytest.raises(StoreError, match="its branch main is gone"):
            ask()


def test_a_writer_that_is_killed_leaves_a_whole_archive(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from tests.api.archive.test_archive import *\n"
        "archive, turn = Archive(pathlib.Path(sys.argv[1])), 0\n"
        "print('ready', flush=True)\n"
        "while turn := turn + 1:\n"
        "    archive.keep('gw-b', sections(f'{sys.argv[2]} {turn}'), bundle(str(turn)), change(f'p-{turn}'))\n"
        "    print(turn, flush=True)\n"
    )
    before = 0
    for kill in range(5):
        argv = [sys.executable, "-c", script, str(tmp_path), str(kill)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as writer:
            assert writer.stdout is not None
            for _line in range(1 + kill):
                writer.stdout.readline()
            time.sleep(0.01)
            writer.kill()
        archive = Archive(tmp_path)
        archive.check()
        assert len(archive.revisions()) >= before
        before = len(archive.revisions())
    assert before > 0


def test_what_found_no_room_is_written_once_there_is_some(archive: Archive, tmp_path: Path) -> None:
    archive.keep("gw-b", sections(), None, DRIFT)
    long = sections("".join(f"{number:x} " for number in range(3000)))
    # In a process of its own: a limit on the size of files is for good, and git lets go of its file with a warning.
    script = (
        "import sys, json, pathlib, resource\n"
        "from tests.api.archive.test_archive import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))\n"
        "try: Archive(pathlib.Path(sys.argv[1])).keep('gw-b', json.loads(sys.argv[2]), None, DRIFT)\n"
        "except StoreError as error: print(error)\n"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "work"), json.dumps(long)]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]).stdout
    assert "cannot be used: [Errno 27] File too large" in said
    assert len(archive.revisions()) == 1
    archive.keep("gw-b", long, None, DRIFT)
    archive.check()


def test_a_folder_that_is_no_repository_is_said(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "work/archive.git").mkdir(parents=True)
    for ask in (archive.revisions, lambda: archive.keep("gw-b", sections(), None, DRIFT)):
        with pytest.raises(StoreError, match=r"archive.git cannot be used"):
            ask()
