"""The rules on a switch: as it should be it passes, each thing amiss is found, and what is not said is unknown."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Platform
from monitor.compliance.collected import Collected, cell
from monitor.compliance.model import Result
from monitor.compliance.rules.table import RULES
from monitor.facts.model import Community, Facts, Section, Service, SnmpUser, TimeServer, Timing
from monitor.facts.switch import (
    AaaServer,
    AccessEntry,
    AccessList,
    Hashing,
    Line,
    Lockout,
    PasswordPolicy,
    PortMode,
    StoredSecret,
    SwitchFacts,
    User,
    Web,
)
from tests.monitor.compliance.cases import failures, lines, of
from tests.monitor.compliance.switches import MANAGER, TEXT, at, changed, fact, judged, office, port, read, switch

APPLY = {rule for rule in RULES if cell(rule, Platform.CISCO_IOS).collected is not Collected.NOT_APPLICABLE}
PS = office().zone("ps").vlan


def test_a_hardened_switch_passes_every_rule_that_applies_to_it() -> None:
    report = judged(read())
    assert {f.rule: f.result for f in report.findings if f.result not in {Result.PASS, Result.INFORMATIONAL}} == {
        rule: Result.NOT_APPLICABLE for rule in RULES if rule not in APPLY
    }
    assert {f.rule for f in report.findings if f.result is Result.INFORMATIONAL} == {"LG-01"}


def _entry(sources: tuple[IPv4Network, ...], *, permits: bool = True) -> AccessEntry:
    return AccessEntry(permits=permits, sources=sources, where=at("entry"))


def _list(*entries: AccessEntry, applied: tuple[str, ...] = ("vty", "snmp")) -> tuple[AccessList, ...]:
    return (AccessList("MGMT", entries, applied, at("ip access-list MGMT")),)


def _line(name: str, **otherwise: object) -> tuple[Line, ...]:
    first = (switch().lines or ())[1]
    return (changed(first, {"name": name, "where": at(f"line {name}"), **otherwise}),)


def _with(**otherwise: object) -> Facts:
    return read(switch(**otherwise))


def _one(**otherwise: object) -> Facts:
    """The access port otherwise."""
    ports = switch().ports or ()
    return _with(ports=(changed(ports[0], otherwise), *ports[1:]))


def _uplink(**otherwise: object) -> Facts:
    ports = switch().ports or ()
    return _with(ports=(*ports[:2], changed(ports[2], otherwise)))


def _snmp(**otherwise: object) -> Facts:
    good = read()
    assert good.snmp is not None
    return replace(good, snmp=changed(good.snmp, otherwise))


def _ssh(**otherwise: object) -> Facts:
    good = read()
    assert good.ssh is not None
    return replace(good, ssh=changed(good.ssh, otherwise))


ZONE = IPv4Network("10.64.16.0/24")
USERS = IPv4Network("10.64.18.0/24")
ALONE = IPv4Network(f"{MANAGER}/32")
ADMIN = User("admin", Hashing.STRONG, full=True, where=at("username admin"))
STRANGER = User("jan", Hashing.STRONG, full=True, where=at("username jan"))
AWARIA = (switch().users or ())[0]
AAA = switch().aaa
LAYER2 = switch().layer2
assert AAA is not None
assert LAYER2 is not None

SOURCES = enumerate(office().network.time_sources)
UNPROVEN = Timing(tuple(TimeServer(str(a), "server", n > 0, at(f"ntp {n}")) for n, a in SOURCES), (), (TEXT,))

AMISS: dict[str, tuple[Facts, dict[str, str]]] = {
    "telnet on a line": (
        _with(lines=_line("vty 0 4", transports=fact(("ssh", "telnet"), "transport input all"))),
        {"MG-01": "transport input all"},
    ),
    "a TFTP server": (
        read(services=(Service("tftp", "udp", "", 69, at("tftp-server")),)),
        {"MG-01": "tftp-server"},
    ),
    "the web in clear": (
        _with(
            web=Web(fact(True, "ip http server"), fact(False), None),
            access_lists=_list(_entry((ALONE,)), applied=("http", "snmp")),
        ),
        {"MG-02": "ip http server"},
    ),
    "old TLS": (
        _with(
            web=Web(fact(False), fact(True), fact(("1.0", "1.2"), "tls 1.0")),
            access_lists=_list(_entry((ALONE,)), applied=("http", "snmp")),
        ),
        {"MG-02": "tls 1.0"},
    ),
    "SSH version 1": (_ssh(versions=fact((1, 2), "ip ssh version 1")), {"MG-03": "ip ssh version 1"}),
    "a weak cipher": (_ssh(ciphers=fact(("aes256-ctr", "3des-cbc"), "ciphers")), {"MG-03": "ciphers"}),
    "a community": (
        _snmp(communities=(Community("read", at("snmp community public")),)),
        {"MG-04": "snmp community public"},
    ),
    "SNMP with SHA-1": (
        _snmp(users=(SnmpUser("fosa", "SHA", "AES", "priv", "read", at("v3 auth sha")),)),
        {"MG-04": "v3 auth sha"},
    ),
    "no list on a line": (
        _with(lines=_line("vty 0 4", access_list=None), access_lists=_list(_entry((ALONE,)), applied=("snmp",))),
        {"MG-05": "line vty 0 4", "FW-08": "line vty 0 4"},
    ),
    "no list on SNMP": (
        _with(access_lists=_list(_entry((ALONE,)), applied=("vty",))),
        {"MG-05": "snmp user", "FW-08": "snmp user"},
    ),
    "the whole management zone let in": (_with(access_lists=_list(_entry((ZONE,)))), {"MG-05": "entry"}),
    "users let in": (_with(access_lists=_list(_entry((USERS,)))), {"MG-05": "entry", "FW-08": "entry"}),
    "everybody let in": (_with(access_lists=_list(_entry(()))), {"MG-05": "entry", "FW-08": "entry"}),
    "users let in by one of two entries": (
        _with(access_lists=_list(_entry((ALONE,)), _entry((USERS,), permits=False), _entry(()))),
        {"MG-05": "entry", "FW-08": "entry"},
    ),
    "a console that never ends": (
        _with(lines=(*_line("console 0", idle_s=fact(0, "exec-timeout 0 0")), *(switch().lines or ())[1:])),
        {"MG-06": "exec-timeout 0 0"},
    ),
    "half an hour": (_with(lines=_line("vty 0 4", idle_s=fact(1800, "exec-timeout 30"))), {"MG-06": "exec-timeout 30"}),
    "no banner": (_with(banner=None), {"MG-07": ""}),
    "a banner with the product": (_with(banner=fact("Welcome to Cisco", "banner")), {"MG-07": "banner"}),
    "a banner with a version": (_with(banner=fact("System 15.2(7)E3", "banner")), {"MG-07": "banner"}),
    "a service too many": (_with(unneeded=(fact("finger", "service finger"),)), {"MG-08": "service finger"}),
    "CDP on an access port": (_one(discovery=frozenset({"cdp"})), {"MG-09": "interface Gi1/0/1"}),
    "no server to ask": (_with(aaa=replace(AAA, servers=())), {"ID-01": ""}),
    "a server nobody named": (
        _with(aaa=replace(AAA, servers=(AaaServer("radius", "10.9.9.9", at("radius 10.9.9.9")),))),
        {"ID-01": "radius 10.9.9.9"},
    ),
    "local accounts first": (_with(aaa=replace(AAA, login=fact(("local", "radius"), "login"))), {"ID-01": "login"}),
    "nobody left to log in": (_with(aaa=replace(AAA, login=fact(("radius",), "login"))), {"ID-01": "login"}),
    "no local account": (_with(users=()), {"ID-01": ""}),
    "a maker's account": (
        _with(users=(ADMIN,)),
        {"ID-02": "username admin", "ID-09": "username admin"},
    ),
    "an account of nobody": (
        _with(users=(AWARIA, STRANGER)),
        {"ID-01": "username awaria", "ID-02": "username jan", "ID-09": "username jan"},
    ),
    "short passwords": (_with(passwords=PasswordPolicy(fact(8, "min-length 8"))), {"ID-04": "min-length 8"}),
    "ten tries": (_with(lockout=Lockout(fact(10, "attempts 10"), fact(900))), {"ID-06": "attempts 10"}),
    "no lock-out": (_with(lockout=Lockout(fact(0, "no lock"), fact(900))), {"ID-06": "no lock"}),
    "a minute's lock-out": (_with(lockout=Lockout(fact(3), fact(60, "block-for 60"))), {"ID-06": "block-for 60"}),
    "a reversible password": (
        _with(stored=(StoredSecret("enable", Hashing.REVERSIBLE, "7", at("enable password 7")),)),
        {"ID-07": "enable password 7"},
    ),
    "a weak hash": (
        _with(stored=(StoredSecret("user snmp", Hashing.WEAK, "5", at("secret 5")),)),
        {"ID-07": "secret 5"},
    ),
    "a key in clear": (
        _with(stored=(StoredSecret("radius key", Hashing.CLEAR, "0", at("key 0")),)),
        {"ID-07": "key 0"},
    ),
    "a time source without a key": (read(timing=UNPROVEN), {"TM-02": "ntp 0"}),
    "an unused port open": (_with(ports=(port("Gi1/0/2", 4094),)), {"L2-01": "interface Gi1/0/2"}),
    "an open port nobody knows": (_with(ports=(port("Gi1/0/9", 4094),)), {"L2-01": "interface Gi1/0/9"}),
    "anybody may plug in": (_one(macs=None), {"L2-02": "interface Gi1/0/1"}),
    "no DHCP snooping": (_with(layer2=replace(LAYER2, snooping=fact((), "no snooping"))), {"L2-03": "no snooping"}),
    "ARP inspection elsewhere": (
        _with(layer2=replace(LAYER2, inspection=fact(((2, PS - 1),), "inspection"))),
        {"L2-03": "inspection"},
    ),
    "a trusted access port": (_one(snooping_trusted=True), {"L2-03": "interface Gi1/0/1"}),
    "no BPDU guard": (_one(bpdu_guard=False), {"L2-04": "interface Gi1/0/1"}),
    "no storm control": (_one(storm=False), {"L2-04": "interface Gi1/0/1"}),
    "no spanning tree": (
        _with(layer2=replace(LAYER2, spanning_tree=fact("none", "no spanning"))),
        {"L2-04": "no spanning"},
    ),
    "an access port in VLAN 1": (_one(vlan=1), {"L2-05": "interface Gi1/0/1", "SEG-01": "interface Gi1/0/1"}),
    "VLAN 1 on a trunk": (
        _uplink(vlan=1, tagged=None),
        {"L2-05": "interface Gi1/0/24", "SEG-01": "interface Gi1/0/24"},
    ),
    "a zone untagged on a trunk": (_uplink(vlan=PS), {"L2-05": "interface Gi1/0/24"}),
    "a port in another zone": (_one(vlan=office().zone("mgmt").vlan), {"SEG-01": "interface Gi1/0/1"}),
    "every VLAN on a trunk": (_uplink(tagged=None), {"SEG-01": "interface Gi1/0/24"}),
    "a zone too many on a trunk": (_uplink(tagged=((2, 4000),)), {"SEG-01": "interface Gi1/0/24"}),
    "a trunk where somebody sits": (_one(mode=PortMode.TRUNK, vlan=4094), {"SEG-01": "interface Gi1/0/1"}),
    "a port that routes": (_uplink(mode=PortMode.ROUTED), {"SEG-01": "interface Gi1/0/24"}),
    "a telephone nobody planned": (_one(voice=77), {"SEG-01": "interface Gi1/0/1"}),
}


@pytest.mark.parametrize("name", AMISS)
def test_what_is_amiss_is_found_by_its_rules_with_its_line(name: str) -> None:
    given, expected = AMISS[name]
    found = failures(judged(given))
    assert set(found) == set(expected), [str(f.message) for fs in found.values() for f in fs]
    for rule, text in expected.items():
        assert text in lines(found[rule])
        assert all(finding.fix for finding in found[rule])


UNSAID: dict[str, tuple[Callable[[], Facts], set[str]]] = {
    "users": (lambda: _with(users=None), {"ID-01", "ID-02", "ID-09"}),
    "stored": (lambda: _with(stored=None), {"ID-07"}),
    "passwords that are in no text": (
        lambda: _with(users=(replace(AWARIA, hashing=Hashing.HIDDEN),), stored=()),
        {"ID-07"},
    ),
    "users, nor any password": (lambda: _with(users=None, stored=()), {"ID-01", "ID-02", "ID-07", "ID-09"}),
    "aaa": (lambda: _with(aaa=None), {"ID-01"}),
    "lines": (lambda: _with(lines=None), {"MG-01", "MG-05", "MG-06", "FW-08"}),
    "web": (lambda: _with(web=None), {"MG-02", "MG-05", "FW-08"}),
    "banner": (lambda: _with(banner=None, banner_known=False), {"MG-07"}),
    "another banner": (lambda: _with(banner=fact("Keep out")), {"MG-07"}),
    "lockout": (lambda: _with(lockout=None), {"ID-06"}),
    "passwords": (lambda: _with(passwords=None), {"ID-04"}),
    "ports": (lambda: _with(ports=None), {"MG-09", "L2-01", "L2-02", "L2-03", "L2-04", "L2-05", "SEG-01"}),
    "access_lists": (lambda: _with(access_lists=None), {"MG-05", "FW-08"}),
    "layer2": (lambda: _with(layer2=None), {"L2-03", "L2-04"}),
    "unneeded": (lambda: _with(unneeded=None), {"MG-08"}),
    "hidden": (lambda: _with(stored=(StoredSecret("user awaria", Hashing.HIDDEN, "", at("user")),)), {"ID-07"}),
    "a list that is not there": (
        lambda: _with(lines=_line("vty 0 4", access_list=fact("OTHER"))),
        {"MG-05", "FW-08"},
    ),
    "protocols of a line": (lambda: _with(lines=_line("vty 0 4", transports=None)), {"MG-01"}),
    "idle time": (lambda: _with(lines=_line("vty 0 4", idle_s=None)), {"MG-06"}),
    "who is asked first": (lambda: _with(aaa=changed(AAA, {"login": None})), {"ID-01"}),
    "rights": (
        lambda: _with(users=(replace(STRANGER, full=None),)),
        {"ID-09"},
    ),
    "SNMP users are not shown": (
        lambda: _snmp(users=(SnmpUser("fosa", "", "", "priv", "read", at("snmp group")),)),
        {"MG-04"},
    ),
    "version of SSH": (lambda: _ssh(versions=None), {"MG-03"}),
    "a port left to negotiation": (
        lambda: _uplink(mode=PortMode.UNKNOWN, vlan=4094),
        {"L2-05", "SEG-01"},
    ),
    "ssh": (lambda: read(ssh=None), {"MG-03"}),
    "snmp": (lambda: read(snmp=None), {"MG-04", "MG-05", "FW-08"}),
    "logging": (lambda: read(logging=None), {"LG-01"}),
    "timing": (lambda: read(timing=None), {"TM-01", "TM-02"}),
}


@pytest.mark.parametrize("name", UNSAID)
def test_what_the_text_does_not_say_is_unknown(name: str) -> None:
    made, rules = UNSAID[name]
    report = judged(made())
    assert {f.rule for f in report.findings if f.result is Result.UNKNOWN} == rules


def test_a_text_of_which_too_little_is_understood_lets_nothing_pass() -> None:
    strange = tuple(at(f"strange {n}", n) for n in range(1, 12))
    report = judged(read(sections=(Section(TEXT, "0" * 64, 100, strange),)))
    assert {f.result for f in report.findings if f.rule in APPLY} == {Result.UNKNOWN, Result.INFORMATIONAL}
    told = {str(f.message) for f in report.findings if f.result is Result.UNKNOWN}
    assert told == {"only 89 % of the lines it rests on were understood"}


def test_what_is_amiss_in_such_a_text_is_amiss_all_the_same() -> None:
    strange = tuple(at(f"strange {n}", n) for n in range(1, 12))
    given, expected = AMISS["anybody may plug in"]
    assert set(failures(judged(replace(given, sections=(Section(TEXT, "0" * 64, 100, strange),))))) == set(expected)


def test_of_a_switch_that_was_not_read_nothing_is_known() -> None:
    report = judged(None)
    assert {f.result for f in report.findings if f.rule in APPLY} == {Result.UNKNOWN}


def test_a_key_that_the_device_must_show_is_told_and_fails_nothing() -> None:
    key = StoredSecret("radius key", Hashing.REVERSIBLE, "7", at("key 7"))
    found = of(judged(_with(stored=(key,))), "ID-07")
    assert [finding.result for finding in found] == [Result.INFORMATIONAL, Result.PASS]


def test_junos_has_root_always_and_must_keep_it_off_the_network() -> None:
    root = User("root", Hashing.STRONG, full=True, where=at("root-authentication"))
    base = replace(_with(users=(AWARIA, root)), platform=Platform.JUNIPER_JUNOS)
    for said, expected in ((None, Result.UNKNOWN), (fact("deny"), Result.PASS), (fact("allow"), Result.FAIL)):
        assert base.ssh is not None
        report = judged(replace(base, ssh=replace(base.ssh, root=said)))
        assert [f.result for f in of(report, "ID-02")] == [expected]
        assert [f.result for f in of(report, "ID-01")] == [Result.PASS]


def test_vlan_1_of_a_trunk_that_does_not_carry_it_is_nothing_to_fail() -> None:
    assert "L2-05" not in failures(judged(_uplink(vlan=1)))
    other = replace(_uplink(vlan=1), platform=Platform.HP_PROCURVE)
    assert "L2-05" in failures(judged(other))


PARTS = ("users", "stored", "aaa", "lines", "web", "lockout", "passwords", "vlans", "ports", "access_lists", "layer2")


@given(st.sets(st.sampled_from(PARTS)), st.sampled_from(sorted(AMISS)))
@settings(max_examples=60)
def test_whatever_is_left_out_nothing_breaks_and_no_failure_becomes_a_pass(parts: set[str], name: str) -> None:
    facts, expected = AMISS[name]
    assert isinstance(facts.switch, SwitchFacts)
    less = replace(facts, switch=changed(facts.switch, dict.fromkeys(parts)))
    report = judged(less)
    assert Result.ERROR not in {finding.result for finding in report.findings}
    for rule in expected:
        assert {finding.result for finding in of(report, rule)} & {Result.FAIL, Result.UNKNOWN}
