"""Everything read once: for scripts, and for a check that wants to know what is happening."""

from __future__ import annotations

import asyncio
import contextlib

from inventory.model import Office
from monitor.results import Reason, Watched
from monitor.watch import Keys, Listener, Watch

__all__ = ["PATIENCE_S", "all_read", "read_once"]

PATIENCE_S = 5.0
"""So long what does not come is waited for."""


def read_once(office: Office, keys: Keys, patience_s: float = PATIENCE_S) -> Watched:
    """Watch until each thing has been read, or is known not to be readable; what has not then stays unknown."""
    return asyncio.run(_read(office, keys, patience_s))


def all_read(watched: Watched) -> bool:
    """Whether nothing is left that has not been read yet."""
    probes = [tunnel.probe.reason for tunnel in watched.tunnels if tunnel.probe is not None]
    ends = [end.reason for tunnel in watched.tunnels for end in tunnel.ends]
    others = [*(link.reason for link in watched.links), *(device.reason for device in watched.devices)]
    return Reason.NOT_READ_YET not in {*probes, *ends, *others}


async def _read(office: Office, keys: Keys, patience_s: float) -> Watched:
    done = asyncio.Event()

    def heard(watched: Watched) -> None:
        if all_read(watched):
            done.set()

    watch = Watch(office, keys, Listener(on_picture=heard))
    running = asyncio.create_task(watch.run())
    waiting = asyncio.create_task(done.wait())
    try:
        await asyncio.wait({running, waiting}, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        for task in (running, waiting):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(running, waiting, return_exceptions=True)
    return watch.picture()
