"""The line to a switch: no device keeps anybody waiting for ever, fills the memory, or finds a secret on a disk."""

import io
import logging
import time
from pathlib import Path

import pytest

from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import Limits
from playbooks.drivers.cli.driver import RUNNING
from playbooks.drivers.cli.line import logged_in
from playbooks.drivers.cli.scratch import scratch
from playbooks.drivers.cli.session import SessionError, Way
from tests.playbooks.talking import Process, Speech, device, flooded, hung_up

KIND = "mikrotik_routeros"
LIMITS = Limits(login_s=2.0, said=100_000)


async def prompts(process: Process) -> None:
    """What netmiko waits for until it counts as logged in."""
    process.stdout.write("[fosa@sw-b-1] > ")
    while line := await process.stdin.read(1024):
        if "flood" in line:
            return
        process.stdout.write(f"{line}\r\n[fosa@sw-b-1] > ")


async def floods_when_asked(process: Process) -> None:
    await prompts(process)
    await flooded(process)


def asked(way: Way) -> None:
    """Log in, ask, and read whatever comes."""
    with logged_in(way, KIND, LIMITS) as connection:
        connection.write_channel("flood\r\n")
        while True:
            connection.read_channel()
            time.sleep(0.001)


@pytest.mark.parametrize("speech", [floods_when_asked, flooded])
def test_what_a_device_says_without_end_is_not_heard_without_end(speech: Speech) -> None:
    with device(speech) as way, pytest.raises(SessionError, match="says too much") as told:
        asked(way)
    assert told.value.kind is FailureKind.UNREACHABLE


def test_a_device_that_opens_no_session_is_waited_for_so_long_and_leaves_nothing() -> None:
    with device(None) as way:
        with pytest.raises(SessionError, match="no answer in time") as told:
            asked(way)
        assert told.value.kind is FailureKind.UNREACHABLE
        assert hung_up()


def test_what_the_libraries_log_of_what_is_typed_reaches_nobody() -> None:
    assert RUNNING
    heard = io.StringIO()
    listener = logging.StreamHandler(heard)
    logging.getLogger().addHandler(listener)
    try:
        for library in ("paramiko.transport", "netmiko", "ncclient.transport.session", "napalm.ios", "jnpr.junos"):
            logging.getLogger(library).critical("username awaria secret word")
        logging.getLogger("fosa").critical("heard")
    finally:
        logging.getLogger().removeHandler(listener)
    assert heard.getvalue() == "heard\n"


def test_a_scratch_file_is_on_no_disk_and_gone_afterwards() -> None:
    with scratch("secret ż\n") as name:
        path = Path(name)
        assert path.is_file()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.stat().st_nlink == 0
        assert [path.read_text(), path.read_text()] == ["secret ?\n"] * 2
    assert not path.exists()
