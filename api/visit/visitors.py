"""Who may come in: anybody of this machine while there are no accounts, afterwards who has a session or a token."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from api.accounts.verbs import WHOAMI, Me
from api.desk.client import Client
from api.desk.verb import Nothing
from api.desk.wire import FROM, SESSION
from api.visit.lines import Lines
from inventory.errors import RefusedError, ServiceError
from inventory.words import Language
from inventory.words import gettext as _

__all__ = ["COOKIE", "Proof", "Visitors"]

COOKIE = "fosa"
_KNOWN_S = 300.0
"""So long somebody who was admitted is not asked about again; the desk is, at every verb."""
_AWAY_S = 1800.0
"""And so long he may go on reading while the desk does not answer: an outage is when people look."""
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brings with his request."""

    address: str
    session: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """As the desk is shown it."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {SESSION: self.session, FROM: self.address}

    @property
    def key(self) -> bytes:
        """What he is remembered by; not the secret."""
        return hashlib.sha256(f"{self.address}\n{self.session}\n{self.token}".encode()).digest()


class Visitors:
    """The door of one served office. Used from one event loop."""

    def __init__(self, desk: Path, marker: Path) -> None:
        """`desk`: its socket. `marker`: the file that is there as soon as there are accounts."""
        self._desk, self._marker = desk, marker
        self._known: OrderedDict[bytes, tuple[float, Me]] = OrderedDict()

    @property
    def open(self) -> bool:
        """Whether nobody has to prove anything: there is no account yet."""
        return not self._marker.exists()

    def client(self, proof: Proof) -> Client:
        """What brings this visitor's wishes to the desk, which asks for his proof again, each time."""
        if proof.token:
            return Client(self._desk, token=proof.token)
        return Client(self._desk, session=proof.session, reader=proof.address)

    async def follow(self, proof: Proof, subject: str, language: Language) -> Lines:
        """What the desk tells this visitor of a change."""
        return await Lines.of(self._desk, proof.headers, subject, language)

    async def who(self, proof: Proof) -> Me | None:
        """Who it is; None while the door is open. RefusedError for nobody we know, ServiceError when the desk is away
        and it is nobody we knew a moment ago.
        """
        if self.open:
            return None
        if not proof.session and not proof.token:
            raise RefusedError(_("log in first, or bring a token"))
        known = self._known.get(proof.key)
        age = time.monotonic() - known[0] if known else _AWAY_S
        if known and age < _KNOWN_S:
            return known[1]
        try:
            me = await run_in_threadpool(self.client(proof).call, WHOAMI, Nothing())
        except ServiceError:
            if known and age < _AWAY_S:
                return known[1]
            raise
        except RefusedError:
            self.forget(proof)
            raise
        self._remember(proof, me)
        return me

    def forget(self, proof: Proof) -> None:
        """He has logged out, or is not who he was."""
        self._known.pop(proof.key, None)

    def _remember(self, proof: Proof, me: Me) -> None:
        self._known[proof.key] = (time.monotonic(), me)
        self._known.move_to_end(proof.key)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
