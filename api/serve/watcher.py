"""The process that watches: tunnels, gateways, lines; every ten minutes it judges the office by the rules.

    python -m api.serve.watcher --parent PROCESS
    python -m api.serve.watcher --secrets FILE

It holds the keys of the read accounts, and nothing that could change a device. Started by the supervisor; or by systemd
under its own account, with what was handed over to it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from api.drills.told import Told
from api.picture import Exchanges
from api.serve.accounts import accounts
from api.serve.child import python
from api.serve.handover import received
from api.serve.judging import Judging
from api.serve.link import Link, bind
from api.serve.lock import locked
from api.serve.part import begin
from api.serve.place import Place, sqlite_file
from api.serve.privileges import die_with, drop
from api.serve.view import open_view, python_folders
from api.settings import Settings
from api.store.recorder import Recorder
from api.store.store import Store
from inventory.load import load
from inventory.model import Office
from inventory.secrets import SecretStore
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled
from monitor.sweeping import sweep_seldom
from monitor.watch import Keys, Listener, Watch, read_keys

__all__ = ["main"]

_FLUSH_S = 3.0
_MIGRATE_S = 10.0
_MIGRATE = "import os; from api.store.store import Store; Store(os.environ['FOSA_STORE']).migrate()"


def main(arguments: Sequence[str]) -> int:
    """Watch until told to end."""
    parser = argparse.ArgumentParser(prog="watch")
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--secrets", type=Path)
    asked = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    found = load(settings.inventory)
    office = found.require()
    secrets = received(asked.secrets) if asked.secrets else SecretStore(found.folder)
    place = Place.of(settings.state)
    watcher = _Watcher(office, read_keys(office, secrets), Recorder(Store(settings.store)), Told(place.drills))
    # Without a supervisor nobody else would say that there is one who serves from here.
    with locked(place) if asked.secrets else contextlib.nullcontext():
        listening = bind(place.socket)
        _give_up_privileges(settings, asked.parent)
        try:
            sweep_seldom()
            asyncio.run(watcher.run(listening))
        finally:
            watcher.end()
    return 0


class _Watcher:
    """The watch, and whom it tells: followers over the socket, and the store. Made while there still are privileges."""

    def __init__(self, office: Office, keys: Keys, recorder: Recorder, drills: Told) -> None:
        self._recorder, self._recording = recorder, False
        self._watch = Watch(office, keys, Listener(self._on_picture, self._on_events, self._on_polled))
        self._watch.prepare()
        self._link = Link(self._exchanges)
        self._judging = Judging(office, keys, self._watch.picture, drills.now)

    async def run(self, listening: socket.socket) -> None:
        """Watch, answer and judge; ends by a signal, or with the first of them that ends."""
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        works = (
            self._watch.run(),
            self._link.serve(listening),
            self._judging.run(self._on_report),
            self._record(),
            ended.wait(),
        )
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(work) for work in works]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            task.result()

    def end(self) -> None:
        """Write what has not been written."""
        self._start_recording()
        self._recorder.close(_FLUSH_S)

    async def _record(self) -> None:
        """Write into the store until cancelled."""
        # In a process that ends: the recorder would bring the store up to date as well, but what that takes stays in
        # memory for good. Whatever goes wrong here, the recorder meets again, and says so.
        with contextlib.suppress(OSError, TimeoutError):
            await python(("-c", _MIGRATE), b"", _MIGRATE_S)
        self._start_recording()
        await asyncio.Event().wait()

    def _start_recording(self) -> None:
        if not self._recording:
            self._recording = True
            self._recorder.start()

    def _on_picture(self, watched: Watched) -> None:
        if problem := self._judging.problem:
            watched = watched.model_copy(update={"problems": (*watched.problems, problem)})
        self._link.picture(watched, self._recorder.problem)
        self._recorder.put(picture=watched)

    def _on_events(self, events: tuple[Event, ...]) -> None:
        self._link.events(events)
        self._recorder.put(events=events)

    def _on_polled(self, polled: Polled) -> None:
        self._link.polled(polled)
        self._recorder.put(polled=polled)

    def _on_report(self, report: Report) -> None:
        self._link.report(report)
        self._recorder.put(report=report)

    def _exchanges(self, probe: str) -> Exchanges | None:
        found = self._watch.exchanges(probe)
        return Exchanges(tuple(found[0]), tuple(found[1])) if found else None


def _give_up_privileges(settings: Settings, parent: int) -> None:
    """Become the watch's account: the sockets are open and the keys are read; no capability is kept."""
    who = accounts(settings)
    if who is not None:
        store = sqlite_file(settings.store)
        place = Place.of(settings.state)
        needed = [*python_folders(), place.folder, place.drills.parent, *([store.parent] if store else [])]
        open_view(who.watch, needed, networked=True)
        os.chown(place.socket, who.watch.uid, who.edge.gid)
    drop(who.watch if who else None)
    die_with(parent)


if __name__ == "__main__":
    begin(main, sys.argv[1:])
