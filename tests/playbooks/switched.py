"""An emulated switch that is switched on, in a thread of its own: drivers block."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lab.devices.serve import Emulated, Server, serving

__all__ = ["Powered", "switched_on"]


@dataclass(frozen=True)
class Powered:
    """A device that is on, and the loop it lives in."""

    server: Server
    loop: asyncio.AbstractEventLoop

    def call(self, what: Callable[[], None]) -> None:
        """In the device's own thread; returns when it has been done."""
        done = threading.Event()
        self.loop.call_soon_threadsafe(what)
        self.loop.call_soon_threadsafe(done.set)
        assert done.wait(10)


@contextmanager
def switched_on(device: Emulated) -> Iterator[Powered]:
    """On 127.0.0.1, on a port of its own, for the time of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    open_ = serving(device)
    try:
        server = asyncio.run_coroutine_threadsafe(open_.__aenter__(), loop).result(10)
        server.restart_s = 0.1
        yield Powered(server, loop)
    finally:
        asyncio.run_coroutine_threadsafe(open_.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
