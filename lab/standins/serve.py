"""The process of the stand-ins.

    python -m lab.standins.serve

Reads its order from its input, says `ready` once everybody listens, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from threading import Thread

from lab import namespace
from lab.standins.asker import ask_on
from lab.standins.names import Names
from lab.standins.order import READY, Order, read
from lab.standins.web import Web

__all__ = ["main"]

_DNS = 53


def main() -> int:
    """Until nobody wants it any more."""
    asyncio.run(_serve(read(sys.stdin.readline())))
    return 0


async def _serve(order: Order) -> None:
    loop = asyncio.get_running_loop()
    for host in order.hosts:
        listening = _bound(host.namespace, socket.SOCK_STREAM, (host.address, host.port))
        listening.setblocking(True)
        listening.listen()
        Thread(target=Web(host, order.folder).run, args=(listening,), daemon=True).start()
    for resolver in order.resolvers:
        listening = _bound(resolver.namespace, socket.SOCK_DGRAM, (resolver.address, _DNS))
        names = Names(resolver, order.folder)
        await loop.create_datagram_endpoint(lambda names=names: names, sock=listening)  # type: ignore[misc]  # bound now
    tasks = [loop.create_task(ask_on(asking, order.folder)) for asking in order.asking]
    os.write(sys.stdout.fileno(), READY)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    await ended.wait()
    for task in tasks:
        task.cancel()


def _bound(where: str, kind: socket.SocketKind, place: tuple[str, int]) -> socket.socket:
    """A socket in a namespace; it stays there."""

    def make() -> socket.socket:
        made = socket.socket(socket.AF_INET, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.setblocking(False)
        return made

    return namespace.inside(where, make)


if __name__ == "__main__":
    sys.exit(main())
