"""A cancellation that comes as the awaited thing is just done."""

import asyncio

import pytest

from inventory.cancellation import heed


def test_a_cancellation_is_heeded_also_where_the_library_swallows_it() -> None:
    came = []

    async def wait(future: asyncio.Future[None]) -> None:
        await asyncio.wait_for(future, 10)
        heed()
        came.append("went on")

    async def race() -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(wait(future))
        await asyncio.sleep(0)
        future.set_result(None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(race())
    assert came == []


def test_nothing_happens_where_nobody_has_asked() -> None:
    async def work() -> str:
        heed()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await asyncio.sleep(10)
        heed()
        return "done"

    assert asyncio.run(work()) == "done"
