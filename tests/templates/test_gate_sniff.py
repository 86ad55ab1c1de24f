"""What a gate listens for on a line, and what it will not."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.relay import Ends
from templates.linux_gateway.gate.request import parse
from templates.linux_gateway.gate.sniff import Listening, filter_of, protected

_TEXT = """connections { k-b { children { k-b {
    local_ts = 10.64.2.0/27
    remote_ts = 192.0.2.96/28, 10.64.16.0/20, nonsense
} } } }
"""


def test_private_networks_and_what_tunnels_carry_are_protected(tmp_path: Path) -> None:
    (tmp_path / "fosa.conf").write_text(_TEXT)
    assert protected(tmp_path / "fosa.conf") == [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "172.16.0.0/12",
        "192.0.2.96/28",
        "192.168.0.0/16",
    ]
    assert "10.0.0.0/8" in protected(tmp_path / "missing")


@pytest.mark.parametrize("own", [[], ["203.0.113.10"], ["10.0.0.2", "203.0.113.10"]])
def test_tcpdump_takes_the_filter(state: Path, own: list[str]) -> None:
    done = subprocess.run(
        [state / "daemons/usr/bin/tcpdump", "-d", "-y", "EN10MB", filter_of(["10.0.0.0/8", "192.0.2.96/28"], own)],
        capture_output=True,
        text=True,
        env={"LD_LIBRARY_PATH": ":".join(map(str, (state / "daemons/usr/lib").glob("*-linux-gnu")))},
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", ["sniff wan0 5", "sniff eth0.100 60", "sniff w 9"])
def test_a_line_and_some_seconds_can_be_asked_for(words: str) -> None:
    asked = parse("read", words)
    assert (asked.verb, asked.token, asked.seconds) == ("sniff", *_last(words))


@pytest.mark.parametrize(
    "words", ["sniff", "sniff wan0", "sniff wan0 0", "sniff wan0 100", "sniff -w 5", "sniff wan0 5 x"]
)
def test_nothing_else_can_be_asked_for(words: str) -> None:
    with pytest.raises(GateError):
        parse("read", words)


def test_what_the_catcher_writes_is_told_at_the_end() -> None:
    told = _listening(
        "echo 'listening on x' >&2; printf caught\n"
        "trap 'echo 3 packets dropped by kernel >&2; exit' TERM; sleep 30 >&- 2>&- & wait"
    )
    assert json.loads(told[-1]) == {"done": True, "left": 0, "dropped": 3, "pcap": "Y2F1Z2h0"}


def test_a_catcher_that_refuses_is_an_error_with_its_words() -> None:
    with pytest.raises(GateError, match="no such device"):
        _listening("echo no such device >&2; exit 1")


def _last(words: str) -> tuple[str, int]:
    _verb, interface, seconds = words.split(" ")
    return interface, int(seconds)


def _listening(script: str) -> list[str]:
    asks, client = os.pipe()
    reader, tells = os.pipe()
    tool = subprocess.Popen(
        ["/bin/sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    with tool, os.fdopen(reader) as told, os.fdopen(client, "w"):
        try:
            Listening(tool, Ends(asks, tells), "no-such-interface").run(1)
        finally:
            os.close(tells)
            os.close(asks)
            os.killpg(tool.pid, 9)
        return told.read().splitlines()
