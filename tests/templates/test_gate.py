"""The gate's own judgement: which requests, which bundles, which words of a tool it lets through."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.linux_gateway.gate.bundle import parse_bundle, parse_file
from templates.linux_gateway.gate.charon import connections
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.managed import (
    CHRONY,
    MANAGED,
    MODES,
    NFTABLES,
    RSYSLOG,
    SNMPD,
    SSHD,
    SWANCTL,
    ManagedFile,
)
from templates.linux_gateway.gate.request import Request, parse, request_of
from templates.linux_gateway.gate.tools import LIMIT_IN, Output, run
from templates.linux_gateway.text import FILES

RULES = {"path": NFTABLES, "mode": 0o644, "text": "table inet fosa { }\n"}
DOOR = {"path": SSHD, "mode": 0o600, "text": "UsePAM no\n"}


def bundle(*files: dict[str, object]) -> bytes:
    return json.dumps({"files": [RULES, DOOR, *files]}).encode()


@pytest.mark.parametrize(
    ("role", "words", "request_"),
    [
        ("read", "fetch", Request("fetch")),
        ("read", "status", Request("status")),
        ("write", "normal", Request("normal")),
        ("write", "stage abcdefgh", Request("stage", "abcdefgh")),
        ("write", "commit abcdefgh0 3600", Request("commit", "abcdefgh0", 3600)),
    ],
)
def test_allows_what_an_account_may_do(role: str, words: str, request_: Request) -> None:
    assert parse(role, words) == request_


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("read", ""),
        ("read", "stage abcdefgh"),
        ("read", "commit abcdefgh 60"),
        ("read", "revert abcdefgh"),
        ("read", "fetch; id"),
        ("read", "fetch\n"),
        ("read", " fetch"),
        ("read", "boot"),
        ("write", "boot"),
        ("write", "fire abcdefgh"),
        ("write", "stage  abcdefgh"),
        ("write", "stage ../../etc"),
        ("write", "stage abcdefg"),
        ("write", "commit abcdefgh 4"),
        ("write", "commit abcdefgh 3601"),
        ("write", "commit abcdefgh 060"),
        ("write", "commit abcdefgh 60 60"),
        ("write", "commit abcdefgh ٦٠"),
        ("root", "fetch"),
    ],
)
def test_refuses_everything_else(role: str, words: str) -> None:
    with pytest.raises(GateError) as refused:
        parse(role, words)
    assert refused.value.code == "refused"


@given(st.sampled_from(["read", "write"]), st.text(max_size=40))
def test_understands_nothing_by_chance(role: str, words: str) -> None:
    with pytest.raises(GateError):
        parse(role, words + "!")


@pytest.mark.parametrize(
    "argv", [[], ["read"], ["read", "fetch", "fetch"], ["boot", "now"], ["fire", "../x"], ["fire"]]
)
def test_has_no_other_command_line(argv: list[str]) -> None:
    with pytest.raises(GateError):
        request_of(argv)


def test_takes_a_whole_bundle() -> None:
    assert parse_bundle(bundle()) == {
        NFTABLES: ManagedFile(0o644, "table inet fosa { }\n"),
        SSHD: ManagedFile(0o600, "UsePAM no\n"),
    }


def test_manages_the_files_that_are_rendered() -> None:
    assert set(MANAGED) == {file.path for file in FILES}
    assert {file.mode for file in FILES} <= set(MODES)


SHADOW = {"path": "/etc/shadow", "mode": 0o600, "text": ""}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"files": 1}',
        b'{"files": [1]}',
        b'{"files": []}',
        json.dumps({"files": [RULES]}).encode(),
        json.dumps({"files": [RULES, DOOR], "more": 1}).encode(),
        b" " * (LIMIT_IN + 1),
        bundle(RULES),
        bundle(SHADOW),
        bundle({**SHADOW, "path": "/etc/ssh/../shadow"}),
        bundle({**SHADOW, "path": CHRONY, "mode": 0o4755}),
        bundle({**SHADOW, "path": CHRONY, "mode": True}),
        bundle({**SHADOW, "path": CHRONY, "text": "a\0b"}),
        bundle({**SHADOW, "path": CHRONY, "text": "a\x1b[2Jb"}),
        bundle({**SHADOW, "path": CHRONY, "text": None}),
        bundle({**SHADOW, "path": CHRONY, "owner": "root"}),
    ],
)
def test_refuses_a_bundle_of_any_other_shape(raw: bytes) -> None:
    with pytest.raises(GateError) as refused:
        parse_bundle(raw)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (NFTABLES, 'include "/etc/shadow"'),
        (NFTABLES, 'table inet x { }; include "/etc/shadow"'),
        (SSHD, "Include /etc/shadow"),
        (SSHD, "  include=/etc/shadow"),
        (SSHD, "AuthorizedKeysCommand /bin/sh"),
        (SWANCTL, "include /etc/swanctl/private/gateway.pem"),
        (SWANCTL, "connections { a { children { a { updown = /bin/sh } } } }"),
        (SWANCTL, "secrets { private { file = /etc/shadow } }"),
        (CHRONY, "include /etc/shadow"),
        (CHRONY, "ConfDir /root"),
        (RSYSLOG, 'include(file="/etc/shadow")'),
        (RSYSLOG, "$IncludeConfig /etc/shadow"),
        (RSYSLOG, 'action(type="omprog" binary="/bin/sh")'),
        (RSYSLOG, 'module(load="/tmp/x.so")'),
        (RSYSLOG, "*.* ^/bin/sh"),
        (SNMPD, "extend x /bin/sh"),
        (SNMPD, "includeFile /etc/shadow"),
        (SNMPD, "pass .1.3 /bin/sh"),
        (SNMPD, "dlmod x /tmp/x.so"),
    ],
)
def test_lets_no_candidate_read_a_file_or_run_a_program(path: str, text: str) -> None:
    with pytest.raises(GateError) as refused:
        parse_file({"path": path, "mode": 0o600, "text": f"# fine\n{text}\n"})
    assert refused.value.where == path
    assert parse_file({"path": path, "mode": 0o600, "text": f"# {text}\n"})[0] == path


def test_ends_a_tool_that_does_not_end() -> None:
    before = time.monotonic()
    assert run(["sleep", "30"], seconds=1).code == 124
    assert time.monotonic() - before < 25


def test_ends_a_tool_that_says_too_much() -> None:
    assert run(["yes"], seconds=20).code == 124


def test_says_which_tool_is_missing() -> None:
    assert run(["/nonexistent/tool"]) == Output(127, "", "/nonexistent/tool: No such file or directory")


PRETTY = """list-conn event {
  %s {
    local_addrs = [
      192.0.2.1
      192.0.2.2
    ]
    version = IKEv2
    children {
      net {
        mode = TUNNEL
      }
    }
  }
}
"""


def test_reads_the_connections_of_charon_in_any_order() -> None:
    one, two = PRETTY % "k-b", PRETTY % "k-c"
    assert connections(one + two) == connections(two + one)
    assert connections(one) == (
        "k-b\n  children\n    net\n      mode = TUNNEL\n  local_addrs = 192.0.2.1, 192.0.2.2\n  version = IKEv2\n"
    )


def test_reads_nothing_into_nonsense_of_charon() -> None:
    assert connections("") == ""
    assert connections("no brackets at all\n") == ""
