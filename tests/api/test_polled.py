"""What polling finds on its way: over the socket, through the store, to the API."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from api.picture import Picture
from api.serve.follower import follow
from api.serve.heard import Heard
from api.serve.link import Link, bind
from api.serve.message import Message
from api.serve.place import Place
from api.serve.shelf import Shelf
from api.store.recorder import Pace, Recorder
from api.store.store import Batch, Store
from monitor.results import State
from monitor.snmp.model import Figures, Polled
from tests.api import stills
from tests.api.test_app import ask
from tests.monitor.snmp.sights import polled, printer, silent, switch

_NOW = dt.datetime.now(dt.UTC)


def fresh(one: Polled, age_s: float = 1.0, now: dt.datetime = _NOW) -> Polled:
    return one.model_copy(update={"at": now - dt.timedelta(seconds=age_s), "since": now})


UP, DOWN = fresh(polled("sw-k-1", switch(4))), fresh(silent("sw-b-1"))


def test_a_follower_hears_each_device_once_and_one_who_comes_late_the_newest_of_each(tmp_path: Path) -> None:
    again = UP.model_copy(update={"seconds": 9.0})

    async def conversation() -> tuple[list[Message], Message]:
        link, path = Link(lambda _name: None), tmp_path / "watch.sock"
        serving = asyncio.create_task(link.serve(bind(path)))
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(20):
                link.polled(UP)
                link.polled(DOWN)
                link.polled(again)
                late = follow(path)
                first = [await anext(late), await anext(late)]
                link.polled(UP)
                return first, await anext(late)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    first, then = asyncio.run(conversation())
    assert {one for message in first for one in message.polled} == {again, DOWN}
    assert then.polled == (UP,)
    assert then.watched is None


def test_the_store_keeps_the_newest_of_each_device(store: Store) -> None:
    assert store.polled() == ()
    store.record(Batch("a", polled=(UP, DOWN)))
    assert store.polled() == (DOWN, UP), "by name"
    risen = DOWN.model_copy(update={"state": State.UP, "figures": Figures(name="sw-b-1")})
    store.record(Batch("b", polled=(risen,)))
    assert store.polled() == (risen, UP)


def test_a_recorder_writes_the_newest_of_each_device(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/fosa.db")
    recorder = Recorder(store, Pace(picture_s=0.05))
    recorder.start()
    for number in range(200):
        recorder.put(polled=UP.model_copy(update={"seconds": float(number)}))
    recorder.put(polled=DOWN)
    assert recorder.flush(10)
    assert [one.seconds for one in store.polled()] == [DOWN.seconds, 199.0]
    assert recorder.close(5)


@pytest.mark.parametrize("known", [True, False])
def test_without_a_watch_the_store_remembers_and_what_is_too_old_is_unknown(tmp_path: Path, known: bool) -> None:
    at = dt.datetime.now(dt.UTC)  # Since this file was read other tests may have taken minutes.

    async def shown(kept: tuple[Polled, ...]) -> Picture:
        place, url = Place(tmp_path / "serve"), f"sqlite:///{tmp_path}/fosa.db"
        place.folder.mkdir(exist_ok=True)
        store = Store(url)
        store.migrate()
        picture = stills.well().watched.model_copy(update={"at": at})
        store.record(Batch("a", picture=picture, polled=kept))
        heard = Heard(stills.office(), place, Shelf(Store(url, read_only=True)))
        running = asyncio.create_task(heard.run())
        try:
            async with asyncio.timeout(20):
                while heard.now().silent_s is None:
                    await asyncio.sleep(0.01)
                return heard.now()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    stranger = fresh(polled("nobody-knows", Figures()))
    now = asyncio.run(shown((fresh(UP, 1.0 if known else 1e6, at), stranger)))
    assert len(now.polled) == 54, "every device that is expected, and no other"
    assert now.polled["sw-k-1"].state is (State.UP if known else State.UNKNOWN)
    assert now.polled["prn-b-01"].state is State.UNKNOWN
    assert str(now.polled["prn-b-01"].cause) == "not asked yet"


def test_the_api_shows_how_devices_stand_and_the_figures_of_one() -> None:
    low = polled("prn-b-01", printer(), State.DEGRADED, "no paper")
    picture = replace(stills.well(), polled={one.device: one for one in (UP, DOWN, low)})
    listed = {device["name"]: device for device in ask("/api/v1/devices?limit=200", picture).json()["items"]}
    assert listed["sw-k-1"]["polled"]["state"] == "up"
    assert listed["sw-k-1"]["polled"]["figures"] is None, "too much for a list"
    assert listed["sw-b-1"]["polled"]["cause"] == "no answer"
    assert listed["dc-k"]["polled"] is None
    one = ask("/api/v1/devices/prn-b-01", picture).json()["polled"]
    assert (one["state"], one["cause"], one["problems"]) == ("degraded", "no paper", ["no paper"])
    assert len(one["figures"]["supplies"]) > 0
    assert one["figures"]["partial"] == []


def test_the_api_speaks_of_devices_in_the_readers_language() -> None:
    picture = replace(stills.well(), polled={"sw-b-1": DOWN})
    said = ask("/api/v1/devices/sw-b-1", picture, accept_language="pl").json()["polled"]["cause"]
    assert said
    assert ask("/api/v1/devices/sw-b-1", picture, accept_language="en").json()["polled"]["cause"] == "no answer"
