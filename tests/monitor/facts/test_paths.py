"""Ways through a packet filter, held against single packets and against what the flows of the office say."""

import datetime as dt
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load
from inventory.model import DeviceKind, Office
from inventory.policy import Oracle
from monitor.facts.firewall import Action, Firewall, Hook, Limit
from monitor.facts.nftables.ruleset import read_ruleset
from monitor.facts.paths import Path as Way
from monitor.facts.paths import Paths, paths
from monitor.facts.space import Field
from monitor.facts.text import Text
from tests.monitor.facts.packets import Packet, fate, inside, v4

Ruleset = Callable[[str], Firewall]
DENIED = {Action.DROP, Action.REJECT}
POLICY = "type filter hook input priority 0; policy drop;"


def table(body: str, chains: str = "", policy: str = "drop", family: str = "inet") -> str:
    return (
        f"table {family} t {{\n chain input {{\n type filter hook input priority 0; policy {policy};\n{body}\n }}\n"
        f"{chains}\n}}\n"
    )


def found(text: str, hook: Hook = Hook.INPUT) -> Paths:
    section = Text("kernel nftables", text)
    return paths(read_ruleset(section), hook)


def told(ways: Paths) -> list[tuple[str, str]]:
    """Each way as its end and the text of the line that decided."""
    return [(way.action.value, way.where.text) for way in ways.found]


def test_every_way_ends_at_a_line() -> None:
    ways = found(
        table('iifname "lo" accept\njump inner\ntcp dport 22 accept', " chain inner {\n udp dport 53 accept\n }")
    )
    assert told(ways) == [
        ("drop", POLICY),
        ("accept", 'iifname "lo" accept'),
        ("accept", "tcp dport 22 accept"),
        ("accept", "udp dport 53 accept"),
    ]
    assert ways.complete
    assert [way.trail for way in ways.found] == [("input",), ("input",), ("input",), ("input", "inner")]
    assert ways.found[0].rule is None
    assert "lo" not in ways.found[0].space.names(Field.IN_INTERFACE)


def test_goto_does_not_come_back() -> None:
    ways = found(table("goto inner\naccept", " chain inner {\n tcp dport 22 accept\n }"))
    assert told(ways) == [("drop", POLICY), ("accept", "tcp dport 22 accept")]


def test_return_comes_back_and_rules_behind_it_do_not_count() -> None:
    ways = found(table("jump inner\naccept", " chain inner {\n return\n tcp dport 22 drop\n }"))
    assert told(ways) == [("accept", "accept")]


def test_only_new_connections_are_walked_unless_others_are_asked_for(ruleset: Ruleset) -> None:
    text = table("ct state vmap { established : accept, related : accept, invalid : drop }\ntcp dport 22 accept")
    assert [line for end, line in told(found(text)) if end == "accept"] == ["tcp dport 22 accept"]
    asked = paths(ruleset(text), Hook.INPUT, states=frozenset({"invalid"}))
    assert [way.action for way in asked.found] == [Action.DROP]
    untracked = found(table("ip saddr 10.0.0.1 notrack\nct state untracked accept"))
    assert [line for end, line in told(untracked) if end == "accept"] == ["ct state untracked accept"]


def test_a_rate_leaves_both_ways_open() -> None:
    ways = found(table('limit rate over 5/second drop\nlog prefix "a" drop'))
    assert told(ways) == [("drop", "limit rate over 5/second drop"), ("drop", 'log prefix "a" drop')]
    first, second = ways.found
    assert first.rule is not None
    assert first.rule.limit is Limit.OVER
    assert not first.logs
    assert [log.prefix for log in second.logs] == ["a"]


def test_logs_on_the_way_are_told_and_a_log_for_some_is_no_log_for_all() -> None:
    ways = found(table('limit rate 1/second log prefix "some "\nip saddr 10.0.0.1 log prefix "one "'))
    assert [[(log.prefix, log.limited) for log in way.logs] for way in ways.found] == [
        [("some ", True), ("one ", False)],
        [("some ", True)],
    ]


@pytest.mark.parametrize("condition", ["frobnicate 7", "tcp flags syn", "meta mark 1", "ip saddr @gone"])
def test_what_may_match_may_also_not(condition: str) -> None:
    ways = found(table(f"{condition} accept\ntcp dport 22 accept"))
    assert [end for end, _ in told(ways)] == ["drop", "accept", "accept"]
    assert [len(way.also) for way in ways.found] == [0, 1, 0]
    assert told(found(table(f"{condition} drop\naccept"))) == [("drop", f"{condition} drop"), ("accept", "accept")]


