"""The page over stills, really served on a loopback port, for tests that need a real server or a real browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from api.app import create_app
from api.picture import Picture
from tests.api.stills import Stills

__all__ = ["Site", "serving"]


class Site:
    """A served page; what it shows can be exchanged at any time."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._stills = Stills()
        config = uvicorn.Config(
            create_app(self._stills), log_level="critical", lifespan="off", timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/"

    def put(self, picture: Picture) -> None:
        """Show another picture from now on."""
        self._loop.call_soon_threadsafe(self._stills.put, picture)

    def start(self) -> None:
        """Serve until `stop`."""
        self._socket.listen(100)
        self._thread.start()

    def stop(self) -> None:
        """Leave every reader alone."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._served())

    async def _served(self) -> None:
        await self._server.serve([self._socket])
        # Connections that were cut off still have to be taken down.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.05)


@contextmanager
def serving(port: int = 0) -> Iterator[Site]:
    """A served page for as long as it is needed; port 0 takes any."""
    site = Site(port)
    site.start()
    try:
        yield site
    finally:
        site.stop()
