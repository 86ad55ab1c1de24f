"""The relay between real descriptors: the test is the client on one side and charon on the other."""

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from vici.protocol import Packet

from templates.linux_gateway.gate import relay
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.packets import framed
from templates.linux_gateway.gate.relay import Ends, vici

VERSION, TERMINATE = framed(Packet.request("version")), framed(Packet.request("terminate"))
UNKNOWN, ANSWER = framed(b"\2"), framed(b"\1\3\1a\0\1b")
EVENT = framed(b"\7\x0aike-updown")


@dataclass
class Standing:
    """A relay that runs, and both sides of it."""

    asks: int
    tells: int
    charon: socket.socket
    thread: threading.Thread
    faults: list[GateError] = field(default_factory=list)

    def ask(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.asks, data) :]

    def told(self, count: int) -> bytes:
        """So many bytes for the client, within a few seconds."""
        data = b""
        while len(data) < count and select.select([self.tells], [], [], 5)[0]:
            data += os.read(self.tells, count - len(data))
        return data

    def heard(self, count: int) -> bytes:
        """So many bytes for charon."""
        return self.charon.recv(count, socket.MSG_WAITALL)

    def quiet(self) -> bool:
        """Whether charon hears nothing."""
        return not select.select([self.charon], [], [], 0.1)[0]

    def fault(self) -> str:
        """How it ended: the code of its error, or nothing."""
        self.thread.join(10)
        assert not self.thread.is_alive()
        return self.faults[0].code if self.faults else ""


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    with _standing(tmp_path) as there:
        yield there


@contextmanager
def _standing(folder: Path) -> Iterator[Standing]:
    theirs, asks = os.pipe()
    tells, ours = os.pipe()
    faults: list[GateError] = []

    def run() -> None:
        try:
            vici("read vici", Ends(theirs, ours), str(folder / "vici"))
        except GateError as error:
            faults.append(error)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "vici"))
        listening.listen()
        thread = threading.Thread(target=run)
        thread.start()
        charon, _ = listening.accept()
    with charon:
        charon.settimeout(5)
        there = Standing(asks, tells, charon, thread, faults)
        try:
            yield there
        finally:
            for end in (there.asks, there.tells):
                if end >= 0:
                    os.close(end)
            charon.close()
            thread.join(10)
            os.close(theirs)
            os.close(ours)


def test_a_question_goes_through_and_its_answer_comes_back(standing: Standing) -> None:
    for byte in VERSION:
        standing.ask(bytes([byte]))
    assert standing.heard(len(VERSION)) == VERSION
    for byte in EVENT + ANSWER:
        standing.charon.sendall(bytes([byte]))
    assert standing.told(len(EVENT + ANSWER)) == EVENT + ANSWER


def test_an_order_is_answered_in_its_turn_and_never_reaches_charon(
    standing: Standing, capfd: pytest.CaptureFixture[str]
) -> None:
    standing.ask(VERSION + TERMINATE + VERSION)
    assert standing.heard(len(VERSION)) == VERSION
    assert standing.quiet()
    standing.charon.sendall(EVENT + ANSWER)
    assert standing.told(len(EVENT + ANSWER + UNKNOWN)) == EVENT + ANSWER + UNKNOWN
    assert standing.heard(len(VERSION)) == VERSION
    assert standing.quiet()
    if not Path("/dev/log").exists():
        assert "read vici: command b'terminate' refused" in capfd.readouterr().err


def test_many_refusals_are_answered_and_counted(standing: Standing, capfd: pytest.CaptureFixture[str]) -> None:
    standing.ask(TERMINATE * 50)
    assert standing.told(50 * len(UNKNOWN)) == UNKNOWN * 50
    os.close(standing.asks)
    standing.asks = -1
    assert standing.fault() == ""
    if not Path("/dev/log").exists():
        said = capfd.readouterr().err
        assert said.count("refused\n") == 20
        assert "read vici: 30 more refused within a minute" in said


def test_ends_with_its_client_even_while_charon_owes_an_answer(standing: Standing) -> None:
    standing.ask(VERSION)
    assert standing.heard(len(VERSION)) == VERSION
    os.close(standing.asks)
    standing.asks = -1
    assert standing.fault() == ""
    assert standing.charon.recv(1) == b""


def test_ends_when_nobody_is_there_to_read(standing: Standing) -> None:
    os.close(standing.tells)
    standing.tells = -1
    assert standing.fault() == ""


@pytest.mark.parametrize("nonsense", [b"GET / HTTP/1.1\r\n", b"\0\0\0\0", framed(b"\1"), framed(b"\7\7version")])
def test_ends_at_what_no_client_sends(standing: Standing, nonsense: bytes) -> None:
    standing.ask(nonsense)
    assert standing.fault() == "refused"
    assert standing.charon.recv(1) == b""


def test_ends_when_charon_does(standing: Standing) -> None:
    standing.charon.close()
    assert standing.fault() == "internal"


@pytest.mark.parametrize("nonsense", [b"\0\0\0\0", b"\0\x08\0\1"])
def test_ends_at_a_packet_charon_cannot_mean(standing: Standing, nonsense: bytes) -> None:
    standing.charon.sendall(nonsense)
    assert standing.fault() == "internal"
    assert not select.select([standing.tells], [], [], 0)[0]


def test_the_longest_packet_passes(standing: Standing) -> None:
    longest = framed(b"\7" + b"x" * ((512 << 10) - 1))
    sending = threading.Thread(target=standing.charon.sendall, args=(longest,))
    sending.start()
    assert standing.told(len(longest)) == longest
    sending.join(5)


def test_there_is_an_end_to_patience(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(relay, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(relay, "READ_SECONDS", 0.2)
    (tmp_path / "a").mkdir()
    with _standing(tmp_path / "a") as there:
        there.ask(VERSION)
        assert there.fault() == "internal"
        assert str(there.faults[0]) == "charon does not answer"
    (tmp_path / "b").mkdir()
    with _standing(tmp_path / "b") as there:
        # More than a pipe holds.
        flood = threading.Thread(target=_flood, args=(there.charon,))
        flood.start()
        assert there.fault() == "internal"
        assert str(there.faults[0]) == "nobody reads what charon says"
        flood.join(5)


def _flood(charon: socket.socket) -> None:
    limit = time.monotonic() + 5
    try:
        while time.monotonic() < limit:
            charon.sendall(EVENT * 1000)
    except OSError:
        return


def test_says_when_charon_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GateError) as gone:
        vici("read vici", Ends(0, 1), str(tmp_path / "nothing"))
    assert gone.value.code == "internal"