def test_a_drop_in_any_base_chain_is_the_end_and_an_accept_is_not() -> None:
    early = " chain early {\n type filter hook input priority -10; policy accept;\n tcp dport 23 drop\n accept\n }"
    ways = found(table("tcp dport { 22, 23 } accept", early))
    assert told(ways) == [
        ("drop", POLICY),
        ("accept", "tcp dport { 22, 23 } accept"),
        ("drop", "tcp dport 23 drop"),
    ]


def test_a_table_of_one_family_lets_the_other_pass_by() -> None:
    ways = found(table("", family="ip"))
    assert [(way.action, sorted(way.space.names(Field.FAMILY).names)) for way in ways.found] == [
        (Action.ACCEPT, ["ipv6"]),
        (Action.DROP, ["ipv4"]),
    ]


def test_a_hook_without_chains_lets_everything_through() -> None:
    (way,) = found("", Hook.FORWARD).found
    assert (way.action, way.rule, way.where.line) == (Action.ACCEPT, None, 0)


def test_translated_addresses_may_be_any(golden: Path, ruleset: Ruleset) -> None:
    ways = paths(ruleset((golden / "gw-b/nftables.conf").read_text()), Hook.POSTROUTING).found
    out = [way for way in ways if way.action is Action.ACCEPT and "wan0" in way.space.names(Field.OUT_INTERFACE)]
    assert {way.where.text for way in out} == {'oifname "wan0" ip saddr 198.51.100.20 accept'}


@pytest.mark.parametrize(
    "chains",
    [
        " chain a {\n jump b\n }\n chain b {\n jump a\n }",
        " chain a {\n goto gone\n }",
        "".join(
            f" chain {a} {{\n jump {b}\n }}\n" for a, b in zip("abcdefghijklmnopqr", "bcdefghijklmnopqrs", strict=True)
        ),
    ],
    ids=["a ring", "a hole", "too deep"],
)
def test_broken_chains_prove_nothing(chains: str) -> None:
    assert not found(table("jump a", chains)).complete


def test_there_is_an_end_to_ways() -> None:
    names = [f"c{number}" for number in range(12)]
    chains = "".join(
        f" chain {name} {{\n meta mark 1 jump {after}\n meta mark 2 jump {after}\n jump {after}\n }}\n"
        for name, after in zip(names, [*names[1:], "last"], strict=True)
    )
    few = paths(read_ruleset(Text("x", table("jump c0", chains + " chain last {\n accept\n }"))), Hook.INPUT, most=50)
    assert not few.complete
    assert len(few.found) <= 50


# ---- Against single packets ------------------------------------------------------------------------------------------

CONDITION = """ip saddr 10.0.0.0/30; ip saddr != 10.0.0.1; ip daddr { 10.0.0.1, 10.0.0.4 }; tcp dport 2-3; udp dport 1;
iifname "a"; iifname != "a"; meta nfproto ipv6; icmp type 8; meta l4proto tcp; ct state new; limit rate 5/second;
limit rate over 5/second; tcp flags syn; frob"""
CONDITIONS = st.lists(st.sampled_from(CONDITION.replace("\n", " ").split("; ")), max_size=3, unique=True).map(" ".join)
LOGS = st.sampled_from(["", "", 'log prefix "x"'])
PACKETS = [
    v4(0x0A000000 + source, 0x0A000000 + target, protocol, port, in_interface=interface)
    for source, target, protocol, port, interface in product((0, 1, 9), (1, 4), (1, 6, 17), (1, 3, 8), "ab")
]


@st.composite
def rulesets(draw: st.DrawFn) -> str:
    chains = []
    for number in range(4):
        later = [f"jump c{n}" for n in range(number + 1, 4)] + [f"goto c{n}" for n in range(number + 1, 4)]
        verdict = st.sampled_from(["accept", "drop", "reject", "return", "", *later])
        rules = draw(st.lists(st.tuples(CONDITIONS, LOGS, verdict).map(" ".join), max_size=4))
        base = ""
        if number in {0, 2}:
            policy = draw(st.sampled_from(["accept", "drop"]))
            base = (
                f"type filter hook input priority {number}; policy {policy};\n"
                if number == 0 or draw(st.booleans())
                else ""
            )
        chains.append(f"chain c{number} {{\n{base}" + "\n".join(rules) + "\n}\n")
    return f"table inet t {{\n{''.join(chains)}}}\n"


