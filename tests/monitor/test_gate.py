"""Questions to a gate, over a connection that somebody holds open anyway or over one of their own."""

from __future__ import annotations

import asyncio

import pytest

from inventory.access import AccessError, Patience, Refusal, connect
from monitor.gate import Door, ask
from tests.monitor.gates import SECRETS, gate

_NO_KEY = "nothing that could prove anything"


def test_a_lent_connection_is_used_and_left_open() -> None:
    async def run() -> tuple[list[bytes], bool]:
        async with gate("asked", b"told") as login:
            held = await connect(login, SECRETS[login.key], Patience())
            try:
                # With this key no other connection could be made.
                door = Door(login, _NO_KEY, lent=lambda account: held if account == login else None)
                return [(await ask(door, "asked")).text for _time in range(3)], held.is_closed()
            finally:
                held.abort()

    assert asyncio.run(run()) == ([b"told"] * 3, False)


def test_where_none_is_lent_one_is_made() -> None:
    async def run(key: str) -> bytes:
        async with gate("asked", b"told") as login:
            return (await ask(Door(login, key or SECRETS[login.key]), "asked")).text

    assert asyncio.run(run("")) == b"told"
    with pytest.raises(AccessError) as refused:
        asyncio.run(run(_NO_KEY))
    assert refused.value.refusal is Refusal.AUTHENTICATION


def test_a_lent_connection_that_is_lost_is_said_to_be() -> None:
    async def run() -> None:
        async with gate("asked", b"told") as login:
            held = await connect(login, SECRETS[login.key], Patience())
            held.abort()
            await ask(Door(login, _NO_KEY, lent=lambda _account: held), "asked")

    with pytest.raises(AccessError):
        asyncio.run(run())
