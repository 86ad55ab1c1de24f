"""A practice office that is served: who the parts are, what they cannot do, what readers get when one dies."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.accounts.verbs import LIST
from api.cli.served import stop
from api.desk.client import Client
from api.desk.verb import Nothing
from api.serve.lock import owner
from api.serve.place import Place
from inventory.errors import RefusedError
from lab import namespace
from lab import office as practice
from lab.sweep import processes_in
from tests.prometheus import prometheus
from tests.slots import free_port, lab_name

pytestmark = [pytest.mark.lab, pytest.mark.timeout(120)]

FOSA = Path(sys.executable).parent / "fosa"
TWO = Path(__file__).parents[1] / "data" / "lab" / "two"


@dataclass(frozen=True, slots=True)
class Served:
    """An office that stands and can be served, in a state folder closed to everybody but root."""

    name: str
    state: Path
    office: Path
    port: int

    def fosa(self, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "FOSA_STATE": str(self.state), "FOSA_LANG": "en", "PLANTED": "in the environment"}
        options = ["--name", self.name]
        return subprocess.run(
            [str(FOSA), *words, *options], env=environ, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self) -> None:
        done = self.fosa("lab", "serve", "--detach", "--port", str(self.port))
        assert done.returncode == 0, done.stderr

    @property
    def folder(self) -> Path:
        return self.state / "labs" / self.name

    @property
    def supervisor(self) -> int:
        return int((self.folder / "serve/lock").read_text())

    def part(self, name: str) -> int:
        """The process of a part."""
        children = Path(f"/proc/{self.supervisor}/task/{self.supervisor}/children").read_text().split()
        for pid in children:
            if f"api.serve.{name}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise LookupError(name)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)

    def log(self) -> str:
        return (self.folder / "serve.log").read_text()


def until(met: Callable[[], object], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def office(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    name, own = lab_name("srv"), tmp_path_factory.mktemp("served") / "state"
    own.mkdir(mode=0o700)
    (own / "daemons").symlink_to(state / "daemons")
    try:
        yield Served(name, own, Path(practice.up(TWO, name, own).office), free_port())
    finally:
        stop(name, own)
        practice.down(name, own)


@pytest.fixture
def served(office: Served) -> Served:
    if owner(Place.of(office.folder)) is None:
        office.start()
    until(lambda: office.get("/healthz").status_code == 200)
    return office


def facts(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: " ".join(value.split()) for name, _colon, value in (line.partition(":") for line in lines)}


def alive(pid: int) -> bool:
    """Whether it runs. One that has ended stays listed until the machine's first process takes note."""
    return Path(f"/proc/{pid}").exists() and not facts(pid)["State"].startswith("Z")


