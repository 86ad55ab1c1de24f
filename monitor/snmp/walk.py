"""Walking an agent's tables: as many rows a question as it bears, every walk with an end."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError, SilenceError
from monitor.refused import Protocol, refuse
from monitor.snmp.expected import Manner
from monitor.snmp.fast import Page
from monitor.snmp.session import Session
from monitor.snmp.values import Answers, Table, Value

__all__ = ["CELLS", "ROWS", "Habits", "Walker"]

CELLS = 60_000
"""Of one poll: 1,000 ports have half of them."""
ROWS = 8_192
"""Of one column."""
BYTES = 8 * 1024 * 1024
"""Texts of one poll."""
_TRIES = 3
_SCALARS = 24
"""Asked for at once; a third of that of a gentle device."""
_DEAF = 2
"""After so many walks that met silence the rest is let be."""


@dataclass(slots=True)
class Habits:
    """What is known of an agent from earlier polls."""

    repetitions: int
    narrow: dict[str, int] = field(default_factory=dict)
    """Rows at once of columns whose answers did not fit."""
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows a table had."""
    absent: set[str] = field(default_factory=set)
    """Tables, columns and scalars it has not."""
    endless: dict[str, Sentence] = field(default_factory=dict)
    """Tables that are not read again for a while, and why."""
    proven: bool = False
    """Whether an empty answer to a question for many rows means that there are none."""

    def forget(self) -> None:
        """It may have become another: look for everything anew."""
        self.absent.clear()
        self.rows.clear()
        self.endless.clear()


