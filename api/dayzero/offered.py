"""The host key a device offers: one exchange of keys, and nobody logs in."""

from __future__ import annotations

import asyncio

from inventory.access import AccessError, Patience, Refusal, translated
from inventory.model import Login
from inventory.words import gettext as _

__all__ = ["offered"]

_PATIENCE = Patience()
_ALGORITHM = "ssh-ed25519"
"""The one kind of host key that day 0 makes and its sshd offers."""


def offered(login: Login, patience: Patience = _PATIENCE) -> str:
    """The host key at the login's address, `ssh-ed25519 AAAA...`: anybody's, until it has been compared.

    AccessError when there is none; blocks for at most `patience.connect` seconds.
    """
    return asyncio.run(_offered(login, patience.connect))


async def _offered(login: Login, seconds: float) -> str:
    import asyncssh

    with translated(login):
        async with asyncio.timeout(seconds):
            key = await asyncssh.get_server_host_key(
                str(login.address), login.port, server_host_key_algs=[_ALGORITHM], config=None
            )
    if key is None:
        raise AccessError(Refusal.HOST_KEY, _("{address} offers no host key").format(address=login.address))
    return " ".join(key.export_public_key().decode().split()[:2])