def network(pid: int | str) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def holds(pid: int, text: str) -> bool:
    """Whether a text stands anywhere in the memory of a process; what it gives back meanwhile is left out."""
    read = found = False
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area, rights, *_rest = line.split()
            first, last = (int(number, 16) for number in area.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                with contextlib.suppress(OSError):
                    memory.seek(first)
                    found = text.encode() in memory.read(last - first) or found
                    read = True
    assert read
    return found


def test_the_parts_are_three_accounts_without_any_right(served: Served) -> None:
    watch, edge, work = (served.part(name) for name in ("watcher", "edge", "worker"))
    assert len({facts(pid)["Uid"] for pid in (watch, edge, work)}) == 3
    for pid in (watch, edge, work):
        found = facts(pid)
        assert "0" not in {*found["Uid"].split(), *found["Gid"].split()}
        assert found["Groups"] == ""
        assert {found[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {""}
        assert found["NoNewPrivs"] == "1"
    status = practice.status(served.name, served.state)
    assert status is not None
    there = namespace.path(status.node(status.manager).namespace)
    assert network(watch) == network(work) == f"net:[{there.stat().st_ino}]"
    assert network(edge) not in {network(watch), network("self")}
    assert [line.split(":")[0].strip() for line in Path(f"/proc/{edge}/net/dev").read_text().splitlines()[2:]] == ["lo"]


def opened(pid: int) -> list[str]:
    """The places a process has open; what it closes meanwhile is left out."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(link.readlink()))
    assert found
    return found


def test_the_work_has_the_keys_the_watch_the_read_key_alone_and_the_edge_none(served: Served) -> None:
    keys = {
        role: (served.office / f"secrets/manager-{role}").read_text().splitlines()[3][:40] for role in ("read", "write")
    }
    watch, edge, work = (served.part(name) for name in ("watcher", "edge", "worker"))
    assert holds(work, keys["read"])
    assert holds(work, keys["write"])
    assert holds(watch, keys["read"])
    assert not holds(watch, keys["write"])
    assert not holds(edge, keys["read"])
    assert not holds(edge, keys["write"])
    for pid in (watch, edge, work):
        assert b"PLANTED" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert not [place for place in opened(pid) if "secrets" in place]


@pytest.mark.parametrize("part", ["watcher", "edge", "worker"])
def test_no_part_can_open_a_secret(served: Served, part: str) -> None:
    pid, file = served.part(part), served.office / "secrets/manager-write"
    uid = facts(pid)["Uid"].split()[0]
    as_part = ["nsenter", "--target", str(pid), "--mount", "setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"]
    done = subprocess.run([*as_part, "cat", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    # In the part's own view the whole folder is not there, not even to root.
    done = subprocess.run([*as_part[:4], "ls", str(served.office)], capture_output=True, text=True, check=False)
    assert "No such file" in done.stderr
    assert file.read_text()


def test_gateways_are_read_and_the_store_is_written(served: Served) -> None:
    def devices() -> dict[str, str]:
        items = served.get("/api/v1/devices?managed=true").json()["items"]
        return {device["name"]: device["reading"]["state"] for device in items}

    until(lambda: set(devices().values()) == {"up"})
    assert served.get("/api/v1/events").json()["total"] > 0
    files = {entry.name: entry.stat() for entry in (served.folder / "store").iterdir()}
    assert "fosa.db" in files
    assert {oct(found.st_mode & 0o777) for found in files.values()} == {"0o640"}


def test_the_office_is_judged_with_the_read_keys_alone(served: Served) -> None:
    until(lambda: served.get("/api/v1/report").status_code == 200)
    report = served.get("/api/v1/report").json()
    assert report["problems"] == []
    assert report["coverage"]["assets_judged"] == report["coverage"]["assets_expected"] == 2
    assert served.get("/api/v1/findings?result=pass").json()["total"] > 0
    # The process that judged is gone; of the watch nothing else has been left.
    children = Path(f"/proc/{served.part('watcher')}/task/{served.part('watcher')}/children")
    until(lambda: children.read_text() == "")


def test_the_page_hears_from_the_work_what_stands_at_the_desk(served: Served) -> None:
    until(lambda: 'fosa_plans{office="two",state="proposed"} 0' in served.get("/metrics").text)
    tally = (served.folder / "desk/tally.json").stat()
    edge = facts(served.part("edge"))
    assert (oct(tally.st_mode & 0o7777), str(tally.st_gid)) == ("0o640", edge["Gid"].split()[0])


def test_what_drills_have_shown_lies_where_the_watch_sees_it_and_only_the_work_writes(served: Served) -> None:
    # The watch has a view of its own: of a closed folder nothing but what it needs.
    told = Path(f"/proc/{served.part('watcher')}/root{served.folder}/desk/drills.json")
    until(told.exists)
    entry, worker = told.stat(), facts(served.part("worker"))
    assert (oct(entry.st_mode & 0o7777), str(entry.st_uid)) == ("0o644", worker["Uid"].split()[0])


def test_a_real_prometheus_scrapes_the_office_and_has_nothing_to_alarm(
    served: Served, state: Path, tmp_path: Path
) -> None:
    tunnels = {row["name"] for row in served.get("/api/v1/tunnels").json()["items"]}
    with prometheus(state, tmp_path, served.port) as scraper:
        scraper.wait_for(lambda: scraper.query("fosa_tunnel_up") == dict.fromkeys(tunnels, 1))
        scraper.wait_for(lambda: scraper.alerts() == set())
        assert scraper.query("up{job='any'}") == {"up": 1}
        assert scraper.query("fosa_watch_up") == {"fosa_watch_up": 1}


def test_a_silent_watch_is_said_within_seconds(served: Served) -> None:
    watch = served.part("watcher")
    os.kill(watch, signal.SIGSTOP)
    try:
        until(lambda: served.get("/healthz").status_code == 500, 6)
        assert "the watch has been silent for" in served.get("/healthz").text
        metrics = served.get("/metrics").text
        assert 'fosa_watch_up{office="two"} 0' in metrics
        assert not re.search(r"^fosa_tunnel_up.* 1$", metrics, re.MULTILINE)
        assert re.search(r'^fosa_tunnel_state.*state="unknown"} 1$', metrics, re.MULTILINE)
    finally:
        os.kill(watch, signal.SIGCONT)
    until(lambda: served.get("/healthz").status_code == 200, 6)


def test_a_killed_part_is_started_again_and_readers_wait(served: Served) -> None:
    began = served.get("/api/v1/watch").json()["began"]
    os.kill(served.part("watcher"), signal.SIGKILL)
    until(lambda: served.get("/api/v1/watch").json()["began"] not in {began, None}, 15)
    edge = served.part("edge")
    os.kill(edge, signal.SIGKILL)
    # Asked while there is no edge: the door is the supervisor's, the next edge answers.
    assert served.get("/healthz").status_code in {200, 500}
    assert served.part("edge") != edge
    assert "watch was killed by SIGKILL; it is started again in 0.2 s" in served.log()
    assert "edge was killed by SIGKILL; it is started again in 0.2 s" in served.log()
    until(lambda: served.get("/api/v1/watch").json()["silent_s"] is not None)
    assert served.get("/api/v1/events").json()["total"] > 0


def test_who_asks_at_the_desk_waits_for_a_work_that_was_killed(served: Served) -> None:
    client = Client(Place.of(served.folder).desk)

    def ask() -> None:
        with pytest.raises(RefusedError, match="nobody has an account here yet"):
            client.call(LIST, Nothing())

    ask()
    work = served.part("worker")
    os.kill(work, signal.SIGKILL)
    ask()
    assert served.part("worker") != work
    assert "work was killed by SIGKILL; it is started again in 0.2 s" in served.log()


def test_the_works_folders_are_its_own(served: Served) -> None:
    work = facts(served.part("worker"))["Uid"].split()[0]
    found = {name: (served.folder / name).stat() for name in ("work", "ledger", "desk")}
    assert {str(entry.st_uid) for entry in found.values()} == {work}
    assert {name: oct(entry.st_mode & 0o7777) for name, entry in found.items()} == {
        "work": "0o700",
        "ledger": "0o700",
        "desk": "0o2755",
    }


def test_the_end_leaves_nothing_behind(served: Served) -> None:
    status = practice.status(served.name, served.state)
    assert status is not None
    manager = frozenset({status.node(status.manager).namespace})
    parts = [served.supervisor, *(served.part(name) for name in ("watcher", "worker", "edge"))]
    before = processes_in(manager)
    assert parts[1] in before
    assert "process" in served.fosa("lab", "serve", "--port", str(free_port())).stderr
    done = served.fosa("lab", "serve", "--stop", "--json")
    assert json.loads(done.stdout)["found"] is True
    assert not [pid for pid in parts if alive(pid)]
    assert processes_in(manager) <= before - set(parts[1:3])
    assert not (served.folder / "serve/watch.sock").exists()
    with pytest.raises(httpx.ConnectError):
        served.get("/")
    assert json.loads(served.fosa("lab", "serve", "--stop", "--json").stdout)["found"] is False
    assert "Traceback" not in served.log()


def test_a_taken_port_is_one_message(office: Served) -> None:
    office.fosa("lab", "serve", "--stop")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", office.port))
        taken.listen()
        done = office.fosa("lab", "serve", "--detach", "--port", str(office.port))
    assert done.returncode == 1
    assert "is not served" in done.stderr
    assert f"127.0.0.1:{office.port} cannot be listened on: Address already in use" in done.stderr


def test_maintenance_of_a_practice_office(served: Served) -> None:
    assert served.fosa("maintenance", "on", "a new switch").returncode == 0
    until(lambda: served.get("/healthz").status_code == 503, 5)
    assert served.get("/healthz").text == "maintenance\na new switch\n"
    assert served.fosa("maintenance", "off").returncode == 0
    until(lambda: served.get("/healthz").status_code == 200, 5)


def test_taking_the_office_down_ends_its_service(served: Served) -> None:
    parts = [served.supervisor, *(served.part(name) for name in ("watcher", "worker", "edge"))]
    assert served.fosa("lab", "down").returncode == 0
    assert not [pid for pid in parts if alive(pid)]
    assert not served.folder.exists()
