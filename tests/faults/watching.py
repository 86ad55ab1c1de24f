"""The office of `standing`, served: what is asked of it from outside, and the cuts that make it tell something."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from standing import NAME, STATE, console, office_folder, until
from table import FOSA, expect

from api.store.store import Store
from inventory.errors import StoreError
from lab.paths import LabPaths
from monitor.results import Event
from tests.slots import free_port

__all__ = ["CUT_TUNNEL", "Health", "Served", "cut", "in_order", "mend", "served"]

CUT_TUNNEL, CUT_DEVICE = "k-c", "gw-c"
_PATIENCE_S = 90.0
_TABLE = "inet fault"
_SILENCE = (
    f"table {_TABLE} {{\nchain in {{\ntype filter hook prerouting priority -500\nicmp type echo-request drop\n}}\n}}\n"
)


@dataclass(frozen=True, slots=True)
class Health:
    """What `/healthz` said."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Served:
    """A served office and where its store is."""

    port: int
    supervisor: int
    store: str
    log: Path
    """What it said to whoever started it."""

    def get(self, path: str) -> str:
        """The body of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def health(self) -> Health:
        """Whether fosa itself is well."""
        try:
            return Health(200, self.get("/healthz"))
        except urllib.error.HTTPError as error:
            with error:
                return Health(error.code, error.read().decode())

    def metric(self, name: str, **labels: str) -> float:
        """The value of one series."""
        pairs = {"office": "pila", **labels}.items()
        series = name + "{" + ",".join(f'{label}="{value}"' for label, value in pairs) + "} "
        line = next((line for line in self.get("/metrics").splitlines() if line.startswith(series)), None)
        expect(f"a series {series}", holds=line is not None)
        return float((line or "").rpartition(" ")[2])

    def tunnel_up(self, tunnel: str = CUT_TUNNEL) -> bool:
        """Whether the metrics say so."""
        return self.metric("fosa_tunnel_up", tunnel=tunnel) == 1

    def events(self) -> list[Event]:
        """What the page shows as happened, the newest first."""
        return [Event(**one) for one in json.loads(self.get("/api/v1/events?limit=1000"))["items"]]

    def recorded(self) -> list[Event]:
        """What lies in the store, the oldest first."""
        store = Store(self.store, read_only=True)
        try:
            return list(reversed(store.events(100_000)))
        finally:
            store.close()

    def part(self, module: str) -> int:
        """The process of the watch (`watcher`) or of the edge (`edge`) that runs now."""
        return next(iter(self.parts(module)), 0)

    def parts(self, module: str) -> list[int]:
        """All of them."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if f"api.serve.{module}".encode() in words and str(self.supervisor).encode() in words:
                    found.append(int(folder.name))
        return found

    def said(self) -> str:
        """Everything it said so far."""
        return self.log.read_text(encoding="utf-8")


@contextlib.contextmanager
def served(
    store: str = "", awaited: Callable[[Served], None] | None = None, more: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Serve the office, its store wherever a URL says, until everything is well; end it afterwards. `more` stands in
    its environment.
    """
    office_folder()
    port = free_port()
    store = store or f"sqlite:///{LabPaths.of(NAME, STATE).folder}/store/fosa.db"
    argv = [str(FOSA), "lab", "serve", "--name", NAME, "--port", str(port)]
    environ = {**os.environ, "FOSA_LANG": "en", "FOSA_STORE": store, **(more or {})}
    with tempfile.NamedTemporaryFile(prefix="fosa-fault-") as log:
        with subprocess.Popen(argv, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process:
            there = Served(port, process.pid, store, Path(log.name))
            try:
                (awaited or in_order)(there)
                # Before the first write a store that goes is only one that has not been begun yet.
                expect("something in the store", holds=until(lambda: _has_written(there), 20), seen=there.said())
                yield there
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
        left = [pid for module in ("watcher", "edge") for pid in there.parts(module)]
        expect("nothing left of it", holds=not left, seen=left)


def _has_written(there: Served) -> bool:
    with contextlib.suppress(StoreError):
        return bool(there.recorded())
    return False


def in_order(there: Served) -> None:
    """Everything is up, and fosa itself is well."""

    def holds() -> bool:
        with contextlib.suppress(OSError):
            tunnels = json.loads(there.get("/api/v1/tunnels"))["items"]
            ends = [end for tunnel in tunnels for end in (tunnel["reading"], *tunnel["reading"]["ends"])]
            return there.health().code == 200 and all(one["state"] == "up" for one in ends)
        return False

    expect("everything in order", holds=until(holds, _PATIENCE_S), seen=there.said())


def cut(there: Served) -> None:
    """Take the probes' way through a tunnel, and see that the metrics tell."""
    console(CUT_DEVICE, "nft", _SILENCE)
    expect("the cut in the metrics", holds=until(lambda: not there.tunnel_up(), 10))


def mend(there: Served) -> None:
    """Give it back, and see that the metrics tell."""
    console(CUT_DEVICE, "nft", f"delete table {_TABLE}")
    expect("the tunnel back in the metrics", holds=until(there.tunnel_up, 10))
