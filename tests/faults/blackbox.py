"""Debian's prometheus-blackbox-exporter on the manager's host, asked once a second what it sees of one target."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from bench.stage import Standing
from lab import namespace
from lab.paths import LabPaths
from lab.practice import enter_namespace
from tests.unpacked import as_installed

__all__ = ["Box", "Looked", "Question", "blackbox"]

_PORT = 9115
_EACH_S = 1.0
"""Prometheus asks every 15 s or so: the exporter is not to seem slower here than it is."""
_SUCCESS = "probe_success 1"


@dataclass(frozen=True, slots=True)
class Question:
    """What it is asked: one of its modules, and of whom."""

    module: str
    target: str


@dataclass(slots=True)
class Looked:
    """What it told, instants of `time.monotonic`."""

    told: list[tuple[float, bool]] = field(default_factory=list)

    def first(self, *, well: bool, since: float) -> float | None:
        """The instant it first told so."""
        return next((at for at, was_well in tuple(self.told) if at >= since and was_well is well), None)


@dataclass(frozen=True, slots=True)
class Box:
    """It runs."""

    where: Path
    """The manager's network."""

    @contextmanager
    def looking(self, question: Question | None) -> Iterator[Looked]:
        """Ask it once a second meanwhile; nothing where there is nothing to ask."""
        looked, ended = Looked(), Event()
        thread = Thread(target=self._look, args=(question, looked, ended))
        if question is not None:
            thread.start()
        try:
            yield looked
        finally:
            ended.set()
            if question is not None:
                thread.join()

    def _look(self, question: Question, looked: Looked, ended: Event) -> None:
        namespace.enter(self.where)
        path = f"/probe?{urlencode({'module': question.module, 'target': question.target})}"
        while not ended.is_set():
            begun = time.monotonic()
            text = _asked(path)
            looked.told.append((time.monotonic(), _SUCCESS in text.splitlines()))
            ended.wait(max(0.0, begun + _EACH_S - time.monotonic()))


@contextmanager
def blackbox(there: Standing, folder: Path, modules: Mapping[str, object]) -> Iterator[Box]:
    """Run it where the manager stands; its configuration and log go into a folder."""
    paths = LabPaths.of(there.name, there.state)
    manager = paths.prefix + there.office.network.manager
    config = folder / "blackbox.json"  # JSON is YAML
    config.write_text(json.dumps({"modules": modules}), encoding="utf-8")
    argv = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{_PORT}"]
    with (folder / "blackbox.log").open("w") as log:
        running = subprocess.Popen(
            enter_namespace(manager, as_installed(there.state, argv)), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        namespace.inside(manager, _await)
        yield Box(namespace.path(manager))
    finally:
        running.terminate()
        running.wait(20)


def _asked(path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def _await() -> None:
    limit = time.monotonic() + 30
    while True:
        try:
            _asked("/-/healthy")
        except ConnectionError:
            assert time.monotonic() < limit, "the blackbox exporter does not answer"
            time.sleep(0.1)
        else:
            return
