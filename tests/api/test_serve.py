"""`fosa serve` as a real process over the example office, which nobody can reach: its begin, its end, its refusals."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from api.cli import run
from api.cli.exits import Exit
from api.serve.accounts import accounts
from api.serve.lock import owner
from api.serve.place import Place, sqlite_file
from api.settings import Settings
from inventory.errors import InputError
from tests.slots import free_port

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
FOSA = Path(sys.executable).parent / "fosa"
Captured = pytest.CaptureFixture[str]


class Served:
    """A running `fosa serve`."""

    def __init__(self, state: Path, inventory: Path, port: int) -> None:
        self.state, self.url = state, f"http://127.0.0.1:{port}"
        self._log = state.parent / "log"
        words = [str(FOSA), "serve", "--inventory", str(inventory), "--port", str(port)]
        environ = {**os.environ, "FOSA_STATE": str(state), "FOSA_LANG": "en"}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(words, env=environ, stdout=log, stderr=log)

    @property
    def said(self) -> str:
        return self._log.read_text()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=20)

    def until(self, said: str) -> None:
        limit = time.monotonic() + 30
        while said not in self.said:
            assert time.monotonic() < limit, self.said
            time.sleep(0.05)

    def parts(self) -> dict[str, int]:
        """The processes of the parts, by module."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        lines = {}
        for pid in children:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # It ended in between.
                lines[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        return {words[3].rpartition(".")[2]: pid for pid, words in lines.items() if len(words) > 3}

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PILA, tmp_path / "office"))


@pytest.fixture
def served(tmp_path: Path, office: Path) -> Iterator[Served]:
    running = Served(tmp_path / "state", office, free_port())
    running.until("shows the office")
    yield running
    with contextlib.suppress(ProcessLookupError):
        running.process.terminate()
    running.process.wait(20)


def test_an_office_is_served_and_everything_ends_with_a_word(served: Served) -> None:
    # The first request waits at the open door until the edge is there.
    assert [tunnel["name"] for tunnel in served.get("/api/v1/tunnels").json()["items"]] == ["k-b", "k-c", "k-platform"]
    limit = time.monotonic() + 20
    while not (health := served.get("/healthz")).text.startswith("failing\nthe inventory does not say how to reach"):
        assert time.monotonic() < limit, health.text
        time.sleep(0.1)
    parts = served.parts()
    assert set(parts) == {"watcher", "edge", "worker"}
    assert owner(Place.of(served.state)) == served.process.pid
    assert served.end() == 0
    assert not [pid for pid in parts.values() if Path(f"/proc/{pid}").exists()]
    assert not Place.of(served.state).socket.exists()
    assert not Place.of(served.state).desk.exists()
    assert owner(Place.of(served.state)) is None
    assert "Traceback" not in served.said


