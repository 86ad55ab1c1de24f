"""A desk that is really served on its socket, over a ledger of its own, for tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from api.desk.app import create_app
from api.desk.client import Client
from api.desk.desk import Desk
from api.desk.knock import Knock
from api.desk.place import bind
from api.desk.server import serve
from api.desk.verb import Bound
from api.people.model import Action, Caller, Role
from api.store.ledger import Ledger
from inventory.errors import RefusedError

__all__ = ["Doors", "Served", "desk"]


@dataclass
class Doors:
    """A doorkeeper with a short memory: what proves whom, and nothing else."""

    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    uids: dict[int, str] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset({Role.VIEWER})
    knocked: list[Knock] = field(default_factory=list)

    def identify(self, knock: Knock) -> Caller:
        self.knocked.append(knock)
        if knock.token:
            return self._caller(self.tokens.get(knock.token), f"token {knock.token[:3]}")
        if knock.address:
            return self._caller(self.sessions.get(knock.session), knock.origin)
        return self._caller(self.uids.get(knock.peer.uid), knock.origin)

    def permit(self, caller: Caller, action: Action) -> None:
        if action is not Action.SEE and Role.ADMIN not in caller.roles:
            raise RefusedError(f"{caller.account} may not {action}")

    def _caller(self, name: str | None, origin: str) -> Caller:
        if name is None:
            raise RefusedError("who are you?")
        return Caller(account=name, roles=self.roles, origin=origin)


@dataclass
class Served:
    """A desk that answers."""

    socket: Path
    ledger: Ledger
    doors: Doors
    ended: set[str] = field(default_factory=set)
    """Subjects that nothing more is told of."""

    def client(self, *, token: str = "", session: str = "", reader: str = "") -> Client:
        return Client(self.socket, token=token, session=session, reader=reader)

    def deeds(self) -> list[str]:
        """The audit, a line a deed."""
        return [entry for _number, entry, _hash in self.ledger.entries()]


@contextlib.contextmanager
def desk(
    folder: Path, bound: Mapping[str, Bound], doors: Doors, edges: frozenset[int] = frozenset()
) -> Iterator[Served]:
    """Serve a desk in a thread for as long as it is needed."""
    ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db")
    ledger.migrate()
    served = Served(folder / "fosa.sock", ledger, doors)
    app = create_app(Desk(bound, doors, ledger), ledger, lambda subject: subject in served.ended, edges)
    loop, over = asyncio.new_event_loop(), asyncio.Event()
    listening = bind(served.socket)
    thread = Thread(target=lambda: loop.run_until_complete(serve(app, listening, over)))
    thread.start()
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
        listening.close()
        ledger.close()
