"""A watch as commands meet it: a socket in the state folder that tells a picture, polls, and a probe's exchanges."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import MappingProxyType

from api.picture import Exchanges
from api.serve.link import Link, bind
from api.serve.place import Place
from monitor.results import Watched
from monitor.snmp.model import Polled

__all__ = ["linked"]

_AGAIN_S = 0.05


@contextmanager
def linked(
    state: Path,
    watched: Watched,
    polled: Iterable[Polled] = (),
    exchanges: Mapping[str, Exchanges] = MappingProxyType({}),
) -> Iterator[None]:
    """It tells its picture again and again, as a watch does."""
    place = Place.of(state)
    place.socket.parent.mkdir(parents=True, exist_ok=True)
    listening = bind(place.socket)
    loop = asyncio.new_event_loop()

    async def tell(link: Link) -> None:
        while True:
            link.picture(watched)
            await asyncio.sleep(_AGAIN_S)

    def serve() -> None:
        link = Link(exchanges.get)
        link.picture(watched)
        for one in polled:
            link.polled(one)
        tasks = [loop.create_task(link.serve(listening)), loop.create_task(tell(link))]
        loop.run_forever()
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    thread = Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
