"""A practice office that stands, is pushed to and served, for the benchmarks that look at it from outside."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from bench.readers import Metrics
from inventory.load import load
from inventory.model import Office
from inventory.pairs import pair_of
from lab import office as practice
from lab.plan import topology_of

__all__ = ["Standing", "standing"]

FOSA = Path(sys.executable).parent / "fosa"
_PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A served practice office."""

    name: str
    state: Path
    office: Office
    port: int
    server: int
    """The number of the process that serves it."""

    def device(self, device: str, *words: str) -> None:
        """Run a command inside a device."""
        _run(practice.device_command(self.name, self.state, device, words))

    def line(self, device: str, state: str) -> None:
        """Set the far end of a gateway's line to the internet `up` or `down`: the gateway loses its carrier."""
        port = next(port.name for port in self.office.device(device).ports if port.wan is not None)
        topology = topology_of(self.office)
        # Of two gateways at one line both lose it, or the other one would take over.
        pair = pair_of(self.office, device)
        for name in pair.names if pair is not None else (device,):
            plug = topology.opposite(name, port)
            assert plug is not None, f"{name} has no line in the lab"
            _run(practice.host_command(self.name, self.state, plug.node, ["ip", "link", "set", plug.interface, state]))

    def metrics(self) -> Metrics:
        """A reader of its metrics."""
        return Metrics(self.port)


@contextmanager
def standing(name: str) -> Iterator[Standing]:
    """Up, tunnels, push, serve, all well; taken away in the end. Needs root."""
    state = Settings.from_environ(os.environ).state
    _say(f"bringing up the practice office {name}, pushing to it and serving it")
    _run([str(FOSA), "lab", "up", "--name", name])
    try:
        now = practice.status(name, state)
        assert now is not None, "the practice office is not there"
        office = load(Path(now.office)).require()
        manager = office.network.manager
        _insist(
            [
                str(FOSA),
                "lab",
                "shell",
                "--name",
                name,
                manager,
                "fosa",
                "push",
                "--yes",
                "--summary",
                "--carrier",
                "ssh",
            ]
        )
        with _served(name) as (port, server):
            there = Standing(name, state, office, port, server)
            _wait(lambda: there.metrics().well(), "everything is up")
            yield there
    finally:
        _run([str(FOSA), "lab", "down", "--name", name])


@contextmanager
def _served(name: str) -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    argv = [str(FOSA), "lab", "serve", "--name", name, "--port", str(port)]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(lambda: _answers(port), "the page answers")
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _insist(argv: list[str]) -> None:
    """A push needs the tunnels, and a practice office is ready before they are."""
    limit = time.monotonic() + _PATIENCE_S
    while (done := subprocess.run(argv, capture_output=True, text=True, check=False)).returncode:
        assert time.monotonic() < limit, done.stdout + done.stderr
        time.sleep(1)


def _wait(condition: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < limit, f"waited in vain until {what}"
        time.sleep(0.1)


def _run(argv: list[str]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, f"{' '.join(argv)}: {done.stdout}{done.stderr}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
