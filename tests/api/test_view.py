"""What a part sees of the machine, tried by processes that have become somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab]

# Becomes account 65531 with a view of what it needs, and says what it can list, read and write.
_PART = """
import os, sys
from pathlib import Path
from api.serve.accounts import Account
from api.serve.privileges import drop
from api.serve.view import open_view, python_folders
needed = [Path(word) for word in sys.argv[2:]]
account = Account("edge", 65531, 65531)
if sys.argv[1] == "seen":
    open_view(account, (*python_folders(), *needed), networked=False)
drop(account)
for folder in needed:
    try:
        print(sorted(entry.name for entry in folder.iterdir()))
    except OSError as error:
        print(error.strerror)
import colorsys  # found only where Python's own files are still seen
print(sorted(entry.name for entry in needed[0].parent.iterdir()) if sys.argv[1] == "seen" else "")
"""


def part(how: str, *folders: Path) -> list[str]:
    words = [sys.executable, "-c", _PART, how, *map(str, folders)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder closed to everybody but root, with a folder in it that is not, and one with a secret."""
    wall = tmp_path / "closed"
    (wall / "deep" / "store").mkdir(parents=True)
    (wall / "deep" / "store" / "fosa.db").touch()
    (wall / "deep" / "secrets").mkdir()
    os.chown(wall / "deep" / "store", 65530, 65531)
    (wall / "deep" / "store").chmod(0o750)
    wall.chmod(0o700)
    return wall


def test_what_is_needed_is_seen_through_a_closed_folder_and_nothing_beside_it(closed: Path) -> None:
    store = closed / "deep" / "store"
    assert part("blind", store)[0] == "Permission denied"
    assert part("seen", store) == ["['fosa.db']", "['store']"]
    assert (closed / "deep" / "secrets").is_dir()


def test_a_link_on_the_way_is_followed(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(closed / "deep")
    assert part("seen", tmp_path / "link" / "store")[0] == "['fosa.db']"


def test_a_needed_folder_that_is_itself_closed_stays_closed(closed: Path) -> None:
    (closed / "deep" / "store").chmod(0o700)
    assert part("seen", closed / "deep" / "store", closed / "deep")[0] == "Permission denied"
