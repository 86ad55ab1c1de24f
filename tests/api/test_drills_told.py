"""What drills have shown reaches the periodic check, which has no ledger."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from api.drills.model import Drill, Listening
from api.drills.told import Told, place, tell
from api.serve.judging import Judging, Order
from inventory.errors import InputError
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Report
from monitor.watch import Keys
from tests.api import readings, stills

AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SAID = say(N_("it is as it was"))
DRILL = Drill(
    tunnel="k-b",
    plan="7",
    at=AT,
    passed=True,
    said=SAID,
    tried=9,
    ends=(Listening(device="gw-k", silent=True, why=SAID),),
)
AGAIN = DRILL.model_copy(update={"at": AT + dt.timedelta(days=1), "passed": False})


def test_what_is_told_is_read_and_what_is_told_anew_too(tmp_path: Path) -> None:
    file = place(tmp_path)
    file.parent.mkdir()
    told = Told(file)
    assert told.now() == ()
    for drills in ((DRILL,), (DRILL, AGAIN), ()):
        tell(file, drills)
        assert told.now() == drills
        assert file.stat().st_mode & 0o777 == 0o644


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "drills.json"
    tell(file, (DRILL,))
    before = file.stat().st_mtime_ns
    tell(file, (DRILL,))
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("text", ["", "[]", '{"drills": [{}]}', '{"drills": 5}', "[" * 100_000, "\x00"])
def test_what_the_work_has_not_written_is_no_drill(tmp_path: Path, text: str) -> None:
    file = tmp_path / "drills.json"
    tell(file, (DRILL,))
    told = Told(file)
    assert told.now() == (DRILL,)
    file.write_text(text, encoding="utf-8")
    assert told.now() == ()


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"drills\.json"):
        tell(tmp_path / "gone" / "drills.json", (DRILL,))


def test_an_order_brings_the_drills_to_whoever_judges() -> None:
    order = Order(office=stills.office(), keys={}, switches={}, watched=readings.watched(), drills=(DRILL,))
    assert Order.model_validate_json(order.model_dump_json(by_alias=True)).drills == (DRILL,)


def test_a_new_drill_is_judged_at_once() -> None:
    async def twice() -> None:
        drills: list[Drill] = []
        reports: asyncio.Queue[Report] = asyncio.Queue()
        judging = Judging(stills.office(), Keys({}), readings.watched, lambda: tuple(drills))
        running = asyncio.create_task(judging.run(reports.put_nowait))
        async with asyncio.timeout(50):
            await reports.get()
            drills.append(DRILL)
            await reports.get()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(twice())
