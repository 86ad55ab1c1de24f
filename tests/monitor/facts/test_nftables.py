"""Rules as they are written and listed, read into values."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.facts.firewall import Action, Firewall, Hook, Limit, Rule, Verdict
from monitor.facts.nftables.ruleset import read_ruleset
from monitor.facts.space import WHOLE, Field, Names, Ranges
from monitor.facts.text import Text

Ruleset = Callable[[str], Firewall]


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of one chain."""
    section = Text("kernel nftables", f"table inet fosa {{\n chain c {{\n{text}\n }}\n}}\n")
    return read_ruleset(section).chains["inet fosa", "c"].rules


def network(text: str) -> tuple[int, int]:
    net = IPv4Network(text)
    return int(net[0]), int(net[-1])


V4 = Names(frozenset({"ipv4"}))
TEN = Ranges((network("10.0.0.0/8"),))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('iifname "lo"', {Field.IN_INTERFACE: Names(frozenset({"lo"}))}),
        ('oifname != { "wan0", "lte0" }', {Field.OUT_INTERFACE: Names(frozenset({"wan0", "lte0"}), but=True)}),
        ("ip saddr 10.0.0.0/8", {Field.FAMILY: V4, Field.SOURCE: TEN}),
        ("meta nfproto ipv4 ip saddr 10.0.0.0/9", {Field.FAMILY: V4, Field.SOURCE: Ranges((network("10.0.0.0/9"),))}),
        ("ip saddr { 10.0.0.0/9, 10.128.0.0/9 }", {Field.FAMILY: V4, Field.SOURCE: TEN}),
        ("ip saddr 10.0.0.0-10.255.255.255", {Field.FAMILY: V4, Field.SOURCE: TEN}),
        (
            "tcp dport { 22, 80-90 }",
            {Field.PROTOCOL: Ranges(((6, 6),)), Field.DESTINATION_PORT: Ranges(((22, 22), (80, 90)))},
        ),
        ("udp dport domain", {Field.PROTOCOL: Ranges(((17, 17),)), Field.DESTINATION_PORT: Ranges(((53, 53),))}),
        ("tcp sport != 22", {Field.PROTOCOL: Ranges(((6, 6),)), Field.SOURCE_PORT: Ranges(((0, 21), (23, 65535)))}),
        ("tcp dport >= 1024", {Field.PROTOCOL: Ranges(((6, 6),)), Field.DESTINATION_PORT: Ranges(((1024, 65535),))}),
        ("th dport < 3", {Field.DESTINATION_PORT: Ranges(((0, 2),))}),
        ("ip protocol esp", {Field.FAMILY: V4, Field.PROTOCOL: Ranges(((50, 50),))}),
        ("meta l4proto { tcp, udp }", {Field.PROTOCOL: Ranges(((6, 6), (17, 17)))}),
        ("ct state established,related", {Field.STATE: Names(frozenset({"established", "related"}))}),
        ("ct state != new", {Field.STATE: Names(frozenset({"established", "related", "invalid", "untracked"}))}),
        ("meta pkttype broadcast", {Field.PACKET_KIND: Names(frozenset({"broadcast"}))}),
        (
            "icmp type echo-request",
            {Field.FAMILY: V4, Field.PROTOCOL: Ranges(((1, 1),)), Field.ICMP_TYPE: Ranges(((8, 8),))},
        ),
        (
            "ip6 saddr { ::, fe80::/64 }",
            {
                Field.FAMILY: Names(frozenset({"ipv6"})),
                Field.SOURCE6: Ranges(((0, 0), (0xFE80 << 112, (0xFE80 << 112) + 2**64 - 1))),
            },
        ),
    ],
)
def test_reads_conditions(text: str, wanted: dict[Field, Ranges | Names]) -> None:
    (rule,) = rules(f"{text} accept")
    assert {match.field: match.values for match in rule.matches} == wanted
    assert rule.verdict == Verdict(Action.ACCEPT)
    assert rule.sure


