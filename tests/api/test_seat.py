"""One executor, one seat: in a file and in a real PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from api.store.seat import take
from inventory.errors import InputError, StoreError
from tests.postgres import Postgres

SIT = """
import sys
from api.store.seat import take
seat = take(*sys.argv[1:])
print("sits", flush=True)
sys.stdin.read()
"""


def test_a_second_process_of_the_same_name_is_refused_until_the_first_is_gone(url: str, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SIT, url, "work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "sits\n"
        with pytest.raises(InputError, match="another process works as work on"):
            take(url, "work")
        take(url, "work-2").leave()
        other.kill()
    seat = take(url, "work")
    assert seat.held()
    seat.leave()
    take(url, "work").leave()


@pytest.mark.lab
def test_a_server_that_was_restarted_has_forgotten_who_sits_there(postgres: Postgres) -> None:
    seat = take(postgres.fresh(), "work")
    postgres.stop()
    postgres.start()
    assert not seat.held()
    seat.leave()


def test_a_database_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        take(f"sqlite:///{tmp_path}/none/work.db", "work")
    with pytest.raises(StoreError, match="cannot be reached"):
        take("postgresql://nobody@127.0.0.1:1/none", "work")