class _EndlessError(Exception):
    """A walk that has to be ended, and why."""

    def __init__(self, cause: Sentence, flaw: Flaw | None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        if flaw is not None:
            refuse(Protocol.SNMP, flaw)


class Walker:
    """One poll's walks. What could not be read to its end stands in `partial`; what was read is kept."""

    def __init__(self, session: Session, manner: Manner, habits: Habits) -> None:
        self._session, self._manner, self._habits = session, manner, habits
        self._ends = time.monotonic() + manner.poll_s
        self._cells = self._bytes = self._silences = 0
        self._smooth = True
        self.deaf = False
        """Whether the agent stopped answering in the middle."""
        self.answers = Answers()
        self.partial: list[Sentence] = []

    async def scalars(self, oids: Sequence[str], first: str) -> Mapping[str, Value]:
        """Ask for scalars, each time together with `first`, which every agent has: without it an answer is none."""
        asked = [oid for oid in oids if oid != first and oid not in self._habits.absent]
        at_once = max(6, min(_SCALARS, self._manner.most_repetitions))
        found: dict[str, Value] = {}
        for n in range(0, max(1, len(asked)), at_once):
            found |= await self._some_scalars([first, *asked[n : n + at_once]])
        self._habits.absent |= set(asked) - set(found)
        self.answers.scalars |= found
        return found

    async def tables(self, tables: Sequence[Table]) -> None:
        """Walk them one after the other; RefusalError when the agent takes us no longer."""
        for table in tables:
            if table.entry in self._habits.endless:
                self._note(self._habits.endless[table.entry])
                continue
            if table.entry in self._habits.absent or self.deaf:
                continue
            try:
                await self._table(table)
            except _EndlessError as endless:
                self._habits.endless[table.entry] = endless.cause
                self._note(endless.cause)
            except SilenceError:
                self._silences += 1
                self.deaf = self._silences >= _DEAF
                self._note(say(N_("stopped answering while table {table} was read"), table=table.entry))
            except NonsenseError:
                self._note(say(N_("table {table} is answered with what SNMP does not know"), table=table.entry))

    def learn(self) -> None:
        """After a poll: an agent that bore it is asked for more at once the next time."""
        habits = self._habits
        if self._smooth:
            habits.repetitions = min(self._manner.most_repetitions, habits.repetitions + 1 + habits.repetitions // 4)

    def _note(self, cause: Sentence) -> None:
        if cause not in self.partial:
            self.partial.append(cause)

    async def _some_scalars(self, oids: list[str]) -> Mapping[str, Value]:
        """An agent may refuse a question for being too long, which the library does not tell from having none."""
        for attempt in range(_TRIES):
            try:
                found = await self._session.get(oids)
            except SilenceError:
                if attempt == _TRIES - 1:
                    raise
                continue
            except NonsenseError:
                if len(oids) <= 2:
                    raise
                found = {}
            if found or len(oids) == 1 or not await self._some_scalars(oids[:1]):
                return found
            if len(oids) == 2:
                return found
            half = len(oids) // 2
            first = await self._some_scalars(oids[: half + 1])
            return {**first, **await self._some_scalars([oids[0], *oids[half + 1 :]])}
        raise SilenceError("no answer")

    async def _table(self, table: Table) -> None:
        known = self._habits.rows.get(table.entry)
        columns = list(table.columns)
        if known is None:
            for _try in range(table.tries):
                if known := await self._column(table, table.column(columns.pop(0))):
                    break
        if not known:
            self._habits.absent.add(table.entry)
            return
        if columns and self._whole_is_cheaper(table, known, len(columns)):
            await self._column(table, table.entry)
        else:
            await self._columns(table, columns, known)
        self._habits.rows[table.entry] = (
            max((len(self.answers.column(table, n)) for n in table.columns), default=1) or 1
        )

    async def _columns(self, table: Table, columns: Sequence[int], rows: int) -> None:
        """Each by itself. One that is empty where others are not is a column the agent has not."""
        oids = [oid for oid in map(table.column, columns) if oid not in self._habits.absent]
        found = {oid: await self._column(table, oid, rows) for oid in oids}
        if any(self.answers.column(table, n) for n in table.columns):
            self._habits.absent |= {oid for oid, cells in found.items() if not cells}

    def _whole_is_cheaper(self, table: Table, rows: int, columns: int) -> bool:
        at_once = self._habits.repetitions
        return 1 + rows * table.width // at_once < columns * (1 + rows // at_once)

    async def _column(self, table: Table, oid: str, rows: int | None = None) -> int:
        """Walk a column (or, by its entry, a whole table) and count its cells. Tries with ever fewer rows at once."""
        undoubted: tuple[int, bool] | None = None
        for attempt in range(_TRIES):
            at_once = self._at_once(oid, rows)
            try:
                found = await self._run(table, oid, at_once)
            except (SilenceError, NonsenseError) as error:
                self._too_much(oid, at_once, error)
                if attempt == _TRIES - 1 or self._is_over():
                    raise
                continue
            if found or at_once == 1:
                # One row at a time is asked for by another question, whose answer is never too big.
                self._habits.proven |= (found > 0) == (at_once > 1)
                if not found and undoubted is not None:
                    # There is nothing: that nothing came was not because of how many were asked for.
                    self._habits.repetitions, self._smooth = undoubted
                return found
            if not self._is_doubtful(table):
                return 0
            undoubted = undoubted or (self._habits.repetitions, self._smooth)
            self._smooth = False
            self._habits.repetitions = max(1, at_once // 4) if attempt < _TRIES - 2 else 1
        return 0

    def _at_once(self, oid: str, rows: int | None) -> int:
        most = min(self._habits.repetitions, self._habits.narrow.get(oid, self._manner.most_repetitions))
        return most if rows is None else min(rows + 1, most)

    def _too_much(self, oid: str, at_once: int, error: Exception) -> None:
        """An answer that does not fit says so of its column, silence of the agent."""
        self._smooth = False
        if isinstance(error, NonsenseError):
            self._habits.narrow[oid] = max(1, at_once // 2)
        else:
            self._habits.repetitions = max(1, at_once // 2)

    def _is_doubtful(self, table: Table) -> bool:
        """An agent may answer a question for many rows with an error, which looks like an empty table."""
        return not self._habits.proven or table.entry in self._habits.rows

    async def _run(self, table: Table, oid: str, at_once: int) -> int:
        cells: dict[str, Value] = {}

        def take(page: Page) -> None:
            before = len(cells)
            cells.update(page)
            if len(cells) < before + len(page):
                cause = say(N_("table {table} leads in a circle: it has no end"), table=table.entry)
                raise _EndlessError(cause, Flaw.ENDLESS)
            self._count(table, page, len(cells))

        await self._session.walk(oid, at_once, take)
        self.answers.take(table, cells.items())
        return len(cells)

    def _count(self, table: Table, page: Page, rows: int) -> None:
        self._cells += len(page)
        self._bytes += sum([len(value) if isinstance(value, (bytes, str)) else 8 for _oid, value in page])
        if rows > ROWS or self._cells > CELLS or self._bytes > BYTES:
            raise _EndlessError(say(N_("table {table} is longer than is read"), table=table.entry), Flaw.TOO_MUCH)
        if rows // 64 > (rows - len(page)) // 64 and self._is_over():
            raise _EndlessError(say(N_("there was no time to read table {table} to its end"), table=table.entry), None)

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends
