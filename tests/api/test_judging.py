"""The periodic check is made by a process of its own, which ends; what goes wrong with it is said."""

from __future__ import annotations

import asyncio

import pytest

from api.serve.child import python
from api.serve.judging import Judging, Order
from monitor.compliance.model import Report, Result
from monitor.watch import Keys
from tests.api import readings, stills
from tests.monitor.compliance import cases


def judging() -> Judging:
    return Judging(stills.office(), Keys({}), readings.watched, lambda: ())


def test_an_office_nobody_can_reach_is_judged_and_nothing_passes() -> None:
    async def first() -> Report:
        reports: asyncio.Queue[Report] = asyncio.Queue()
        running = asyncio.create_task(judging().run(reports.put_nowait))
        async with asyncio.timeout(40):
            report = await reports.get()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return report

    report = asyncio.run(first())
    assert [problem.values["device"] for problem in report.problems] == [device.name for device in cases.pila().managed]
    assert Result.PASS not in {finding.result for finding in report.findings if finding.rule.startswith("FW")}
    assert report.coverage.assets_judged == 0


def test_a_check_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")

    async def first() -> str:
        checks = judging()
        running = asyncio.create_task(checks.run(lambda _report: None))
        async with asyncio.timeout(20):
            while not checks.problem:
                await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return checks.problem

    assert asyncio.run(first()).startswith("the check could not be made: ")


def test_an_order_survives_its_way_and_shows_no_key() -> None:
    seen = readings.watched()
    keys, switches = {"gw-k": "the key"}, {"file:mask": "the mask"}
    order = Order(office=stills.office(), keys=keys, switches=switches, watched=seen)
    assert Order.model_validate_json(order.model_dump_json(by_alias=True)) == order
    assert "the key" not in repr(order)


def test_work_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(python(("-c", "import time; time.sleep(60)"), b"", 0.2))
