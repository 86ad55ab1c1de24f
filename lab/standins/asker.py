"""A domain system, as a stand-in: it reads the platform's dictionary now and then, from its own machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path

from lab import namespace
from lab.standins.mood import Mood, mood_in
from lab.standins.order import DICTIONARY, Asking

__all__ = ["ask_on"]

_PATIENCE_S = 10.0
_AGAIN_S = 2.0
"""After a failure: the office may just be coming up."""


async def ask_on(asking: Asking, folder: Path) -> None:
    """Ask until cancelled."""
    while True:
        done = mood_in(folder) is not Mood.UNASKED and await _asked(asking)
        await asyncio.sleep(asking.every_s if done else _AGAIN_S)


async def _asked(asking: Asking) -> bool:
    """Whether an answer came."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await _answer(asking)
    except (OSError, TimeoutError):
        return False


async def _answer(asking: Asking) -> bool:
    context = ssl.create_default_context(cafile=str(asking.believed))
    context.load_cert_chain(asking.certificate)
    made = namespace.inside(asking.namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, (asking.address, asking.port))
    except BaseException:
        made.close()
        raise
    reader, writer = await asyncio.open_connection(sock=made, ssl=context, server_hostname=asking.name)
    try:
        head = f"GET {DICTIONARY}?wsdl HTTP/1.1\r\nHost: {asking.name}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        return (await reader.read(15)).startswith(b"HTTP/1.1 200")
    finally:
        with contextlib.suppress(OSError):
            writer.close()