@given(rulesets())
def test_no_way_is_ever_missed(text: str) -> None:
    firewall = read_ruleset(Text("kernel nftables", text))
    ways = paths(firewall, Hook.INPUT)
    assert ways.complete
    for packet in PACKETS:
        became = fate(firewall, Hook.INPUT, packet)
        assert any(_is(way, became.action, became.where.line, packet) for way in ways.found), (packet, became)
        same = [way for way in ways.found if _is(way, became.action, became.where.line, packet)]
        assert any(set(way.logs) <= set(became.logs) for way in same), "a way tells of no log that is not written"


def _is(way: Way, action: Action, line: int, packet: Packet) -> bool:
    return way.action is action and way.where.line == line and inside(packet, way.space)


# ---- Against the flows -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pila() -> Office:
    return load(Path(__file__).parents[3] / "inventory/examples/pila").require()


def _hosts(office: Office, device: str) -> Iterator[tuple[IPv4Address, str]]:
    """A host of every network of a gateway's own, and the servers among them, with the port they are behind."""
    gateway = office.device(device)
    for port in (port for port in gateway.ports if port.zone is not None):
        prefix = office.zone(port.zone or "").prefix_in(gateway.building)
        assert prefix is not None
        yield prefix.network.network_address + 27, port.name
        for other in office.devices:
            if other.kind is DeviceKind.SERVER and other.address in prefix.network and other.address is not None:
                yield other.address, port.name


PORTS = [("tcp", 6, 22), ("tcp", 6, 445), ("udp", 17, 53), ("tcp", 6, 443), ("icmp", 1, 8)]


@pytest.mark.parametrize("name", ["gw-k", "gw-b", "gw-c"])
def test_inside_a_building_a_new_connection_passes_where_a_flow_says_so(
    golden: Path, ruleset: Ruleset, pila: Office, name: str
) -> None:
    """And where none does, every way that no rate is part of is logged."""
    ways = paths(ruleset((golden / name / "nftables.conf").read_text()), Hook.FORWARD).found
    oracle = Oracle(pila, dt.date(2026, 11, 21))
    asked = [(a, b, c) for a, b, c in product(_hosts(pila, name), _hosts(pila, name), PORTS) if a[1] != b[1]]
    assert len(asked) > 100
    for (source, enters), (target, leaves), (protocol, number, port) in asked:
        packet = v4(int(source), int(target), number, port, in_interface=enters, out_interface=leaves)
        taken = [way for way in ways if inside(packet, way.space)]
        allowed = oracle.verdict(source, target, protocol, 0 if protocol == "icmp" else port).allowed
        assert any(way.action is Action.ACCEPT for way in taken) == allowed, (source, target, protocol, port)
        assert taken
        assert all(way.logs for way in taken if way.action is Action.DROP and not way.also), (source, target)


def test_a_rule_typed_by_hand_is_a_way_with_its_line(golden: Path) -> None:
    text = (golden / "gw-k/nftables.conf").read_text()
    before = {(way.action, way.where.text) for way in found(text, Hook.FORWARD).found}
    lines = text.split("\n")
    at = lines.index("    chain forward {") + 2
    lines.insert(at, '        iifname "vlan90" oifname "vlan21" accept')
    after = [way for way in found("\n".join(lines), Hook.FORWARD).found if (way.action, way.where.text) not in before]
    assert [(way.action, way.where.line) for way in after] == [(Action.ACCEPT, at + 1)]
    assert after[0].space.names(Field.IN_INTERFACE).names == {"vlan90"}
    assert not after[0].space.limits(Field.DESTINATION)


def test_a_deny_whose_log_was_taken_away_is_a_way_without_logs(golden: Path) -> None:
    text = (golden / "gw-k/nftables.conf").read_text()
    silent = text.replace('log prefix "fosa deny guest>other " group 5 drop', "drop")
    ways = [way for way in found(silent, Hook.FORWARD).found if way.action in DENIED and not way.logs and not way.also]
    assert {(way.chain, way.where.text) for way in ways} == {("deny_guest", "drop")}