def test_reads_what_a_real_kernel_lists(ruleset: Ruleset, listed: Path) -> None:
    """Everything in the file has been through nft: it is understood to the last line."""
    firewall = ruleset((listed / "listed.nft").read_text())
    (chain,) = firewall.at(Hook.INPUT)
    assert chain.base is not None
    assert (chain.base.priority, chain.base.policy) == (-5, Action.ACCEPT)
    by_text = {rule.where.text: rule for rule in chain.rules}
    also = {text: rule.also for text, rule in by_text.items() if rule.also}
    assert len(also) == 19
    assert by_text["ip saddr @dyn drop"].also == ("ip saddr @dyn",), "packets change that set"
    assert by_text["ct state new ct count over 10 reject"].also == ("ct count over 10",)
    assert by_text["ip saddr 10.0.0.0-10.0.0.9 notrack"].untracks
    assert by_text["limit rate 10 mbytes/second accept"].limit is Limit.WITHIN
    assert by_text["quota over 10 mbytes drop"].limit is Limit.OVER
    (nat,) = firewall.at(Hook.PREROUTING)
    assert [rule.translation for rule in nat.rules][:2] == ["dnat ip to 10.0.0.5:80", "redirect to :8081"]
    assert all(rule.verdict == Verdict(Action.ACCEPT) for rule in nat.rules)


def test_a_verdict_map_is_a_rule_for_each_entry_with_its_own_line() -> None:
    entries = rules("ip saddr vmap {\n 10.2.0.0/16 : goto b,\n 10.1.0.0/16: drop,\n 10.3.0.1 : continue }\n")
    assert [(rule.where.line, rule.verdict) for rule in entries] == [
        (5, Verdict(Action.DROP)),
        (4, Verdict(Action.GOTO, "b")),
        (6, None),
    ]
    assert all(rule.sure for rule in entries)


def test_a_named_set_is_told_by_the_rule_that_uses_it() -> None:
    section = Text(
        "kernel nftables",
        "table inet t {\n map m {\n type ipv4_addr : verdict\n elements = { 10.0.0.1 : accept }\n }\n"
        " chain c {\n ip saddr vmap @m\n ip saddr @s accept\n }\n set s {\n type ipv4_addr\n"
        " elements = { 10.0.0.1,\n 10.0.0.2 }\n }\n}\n",
    )
    first, second = read_ruleset(section).chains["inet t", "c"].rules
    assert (first.where.line, first.where.text) == (7, "ip saddr vmap @m")
    both = Ranges(((int(IPv4Address("10.0.0.1")), int(IPv4Address("10.0.0.2"))),))
    assert {match.field: match.values for match in second.matches}[Field.SOURCE] == both
    assert section.unknown == []


def test_a_concatenation_is_a_rule_for_each_element() -> None:
    one, two = rules('iifname . tcp dport { "a" . 22, "b" . 80-81 } accept')
    assert [match.values for match in two.matches if match.field is Field.DESTINATION_PORT] == [Ranges(((80, 81),))]
    assert one.verdict == two.verdict == Verdict(Action.ACCEPT)
    (negated,) = rules('iifname . tcp dport != { "a" . 22 } accept')
    assert negated.also == ('iifname . tcp dport != { "a" . 22 }',)


def test_reads_logs_and_whether_a_rate_stands_before_them() -> None:
    (plain,) = rules('log prefix "fosa deny a>b " group 5 drop comment "why"')
    assert plain.log is not None
    assert (plain.log.prefix, plain.log.group, plain.log.limited) == ("fosa deny a>b ", 5, False)
    assert (plain.verdict, plain.comment) == (Verdict(Action.DROP), "why")
    (limited,) = rules('limit rate 10/second burst 50 packets log prefix "x" level warn flags tcp sequence,options')
    assert limited.log is not None
    assert (limited.log.limited, limited.log.group, limited.verdict) == (True, None, None)
    (overflow,) = rules("limit rate over 50/second burst 200 packets drop")
    assert overflow.limit is Limit.OVER
    assert overflow.also == ("limit rate over 50/second burst 200 packets",)


@pytest.mark.parametrize(
    "text",
    [
        "frobnicate 7 accept",
        "tcp dport $ports accept",
        "ip saddr @nowhere accept",
        "meta nfproto > ipv4 accept",
        "ip saddr 10.0.0.300 accept",
        "tcp dport nosuchservice accept",
        "ct state happy accept",
        "ip saddr vmap @nowhere accept",
        "tcp dport vmap { 22 : frob } accept",
        "limit accept",
        "fib accept",
    ],
)
def test_what_is_not_understood_is_kept_and_may_match(text: str) -> None:
    section = Text("kernel nftables", f"table inet t {{\n chain c {{\n  {text}\n }}\n}}\n")
    (rule,) = read_ruleset(section).chains["inet t", "c"].rules
    assert rule.unknown
    assert not rule.sure
    assert [(where.line, where.text) for where in section.unknown] == [(3, text)]
    assert section.section().understood == 0.8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('include "/etc/nftables.d/*.conf"\n', 1),
        ("define wan = eth0\n", 1),
        ("add rule inet fosa input tcp dport 22 accept\n", 1),
        ("table inet t {\n frob x { }\n}\n", 2),
        ("table inet t {\n chain c {\n  type filter hook nowhere priority 0\n }\n}\n", 3),
        ("table inet t {\n chain c {\n  type filter hook input priority soon; policy drop\n }\n}\n", 3),
        ("table inet t {\n chain c {\n  type filter hook input priority 0; policy maybe\n }\n}\n", 3),
        ("table inet t {\n set s {\n  frob\n }\n}\n", 3),
        ("}\n", 1),
    ],
)
def test_what_stands_around_rules_is_understood_or_told(text: str, line: int) -> None:
    section = Text("kernel nftables", text)
    read_ruleset(section)
    assert [where.line for where in section.unknown] == [line]


