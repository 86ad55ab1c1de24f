"""The process that watches: tunnels, gateways, lines; every ten minutes it judges the office by the rules.

    python -m api.serve.watcher --parent PROCESS

It holds the keys of the read accounts, and nothing that could change a device. Started by the supervisor.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from api.picture import Exchanges
from api.serve.accounts import accounts
from api.serve.link import Link, bind
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
from monitor.results import Event, Watched
from monitor.watch import Keys, Listener, Watch, read_keys

__all__ = ["main"]

_FLUSH_S = 3.0


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was fetched while the process still had its privileges."""

    office: Office
    keys: Keys
    watch: Watch
    link: Link
    recorder: Recorder
    listening: socket.socket


def main(arguments: Sequence[str]) -> int:
    """Watch until told to end."""
    parser = argparse.ArgumentParser(prog="watch")
    parser.add_argument("--parent", type=int, default=0)
    asked = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    ready = _prepare(settings)
    _give_up_privileges(settings, asked.parent)
    ready.recorder.start()
    try:
        asyncio.run(_run(ready))
    finally:
        ready.recorder.close(_FLUSH_S)
    return 0


def _prepare(settings: Settings) -> _Ready:
    found = load(settings.inventory)
    office = found.require()
    keys = read_keys(office, SecretStore(found.folder))
    recorder = Recorder(Store(settings.store))
    place = Place.of(settings.state)

    def on_picture(watched: Watched) -> None:
        link.picture(watched, recorder.problem)
        recorder.put(picture=watched)

    def on_events(events: tuple[Event, ...]) -> None:
        link.events(events)
        recorder.put(events=events)

    watch = Watch(office, keys, Listener(on_picture, on_events))
    watch.prepare()

    def exchanges(probe: str) -> Exchanges | None:
        found = watch.exchanges(probe)
        return Exchanges(tuple(found[0]), tuple(found[1])) if found else None

    link = Link(exchanges)
    return _Ready(office, keys, watch, link, recorder, bind(place.socket))


def _give_up_privileges(settings: Settings, parent: int) -> None:
    """Become the watch's account: the sockets are open and the keys are read; no capability is kept."""
    who = accounts(settings)
    if who is not None:
        store = sqlite_file(settings.store)
        needed = [*python_folders(), Place.of(settings.state).folder, *([store.parent] if store else [])]
        open_view(who[0], needed, networked=True)
        place = Place.of(settings.state).socket
        os.chown(place, who[0].uid, who[1].gid)
    drop(who[0] if who else None)
    die_with(parent)


async def _run(ready: _Ready) -> None:
    """Watch, answer and judge; ends by a signal, or with the first of them that ends."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)

    tasks = [
        asyncio.create_task(ready.watch.run()),
        asyncio.create_task(ready.link.serve(ready.listening)),
        asyncio.create_task(ended.wait()),
    ]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


if __name__ == "__main__":
    begin(main, sys.argv[1:])
