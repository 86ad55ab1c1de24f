"""The gate's own judgement: which requests, which bundles, which words of a tool it lets through."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.linux_gateway import gate
from templates.linux_gateway.text import FILES

NFT = {"path": gate.NFTABLES, "mode": 0o644, "text": "table inet fosa { }\n"}
SSHD = {"path": gate.SSHD, "mode": 0o600, "text": "UsePAM no\n"}


def bundle(*files: dict[str, object]) -> bytes:
    return json.dumps({"files": [NFT, SSHD, *files]}).encode()


@pytest.mark.parametrize(
    ("role", "words", "request_"),
    [
        ("read", "fetch", gate.Request("fetch")),
        ("read", "status", gate.Request("status")),
        ("write", "normal", gate.Request("normal")),
        ("write", "stage abcdefgh", gate.Request("stage", "abcdefgh")),
        ("write", "commit abcdefgh0 3600", gate.Request("commit", "abcdefgh0", 3600)),
    ],
)
def test_allows_what_an_account_may_do(role: str, words: str, request_: gate.Request) -> None:
    assert gate.parse(role, words) == request_


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
    with pytest.raises(gate.GateError) as refused:
        gate.parse(role, words)
    assert refused.value.code == "refused"


@given(st.sampled_from(["read", "write"]), st.text(max_size=40))
def test_understands_nothing_by_chance(role: str, words: str) -> None:
    with pytest.raises(gate.GateError):
        gate.parse(role, words + "!")


@pytest.mark.parametrize(
    "argv", [[], ["read"], ["read", "fetch", "fetch"], ["boot", "now"], ["fire", "../x"], ["fire"]]
)
def test_has_no_other_command_line(argv: list[str]) -> None:
    with pytest.raises(gate.GateError):
        gate.request_of(argv)


def test_takes_a_whole_bundle() -> None:
    assert gate.parse_bundle(bundle()) == {
        gate.NFTABLES: gate.ManagedFile(0o644, "table inet fosa { }\n"),
        gate.SSHD: gate.ManagedFile(0o600, "UsePAM no\n"),
    }


def test_manages_the_files_that_are_rendered() -> None:
    assert set(gate.MANAGED) == {file.path for file in FILES}
    assert {file.mode for file in FILES} <= set(gate.MODES)


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
        json.dumps({"files": [NFT]}).encode(),
        json.dumps({"files": [NFT, SSHD], "more": 1}).encode(),
        b" " * (gate.LIMIT_IN + 1),
        bundle(NFT),
        bundle(SHADOW),
        bundle({**SHADOW, "path": "/etc/ssh/../shadow"}),
        bundle({**SHADOW, "path": gate.CHRONY, "mode": 0o4755}),
        bundle({**SHADOW, "path": gate.CHRONY, "mode": True}),
        bundle({**SHADOW, "path": gate.CHRONY, "text": "a\0b"}),
        bundle({**SHADOW, "path": gate.CHRONY, "text": "a\x1b[2Jb"}),
        bundle({**SHADOW, "path": gate.CHRONY, "text": None}),
        bundle({**SHADOW, "path": gate.CHRONY, "owner": "root"}),
    ],
)
def test_refuses_a_bundle_of_any_other_shape(raw: bytes) -> None:
    with pytest.raises(gate.GateError) as refused:
        gate.parse_bundle(raw)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (gate.NFTABLES, 'include "/etc/shadow"'),
        (gate.NFTABLES, 'table inet x { }; include "/etc/shadow"'),
        (gate.SSHD, "Include /etc/shadow"),
        (gate.SSHD, "  include=/etc/shadow"),
        (gate.SSHD, "AuthorizedKeysCommand /bin/sh"),
        (gate.SWANCTL, "include /etc/swanctl/private/gateway.pem"),
        (gate.SWANCTL, "connections { a { children { a { updown = /bin/sh } } } }"),
        (gate.SWANCTL, "secrets { private { file = /etc/shadow } }"),
        (gate.CHRONY, "include /etc/shadow"),
        (gate.CHRONY, "ConfDir /root"),
        (gate.RSYSLOG, 'include(file="/etc/shadow")'),
        (gate.RSYSLOG, "$IncludeConfig /etc/shadow"),
        (gate.RSYSLOG, 'action(type="omprog" binary="/bin/sh")'),
        (gate.RSYSLOG, 'module(load="/tmp/x.so")'),
        (gate.RSYSLOG, "*.* ^/bin/sh"),
        (gate.SNMPD, "extend x /bin/sh"),
        (gate.SNMPD, "includeFile /etc/shadow"),
        (gate.SNMPD, "pass .1.3 /bin/sh"),
        (gate.SNMPD, "dlmod x /tmp/x.so"),
    ],
)
def test_lets_no_candidate_read_a_file_or_run_a_program(path: str, text: str) -> None:
    with pytest.raises(gate.GateError) as refused:
        gate.parse_file({"path": path, "mode": 0o600, "text": f"# fine\n{text}\n"})
    assert refused.value.where == path
    assert gate.parse_file({"path": path, "mode": 0o600, "text": f"# {text}\n"})[0] == path


def test_ends_a_tool_that_does_not_end() -> None:
    before = time.monotonic()
    assert gate.run(["sleep", "30"], seconds=1).code == 124
    assert time.monotonic() - before < 5


def test_ends_a_tool_that_says_too_much() -> None:
    assert gate.run(["yes"], seconds=20).code == 124


def test_says_which_tool_is_missing() -> None:
    assert gate.run(["/nonexistent/tool"]) == gate.Output(127, "", "/nonexistent/tool: No such file or directory")


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
    assert gate.connections(one + two) == gate.connections(two + one)
    assert gate.connections(one) == (
        "k-b\n  children\n    net\n      mode = TUNNEL\n  local_addrs = 192.0.2.1, 192.0.2.2\n  version = IKEv2\n"
    )


def test_reads_nothing_into_nonsense_of_charon() -> None:
    assert gate.connections("") == ""
    assert gate.connections("no brackets at all\n") == ""
