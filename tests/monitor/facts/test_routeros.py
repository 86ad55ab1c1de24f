"""Facts of a RouterOS switch, from what it should run and from what somebody has made of it."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from monitor.facts.switch import Hashing, Line, PortMode, SwitchFacts, SwitchPort
from templates.mikrotik_routeros.shown import masked, normal
from tests.playbooks.routeros import MANAGER, MESS, NAME, intended, rendered

INTENDED = masked(normal(intended()), lambda _secret: "<secret:0123456789abcdef>")


def read(text: str) -> Facts:
    return facts(NAME, Platform.MIKROTIK_ROUTEROS, Basis.RUNNING, {"running-config": text}, None)


def switch(text: str) -> SwitchFacts:
    found = read(text).switch
    assert found is not None
    return found


def port(text: str, name: str) -> SwitchPort:
    return next(each for each in switch(text).ports or () if each.name == name)


def line(text: str, name: str) -> Line:
    return next(each for each in switch(text).lines or () if each.name == name)


def test_understands_all_of_what_it_writes() -> None:
    for text in (INTENDED, rendered()):
        assert read(text).section("running-config") is not None
        assert [where.text for where in read(text).sections[0].unknown] == []


def test_reads_a_hardened_switch() -> None:
    found = switch(INTENDED)
    assert found.hostname is not None
    assert found.hostname.value == NAME
    assert [(user.name, user.hashing, user.full) for user in found.users or ()] == [("awaria", Hashing.HIDDEN, True)]
    assert found.aaa is not None
    assert found.aaa.login is not None
    assert found.aaa.login.value == ("local", "radius")
    assert [server.address for server in found.aaa.servers] == ["10.64.1.9"]
    assert found.passwords is not None
    assert found.passwords.least_length is not None
    assert found.passwords.least_length.value == 12
    assert [one.name for one in found.lines or ()] == ["console", "ssh"]
    assert found.unneeded == ()
    assert found.web is not None
    assert [fact and fact.value for fact in (found.web.http, found.web.https)] == [False, False]
    assert {(each.what, each.hashing) for each in found.stored or ()} == {
        ("radius key", Hashing.REVERSIBLE),
        ("snmp user key", Hashing.REVERSIBLE),
    }


def test_reads_who_may_manage() -> None:
    lists = {one.name: one for one in switch(INTENDED).access_lists or ()}
    ssh = line(INTENDED, "ssh").access_list
    assert ssh is not None
    assert [entry.sources for entry in lists[ssh.value].entries] == [(IPv4Network(f"{MANAGER}/32"),)]
    assert [one.applied for one in lists.values()] == [("ssh",), ("snmp",)]


def test_reads_snmp_logs_and_time() -> None:
    found = read(INTENDED)
    assert found.snmp is not None
    assert found.snmp.communities == ()
    told = [(user.name, user.authentication, user.privacy, user.level, user.access) for user in found.snmp.users]
    assert told == [("fosa", "SHA-256", "AES", "priv", "read")]
    assert found.logging is not None
    assert [(each.server, each.port, each.tls) for each in found.logging.targets] == [
        ("10.64.1.20", 514, False),
        ("10.64.1.21", 514, False),
    ]
    assert found.timing is not None
    assert [(each.address, each.authenticated) for each in found.timing.servers] == [
        ("192.0.2.123", True),
        ("192.0.2.124", True),
    ]
    assert found.ssh is not None
    assert found.ssh.ciphers is not None
    assert "aes256-gcm@openssh.com" in found.ssh.ciphers.value
    assert not [name for name in found.ssh.ciphers.value if "cbc" in name]


def test_reads_ports() -> None:
    telephone = port(INTENDED, "ether1")
    assert (telephone.mode, telephone.vlan, telephone.voice, telephone.tagged) == (PortMode.ACCESS, 30, 60, ())
    assert telephone.dot1x
    assert telephone.storm
    assert telephone.bpdu_guard
    assert telephone.edge
    assert telephone.discovery == {"lldp"}
    printer = port(INTENDED, "ether5")
    assert (printer.mode, printer.vlan, printer.discovery, printer.snooping_trusted) == (
        PortMode.ACCESS,
        40,
        frozenset(),
        False,
    )
    assert port(INTENDED, "ether6").shut
    uplink = port(INTENDED, "sfp-sfpplus1")
    assert (uplink.mode, uplink.vlan, uplink.snooping_trusted) == (PortMode.TRUNK, None, True)
    assert uplink.tagged == ((10, 10), (30, 30), (40, 40), (60, 60))
    layer2 = switch(INTENDED).layer2
    assert layer2 is not None
    assert layer2.snooping is not None
    assert layer2.snooping.value == ((1, 4094),)
    assert layer2.inspection is None
    assert {(vlan.number, vlan.name) for vlan in switch(INTENDED).vlans or ()} >= {(10, "mgmt"), (30, "ps"), (4094, "")}


def test_reads_what_somebody_has_made_by_hand() -> None:
    found, text = switch(normal(MESS)), normal(MESS)
    assert {fact.value for fact in found.unneeded or ()} == {
        "bandwidth-test", "mac-ping", "romon", "dns server", "api-ssl", "dhcp server",
    }  # fmt: skip
    assert {user.name: user.full for user in found.users or ()} == {"admin": True, "janek": False}
    ways = {one.name: one.access_list and one.access_list.value for one in found.lines or ()}
    assert ways["telnet"] == "service telnet"
    assert ways["ssh"] == "ip firewall filter input"
    assert ways["mac-telnet"] is None
    assert line(text, "ssh").idle_s is not None
    given = read(text)
    assert [service.port for service in given.services if service.name == "telnet"] == [2323]
    assert given.snmp is not None
    assert sorted(one.access for one in given.snmp.communities) == ["read", "write"]
    assert given.logging is not None
    assert {each.server for each in given.logging.targets} == {"192.0.2.9", "10.64.1.77"}
    assert found.ports is None


def test_a_bridge_that_looks_at_no_tags_carries_every_vlan_everywhere() -> None:
    text = MESS.replace("set 3 limit-unknown-unicasts=yes storm-rate=50", "set ether4 storm-rate=50")
    assert (port(text, "ether2").mode, port(text, "ether2").tagged) == (PortMode.TRUNK, None)
    assert port(text, "sfp-sfpplus1").discovery == {"cdp", "lldp", "mndp"}
    assert port(text, "ether2").shut


def test_the_same_is_said_with_continued_lines_carriage_returns_and_each_line_with_its_menu() -> None:
    entries = [one for one in INTENDED.splitlines() if one]
    menu, terse = "", []
    for one in entries:
        menu = one if one.startswith("/") else menu
        if not one.startswith("/"):
            terse.append(f"{menu} {one}")
    broken = INTENDED.replace(" comment=", " \\\n    comment=").replace("\n", "\r\n")
    commented = INTENDED.replace("/ip service\n", "# by hand\n/ip/service\n\n")
    slashed = "\n".join(terse).replace("/interface bridge port add", "/interface/bridge/port/add")
    for text in ("\n".join(terse), broken, commented, slashed):
        assert read(text).understood() == 1.0
        assert normal(text) == INTENDED
        given = switch(text)
        assert [(one.name, one.mode, one.vlan, one.voice) for one in given.ports or ()] == [
            (one.name, one.mode, one.vlan, one.voice) for one in switch(INTENDED).ports or ()
        ]


@pytest.mark.parametrize(
    "odd",
    [
        ":if ([:len [/user find]] > 0) do={ :put x }",
        '/ip service\nset telnet disabled=yes "',
        "/interface frobnicate\nadd name=x",
        "/interface bridge\nadd name=b2 frobnicate=yes",
        "/interface ethernet switch port\nset 7 storm-rate=1",
        "hostname sw\ninterface Gi1/0/1\n switchport mode access",
    ],
)
def test_what_it_does_not_know_is_counted(odd: str) -> None:
    assert read(INTENDED + odd + "\n").sections[0].unknown


def test_text_of_another_platform_says_nothing() -> None:
    for text in ("hostname sw\ninterface Gi1/0/1\n shutdown\n", "set system host-name sw\n", "\0\1\2", ""):
        found = read(text)
        assert found.switch is None or found.understood() < 0.9


@given(st.text(alphabet='/abcdef =[]"\\\n\r{};:#!$?', max_size=200))
def test_never_fails_on_a_text(text: str) -> None:
    found = read(text)
    assert 0.0 <= found.understood() <= 1.0
    normal(text)
    masked(text, lambda secret: secret)


@given(st.integers(0, len(INTENDED)), st.integers(0, 80))
def test_never_fails_on_a_torn_text(at: int, length: int) -> None:
    read(INTENDED[:at] + INTENDED[at + length :])
