"""The page in one language as it is now: rendered once for all its readers, who are told what changed since."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.pages.fragments import fragments
from api.picture import Pictures
from inventory.words import Language, speaking

__all__ = ["Board", "Seen"]

_AT_MOST_S = 1.0
"""A board is rendered anew at least so often: a watch that is silent becomes more silent."""
_AT_LEAST_S = 0.1
"""And never sooner than so after the last time."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader has: a revision of one board. Another board, or none: nothing."""

    board: str
    revision: int

    @classmethod
    def parse(cls, text: str) -> Seen:
        """From the text of `str()`; anything else has seen nothing."""
        board, _dot, revision = text.partition(".")
        known = revision.isascii() and revision.isdecimal() and len(revision) < 16
        return cls(board, int(revision) if known else 0)

    def __str__(self) -> str:
        return f"{self.board}.{self.revision}"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A fragment, and since which revision it is so."""

    html: str
    encoded: bytes
    """A member of a JSON object."""
    revision: int


class Board:
    """Everything readers of one language are shown. Used from one event loop."""

    def __init__(self, pictures: Pictures, language: Language) -> None:
        self._pictures = pictures
        self._language: Language = language
        self._name = secrets.token_hex(6)
        self._pieces: dict[str, _Piece] = {}
        self._revision = 0
        self._rendered = float("-inf")
        self._number = 0
        self._readers = 0
        self._renewing: asyncio.Task[None] | None = None
        self._renewed = asyncio.Event()
        self._said: dict[int, bytes] = {}

    @property
    def seen(self) -> Seen:
        """What somebody who looks now has seen."""
        return Seen(self._name, self._revision)

    @property
    def readers(self) -> int:
        """How many follow it."""
        return self._readers

    def fragments(self) -> dict[str, str]:
        """Every fragment as HTML, rendered anew unless that was just done."""
        if time.monotonic() - self._rendered > _AT_LEAST_S:
            self._render()
        return {name: piece.html for name, piece in self._pieces.items()}

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """For as long as somebody follows it, the board renews itself."""
        self._readers += 1
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            self._readers -= 1
            if not self._readers and self._renewing is not None:
                self._renewing.cancel()
                self._renewing = None

    async def changed(self, seen: Seen, timeout_s: float) -> bool:
        """Wait until there is something the reader has not seen, or the time is over.

        Raises what kept the board from renewing itself: its readers are to go, and come back.
        """
        renewed, renewing = self._renewed, self._renewing
        if self._ahead_of(seen):
            return True
        if renewing is None or renewing.done():
            raise ConnectionAbortedError("the board does not renew itself")
        waiting = asyncio.ensure_future(renewed.wait())
        try:
            await asyncio.wait({waiting, renewing}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        return self._ahead_of(seen)

    def since(self, seen: Seen) -> bytes:
        """What changed since then: one JSON object of HTML by name, shared by all who have seen the same."""
        revision = seen.revision if seen.board == self._name else 0
        if (said := self._said.get(revision)) is None:
            changed = (piece.encoded for piece in self._pieces.values() if piece.revision > revision)
            said = self._said[revision] = b"{" + b",".join(changed) + b"}"
        return said

    def _ahead_of(self, seen: Seen) -> bool:
        return self._revision > (seen.revision if seen.board == self._name else 0)

    async def _renew(self) -> None:
        while True:
            self._number = await self._pictures.changed(self._number, _AT_MOST_S)
            self._render()
            await asyncio.sleep(_AT_LEAST_S)

    def _render(self) -> None:
        with speaking(self._language):
            rendered = fragments(self._pictures.now())
        self._rendered = time.monotonic()
        changed = {name: html for name, html in rendered.items() if self._is_new(name, html)}
        if not changed:
            return
        self._revision += 1
        for name, html in changed.items():
            member = f"{json.dumps(name)}:{json.dumps(html, ensure_ascii=False)}"
            self._pieces[name] = _Piece(html, member.encode(), self._revision)
        self._said.clear()
        self._renewed.set()
        self._renewed = asyncio.Event()

    def _is_new(self, name: str, html: str) -> bool:
        return name not in self._pieces or self._pieces[name].html != html
