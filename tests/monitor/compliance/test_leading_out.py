"""VP-08 by what a gateway runs: every way of letting a protected network out is found with its line."""

from collections.abc import Mapping

import pytest

from monitor.basis import Basis
from monitor.compliance.model import Finding, Result
from monitor.facts.read import facts
from tests.monitor.compliance.cases import NFT, NOW, judged, of, pila, texts_of
from tests.monitor.compliance.roads import POLICIES, ROUTES, ROUTES6, RULES, roads

KERNEL = "kernel nftables"
WAY_OUT = "unicast default via 203.0.113.9 dev wan0 table 77 proto boot scope global"
NOTHING: Mapping[str, str] = {}
POLICY = "src 10.64.0.0/20 dst 10.64.16.0/20 \n\tdir out priority 1 ptype main \n"
TEMPLATE = "\ttmpl src 203.0.113.10 dst 203.0.113.18\n\t\tproto esp spi 0xc0 reqid 1 mode tunnel\n"


def _said(
    asset: str = "gw-k", *, added: Mapping[str, str] = NOTHING, instead: Mapping[str, str] = NOTHING
) -> list[Finding]:
    """What VP-08 says of a gateway as rendered, its tunnels up, with lines added, and some words put for others."""
    office = pila()
    platform = office.device(asset).platform
    assert platform is not None
    texts = {**texts_of(office, asset), KERNEL: texts_of(office, asset)[NFT], **roads(office, asset)}
    for section, text in added.items():
        texts[section] += text
    for old, new in instead.items():
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    return of(judged(office, facts(asset, platform, Basis.RUNNING, texts, NOW), asset), "VP-08")


@pytest.mark.parametrize("asset", ["gw-k", "gw-b", "gw-c"])
def test_a_gateway_as_it_should_be_lets_nothing_out(asset: str) -> None:
    said = _said(asset)
    assert [finding.result for finding in said] == [Result.PASS, Result.PASS], [str(f.message) for f in said]
    assert {each.source for each in said[1].evidence} >= {ROUTES, ROUTES6, RULES, POLICIES}


@pytest.mark.parametrize(
    ("section", "line", "words"),
    [
        (ROUTES, "unicast 10.64.16.0/24 via 203.0.113.9 dev wan0 table main proto boot scope global", "by line wan0"),
        (ROUTES, "unicast 10.64.32.0/20 dev wan1 table main proto boot scope link metric 900", "by line wan1"),
        (ROUTES, "unicast 10.64.17.3 via 10.64.0.77 dev vlan10 table main proto boot", "by way of 10.64.0.77"),
        (ROUTES, "unicast 10.64.16.0/22 dev gre9 table main proto boot scope link", "gre9, which the inventory"),
        (
            ROUTES,
            "unicast 10.64.18.0/24 table main proto boot scope global \\	nexthop via 10.64.0.2 dev ipsec0 weight 1"
            " \\	nexthop via 203.0.113.9 dev wan0 weight 1 ",
            "by line wan0",
        ),
        (ROUTES, "unicast 192.0.2.96/29 dev wan0 table main proto dhcp scope link", "192.0.2.96/29"),
        (
            ROUTES6,
            "unicast fd64:0:a40:1000::/64 via fe80::1 dev wan0 table main proto boot metric 1024",
            "by line wan0",
        ),
        (POLICIES, POLICY, "without encryption"),
        (POLICIES, POLICY + TEMPLATE.replace("mode tunnel", "mode tunnel level use"), "without encryption"),
    ],
)
def test_a_route_or_a_policy_that_leads_out_is_found(section: str, line: str, words: str) -> None:
    (filtered, led) = _said(added={section: f"{line}\n"})
    assert (filtered.result, led.result) == (Result.PASS, Result.FAIL)
    assert words in str(led.message)
    (evidence,) = led.evidence
    assert (evidence.source, evidence.text) == (section, line.partition("\n")[0].strip())


def test_a_rule_that_sends_everything_by_another_table_is_found_at_the_route_it_leads_to() -> None:
    added = {RULES: "90:\tfrom 10.64.0.0/20 lookup 77\n", ROUTES: f"{WAY_OUT}\n"}
    led = _said(added=added)[1]
    assert (led.result, led.evidence[0].text) == (Result.FAIL, WAY_OUT)
    assert "10.64.16.0/20" in str(led.message)


@pytest.mark.parametrize(
    "rule",
    [
        "90:\tfrom 203.0.113.10 lookup 77",
        "40000:\tfrom all lookup 77",
        "90:\tfrom all to 198.51.100.0/24 lookup 77",
        "90:\tfrom all lookup 77 suppress_prefixlength 0",
    ],
)
def test_a_table_that_no_protected_packet_comes_to_is_none_of_it(rule: str) -> None:
    led = _said(added={RULES: f"{rule}\n", ROUTES: f"{WAY_OUT}\n"})[1]
    assert led.result is Result.PASS, str(led.message)


