"""Stores that an older fosa has written: brought up to date, and nothing in them is lost or made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, make_url

from api.store import tables
from api.store.rows import event_cells, picture_cells, report_cells
from api.store.schema import WATCHED
from api.store.store import Batch, Store
from inventory.errors import StoreError
from inventory.sentence import say
from tests.api.written import event
from tests.monitor import moments
from tests.monitor.snmp import sights

_EVENTS = tuple(event(number) for number in range(3))
_PICTURE, _REPORT = moments.watched(moments.tunnel("k-b")), moments.report()


def _written_by(url: str, revision: str) -> None:
    """A store as the fosa of that schema has left it, with only the columns it knew."""
    made = make_url(url)
    if made.drivername == "sqlite":
        Path(made.database or "").parent.mkdir()
    engine = create_engine(made.set(drivername="postgresql+psycopg") if made.drivername == "postgresql" else made)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(WATCHED.migrations))
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=connection, version_table=WATCHED.version_table)
        command.upgrade(config, revision)
        _fill(connection)
    engine.dispose()


def _fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)
    events = [event_cells("before", number, one) for number, one in enumerate(_EVENTS)]
    for table, rows in (
        (tables.events, events),
        (tables.pictures, [picture_cells(_PICTURE)]),
        (tables.reports, [report_cells("before", 0, _REPORT)]),
    ):
        columns = set(known.tables[table.name].columns.keys())
        for cells in rows:
            connection.execute(table.insert(), {n: cell for n, cell in cells.items() if n in columns})


@pytest.mark.parametrize("revision", WATCHED.revisions[:-1])
def test_what_an_older_fosa_wrote_is_kept_and_added_to(url: str, revision: str) -> None:
    _written_by(url, revision)
    store = Store(url)
    with pytest.raises(StoreError, match=f"written by an older fosa \\(its schema is {revision}\\)"):
        store.events(10)
    store.migrate()
    assert store.events(10) == tuple(reversed(_EVENTS))
    assert [one.cause for one in store.events(10)] == [None, None, None]
    assert store.picture() == _PICTURE
    assert store.report() == _REPORT
    assert store.polled() == ()
    told = event(3).model_copy(update={"cause": say("no answer within {n} s", n=2)})
    polled = sights.polled("sw-k-1", sights.switch(2))
    store.record(Batch("after", (told,), polled=(polled,)))
    assert store.events(1) == (told,)
    assert store.polled() == (polled,)
    store.close()


def test_an_event_that_was_written_before_and_is_written_again_stays_one(url: str) -> None:
    _written_by(url, "0001")
    store = Store(url)
    store.migrate()
    store.record(Batch("before", _EVENTS))
    assert store.events(10) == tuple(reversed(_EVENTS))
    store.close()
