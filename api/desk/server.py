"""The desk's server: HTTP over a Unix socket, and the kernel's word on who is at its other end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.desk.knock import peer_of

__all__ = ["serve"]

_AT_ONCE = 200
_GRACE_S = 5


async def serve(app: Starlette, listening: socket.socket, ended: asyncio.Event) -> None:
    """Answer until `ended`; who is being answered then, is answered to the end, or for five seconds."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    ending = asyncio.create_task(ended.wait())
    await asyncio.wait((serving, ending), return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    app.state.ending = True
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """Leaves the signals to the process it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """None of them."""
        yield


class _Protocol(H11Protocol):
    """Puts the peer beside every request of a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base does
        super().connection_made(transport)
        self.app_state = {**self.app_state, "peer": peer_of(transport.get_extra_info("socket"))}