@pytest.mark.parametrize("rule", ["90:\tfrom all fwmark 0x1 lookup 77", "90:\tnot from all fwmark 0xca6c lookup 77"])
def test_a_rule_that_may_match_counts_as_one_that_does(rule: str) -> None:
    assert _said(added={RULES: f"{rule}\n", ROUTES: f"{WAY_OUT}\n"})[1].result is Result.FAIL


def test_a_tunnel_that_is_down_must_not_leave_its_networks_to_the_line() -> None:
    (_filtered, led) = _said(instead={"unreachable 10.64.16.0/20": "unreachable 10.99.0.0/20"})
    assert led.result is Result.FAIL
    assert "10.64.16.0/20 would leave by wan0" in str(led.message)


@pytest.mark.parametrize(
    "text", [POLICY + TEMPLATE, POLICY.replace("ptype", "action block ptype"), POLICY.replace("out", "in")]
)
def test_policies_that_encrypt_or_stop_are_in_order(text: str) -> None:
    assert _said(added={POLICIES: text})[1].result is Result.PASS


def test_the_network_of_a_line_itself_is_no_way_out() -> None:
    line = "unicast fd64:0:cb00:7108::/64 dev wan0 table main proto kernel scope global metric 256 pref medium"
    assert _said(added={ROUTES6: f"{line}\n"})[1].result is Result.PASS


@pytest.mark.parametrize(
    ("section", "line"),
    [
        (ROUTES, "unicast 10.64.16.0/24 encap mpls 100 via 203.0.113.9 dev wan0 table main"),
        (ROUTES, "10.64.16.0/24"),
        (ROUTES, "unicast a.b.c.d dev wan0"),
        (RULES, "90:\tfrom all lookup [l3mdev-table]x goto 100"),
        (RULES, "x"),
        (POLICIES, "src 10.64.0.0/20"),
        (POLICIES, "src x dst y \n\tdir out"),
    ],
)
def test_what_cannot_be_read_is_not_known(section: str, line: str) -> None:
    led = _said(added={section: f"{line}\n"})[1]
    assert led.result is Result.UNKNOWN
    assert led.evidence[0].text == line.partition("\n")[0].strip()


@pytest.mark.parametrize("section", [ROUTES, ROUTES6, RULES, POLICIES])
def test_a_gateway_that_does_not_tell_all_of_it_is_not_known(section: str) -> None:
    office = pila()
    platform = office.device("gw-k").platform
    assert platform is not None
    texts = {**texts_of(office, "gw-k"), KERNEL: texts_of(office, "gw-k")[NFT], **roads(office, "gw-k")}
    del texts[section]
    said = of(judged(office, facts("gw-k", platform, Basis.RUNNING, texts, NOW), "gw-k"), "VP-08")
    assert [finding.result for finding in said] == [Result.PASS, Result.UNKNOWN]


HEAD = "type nat hook postrouting priority srcnat; policy accept;\n"
BEFORE = "    chain translate {\n        " + HEAD


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('oifname "ipsec0" masquerade', "another sender"),
        ("ip saddr 10.64.1.0/24 snat ip to 203.0.113.10", "another sender"),
        ("ip daddr 10.64.16.0/24 masquerade", "another sender"),
    ],
)
def test_a_translation_before_the_tunnel_is_found(rule: str, words: str) -> None:
    (filtered, _led) = _said(instead={BEFORE: f"{BEFORE}        {rule}\n"})
    assert filtered.result is Result.FAIL
    assert words in str(filtered.message)
    assert filtered.evidence[0].text == rule


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ip daddr 10.64.16.10 dnat ip to 198.51.100.9", Result.FAIL),
        ("tcp dport 443 dnat ip to 198.51.100.9:443", Result.FAIL),
        ("tcp dport 443 dnat ip to 10.64.2.3:443", Result.PASS),
        ("ip daddr 203.0.113.10 tcp dport 443 dnat ip to 198.51.100.9", Result.PASS),
        ("tcp dport 25 redirect to :2525", Result.PASS),
    ],
)
def test_a_receiver_outside_in_place_of_one_behind_a_tunnel_is_found(rule: str, expected: Result) -> None:
    chain = "    chain hand {\n        type nat hook prerouting priority dstnat; policy accept;\n        "
    (filtered, _led) = _said(instead={"    chain translate {\n": f"{chain}{rule}\n    }}\n\n    chain translate {{\n"})
    assert filtered.result is expected, str(filtered.message)


@pytest.mark.parametrize(
    "rule",
    [
        'oifname "wan0" ip saddr 10.64.1.0/24 accept',
        "ip daddr 10.64.16.0/24 accept",
        'oifname "wan0" meta nfproto ipv6 accept',
        "ip6 saddr fd64:0:a40:100::/64 accept",
    ],
)
def test_a_rule_before_the_guard_is_found(rule: str) -> None:
    head = "type filter hook forward priority filter; policy drop;\n"
    (filtered, _led) = _said(instead={head: f"{head}        {rule}\n"})
    assert (filtered.result, filtered.evidence[0].text) == (Result.FAIL, rule)
