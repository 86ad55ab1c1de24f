"""The desk over its socket: who asks, what is refused, what the audit is told, how a change is followed."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from api.desk.client import Client
from api.desk.verb import Nothing, Verb, bound
from api.people.model import Action, Caller
from inventory.errors import ConflictError, DriverError, InputError, RefusedError, ServiceError
from inventory.model.base import Value
from inventory.words import gettext as _
from inventory.words import speaking
from tests.api.desk.desks import Doors, Served, desk


class Asked(Value):
    device: str
    secret: str = ""


class Answer(Value):
    text: str


LOOK = Verb("try.look", Asked, Answer, Action.SEE, writes=False)
DO = Verb("try.do", Asked, Answer, Action.STOP)
FAIL = Verb("try.fail", Asked, Nothing, Action.SEE)
LOGIN = Verb("try.login", Asked, Answer, Action.SEE, unproved=True)

ERRORS = {
    "moved": ConflictError("moved"),
    "own": RefusedError("not your own"),
    "down": DriverError("down"),
    "fault": ZeroDivisionError("a fault"),
}


def fail(_caller: Caller, asked: Asked) -> Nothing:
    raise ERRORS[asked.device]


def answer(caller: Caller, asked: Asked) -> Answer:
    return Answer(text=f"{caller.account} from {caller.origin}: {asked.device}, " + _("interrupted"))


BOUND = bound((LOOK, answer), (DO, answer), (FAIL, fail), (LOGIN, answer))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    doors = Doors(uids={os.getuid(): "anna"}, tokens={"fosa_1": "jan"}, sessions={"s3cret": "ewa"})
    with desk(tmp_path, BOUND, doors) as made:
        yield made


@pytest.fixture
def edged(tmp_path: Path) -> Iterator[Served]:
    """A desk whose edge is this process."""
    doors = Doors(uids={os.getuid(): "anna"}, sessions={"s3cret": "ewa"})
    with desk(tmp_path, BOUND, doors, frozenset({os.getuid()})) as made:
        yield made


def raw(desk: Path, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(desk))
        line.sendall(request)
        return line.recv(65536)


def test_the_kernel_says_who_asks(served: Served) -> None:
    said = served.client().call(LOOK, Asked(device="gw-b")).text
    assert said == f"anna from socket uid {os.getuid()}: gw-b, interrupted"
    assert served.doors.knocked[0].peer.pid == os.getpid()


def test_a_token_says_who_asks(served: Served) -> None:
    assert served.client(token="fosa_1").call(LOOK, Asked(device="gw-b")).text.startswith("jan from token fos: gw-b")
    with pytest.raises(RefusedError, match="who are you"):
        served.client(token="fosa_2").call(LOOK, Asked(device="gw-b"))


def test_nobody_but_the_edge_speaks_for_a_reader(served: Served) -> None:
    # The session is worth nothing here, and the address is not believed.
    said = served.client(session="s3cret", reader="192.0.2.1").call(LOOK, Asked(device="gw-b")).text
    assert said.startswith(f"anna from socket uid {os.getuid()}")


def test_the_edge_needs_a_session_of_its_reader(edged: Served) -> None:
    client = edged.client(session="s3cret", reader="192.0.2.1")
    assert client.call(LOOK, Asked(device="gw-b")).text.startswith("ewa from page 192.0.2.1")
    with pytest.raises(RefusedError):
        edged.client(session="other", reader="192.0.2.1").call(LOOK, Asked(device="gw-b"))
    said = edged.client(reader="192.0.2.1").call(LOGIN, Asked(device="x")).text
    assert said.startswith("nobody from page 192.0.2.1")


def test_the_desk_speaks_the_language_of_who_asks(served: Served) -> None:
    with speaking("pl"):
        assert served.client().call(LOOK, Asked(device="gw-b")).text.endswith("przerwano")


def test_what_is_read_and_what_is_refused_is_in_the_audit(served: Served) -> None:
    served.client().call(LOOK, Asked(device="gw-b", secret="planted"))
    with pytest.raises(RefusedError, match="anna may not stop"):
        served.client().call(DO, Asked(device="gw-c", secret="planted"))
    with pytest.raises(RefusedError, match="not your own"):
        served.client().call(FAIL, Asked(device="own"))
    deeds = [json.loads(entry)["deed"] for entry in served.deeds()]
    assert [(deed["who"], deed["action"], deed["subject"], deed["result"]) for deed in deeds] == [
        ("anna", "try.look", "device gw-b", "done"),
        ("anna", "try.do", "device gw-c", "refused"),
        ("anna", "try.fail", "device own", "refused"),
    ]
    assert deeds[1]["detail"] == {"why": "anna may not stop"}
    assert "planted" not in str(deeds)


def test_a_thousand_refusals_do_not_fill_the_audit(served: Served) -> None:
    served.doors.uids.clear()
    for _time in range(60):
        with pytest.raises(RefusedError):
            served.client().call(LOOK, Asked(device="gw-b"))
    assert len(served.deeds()) == 20
    assert '"who":"nobody"' in served.deeds()[0]


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("moved", ConflictError, "^moved$"),
        ("down", DriverError, "^down$"),
        ("fault", ServiceError, "a fault of fosa's own"),
    ],
)
def test_an_error_is_the_same_on_both_sides(served: Served, name: str, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text) as caught:
        served.client().call(FAIL, Asked(device=name))
    assert type(caught.value) is kind


def test_what_is_not_understood_is_refused(served: Served) -> None:
    other = Verb("try.look", Nothing, Answer, Action.SEE)
    with pytest.raises(InputError, match="the question is not understood: device: Field required"):
        served.client().call(other, Nothing())
    unknown = Verb("try.unknown", Nothing, Answer, Action.SEE)
    with pytest.raises(InputError, match=r"does not know try\.unknown"):
        served.client().call(unknown, Nothing())
    with pytest.raises(InputError, match="more than the desk takes"):
        served.client().call(LOOK, Asked(device="x" * (1 << 20)))
    head = b"POST /try.look HTTP/1.1\r\nHost: desk\r\n"
    assert raw(served.socket, head + b"Content-Length: 2000000\r\n\r\n" + b" " * 1_100_000).startswith(b"HTTP/1.1 413")
    assert raw(served.socket, b"GET /try.look HTTP/1.1\r\nHost: desk\r\n\r\n").startswith(b"HTTP/1.1 405")


def test_a_change_is_followed_until_it_has_ended(served: Served) -> None:
    def end() -> None:
        served.ledger.tell("change p-1", "last")
        served.ended.add("change p-1")

    for text in ("first", "second"):
        served.ledger.tell("change p-1", text)
    served.ledger.tell("change p-2", "another's")
    Timer(0.3, end).start()
    told = list(served.client().follow("change p-1"))
    assert [line.line for line in told] == ["first", "second", "last"]
    assert [line.line for line in served.client().follow("change p-1", after=told[0].id)] == ["second", "last"]
    assert len(served.deeds()) == 2
    served.doors.uids.clear()
    with pytest.raises(RefusedError):
        list(served.client().follow("change p-1"))


def test_who_follows_waits_for_a_work_that_is_started_again(tmp_path: Path) -> None:
    doors, lines = Doors(uids={os.getuid(): "anna"}), []
    with desk(tmp_path, BOUND, doors) as served:
        served.ledger.tell("change p-1", "first")
        following = served.client().follow("change p-1")
        lines.append(next(following).line)
    with desk(tmp_path, BOUND, doors) as served:
        served.ledger.tell("change p-1", "second")
        served.ended.add("change p-1")
        lines += [told.line for told in following]
    assert lines == ["first", "second"]


def test_a_desk_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    for place in (tmp_path / "none" / "fosa.sock", tmp_path / "fosa.sock"):
        with pytest.raises(ServiceError, match="fosa serve is not running here"):
            Client(place).call(LOOK, Asked(device="gw-b"))


def test_a_desk_that_hangs_up_is_said_so(tmp_path: Path) -> None:
    place = tmp_path / "fosa.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()

        def answer() -> None:
            line, _address = listening.accept()
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
            line.close()

        timer = Timer(0, answer)
        timer.start()
        with pytest.raises(ServiceError, match="hung up in the middle"):
            Client(place).call(LOOK, Asked(device="gw-b"))
        timer.join()


def test_a_socket_deep_below_is_reached(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    with desk(deep, BOUND, Doors(uids={os.getuid(): "anna"})) as served:
        assert served.client().call(LOOK, Asked(device="gw-b")).text
