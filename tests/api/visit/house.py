"""A served office with people, plans and pages, all real but the devices, which are in memory."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import TypeVar

import httpx

from api.accounts.handlers import answers_of
from api.app import Desk as Wicket
from api.app import create_app as create_pages
from api.desk.app import create_app
from api.desk.desk import Desk
from api.desk.place import bind
from api.desk.server import serve
from api.people.model import Role
from api.plans import verbs
from api.plans.handlers import handlers
from api.serve.doorkeeper import People as Doorkeeper
from api.visit.visitors import Visitors
from tests.api.people.office import PASSWORD, People
from tests.api.plans.offices import MONDAY, tried
from tests.api.stills import Stills

__all__ = ["EDGE", "House", "house"]

EDGE = 4242
"""The edge's account: everybody is it, in these tests."""
_T = TypeVar("_T")


@dataclass
class House:
    """What readers meet."""

    people: People
    wicket: Wicket

    def talk(self, conversation: Callable[[httpx.AsyncClient], Awaitable[_T]]) -> _T:
        """Hold a conversation as one browser."""

        async def held() -> _T:
            app = create_pages(Stills(), self.wicket)
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("127.0.0.1", 5))
            headers = {"accept": "text/html", "accept-language": "en", "origin": "http://localhost:8064"}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost:8064", headers=headers
            ) as client:
                return await conversation(client)

        return asyncio.run(held())

    async def enter(self, client: httpx.AsyncClient, name: str, then: str = "/plans") -> httpx.Response:
        """Log in as a browser does."""
        self.people.clock.forward(seconds=60)
        given = {"name": name, "password": PASSWORD, "code": self.people.code(name), "next": then}
        return await client.post("/login", data=given)


@contextlib.contextmanager
def house(folder: Path, uid: int) -> Iterator[House]:
    """Anna operates, Ewa approves, Jan looks; `uid` counts as the edge."""
    office = tried(folder)
    office.add_flow(None)
    people = People.at(f"sqlite:///{folder}/people/ledger.db", folder)
    people.clock.now = MONDAY.astimezone(dt.UTC)
    people.first("anna", None, Role.OPERATOR)
    people.join("ewa", Role.APPROVER, Role.OFFICER)
    people.join("jan", Role.VIEWER)
    context = replace(office.context, ledger=people.ledger, clock=people.clock)
    bound = {**answers_of(people.registry), **handlers(context)}
    desk = Desk(bound, Doorkeeper(people.registry), people.ledger)
    app = create_app(desk, people.ledger, lambda _subject: True, frozenset({uid}))
    socket, marker = folder / "fosa.sock", folder / "accounts"
    marker.touch()
    loop, over, listening = asyncio.new_event_loop(), asyncio.Event(), bind(socket)
    thread = Thread(target=lambda: loop.run_until_complete(serve(app, listening, over)))
    thread.start()
    try:
        yield House(people, Wicket(Visitors(socket, marker), (verbs.LIST, verbs.SHOW, verbs.PROPOSE, verbs.APPROVE)))
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
        people.ledger.close()


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]
