"""The IKE probe against responders of every kind, and whom it asks."""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

import pytest

from inventory.load import load
from inventory.model import Office
from monitor.probes.base import Outcome, Pace
from monitor.probes.ike import PROBE, Responder, examine
from monitor.results import State

_ROOT = Path(__file__).parents[3]
_STRONG, _WEAK = struct.pack("!H", 20), struct.pack("!H", 2)
Says = Callable[[bytes], bytes | None]


@pytest.fixture(scope="module")
def office() -> Office:
    return load(_ROOT / "inventory/examples/pila").require()


def _notified(asked: bytes, number: int, data: bytes = b"") -> bytes:
    body = struct.pack("!BBHBBH", 0, 0, 8 + len(data), 0, 0, number) + data
    return asked[:8] + b"responds" + struct.pack("!BBBBII", 41, 0x20, 34, 0x20, 0, 28 + len(body)) + body


def _old(asked: bytes) -> bytes:
    body = struct.pack("!BBHII", 0, 0, 12, 1, 1)
    return asked[:8] + b"responds" + struct.pack("!BBBBII", 1, 0x10, asked[18], 0, 0, 28 + len(body)) + body


def _agrees_to_all(asked: bytes) -> bytes | None:
    return _notified(asked, 17, _WEAK) if asked[17] == 0x20 else None


def _takes_the_old(asked: bytes) -> bytes | None:
    return _old(asked) if asked[17] == 0x10 else _strong_only(asked)


def _strong_only(asked: bytes) -> bytes:
    return _notified(asked, 17, _STRONG) if _is_strong(asked) else _notified(asked, 14)


def _is_strong(asked: bytes) -> bool:
    # The only question of one proposal with three algorithms.
    return asked[39] == 3


def _cookie_first(asked: bytes) -> bytes | None:
    if asked[17] != 0x20:
        return None
    if asked[16] != 41:
        return _notified(asked, 16390, b"cookie")
    bare = asked[:28] + asked[28 + struct.unpack_from("!H", asked, 30)[0] :]
    return _strong_only(bare)


def _refuses(asked: bytes) -> bytes | None:
    return _notified(asked, 14)


@pytest.mark.parametrize(
    ("says", "state", "word"),
    [
        (_strong_only, State.UP, "nothing weaker"),
        (_cookie_first, State.UP, "nothing weaker"),
        (_agrees_to_all, State.DOWN, "3des"),
        (_takes_the_old, State.DOWN, "IKEv1"),
        (_refuses, State.DOWN, "NO_PROPOSAL_CHOSEN"),
        (lambda asked: _notified(asked, 16390, b"again"), State.UNKNOWN, "cookie"),
    ],
)
def test_a_responder_is_judged_by_what_it_agrees_to(
    says: Says, state: State, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.ike.talk._ANSWER_S", 0.2)
    outcome = _examined(says)
    assert outcome.state is state, outcome
    assert word in str(outcome.cause)


@pytest.mark.parametrize("says", [lambda _asked: b"what?", lambda _asked: None])
def test_silence_and_nonsense_are_no_answer(says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.ike.talk._ANSWER_S", 0.03)
    outcome = _examined(says)
    assert outcome.state is State.DOWN
    assert "does not answer" in str(outcome.cause)


def test_nobody_there_is_an_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(examine(_responder(port)))


def test_only_lines_that_a_flow_lets_the_manager_ask_are_asked(office: Office) -> None:
    asked = {target.name: target for target in PROBE.targets(office)}
    assert {name: str(target.address) for name, target in asked.items()} == {
        "gw-b/b-isp1": "198.51.100.20",
        "gw-c/c-isp1": "198.51.100.36",
    }
    assert {target.expected for target in asked.values()} == {("aes256gcm16-prfsha384-ecp384",)}
    silent = office.model_copy(update={"flows": tuple(f for f in office.flows if f.name != "lines-from-outside")})
    assert list(PROBE.targets(silent)) == []


def _examined(says: Says) -> Outcome:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                asked, who = peer.recvfrom(4096)
                if asked == b"end":
                    return
                if (said := says(asked)) is not None:
                    peer.sendto(said, who)

        thread = Thread(target=serve)
        thread.start()
        try:
            return asyncio.run(examine(_responder(peer.getsockname()[1])))
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"end", peer.getsockname())
            thread.join()


def _responder(port: int) -> Responder:
    made = Responder(
        name="gw-b/b-isp1",
        subject="device:gw-b",
        where="here",
        pace=Pace(1.0, 30.0),
        address=IPv4Address("127.0.0.1"),
        expected=("aes256gcm16-prfsha384-ecp384",),
    )
    return replace(made, port=port)
