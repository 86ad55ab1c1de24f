"""What a command line says, told apart: echoes that are broken, time that is running out."""

import time

import pytest

from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.session import SessionError
from playbooks.drivers.cli.terminal import echo_end, enough, in_time


@pytest.mark.parametrize(
    ("text", "line", "rest"),
    [
        ("sw# show version\nAOS-CX", "show version", "\nAOS-CX"),
        ("sw# show ver\r\nsion\r\nAOS-CX", "show version", "\r\nAOS-CX"),
        ("a+b (c\n) d", "a+b (c)", " d"),
    ],
)
def test_finds_where_an_echo_ends_even_one_that_the_terminal_has_broken(text: str, line: str, rest: str) -> None:
    end = echo_end(text, line)
    assert end is not None
    assert text[end:] == rest


def test_knows_that_no_echo_has_come_yet() -> None:
    assert echo_end("sw# show ver", "show version") is None


def test_lets_a_guard_wait_for_a_device_that_is_slow_to_type_to() -> None:
    assert enough(60, 0.005, 150) == 60
    assert enough(60, 0.5, 150) == 60 + 150


def test_types_nothing_more_when_the_guard_is_about_to_fire() -> None:
    in_time(time.time() + 60)
    with pytest.raises(SessionError) as error:
        in_time(time.time() + 1)
    assert error.value.kind is FailureKind.INVALID