def test_chains_that_meet_no_packet_of_ours_have_no_hook() -> None:
    text = "table {family} t {{ {flags}\n chain c {{ type filter hook forward priority 0; policy drop;\n }}\n}}\n"
    for family, flags, hooked in (("inet", "", 1), ("inet", "flags dormant;", 0), ("bridge", "", 0), ("ip", "", 1)):
        firewall = read_ruleset(Text("x", text.format(family=family, flags=flags)))
        assert len(firewall.at(Hook.FORWARD)) == hooked


def test_a_table_may_be_written_in_parts(ruleset: Ruleset) -> None:
    firewall = ruleset(
        "table t {\n chain c {\n  type filter hook input priority filter + 1; policy drop;\n  accept\n }\n}\n"
        "table ip t {\n chain c {\n  drop\n }\n}\n"
    )
    (chain,) = firewall.at(Hook.INPUT)
    assert [rule.verdict for rule in chain.rules] == [Verdict(Action.ACCEPT), Verdict(Action.DROP)]
    assert chain.base is not None
    assert chain.base.priority == 1


WORDS = """
    table inet chain set { } ; elements = , : ip saddr 10.0.0.0/8 != @s vmap . tcp dport 22 accept log prefix "x" limit
    rate over jump c type filter hook input priority policy drop ct state new fib add # " \\ meta mark counter reject
    with dnat to ² :: fe80::1 0x1 group -1 >= +-5 99999999999999999999 quota icmp iifname
"""
WORD = st.sampled_from([*WORDS.split(), "\n"])


@given(st.lists(WORD, max_size=60).map(" ".join))
def test_no_text_is_too_odd(text: str) -> None:
    section = Text("kernel nftables", text)
    firewall = read_ruleset(section)
    for chain in firewall.chains.values():
        for rule in chain.rules:
            assert all(type(match.values) is type(WHOLE[match.field]) for match in rule.matches)
    assert 0.0 <= section.section().understood <= 1.0


@given(st.text())
def test_no_text_at_all_is_too_odd(text: str) -> None:
    read_ruleset(Text("kernel nftables", f"table inet t {{\n chain c {{\n {text}\n }}\n}}"))
    read_ruleset(Text("kernel nftables", text))


def test_names_are_neither_more_nor_less_than_others() -> None:
    """As a text says that has been cut in the middle of a line."""
    section = Text("kernel nftables", "table inet t {\n chain c {\n meta nfproto >= 6379 accept\n }\n}")
    read_ruleset(section)
    assert [where.line for where in section.unknown] == [3]


@given(st.sampled_from(["gw-k", "small/gw-h"]), st.integers(0, 40_000), st.integers(0, 200))
def test_a_golden_text_cut_anywhere_is_read(golden: Path, name: str, start: int, length: int) -> None:
    whole = (golden / name / "nftables.conf").read_text()
    read_ruleset(Text("kernel nftables", whole[:start] + whole[start + length :]))


@pytest.mark.parametrize("name", ["gw-k", "gw-b", "gw-c", "small/gw-h", "small/gw-s"])
def test_what_fosa_writes_is_understood_to_the_last_word(ruleset: Ruleset, golden: Path, name: str) -> None:
    firewall = ruleset((golden / name / "nftables.conf").read_text())
    assert {hook: len(firewall.at(hook)) for hook in Hook} == {
        Hook.PREROUTING: 1,
        Hook.INPUT: 1,
        # The hub's takes note of when a platform answers.
        Hook.FORWARD: 3 if name == "gw-k" else 2,
        Hook.OUTPUT: 1,
        Hook.POSTROUTING: 2,
    }
