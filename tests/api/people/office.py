"""The people of an office for tests: a ledger, a clock that is set by hand, and a desk with the real doorkeeper."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from api.accounts.handlers import answers_of
from api.desk.app import create_app
from api.desk.client import Client
from api.desk.desk import Desk
from api.desk.place import bind
from api.desk.server import serve
from api.desk.verb import Bound
from api.people import accounts, proving, totp
from api.people.accounts import Newcomer
from api.people.model import Caller, Role
from api.people.proving import Proving
from api.people.registry import Registry
from api.people.sealing import Seal
from api.serve.doorkeeper import People as Doorkeeper
from api.store.ledger import Ledger

__all__ = ["PAGE", "PASSWORD", "Clock", "People", "desk_of"]

PASSWORD = "seven brown hedgehogs"
PAGE = Caller.unproved("page 192.0.2.7")
"""Somebody at the page's door."""


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: dt.datetime = field(default=dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC))

    STEP: ClassVar[dt.timedelta] = dt.timedelta(seconds=60)
    """After so much another code is shown than the one used last."""

    @staticmethod
    def real() -> dt.datetime:
        """The machine's."""
        return dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@dataclass
class People:
    """An office's people and what their authenticators hold."""

    registry: Registry
    clock: Clock
    factors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, url: str, folder: Path) -> People:
        clock = Clock()
        ledger = Ledger(url, clock=clock)
        ledger.migrate()
        return cls(Registry(ledger, Seal.of(folder), clock), clock)

    @property
    def ledger(self) -> Ledger:
        return self.registry.ledger

    def proving(self, name: str, password: str = PASSWORD) -> Proving:
        """Take up an offered factor and show a code of it."""
        offer = proving.offer(self.registry, name)
        self.factors[name] = parse_qs(urlsplit(offer.uri).query)["secret"][0]
        return Proving(password=password, sealed=offer.sealed, code=self.code(name))

    def code(self, name: str) -> str:
        """What the authenticator shows now."""
        return totp.current(self.factors[name], self.clock())

    def first(self, name: str = "anna", uid: int | None = 1000, *more: Role) -> Caller:
        """The first admin, as a caller over the socket."""
        newcomer = Newcomer(name=name, title="Anna", roles=frozenset({Role.ADMIN, *more}), uid=uid)
        proving.first(self.registry, Caller.unproved("console"), newcomer, self.proving(name))
        return Caller(account=name, roles=newcomer.roles, origin=f"socket uid {uid}")

    def join(self, name: str, *roles: Role, uid: int | None = None) -> Caller:
        """Somebody an admin makes, who has set password and factor."""
        admin = Caller(account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000")
        newcomer = Newcomer(name=name, title=name.title(), roles=frozenset(roles), uid=uid)
        code = accounts.add(self.registry, admin, newcomer)
        proving.accept(self.registry, PAGE, name, code, self.proving(name))
        return Caller(account=name, roles=frozenset(roles), origin=f"socket uid {uid}")

    def deeds(self) -> list[tuple[str, str, str, str]]:
        """The audit: who, what, on what, and what came of it."""
        found = [json.loads(entry)["deed"] for _number, entry, _hash in self.ledger.entries()]
        return [(deed["who"], deed["action"], deed["subject"], deed["result"]) for deed in found]


@contextlib.contextmanager
def desk_of(
    people: People, socket: Path, edges: frozenset[int] = frozenset(), bound: Mapping[str, Bound] | None = None
) -> Iterator[Client]:
    """Serve them, or other verbs for them, in a thread; the client is whoever runs the tests."""
    desk = Desk(bound or answers_of(people.registry), Doorkeeper(people.registry), people.ledger)
    app = create_app(desk, people.ledger, lambda _subject: True, edges)
    loop, over, listening = asyncio.new_event_loop(), asyncio.Event(), bind(socket)
    thread = Thread(target=lambda: loop.run_until_complete(serve(app, listening, over)))
    thread.start()
    try:
        yield Client(socket)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
        listening.close()
