"""A served office with people, plans, history and pages, all real but the devices, which are in memory."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import httpx
import uvicorn

from api.accounts.handlers import answers_of
from api.app import Desk as Wicket
from api.app import create_app as create_pages
from api.archive import handlers as archive
from api.archive.drift import Drifts
from api.archive.handlers import archive_of
from api.archive.keeper import Keeper
from api.changes.model import DeviceEnd, Ended, Progress
from api.desk.app import create_app
from api.desk.context import Context
from api.desk.desk import Desk
from api.desk.place import bind
from api.desk.server import serve
from api.people.model import Role
from api.plans import handlers as plans
from api.plans.verbs import APPROVE, Approving, Shown
from api.serve.asking import asked_by_programs
from api.serve.doorkeeper import People as Doorkeeper
from api.serve.progress import Progress as Ends
from api.visit.visitors import Visitors
from api.work import handlers as work
from api.work.record import Record
from inventory.course import Step
from playbooks.order import Order
from tests.api.people.office import PASSWORD, People
from tests.api.plans.offices import EWA, MONDAY, Tried, normal, tried
from tests.api.stills import Stills

__all__ = ["House", "hidden", "house", "shown"]

RULES = "file /etc/nftables.conf"
_T = TypeVar("_T")


@dataclass
class House:
    """What readers meet, and what goes on behind it."""

    people: People
    wicket: Wicket
    office: Tried
    context: Context

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
        return await client.post("/login", data=self.shown(name) | {"next": then})

    def shown(self, name: str) -> dict[str, str]:
        """What somebody types to come in; a minute later than the last time."""
        self.people.clock.forward(seconds=60)
        return {"name": name, "password": PASSWORD, "code": self.people.code(name)}

    @property
    def record(self) -> Record:
        """By which the engine writes down what becomes of changes."""
        return Record(self.context.ledger, self.context.clock, "one", threading.Event())

    def begin(self, plan: str) -> None:
        """The plan's turn has come."""
        self.record.queue(self.record.plan(plan))
        self.record.begin(plan)

    def step(self, plan: str, device: str, step: Step) -> None:
        """Something is being done to a device."""
        self.record.tell(plan, [Progress(at=self.context.clock(), wave=1, device=device, step=step)])

    def found(self, plan: str) -> None:
        """The archive has kept what ran before."""
        made, keeper = self.record.plan(plan), Keeper(archive_of(self.context), self.context.ledger)
        for device in made.devices:
            order = Order(device.name, device, frozenset(), token=plan)
            keeper.found(made, order, dict(self.office.drivers[device.name].running))

    def end(self, plan: str) -> None:
        """Every device runs it, and the archive has kept it."""
        made, keeper = self.record.plan(plan), Keeper(archive_of(self.context), self.context.ledger)
        for device in made.devices:
            self.office.drivers[device.name].running = normal(device)
            order = Order(device.name, device, frozenset(), token=plan)
            keeper.confirmed(made, order, normal(device))
        self.record.end(plan, {device.name: DeviceEnd(ended=Ended.CHANGED) for device in made.devices})

    def carried_out(self) -> str:
        """A plan that has come its whole way."""
        plan = self.proposed().plan.id
        self.approve(plan)
        self.begin(plan)
        self.end(plan)
        return plan

    def approve(self, plan: str) -> None:
        """Somebody has read it."""
        self.office.ask(EWA, APPROVE, Approving(plan=plan, digest=self.record.plan(plan).digest))

    def proposed(self) -> Shown:
        """A plan that waits."""
        return self.office.propose(why="a new printer")

    def type_in(self, device: str, line: str = "# typed by hand") -> None:
        """Somebody edits the rules on a device, and the round finds it."""
        driver = self.office.drivers[device]
        driver.running = {**driver.running, RULES: f"{driver.running[RULES]}{line}\n"}
        Drifts(self.context, archive_of(self.context)).every()


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
    office.ledger.close()
    office.ledger = people.ledger
    context = replace(office.context, clock=people.clock, folder=folder / "work")
    bound = {**answers_of(people.registry), **plans.handlers(context)}
    bound |= {**archive.handlers(context), **work.handlers(context)}
    desk = Desk(bound, Doorkeeper(people.registry), people.ledger)
    app = create_app(desk, people.ledger, Ends(people.ledger).over, frozenset({uid}))
    door, marker = folder / "fosa.sock", folder / "accounts"
    marker.touch()
    loop, over, listening = asyncio.new_event_loop(), asyncio.Event(), bind(door)
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(app, listening, over)))
    thread.start()
    try:
        yield House(people, Wicket(Visitors(door, marker), asked_by_programs()), office, context)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
        people.ledger.close()


@contextlib.contextmanager
def shown(house: House) -> Iterator[str]:
    """The pages on a loopback port, for real browsers; their address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_pages(Stills(), house.wicket)
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run([listening]))
        listening.listen(50)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            app.close()
            server.should_exit = True
            thread.join()


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]
