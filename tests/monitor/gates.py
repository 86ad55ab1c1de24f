"""A gate that answers one question over SSH, on loopback for the time of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

from inventory.model import Login
from tests.guests import Guests
from tests.monitor.probes.listeners import LOOPBACK

__all__ = ["SECRETS", "gate"]

_KEY = asyncssh.generate_private_key("ssh-ed25519")
SECRETS = {"file:secrets/read": _KEY.export_private_key().decode()}


@asynccontextmanager
async def gate(words: str, answer: bytes, code: int = 0) -> AsyncIterator[Login]:
    """How to reach it. Other words than these are a fault of the test's subject."""

    async def served(process: asyncssh.SSHServerProcess[bytes]) -> None:
        process.stdout.write(answer if process.command == words else b"")
        process.exit(code if process.command == words else 1)

    host = asyncssh.generate_private_key("ssh-ed25519")
    guests = Guests()
    server = await asyncssh.create_server(
        guests,
        str(LOOPBACK),
        0,
        server_host_keys=[host],
        authorized_client_keys=asyncssh.import_authorized_keys(_KEY.export_public_key().decode()),
        process_factory=served,
        encoding=None,
    )
    try:
        pinned = " ".join(host.export_public_key().decode().split()[:2])
        yield Login(
            address=LOOPBACK, port=server.get_port(), user="fosa-read", host_key=pinned, key=next(iter(SECRETS))
        )
    finally:
        await guests.leave(server)
