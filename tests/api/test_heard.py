"""What the edge shows: what the watch says, else what the store kept, and how old it is."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.picture import Exchanges, Picture
from api.serve import word
from api.serve.heard import Heard
from api.serve.link import Link, bind
from api.serve.place import Place
from api.serve.shelf import Shelf
from api.store.store import Batch, Store
from monitor.results import Event, Reason, State, Watched
from tests.api import readings, stills
from tests.api.reports import report
from tests.monitor.snmp import sights


@dataclass(frozen=True, slots=True)
class Scene:
    """An edge that listens, where its watch would be, and its store."""

    heard: Heard
    place: Place
    store: Store

    @contextlib.asynccontextmanager
    async def watch(self) -> AsyncIterator[Link]:
        """A watch's end of the socket, for as long as this lasts."""
        link = Link(lambda name: Exchanges((), ()) if name == "k-b" else None)
        serving = asyncio.create_task(link.serve(bind(self.place.socket)))
        await asyncio.sleep(0)
        try:
            yield link
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def until(self, met: Callable[[Picture], object]) -> Picture:
        """The first picture that meets the condition, waited for as a page does."""
        number = 0
        async with asyncio.timeout(20):
            while not met(now := self.heard.now()):
                number = await self.heard.changed(number, 5)
        return now


Act = Callable[[Scene], Coroutine[Any, Any, None]]


class Play(Protocol):
    def __call__(self, scene: Act, kept: Batch | None = None) -> None:
        """Play a scene to its end, with something in the store before it begins."""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    def played(scene: Act, kept: Batch | None = None) -> None:
        asyncio.run(_play(tmp_path, scene, kept))

    return played


async def _play(folder: Path, scene: Act, kept: Batch | None) -> None:
    place, url = Place(folder / "serve"), f"sqlite:///{folder}/store/fosa.db"
    place.folder.mkdir()
    store, reader = Store(url), Store(url, read_only=True)
    store.migrate()
    if kept is not None:
        store.record(kept)
    heard = Heard(stills.office(), place, Shelf(reader))
    running = asyncio.create_task(heard.run())
    try:
        await scene(Scene(heard, place, store))
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        reader.close()
        store.close()


def event(number: int) -> Event:
    at = readings.AT + dt.timedelta(seconds=number)
    return Event(at=at, subject=f"tunnel:t-{number}", before=State.UP, after=State.DOWN, reason=Reason.NO_SA)


def current(**update: object) -> Watched:
    return readings.watched().model_copy(update={"at": dt.datetime.now(dt.UTC), **update})


def states(now: Picture) -> set[State]:
    return {tunnel.state for tunnel in now.watched.tunnels}


def test_without_a_watch_everything_expected_is_there_and_unknown(play: Play) -> None:
    async def scene(there: Scene) -> None:
        now = there.heard.now()
        assert (now.silent_s, now.report, now.events) == (None, None, ())
        assert [tunnel.tunnel for tunnel in now.watched.tunnels] == ["k-b", "k-c", "k-platform"]
        assert states(now) == {State.UNKNOWN}
        assert await there.heard.exchanges("k-b") is None

    play(scene)


def test_what_the_watch_says_is_shown(play: Play) -> None:
    async def scene(there: Scene) -> None:
        async with there.watch() as link:
            link.picture(current(), "the store is full")
            link.report(report(failed=True))
            link.events((event(1), event(2)))
            now = await there.until(lambda now: now.report and now.silent_s is not None and now.events)
            assert states(now) == {State.UP}
            assert now.silent_s is not None
            assert now.silent_s < 2
            assert now.store_problem == "the store is full"
            assert now.events == (event(2), event(1))
            link.events((event(3),))
            assert (await there.until(lambda now: len(now.events) == 3)).events[0] == event(3)
            assert await there.heard.exchanges("k-b") == Exchanges((), ())
            assert await there.heard.exchanges("k-x") is None

    play(scene)


