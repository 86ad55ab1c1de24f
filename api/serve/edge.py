"""The process that shows: the page, the API, the metrics. It holds no credential and can reach no device.

    python -m api.serve.edge --listening DESCRIPTOR --parent PROCESS

Started by the supervisor, which made the socket it listens on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence

import uvicorn

from api.app import Desk, create_app
from api.serve.accounts import accounts
from api.serve.asking import asked_by_programs
from api.serve.heard import Heard
from api.serve.part import begin
from api.serve.place import Place, sqlite_file
from api.serve.privileges import die_with, drop
from api.serve.shelf import Shelf
from api.serve.view import open_view, python_folders
from api.settings import Settings
from api.store.store import Store
from api.visit.visitors import Visitors
from inventory.load import load
from inventory.model import Office

__all__ = ["main"]

_GRACE_S = 2
_LAST_S = 0.3
"""So long a connection that was just taken has to say what it wants."""


def main(arguments: Sequence[str]) -> int:
    """Show until told to end."""
    parser = argparse.ArgumentParser(prog="edge")
    parser.add_argument("--listening", type=int, required=True)
    parser.add_argument("--parent", type=int, default=0)
    asked = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    office = load(settings.inventory).require()
    _give_up_privileges(settings, asked.parent)
    with socket.socket(fileno=asked.listening) as listening:
        asyncio.run(_show(settings, office, listening))
    return 0


def _give_up_privileges(settings: Settings, parent: int) -> None:
    """Become the edge's account: a secret of the inventory cannot be opened any more, nor a device be reached."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    who = accounts(settings)
    if who is not None:
        place, store = Place.of(settings.state), sqlite_file(settings.edge_store)
        needed = [*python_folders(), place.folder, place.desk.parent, *([store.parent] if store else [])]
        open_view(who.edge, needed, networked=store is None)
    drop(who.edge if who else None)
    die_with(parent)


async def _show(settings: Settings, office: Office, listening: socket.socket) -> None:
    store = Store(settings.edge_store, read_only=True)
    place = Place.of(settings.state)
    heard = Heard(office, place, Shelf(store))
    app = create_app(heard, Desk(Visitors(place.desk, place.accounts), asked_by_programs()))
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_S,
        ),
        app.close,
    )
    hearing = asyncio.create_task(heard.run())
    hearing.add_done_callback(lambda _task: setattr(server, "should_exit", True))
    try:
        await server.serve(sockets=[listening])
    finally:
        hearing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hearing
        store.close()


class _Server(uvicorn.Server):
    """Answers whom it let in; lets go of its streams before it waits for what is still being answered."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self._close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Who comes from now on waits at the socket for the next edge; who was let in a moment ago must not be sent away
        # unheard, as the server would do with every connection that has not asked yet.
        for server in self.servers:
            server.close()
        await asyncio.sleep(_LAST_S)
        self._close()
        await super().shutdown(sockets)


if __name__ == "__main__":
    begin(main, sys.argv[1:])
