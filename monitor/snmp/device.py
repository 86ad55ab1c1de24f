"""One device from poll to poll: what it was asked before saves asking it again."""

from __future__ import annotations

import asyncio
import time

from inventory.sentence import Sentence
from monitor.snmp.counting import Counting
from monitor.snmp.expected import ExpectedPoll
from monitor.snmp.model import Figures
from monitor.snmp.reading import FIXED, OFTEN, SIGNS, figures
from monitor.snmp.session import Keyring, Session
from monitor.snmp.system import UPTIME, uptime
from monitor.snmp.values import Answers, Value
from monitor.snmp.walk import Habits, Walker

__all__ = ["PolledDevice"]

_FIXED_S = 600.0
"""What hardly changes is read this often, and after every sign that it has."""
_MUCH = 2_000
"""So many cells are decoded beside the event loop, which has probes to send."""


class PolledDevice:
    """Polls one device, one poll at a time."""

    def __init__(self, poll: ExpectedPoll, keys: Keyring) -> None:
        self._manner = poll.manner
        self._session = Session(poll, keys)
        self._habits = Habits(poll.manner.repetitions)
        self._counting = Counting()
        self._fixed = Answers()
        self._fixed_partial: tuple[Sentence, ...] = ()
        self._fixed_at: float | None = None
        self._signs: tuple[Value, ...] = ()

    async def read(self) -> Figures:
        """Everything, as it is now. SilenceError, RefusalError or NonsenseError where there is no answer to go on."""
        await self._session.open()
        try:
            return await self._read(Walker(self._session, self._manner, self._habits))
        finally:
            self._session.close()

    async def _read(self, walker: Walker) -> Figures:
        now = time.monotonic()
        said = await walker.scalars(OFTEN.scalars, UPTIME)
        signs = tuple(said.get(oid) for oid in SIGNS)
        if self._is_another(walker.answers, signs, now):
            await self._read_fixed(signs, now)
        await walker.tables(OFTEN.tables)
        walker.learn()
        return await self._decoded(walker, now)

    async def _read_fixed(self, signs: tuple[Value, ...], now: float) -> None:
        self._habits.forget()
        walker = Walker(self._session, self._manner, self._habits)
        await walker.scalars(FIXED.scalars, UPTIME)
        await walker.tables(FIXED.tables)
        walker.answers.scalars.pop(UPTIME, None)
        self._fixed, self._signs = walker.answers, signs
        self._fixed_partial = tuple(walker.partial)
        # What it kept silent about is asked again at the next poll.
        self._fixed_at = None if walker.deaf else now

    def _is_another(self, answers: Answers, signs: tuple[Value, ...], now: float) -> bool:
        if self._fixed_at is None or now - self._fixed_at >= _FIXED_S or signs != self._signs:
            return True
        return self._counting.restarted(uptime(answers), now)

    async def _decoded(self, walker: Walker, now: float) -> Figures:
        answers = walker.answers.over(self._fixed)
        cells = sum(map(len, answers.columns.values()))
        work = (answers, self._counting, now, (*walker.partial, *self._fixed_partial))
        return await asyncio.to_thread(figures, *work) if cells > _MUCH else figures(*work)