def test_a_killed_supervisor_takes_its_parts_along(served: Served) -> None:
    served.get("/healthz")
    parts = served.parts()
    served.process.kill()
    served.process.wait(20)
    limit = time.monotonic() + 10
    while [pid for pid in parts.values() if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_second_one_and_a_taken_port_are_refused(served: Served, office: Path, tmp_path: Path) -> None:
    taken = served.url.rpartition(":")[2]
    words = [str(FOSA), "serve", "--inventory", str(office), "--port"]
    environ = {**os.environ, "FOSA_LANG": "en"}
    done = subprocess.run(
        [*words, taken], env={**environ, "FOSA_STATE": str(tmp_path / "b")}, capture_output=True, text=True, check=False
    )
    assert done.returncode == Exit.BAD_INPUT
    assert done.stderr == (
        f"127.0.0.1:{taken} cannot be listened on: Address already in use; choose another port with --port\n"
    )
    assert not (tmp_path / "b").exists()
    done = subprocess.run(
        [*words, str(free_port())],
        env={**environ, "FOSA_STATE": str(served.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.BAD_INPUT
    assert f"process {served.process.pid} serves from {served.state}/serve already" in done.stderr


def test_a_second_work_of_the_same_name_is_refused(served: Served, office: Path, tmp_path: Path) -> None:
    engine = served.state / "work/work.db"
    limit = time.monotonic() + 20
    while not engine.exists():
        assert time.monotonic() < limit, served.said
        time.sleep(0.05)
    done = subprocess.run(
        [str(FOSA), "serve", "--inventory", str(office), "--port", str(free_port())],
        env={
            **os.environ,
            "FOSA_LANG": "en",
            "FOSA_STATE": str(tmp_path / "b"),
            "FOSA_WORK_STORE": f"sqlite:///{engine}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.BAD_INPUT
    assert f"another process works as work on {engine}" in done.stderr
    assert served.process.poll() is None


def test_a_hangup_reads_the_inventory_again_if_it_is_sound(served: Served, office: Path) -> None:
    assert served.get("/api/v1/office").json()["title"].startswith("Miejski")
    text = (office / "office.yaml").read_text(encoding="utf-8")
    (office / "office.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    before = served.parts()
    served.process.send_signal(signal.SIGHUP)
    served.until("the inventory read before goes on being watched")
    assert served.parts() == before
    (office / "office.yaml").write_text(text.replace("title: Miejski", "title: Nowy", 1), encoding="utf-8")
    served.process.send_signal(signal.SIGHUP)
    served.until("reading the inventory again")
    limit = time.monotonic() + 20
    while not served.get("/api/v1/office").json()["title"].startswith("Nowy"):
        assert time.monotonic() < limit
        time.sleep(0.1)


def test_no_reader_is_sent_away_while_the_inventory_is_read_again(served: Served) -> None:
    def ask() -> int:
        # A connection of its own each time, and nothing that costs more than asking.
        connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=20)
        try:
            connection.request("GET", "/api/v1/office")
            return connection.getresponse().status
        finally:
            connection.close()

    ask()
    with ThreadPoolExecutor(4) as readers:
        for _time in range(3):
            edge = served.parts()["edge"]
            asked = [readers.submit(ask) for _ in range(40)]
            served.process.send_signal(signal.SIGHUP)
            while served.parts().get("edge", edge) == edge:
                asked.append(readers.submit(ask))
                time.sleep(0.01)
            assert {reader.result() for reader in asked} == {200}


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_another_bind_than_loopback_is_refused(bind: str, capsys: Captured) -> None:
    assert run(["serve", "--bind", bind, "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert (
        "no loopback address; fosa serves this machine only: come from elsewhere by ssh -L" in capsys.readouterr().err
    )


def test_a_bad_inventory_is_bad_input_and_starts_nothing(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "office.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    assert run(["serve", "--inventory", str(tmp_path)]) == Exit.BAD_INPUT
    assert "nonsense" in capsys.readouterr().err


def test_maintenance_is_said_shown_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))

    def told(*words: str) -> dict[str, object]:
        assert run(["maintenance", *words, "--json"]) == Exit.DONE
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    assert told() == {"maintenance": False, "reason": ""}
    assert told("on", "a", "new", "switch") == {"maintenance": True, "reason": "a new switch"}
    assert told() == {"maintenance": True, "reason": "a new switch"}
    assert told("off") == told("off") == {"maintenance": False, "reason": ""}
    assert run(["maintenance", "on"]) == Exit.BAD_INPUT
    assert run(["maintenance", "on", "x" * 301]) == Exit.BAD_INPUT
    assert run(["maintenance", "on", "a\nb"]) == Exit.BAD_INPUT
    assert run(["maintenance", "--name", "nosuch"]) == Exit.BAD_INPUT


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has accounts to give away")
def test_accounts_are_three_and_none_is_root() -> None:
    def of(watch: str, edge: str, work: str = "60001") -> None:
        names = {"FOSA_WATCH_USER": watch, "FOSA_EDGE_USER": edge, "FOSA_WORK_USER": work}
        accounts(Settings.from_environ(names))

    usual = accounts(Settings.from_environ({}))
    assert usual is not None
    assert len({usual.watch.uid, usual.edge.uid, usual.work.uid}) == 3
    of("daemon", "nobody")
    of("1", "60000")
    for *names, said in [
        ("nosuch", "nobody", "no account nosuch"),
        ("root", "nobody", "root is root"),
        ("daemon", "0", "0 is root"),
        ("daemon", "1", "must not share"),
        ("daemon", "nobody", "1", "must not share"),
    ]:
        with pytest.raises(InputError, match=said):
            of(*names)


def test_a_store_that_is_a_file_is_known_by_its_url() -> None:
    assert sqlite_file("sqlite:////var/lib/fosa/fosa.db") == Path("/var/lib/fosa/fosa.db")
    assert sqlite_file("postgresql+psycopg://fosa@db/fosa") is None


def test_settings_of_the_store_and_the_accounts() -> None:
    usual = Settings.from_environ({"FOSA_STATE": "/s"})
    assert usual.store == usual.edge_store == "sqlite:////s/store/fosa.db"
    named = Settings.from_environ({"FOSA_STORE": "postgresql://a/b", "FOSA_EDGE_USER": "web"})
    assert (named.store, named.edge_store, named.edge_user) == ("postgresql://a/b", "postgresql://a/b", "web")
    assert Settings.from_environ({"FOSA_EDGE_STORE": "postgresql://r@a/b"}).edge_store == "postgresql://r@a/b"
