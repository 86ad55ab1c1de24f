"""The line to Junos: bounded in time and size, whatever comes over it, and over nothing but SSH."""

import re
from collections.abc import Awaitable, Callable

import pytest

from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import Limits
from playbooks.drivers.cli.session import SessionError, Way
from playbooks.drivers.juniper_junos.session import opened
from tests.playbooks.talking import Process, Speech, device, flooded, hung_up

LIMITS = Limits(login_s=2.0, said=100_000)
END = "]]>]]>"
HELLO = f"""<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>
<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>1</session-id></hello>{END}"""


def answering(answer: Callable[[Process, str], Awaitable[None]]) -> Speech:
    """A device that greets, and answers every question like that."""

    async def speech(process: Process) -> None:
        process.stdout.write(HELLO)
        heard = ""
        while said := await process.stdin.read(4096):
            heard += said
            while END in heard:
                question, heard = heard.split(END, 1)
                if (number := re.search(r'message-id="([^"]+)"', question)) is not None:
                    await answer(process, number[1])

    return speech


async def much(process: Process, _number: str) -> None:
    await flooded(process)


async def nothing(process: Process, number: str) -> None:
    name = "urn:ietf:params:xml:ns:netconf:base:1.0"
    process.stdout.write(f'<rpc-reply xmlns="{name}" message-id="{number}"></rpc-reply>{END}')


async def strange(process: Process, number: str) -> None:
    name = "urn:ietf:params:xml:ns:netconf:base:1.0"
    process.stdout.write(f'<rpc-reply xmlns="{name}" message-id="{number}"><a>&#1;</a></rpc-reply>{END}')


def asked(way: Way) -> None:
    """Log in, and ask for what runs."""
    with opened(way, LIMITS) as session:
        session.running()


@pytest.mark.filterwarnings("ignore:An unknown exception occurred")  # PyEZ's own word for a strange answer
@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (much, FailureKind.UNREACHABLE, "says too much"),
        (strange, FailureKind.PROTOCOL, "cannot be understood"),
        (nothing, FailureKind.PROTOCOL, "cannot be understood"),
    ],
)
def test_whatever_a_device_answers_is_told_and_no_more(
    answer: Callable[[Process, str], Awaitable[None]], kind: FailureKind, why: str
) -> None:
    with device(answering(answer)) as way, pytest.raises(SessionError, match=why) as told:
        asked(way)
    assert told.value.kind is kind


def test_a_device_that_opens_no_session_is_waited_for_so_long_and_leaves_nothing() -> None:
    with device(None) as way:
        with pytest.raises(SessionError, match="no answer in time") as told:
            asked(way)
        assert told.value.kind is FailureKind.UNREACHABLE
        assert hung_up()
