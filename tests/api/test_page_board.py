"""The board and its stream: rendered once for all, told only what changed, never waiting for a slow reader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from api.pages.board import Board, Seen
from api.pages.fragments import FRAGMENTS
from api.pages.stream import Stream
from api.picture import Picture
from tests.api import stills
from tests.api.stills import Stills


class Counted(Stills):
    """Counts how often somebody looks."""

    def __init__(self, picture: Picture | None = None) -> None:
        super().__init__(picture)
        self.looks = 0

    def now(self) -> Picture:
        self.looks += 1
        return super().now()


@dataclass(slots=True)
class Reader:
    """The other end of a stream: keeps what it was sent, and may stop taking it."""

    sent: list[bytes] = field(default_factory=list)
    stuck: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: object) -> None:
        assert isinstance(message, dict)
        if message["type"] == "http.response.body":
            self.sent.append(message["body"])
            if message["body"].startswith(b"id: "):
                self.news.set()
            if self.stuck:
                await asyncio.Event().wait()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def events(self) -> list[dict[str, str]]:
        datas = [part for part in self.sent if part.startswith(b"id: ")]
        return [json.loads(part.split(b"\ndata: ")[1]) for part in datas]

    async def hears(self) -> None:
        await asyncio.wait_for(self.news.wait(), 10)
        self.news.clear()


def following(board: Board, reader: Reader, seen: str = "") -> asyncio.Task[None]:
    stream = Stream(board, Seen.parse(seen))
    return asyncio.create_task(stream({"type": "http"}, reader.receive, reader.send))


def run(conversation: Callable[[], Awaitable[None]]) -> None:
    async def held() -> None:
        await conversation()

    asyncio.run(held())


def test_a_reader_is_told_everything_once_and_then_what_changed() -> None:
    async def conversation() -> None:
        pictures, reader = Stills(), Reader()
        following(Board(pictures, "en"), reader)
        await reader.hears()
        pictures.put(stills.broken())
        await reader.hears()
        first, second = reader.events()
        assert set(first) == set(FRAGMENTS)
        assert "The network works" in first["verdict"]
        assert "Budynek drugi is cut off" in second["verdict"]
        assert {"said", "verdict", "matters", "map", "tunnels"} <= set(second)
        assert not {"assumed", "clock", "notices"} & set(second)
        reader.gone.set()

    run(conversation)


def test_a_page_that_has_just_been_loaded_is_told_nothing_twice() -> None:
    async def conversation() -> None:
        pictures, reader = Stills(), Reader()
        board = Board(pictures, "en")
        assert set(board.fragments()) == set(FRAGMENTS)
        following(board, reader, str(board.seen))
        pictures.put(stills.silent())
        await reader.hears()
        [told] = reader.events()
        assert "The watch is silent" in told["said"]
        assert "assumed" not in told
        reader.gone.set()

    run(conversation)


@pytest.mark.parametrize("seen", ["", "another.3", "x", ".", "board.-1", "board.99999999999999999999", "\u0661.\u0661"])
def test_who_has_seen_another_board_is_told_everything(seen: str) -> None:
    board = Board(Stills(), "pl")
    board.fragments()
    assert set(json.loads(board.since(Seen.parse(seen)))) == set(FRAGMENTS)
    assert json.loads(board.since(board.seen)) == {}


def test_a_thousand_readers_cost_one_rendering() -> None:
    async def conversation() -> None:
        pictures = Counted()
        board = Board(pictures, "en")
        readers = [Reader() for _ in range(1000)]
        tasks = [following(board, reader) for reader in readers]
        for reader in readers:
            await reader.hears()
        looked = pictures.looks
        pictures.put(stills.broken())
        for reader in readers:
            await reader.hears()
        assert pictures.looks - looked <= 3
        # One object in memory, not a thousand copies.
        assert len({id(board.since(Seen.parse("")))}) == 1
        assert all("Budynek drugi is cut off" in reader.events()[-1]["verdict"] for reader in readers)
        assert board.readers == 1000
        for reader in readers:
            reader.gone.set()
        await asyncio.gather(*tasks)
        assert board.readers == 0

    run(conversation)


def test_nothing_is_rendered_while_nobody_reads() -> None:
    async def conversation() -> None:
        pictures, reader = Counted(), Reader()
        task = following(Board(pictures, "en"), reader)
        await reader.hears()
        reader.gone.set()
        await task
        looked = pictures.looks
        pictures.put(stills.broken())
        await asyncio.sleep(0.3)
        assert pictures.looks == looked

    run(conversation)


def test_a_stuck_reader_holds_up_nobody_and_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.stream._PATIENCE_S", 0.2)

    async def conversation() -> None:
        pictures, stuck, quick = Stills(), Reader(stuck=True), Reader()
        board = Board(pictures, "en")
        task = following(board, stuck)
        following(board, quick)
        await quick.hears()
        pictures.put(stills.broken())
        await quick.hears()
        await asyncio.wait_for(task, 10)
        assert len(stuck.sent) == 1
        assert board.readers == 1
        quick.gone.set()

    run(conversation)


def test_without_news_the_stream_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.stream._BEAT_S", 0.05)

    async def conversation() -> None:
        reader = Reader()
        following(Board(Stills(), "en"), reader)
        await reader.hears()
        async with asyncio.timeout(10):
            while b": beat\n\n" not in reader.sent:
                await asyncio.sleep(0.02)
        assert reader.sent[0] == b"retry: 1000\n\n"
        reader.gone.set()

    run(conversation)


def test_a_board_that_cannot_be_rendered_sends_its_readers_away() -> None:
    class Broken(Stills):
        def now(self) -> Picture:
            raise RuntimeError("no picture")

    async def conversation() -> None:
        heard: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context))
        reader = Reader()
        await asyncio.wait_for(following(Board(Broken(), "en"), reader), 10)
        assert not reader.events()

    run(conversation)


def test_a_silent_watch_grows_more_silent_on_the_page() -> None:
    class Ageing(Stills):
        def now(self) -> Picture:
            self.number += 1
            return replace(stills.silent(), silent_s=9.0 + self.number)

    async def conversation() -> None:
        reader = Reader()
        following(Board(Ageing(), "en"), reader)
        await reader.hears()
        await reader.hears()
        first, second = (event["verdict"] for event in reader.events()[:2])
        assert "for 11 s" in first
        assert "for 12 s" in second
        # A screen reader is told that it is silent, not every second for how long.
        assert "said" not in reader.events()[1]
        reader.gone.set()

    run(conversation)
