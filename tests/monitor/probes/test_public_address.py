"""Where the office comes from, as its own gateways at far ends tell."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.load import load
from inventory.sentence import Sentence, say
from monitor.packets import Section
from monitor.peers import seen_from_afar
from monitor.probes import public_address
from monitor.probes.public_address import comes_from, judged
from monitor.results import State
from tests.inventory.offices import OFFICE
from tests.monitor.probes.listeners import asked
from tests.monitor.replay import messages
from tests.slots import free_port

K, K2, OTHER = map(IPv4Address, ("203.0.113.2", "203.0.113.130", "198.51.100.77"))
ACCESS = """
access:
  - device: gw-b
    read: {{user: fosa-read, address: 127.0.0.1, port: {port}, key: "file:read", host_key: "{key}"}}
    write: {{user: fosa-write, address: 127.0.0.1, port: {port}, key: "file:write", host_key: "{key}"}}
"""
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO2zB5Y5cZ2VUV1KlQ8cD0y5cXx4s0qk5ZpM1w9o1V7a"


def lines(folder: Path, access: str = "") -> list[public_address.Line]:
    (folder / "office.yaml").write_text(OFFICE + access, encoding="utf-8")
    return list(public_address.PROBE.targets(load(folder).require()))


def line(folder: Path) -> public_address.Line:
    """The hub's, which gw-b sees."""
    (found,) = [each for each in lines(folder, ACCESS.format(port=free_port(), key=HOST_KEY)) if each.name == "k-isp"]
    return found


def sa(name: str, **told: bytes) -> Section:
    return {name: {"state": b"ESTABLISHED", "remote-host": b"203.0.113.2"} | told}


def test_a_real_gateway_tells_where_its_peers_come_from() -> None:
    listed = [message for _event, message in messages("before")]
    assert comes_from(listed, "k-b") == {IPv4Address("198.51.100.20")}
    assert comes_from(listed, "k-x") == frozenset()


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ([sa("k-b")], {K}),
        ([sa("k-b"), sa("k-b_2", **{"remote-host": b"203.0.113.130"})], {K, K2}),
        ([sa("k-b", state=b"CONNECTING")], set()),
        ([sa("k-b", **{"remote-host": b"2001:db8::1"})], set()),
        ([sa("k-b", **{"remote-host": b"\xff\xfe"})], set()),
        ([{"k-b": b"x"}, {"k-b": (b"x",)}, {"k-b": {}}], set()),
        ([sa("k-c")], set()),
    ],
)
def test_only_what_stands_says_where_it_comes_from(listed: list[Section], found: set[IPv4Address]) -> None:
    assert comes_from(listed, "k-b") == found


@pytest.mark.parametrize(
    ("found", "state", "cause"),
    [
        ([{K}], State.UP, "the far end sees it come from the registered address"),
        ([{OTHER}, {K}], State.UP, "the far end sees it come from the registered address"),
        ([{OTHER}], State.DOWN, "the far end sees it come from 198.51.100.77; registered is 203.0.113.2"),
        ([{K2}], State.UNKNOWN, "the tunnels take another line now: nobody sees this one"),
        ([say("gw-b: no answer in time"), set()], State.UNKNOWN, "gw-b: no answer in time"),
        ([set()], State.UNKNOWN, "no gateway of ours at a far end could tell"),
        ([], State.UNKNOWN, "no gateway of ours at a far end could tell"),
    ],
)
def test_what_far_ends_say_together(
    tmp_path: Path, found: Sequence[set[IPv4Address] | Sentence], state: State, cause: str
) -> None:
    seen = [each if isinstance(each, Sentence) else frozenset(each) for each in found]
    target = public_address.Line(
        name="k-isp",
        subject="link:k-isp",
        where="it",
        pace=line(tmp_path).pace,
        registered=K,
        others=frozenset({K2}),
        witnesses=(),
    )
    judgement, said = judged(target, seen)
    assert (judgement, str(said)) == (state, cause)


def test_lines_are_seen_by_our_gateways_at_the_far_end(tmp_path: Path) -> None:
    found = {
        each.name: [witness.tunnel for witness in each.witnesses]
        for each in lines(tmp_path, ACCESS.format(port=22, key=HOST_KEY))
    }
    assert found == {"k-isp": ["k-b"], "b-isp": []}


@pytest.mark.parametrize(
    ("secrets", "cause"),
    [({}, "file:read cannot be read"), ({"file:read": "no key"}, "fosa-read@[127.0.0.1]:")],
)
def test_a_gateway_that_cannot_be_asked_is_no_news_of_the_line(
    tmp_path: Path, secrets: dict[str, str], cause: str
) -> None:
    outcome = asyncio.run(seen_from_afar(line(tmp_path), secrets))
    assert outcome.state is State.UNKNOWN
    assert str(outcome.cause).startswith(cause)


def test_who_has_no_way_to_the_gateways_knows_nothing(tmp_path: Path) -> None:
    assert asked(public_address.PROBE, line(tmp_path)).state is State.UNKNOWN
