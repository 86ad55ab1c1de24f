"""The socket between watch and edge: what it says, to whom, and what it does not listen to."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from api.picture import Exchanges
from api.serve.follower import LinkError, exchanges, follow
from api.serve.link import Link, bind
from api.serve.message import EVENTS, Message
from monitor.results import Event, ProbeExchange, Reason, State, Watched
from tests.api import readings
from tests.api.reports import report

WATCHED = readings.watched()
EXCHANGE = ProbeExchange(at=readings.AT, sent="request", received="reply", seconds=0.002, problem="")


def event(number: int) -> Event:
    at = readings.AT + dt.timedelta(seconds=number)
    return Event(at=at, subject=f"tunnel:t-{number}", before=State.UP, after=State.DOWN, reason=Reason.NO_SA)


def rounds(number: int) -> Watched:
    return WATCHED.model_copy(update={"round": number})


def held(folder: Path, conversation: Callable[[Link, Path], Awaitable[None]]) -> None:
    """A conversation with a link that serves."""

    async def hold() -> None:
        async with _serving(folder) as (link, path), asyncio.timeout(20):
            await conversation(link, path)

    asyncio.run(hold())


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[Link, Path]]:
    link = Link(lambda name: Exchanges((EXCHANGE,), ()) if name == "k-b" else None)
    path = folder / "watch.sock"
    serving = asyncio.create_task(link.serve(bind(path)))
    await asyncio.sleep(0)
    try:
        yield link, path
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def asked(path: Path, words: bytes) -> bytes:
    """Everything the link says to these words until it hangs up."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(words)
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_a_follower_hears_the_newest_of_each_then_everything(tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        link.picture(rounds(1))
        link.picture(rounds(2), "the store is locked")
        link.report(report(failed=False))
        link.events((event(1), event(2)))
        heard = follow(path)
        first = [await anext(heard) for _number in range(3)]
        assert first[0].events == (event(1), event(2))
        assert (first[1].watched, first[1].store_problem) == (rounds(2), "the store is locked")
        assert 0 <= time.monotonic() - first[1].said_at < 20
        assert first[2].report == report(failed=False)
        link.picture(rounds(3))
        assert (await anext(heard)).watched == rounds(3)
        link.events((event(3),))
        assert (await anext(heard)).events == (event(3),)

    held(tmp_path, conversation)


def test_a_slow_follower_misses_pictures_never_the_newest_nor_an_event(tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        heard = follow(path)
        link.picture(rounds(0))
        await anext(heard)
        for number in range(1, 2001):
            link.picture(rounds(number))
            if number % 20 == 0:
                link.events((event(number),))
                await asyncio.sleep(0)
        numbers: list[int] = []
        events: list[Event] = []
        while not numbers or numbers[-1] < 2000:
            message = await anext(heard)
            events += message.events
            numbers += [message.watched.round] if message.watched else []
        assert numbers == sorted(set(numbers))
        assert len(numbers) < 2000
        assert [one.subject for one in events] == [f"tunnel:t-{number}" for number in range(20, 2001, 20)]

    held(tmp_path, conversation)


def test_what_is_kept_for_late_followers_is_bounded(tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        for number in range(EVENTS + 10):
            link.events((event(number),))
        message = await anext(follow(path))
        assert len(message.events) == EVENTS
        assert message.events[-1] == event(EVENTS + 9)

    held(tmp_path, conversation)


def test_a_probe_s_exchanges_are_told_once(tmp_path: Path) -> None:
    async def conversation(_link: Link, path: Path) -> None:
        assert await exchanges(path, "k-b") == Exchanges((EXCHANGE,), ())
        assert await exchanges(path, "k-x") is None
        assert await exchanges(path, "k-b\nfollow") is None
        assert (await asked(path, b"probe k-b\nfollow\n")).count(b"\n") == 1

    held(tmp_path, conversation)


@pytest.mark.parametrize(
    "words",
    [
        b"\n",
        b"stop\n",
        b"FOLLOW\n",
        b"follow me\n",
        b"probe\n",
        b"probe \n",
        b"probe ../k-b\n",
        b"probe k-b k-c\n",
        b"\xff\xfe\n",
        b"x" * 5000,
        b"follow",
    ],
)
def test_any_other_word_ends_the_connection(words: bytes, tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        link.picture(rounds(1))
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(words)
        writer.write_eof()
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        assert (await anext(follow(path))).watched == rounds(1)

    held(tmp_path, conversation)


def test_a_second_word_ends_a_follower(tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        link.picture(rounds(1))
        said = await asked(path, b"follow\nprobe k-b\n")
        assert b"found" not in said

    held(tmp_path, conversation)


def test_a_crowd_at_the_socket_is_turned_away(tmp_path: Path) -> None:
    async def conversation(link: Link, path: Path) -> None:
        crowd = [await asyncio.open_unix_connection(path) for _number in range(40)]
        ended = [asyncio.create_task(reader.read()) for reader, _writer in crowd]
        done, _waiting = await asyncio.wait(ended, timeout=1)
        assert len(done) == 24
        for task, (_reader, writer) in zip(ended, crowd, strict=True):
            task.cancel()
            writer.close()

    held(tmp_path, conversation)


def test_an_end_of_the_watch_is_an_end_of_following(tmp_path: Path) -> None:
    async def hold() -> None:
        async with _serving(tmp_path) as (link, path):
            link.picture(rounds(1))
            heard = follow(path)
            await anext(heard)
        with pytest.raises(LinkError):
            await anext(heard)
        with pytest.raises(LinkError):
            await anext(follow(path))
        assert await exchanges(path, "k-b") is None

    asyncio.run(hold())


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"watched": 1}\n', b'{"command": "x"}\n', b"x" * 100 + b"\n"])
def test_a_watch_that_talks_nonsense_is_left(line: bytes, tmp_path: Path) -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(line)
        await writer.drain()
        writer.close()

    async def hold() -> None:
        async with await asyncio.start_unix_server(talk, tmp_path / "watch.sock"):
            with pytest.raises(LinkError):
                await anext(follow(tmp_path / "watch.sock"))
            assert await exchanges(tmp_path / "watch.sock", "k-b") is None

    asyncio.run(hold())


def test_a_message_says_only_what_is_new() -> None:
    line = Message(events=(event(1),)).line()
    assert b"watched" not in line
    assert Message.model_validate_json(line).events == (event(1),)


def test_the_socket_is_for_owner_and_group_and_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    for _time in range(2):
        with bind(deep / "watch.sock"):
            mode = (deep / "watch.sock").stat().st_mode
            assert stat.S_ISSOCK(mode)
            assert stat.S_IMODE(mode) == 0o660


def test_a_deep_place_is_no_hindrance(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()

    async def conversation(link: Link, path: Path) -> None:
        link.picture(rounds(1))
        assert (await anext(follow(path))).watched == rounds(1)

    held(deep, conversation)
    with socket.socket(socket.AF_UNIX) as too_deep, pytest.raises(OSError, match="too long"):
        too_deep.connect(str(deep / "watch.sock"))