def test_silence_turns_everything_unknown_and_is_news(play: Play) -> None:
    async def scene(there: Scene) -> None:
        async with there.watch() as link:
            link.picture(current())
            await there.until(lambda now: states(now) == {State.UP})
        now = await there.until(lambda now: states(now) == {State.UNKNOWN})
        assert now.silent_s is not None
        assert now.silent_s > 2
        async with there.watch() as link:
            link.picture(current())
            await there.until(lambda now: states(now) == {State.UP})

    play(scene)


def test_a_picture_that_lay_waiting_is_as_old_as_it_is(play: Play) -> None:
    async def scene(there: Scene) -> None:
        async with there.watch() as link:
            link.picture(current())
            # The whole loop stands, as a process does that is stopped.
            time.sleep(3.5)
            now = await there.until(lambda now: now.silent_s is not None)
            assert now.silent_s is not None
            assert now.silent_s > 3
            assert states(now) == {State.UNKNOWN}

    play(scene)


def test_what_the_store_kept_is_shown_but_proves_nothing(play: Play) -> None:
    async def scene(there: Scene) -> None:
        now = await there.until(lambda now: now.report)
        assert now.events == (event(2), event(1))
        assert states(now) == {State.UNKNOWN}
        assert now.silent_s is not None
        assert now.silent_s >= 10
        assert now.watched.tunnels[0].ends[0].sa is not None
        async with there.watch() as link:
            link.events((event(2), event(3)))
            link.picture(current())
            now = await there.until(lambda now: states(now) == {State.UP} and len(now.events) == 3)
            assert now.events == (event(3), event(2), event(1))

    play(scene, Batch("a", (event(1), event(2)), 0, current(), (report(failed=True),)))


def test_a_picture_of_another_inventory_is_fitted_to_ours(play: Play) -> None:
    async def scene(there: Scene) -> None:
        async with there.watch() as link:
            whole = current()
            renamed = whole.tunnels[0].model_copy(update={"tunnel": "k-x"})
            link.picture(current(tunnels=(renamed, *whole.tunnels[1:]), links=(), devices=whole.devices[:1]))
            now = await there.until(lambda now: now.silent_s is not None)
            found = {tunnel.tunnel: tunnel.state for tunnel in now.watched.tunnels}
            assert found == {"k-b": State.UNKNOWN, "k-c": State.UP, "k-platform": State.UP}
            assert {link.link for link in now.watched.links} >= {link.link for link in whole.links}
            assert [device.state for device in now.watched.devices] == [State.UP, *[State.UNKNOWN] * 3]

    play(scene)


def test_a_store_that_is_gone_is_said_and_the_watch_still_shown(play: Play) -> None:
    async def scene(there: Scene) -> None:
        for file in (there.place.folder.parent / "store").iterdir():
            file.unlink()
        async with there.watch() as link:
            link.picture(current())
            now = await there.until(lambda now: now.store_problem and now.silent_s is not None)
            assert "fosa.db" in now.store_problem
            assert states(now) == {State.UP}

    play(scene)


def test_maintenance_begins_and_ends_while_the_edge_lives(play: Play) -> None:
    async def scene(there: Scene) -> None:
        word.begin(there.place.maintenance, "a new switch")
        assert (await there.until(lambda now: now.maintenance)).maintenance == "a new switch"
        word.end(there.place.maintenance)
        await there.until(lambda now: not now.maintenance)

    play(scene)


def test_waiting_for_news_ends_with_its_time(play: Play) -> None:
    async def scene(there: Scene) -> None:
        number = await there.heard.changed(-1, 5)
        assert await there.heard.changed(number, 0.01) >= number

    play(scene)


def test_the_lines_of_a_device_are_made_when_its_poll_is_heard(play: Play) -> None:
    def exported(now: Picture, state: State) -> bool:
        text = b"".join(now.texts.lines(now.at)["fosa_device_state"]) if now.texts else b""
        return f'device="sw-k-1",state="{state}"}} 1\n'.encode() in text and b"stranger" not in text

    async def scene(there: Scene) -> None:
        assert exported(there.heard.now(), State.UNKNOWN)
        async with there.watch() as link:
            for device in ("stranger", "sw-k-1"):
                polled = sights.polled(device, sights.switch())
                link.polled(polled.model_copy(update={"at": dt.datetime.now(dt.UTC)}))
            await there.until(lambda now: exported(now, State.UP))

    play(scene)
