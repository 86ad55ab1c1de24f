"""An audit for tests: a ledger with deeds in it, a clock set by hand, and a way to tamper with what lies there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from api.audit.checkpoint import Checkpoint, Signer, public_keys
from api.audit.keeper import Keeper
from api.audit.verify import Row, Verdict, verify
from api.chain import BEGINNING, Deed, entry_hash, link
from api.store.ledger import Ledger
from tests.api.people.office import Clock

__all__ = ["NOW", "Audit", "chain", "deed", "rows"]

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def deed(number: int, action: str = "plan.show") -> Deed:
    return Deed(who="anna", origin="socket uid 1000", action=action, subject=f"plan p-{number}")


def chain(count: int, last: tuple[int, str] = (0, BEGINNING), who: str = "anna") -> list[Row]:
    """So many records, each linked to the one before."""
    made = []
    for number in range(last[0] + 1, last[0] + count + 1):
        entry = link(deed(number).model_copy(update={"who": who}), NOW + dt.timedelta(seconds=number), last)
        last = (number, entry_hash(entry))
        made.append((number, entry.model_dump_json(), last[1]))
    return made


def rows(ledger: Ledger) -> list[Row]:
    return list(ledger.entries(limit=100_000))


@dataclass
class Audit:
    """An office's audit."""

    keeper: Keeper
    clock: Clock

    @classmethod
    def at(cls, url: str, folder: Path, away: Path | None = None) -> Audit:
        clock = Clock()
        ledger = Ledger(url, clock=clock)
        ledger.migrate()
        keeper = Keeper(ledger, folder, "pila", away, dt.timedelta(days=731), clock, syslog=folder / "log")
        return cls(keeper, clock)

    @property
    def ledger(self) -> Ledger:
        return self.keeper.ledger

    def do(self, count: int, action: str = "plan.show") -> None:
        for number in range(count):
            self.ledger.write(deed(number, action))

    def verdict(self, checkpoints: tuple[Checkpoint, ...] | None = None) -> Verdict:
        held = self.keeper.checkpoints() if checkpoints is None else checkpoints
        return verify(rows(self.ledger), held, public_keys([Signer(self.keeper.folder).public()]))

    def tamper(self, *statements: str) -> None:
        """As somebody who can write the database does."""
        with self.ledger._database.transaction() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def make_anew(self, begin: int, forge: Callable[[int], list[Row]]) -> None:
        """Put other records in the place of those from `begin` on, every hash right."""
        with self.ledger._database.transaction() as connection:
            connection.execute(text("DELETE FROM audit WHERE number >= :begin"), {"begin": begin})
            for number, entry, mark in forge(begin):
                cells = {"number": number, "entry": entry, "hash": mark}
                connection.execute(text("INSERT INTO audit VALUES (:number, :entry, :hash)"), cells)
