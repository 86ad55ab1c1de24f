"""Facts of a Junos switch, from what it should run and from what somebody has made of it."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from monitor.facts.switch import Hashing, PortMode, SwitchFacts, SwitchPort
from templates.juniper_junos.shown import masked, normal
from tests.playbooks.junos import MESS, NAME, intended, rendered

INTENDED = masked(normal(intended()), lambda _secret: "<secret:0123456789abcdef>")


def read(text: str) -> Facts:
    return facts(NAME, Platform.JUNIPER_JUNOS, Basis.RUNNING, {"running-config": text}, None)


def switch(text: str) -> SwitchFacts:
    found = read(text).switch
    assert found is not None
    return found


def port(text: str, name: str) -> SwitchPort:
    return next(each for each in switch(text).ports or () if each.name == name)


def test_understands_all_of_what_it_writes() -> None:
    for text in (INTENDED, rendered()):
        assert read(text).understood() == 1.0


def test_reads_a_hardened_switch() -> None:
    found = switch(INTENDED)
    assert found.hostname is not None
    assert found.hostname.value == NAME
    assert [(user.name, user.hashing, user.full) for user in found.users or ()] == [("awaria", Hashing.STRONG, True)]
    assert found.aaa is not None
    assert found.aaa.login is not None
    assert found.aaa.login.value == ("radius", "local")
    assert found.lockout is not None
    assert [fact and fact.value for fact in (found.lockout.tries, found.lockout.seconds)] == [3, 900]
    assert [(line.name, line.idle_s and line.idle_s.value) for line in found.lines or ()] == [
        ("vty", 300),
        ("console", None),
    ]
    assert found.unneeded == ()
    assert found.banner is not None
    assert found.banner.value.splitlines()[0] == "Dostep wylacznie dla osob upowaznionych."
    assert {each.hashing for each in found.stored or () if not each.what.startswith("user")} == {Hashing.REVERSIBLE}


def test_reads_who_may_manage_out_of_the_filter() -> None:
    lists = switch(INTENDED).access_lists or ()
    assert [(each.name, each.applied) for each in lists] == [
        ("lo0 ssh", ("vty",)),
        ("lo0 netconf", ("vty",)),
        ("lo0 snmp", ("snmp",)),
    ]
    manager = (IPv4Network("10.64.0.10/32"),)
    for each in lists:
        assert [(entry.permits, entry.sources) for entry in each.entries] == [(True, manager), (False, ())]


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("from protocol tcp", (True, ())),
        ("from protocol udp", None),
        ("from tcp-established", None),
        ("from source-address 192.0.2.0/24", (True, (IPv4Network("192.0.2.0/24"),))),
        ("from source-prefix-list nowhere", (True, ())),
        ("from destination-port 20-30", (True, ())),
        ("from destination-port 23", None),
        ("from destination-port somewhat", (True, ())),
        ("from icmp-type echo-request", (True, ())),
        ("then next term", None),
        ("then discard", (False, ())),
    ],
)
def test_a_filter_never_lets_less_in_than_it_may(term: str, first: tuple[bool, tuple[IPv4Network, ...]] | None) -> None:
    text = (
        "set system services ssh\nset interfaces lo0 unit 0 family inet filter input f\n"
        f"set firewall family inet filter f term a {term}\n"
        "set firewall family inet filter f term b from source-address 10.0.0.1/32\n"
    )
    (found,) = switch(text).access_lists or ()
    last = (True, (IPv4Network("10.0.0.1/32"),))
    entries = [(entry.permits, entry.sources) for entry in found.entries]
    assert entries in ([first, last], [first]) if first is not None else entries == [last]


def test_reads_the_ports_as_they_are_meant() -> None:
    office, printer = port(INTENDED, "ge-0/0/0"), port(INTENDED, "ge-0/0/4")
    assert (office.mode, office.vlan, office.voice, office.macs) == (PortMode.ACCESS, 30, 60, 3)
    assert office.dot1x
    assert not printer.dot1x
    assert all(each.edge and each.bpdu_guard and each.storm and not each.snooping_trusted for each in (office, printer))
    assert office.discovery == {"lldp"}
    assert not printer.discovery
    assert port(INTENDED, "ge-0/0/5").shut
    uplink = port(INTENDED, "ge-0/0/10")
    assert (uplink.mode, uplink.vlan, uplink.tagged) == (PortMode.TRUNK, None, ((10, 10), (30, 30), (40, 40), (60, 60)))
    assert uplink.snooping_trusted


def test_reads_what_stands_elsewhere_than_it_holds() -> None:
    """Groups, ranges of interfaces, what is switched off, in braces."""
    found = read(MESS)
    assert {service.name for service in found.services} == {"ssh", "telnet", "ftp", "netconf", "http", "snmp"}
    assert [one.access for one in found.snmp.communities] == ["read", "write"] if found.snmp else False
    assert [each.value for each in switch(MESS).unneeded or ()] == ["ftp"]
    ranged = port(MESS, "ge-0/0/3")
    assert (ranged.mode, ranged.vlan, ranged.voice, ranged.edge) == (PortMode.ACCESS, 30, 60, True)
    assert port(MESS, "ge-0/0/9").shut
    assert port(MESS, "ge-0/0/10").tagged is None
    assert port(MESS, "ge-0/0/5").macs is None
    assert "ge-0/0/11" not in {each.name for each in switch(MESS).ports or ()}
    assert [where.text for where in found.sections[0].unknown] == ["interface irb.10;"]
    assert {(user.name, user.hashing) for user in switch(MESS).users or ()} == {
        ("root", Hashing.WEAK),
        ("jan", Hashing.STRONG),
        ("podglad", Hashing.WEAK),
    }


def test_both_forms_say_the_same() -> None:
    """But for the lines they say it in."""

    def shown(text: str) -> list[object]:
        found = switch(text)
        ports = sorted(found.ports or (), key=lambda each: each.name)
        return [
            [(each.name, each.mode, each.vlan, each.tagged, each.voice, each.shut) for each in ports],
            sorted((user.name, user.hashing) for user in found.users or ()),
            sorted((vlan.number, vlan.name) for vlan in found.vlans or ()),
            sorted(service.name for service in read(text).services),
        ]

    assert shown(MESS) == shown(normal(MESS)) == shown(MESS.replace("\n", "\r\n"))


def test_a_server_is_authenticated_only_by_a_key_that_is_there_and_trusted() -> None:
    timing = read(INTENDED).timing
    assert timing is not None
    assert [server.authenticated for server in timing.servers] == [True, True]
    mess = read(MESS).timing
    assert mess is not None
    assert [server.authenticated for server in mess.servers] == [False, False]


def test_a_text_of_something_else_is_not_understood() -> None:
    for text in (
        "hostname sw\ninterface Gi1/0/1\n switchport mode access\n",
        "/ip address\nadd address=10.0.0.1/24\n",
        "\x00\x01\x02",
    ):
        assert read(text).understood() < 0.9


def test_a_text_no_switch_can_have_is_not_read() -> None:
    found = read("set system host-name a\n" * 60_000)
    assert found.understood() == 0.0
    assert found.switch is None


@given(st.data())
def test_a_torn_text_never_breaks_the_reader(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([MESS, INTENDED]))
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    read(text[:begin] + data.draw(st.text(max_size=20)) + text[end:])
