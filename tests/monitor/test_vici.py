"""The vici client over a stream: questions, events, bounds, and far ends that talk nonsense."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from monitor.errors import NonsenseError, SilenceError
from monitor.packets import Section
from monitor.vici import EVENTS, Vici
from tests.monitor.replay import Replay, framed, recorded

_T = TypeVar("_T")


def test_lists_what_a_real_charon_listed() -> None:
    listed = _run(Replay.of(recorded("before")), _listed)
    assert [list(sa) for sa in listed] == [["k-b"], ["k-c"], ["k-platform"]]


def test_asks_for_events_before_it_lists() -> None:
    replay = Replay.of(recorded("before"))
    _run(replay, _listed)
    words = [asked[6:].decode() for asked in replay.asked]
    assert words == ["version", *EVENTS, "list-sa", "list-sas"]


def test_events_come_between_the_lists() -> None:
    replay = Replay.of(recorded("events") + recorded("before"))
    heard: list[str] = []
    _run(replay, _listed, lambda name, _message: heard.append(name))
    assert heard == ["child-rekey", "ike-rekey"]


@pytest.mark.parametrize("piece", [1, 3, 4096])
def test_it_does_not_matter_how_the_bytes_are_cut(piece: int) -> None:
    replay = Replay.of(recorded("before"), recorded("after"), piece=piece)
    first, second = _run(replay, _listed_twice)
    assert (len(first), len(second)) == (3, 3)


@pytest.mark.parametrize(
    "garbage",
    [
        b'{"ok": false, "code": "refused"}\n',
        framed(b"\x09"),
        framed(b"\x01") + framed(b"\x01"),
        b"\x00\x08\x00\x01",
        framed(b"\x07\x07list-sa\x09"),
        framed(b"\x02"),
        framed(b"\x06"),
    ],
    ids=["the gate's refusal", "kind", "two answers", "too long", "message", "command", "event"],
)
def test_garbage_ends_the_conversation(garbage: bytes) -> None:
    with pytest.raises(NonsenseError):
        _run(Replay(garbage), lambda vici: vici.begin())


def test_no_end_of_security_associations_is_garbage() -> None:
    endless = framed(b"\x07\x07list-sa") * 5000
    with pytest.raises(NonsenseError, match="more security associations"):
        _run(Replay.of(endless, piece=65536), _listed)


def test_the_end_of_the_stream_is_silence() -> None:
    ended = Replay()
    ended.end()
    with pytest.raises(SilenceError):
        _run(ended, _listed)


async def _listed(vici: Vici) -> tuple[Section, ...]:
    await vici.begin()
    return await vici.list_sas()


async def _listed_twice(vici: Vici) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    return await _listed(vici), await vici.list_sas()


def _run(
    replay: Replay,
    do: Callable[[Vici], Awaitable[_T]],
    on_event: Callable[[str, Section], None] = lambda _name, _message: None,
) -> _T:
    async def run() -> _T:
        vici = Vici(replay, on_event)
        pump = asyncio.create_task(vici.pump())
        doing = asyncio.ensure_future(do(vici))
        done, _rest = await asyncio.wait({pump, doing}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        pump.cancel()
        for task in done:
            if task is pump:
                task.result()
        return doing.result()

    return asyncio.run(run())
