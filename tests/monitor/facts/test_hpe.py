"""Facts of AOS-CX and ArubaOS-Switch: of what is intended, of what the device makes of it, and of a grown mess."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from monitor.facts.switch import Hashing, PortMode, SwitchFacts, SwitchPort
from monitor.facts.where import Where
from tests.playbooks.hpe import AOSCX, PROCURVE, Make
from tests.playbooks.test_hpe_remedy import arrives

BOTH = pytest.mark.parametrize("make", [AOSCX, PROCURVE], ids=str)


def read(make: Make, text: str) -> Facts:
    return facts("sw", make.platform, Basis.RUNNING, {"running-config": text}, None)


def switch(make: Make, text: str) -> SwitchFacts:
    found = read(make, text).switch
    assert found is not None
    return found


def port(make: Make, text: str, number: int) -> SwitchPort:
    ports = switch(make, text).ports
    assert ports is not None
    return next(each for each in ports if each.name == f"{make.port}{number}")


def bare(found: Facts) -> str:
    """What is said, without where."""
    switch = found.switch
    assert switch is not None
    ports = sorted(switch.ports or (), key=lambda each: each.name)
    assert switch.layer2 is not None
    layer2 = switch.layer2
    assert layer2.snooping is not None
    assert layer2.inspection is not None
    assert switch.lockout is not None
    assert found.timing is not None
    assert found.logging is not None
    assert found.snmp is not None
    nowhere = Where("running-config", 1, "")
    return str(
        (
            [replace(each, where=nowhere) for each in ports],
            layer2.snooping.value,
            layer2.inspection.value,
            [user.name for user in switch.users or ()],
            switch.banner and switch.banner.value,
            [line.idle_s and line.idle_s.value for line in switch.lines or ()],
            [line.transports and line.transports.value for line in switch.lines or ()],
            switch.aaa and switch.aaa.login and switch.aaa.login.value,
            switch.lockout.tries and switch.lockout.tries.value,
            [(target.server, target.port) for target in found.logging.targets],
            [(server.address, server.authenticated) for server in found.timing.servers],
            [(user.name, user.authentication, user.privacy, user.level) for user in found.snmp.users],
            [
                (each.applied, [(entry.permits, entry.sources) for entry in each.entries])
                for each in switch.access_lists or ()
            ],
        )
    )


@BOTH
def test_the_device_says_what_was_intended(make: Make, tmp_path: Path) -> None:
    intended = read(make, make.intended())
    shown = read(make, arrives(make, tmp_path, make.by_hand, make.intended()))
    assert bare(shown) == bare(intended)
    for found in (intended, shown):
        assert found.understood("running-config") == 1.0


@BOTH
def test_unusual_ends_of_lines_make_no_difference(make: Make) -> None:
    assert bare(read(make, make.mess.replace("\n", "\r\n"))) == bare(read(make, make.mess))


@BOTH
def test_a_grown_text_is_understood(make: Make) -> None:
    found = read(make, make.mess)
    assert found.understood("running-config") > 0.95
    assert switch(make, make.mess).hostname is not None
    assert {service.name for service in found.services} >= {"ssh", "telnet"}
    assert found.snmp is not None
    assert found.snmp.communities
    assert found.timing is not None
    assert not any(server.authenticated for server in found.timing.servers)


@BOTH
def test_a_port_is_what_it_is_set_to(make: Make) -> None:
    text = make.intended()
    desk, unused, uplink = port(make, text, 1), port(make, text, 3), port(make, text, 4)
    assert (desk.mode, desk.vlan, desk.voice, desk.macs, desk.dot1x) == (PortMode.ACCESS, 30, 60, 2, True)
    assert (desk.bpdu_guard, desk.edge, desk.storm, desk.shut) == (True, True, True, False)
    assert (unused.shut, unused.vlan, unused.discovery) == (True, 4094, frozenset())
    assert (uplink.mode, uplink.vlan, uplink.tagged) == (PortMode.TRUNK, 4094, ((10, 10), (30, 30), (60, 60)))
    assert uplink.snooping_trusted
    assert uplink.arp_trusted


def test_a_port_that_tells_nothing_is_not_shut() -> None:
    assert not port(PROCURVE, "vlan 1\n   untagged 1-5\n   exit\nlldp admin-status 5 disable\n", 5).shut


def test_ports_of_aoscx_are_down_without_a_word() -> None:
    assert port(AOSCX, "interface 1/1/5\n    vlan access 7\n", 5).shut


def test_snmp_of_aoscx_answers_to_public_until_told_otherwise() -> None:
    found = read(AOSCX, "snmp-server vrf default\n").snmp
    assert found is not None
    assert len(found.communities) == 1
    only = read(AOSCX, "snmp-server vrf default\nsnmp-server snmpv3-only\n").snmp
    assert only is not None
    assert only.communities == ()
    none = read(AOSCX, "snmp-server community x\n").snmp
    assert none is not None
    assert none.communities == ()


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("10 permit tcp 10.0.0.1 any range 20 30", [(True, "10.0.0.1/32")]),
        ("10 permit tcp 10.0.0.1 any eq 23", []),
        ("10 permit tcp 10.0.0.1 any gt 20", [(True, "10.0.0.1/32")]),
        ("10 permit tcp 10.0.0.0/255.0.0.0 any eq ssh", [(True, "10.0.0.0/8")]),
        ("10 permit tcp GRUPA any eq 22", [(True, "")]),
        ("10 deny tcp GRUPA any eq 22", []),
        ("10 deny tcp 10.0.0.1 any neq 23", []),
        ("10 deny any any any", [(False, "")]),
        ("10 permit udp any any", []),
        ("10 permit", [(True, "")]),
    ],
)
def test_an_access_list_lets_in_whom_it_may_let_in(entry: str, found: list[tuple[bool, str]]) -> None:
    text = f"access-list ip A\n    {entry}\napply access-list ip A control-plane vrf default\n"
    lists = switch(AOSCX, text).access_lists
    assert lists is not None
    ssh = next(each for each in lists if each.applied == ("vty",))
    assert [(each.permits, ",".join(map(str, each.sources))) for each in ssh.entries] == found


def test_what_procurve_leaves_on_is_on() -> None:
    found = read(PROCURVE, 'hostname "x"\n')
    assert {service.name for service in found.services} == {"ssh", "telnet", "tftp"}
    assert found.switch is not None
    assert found.switch.web is not None
    assert found.switch.web.http is not None
    assert found.switch.web.http.value
    assert found.switch.users is None


def test_hashes_are_told_apart() -> None:
    users = switch(PROCURVE, PROCURVE.mess).users
    assert users is not None
    assert [(user.name, user.hashing, user.full) for user in users] == [
        ("admin", Hashing.WEAK, True),
        ("serwis", Hashing.WEAK, False),
    ]
    hidden = switch(AOSCX, AOSCX.mess).users
    assert hidden is not None
    assert {user.hashing for user in hidden} == {Hashing.HIDDEN}


@BOTH
def test_a_line_that_is_not_understood_makes_its_part_unknown(make: Make) -> None:
    found = read(make, make.intended() + "aaa frobnicate\nvlan frobnicate\nlogging frobnicate\n")
    assert found.understood("running-config") < 1.0
    assert found.switch is not None
    assert found.switch.aaa is None
    assert found.switch.vlans is None
    assert found.logging is None


@BOTH
def test_a_text_of_another_maker_is_mostly_unknown(make: Make) -> None:
    other = "set system host-name x\nset vlans a vlan-id 3\ndelete interfaces ge-0/0/0\n" * 20
    assert read(make, other).understood("running-config") < 0.9


@BOTH
def test_a_text_longer_than_any_switchs_is_not_read(make: Make) -> None:
    found = read(make, "hostname x\n" * 300_000)
    assert found.switch is None
    assert found.understood("running-config") == 0.0


@BOTH
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_text_is_a_reason_to_stop(make: Make, data: st.DataObject) -> None:
    lines = make.mess.split("\n") + make.intended().split("\n")
    words = st.sampled_from(lines).flatmap(
        lambda line: st.sampled_from(
            [line, line[: len(line) // 2], line.replace(" ", "  "), line[::-1], line.upper(), " " + line]
        )
    )
    text = "\n".join(data.draw(st.lists(st.one_of(words, st.text(max_size=20)), max_size=40)))
    found = read(make, text)
    assert 0.0 <= found.understood("running-config") <= 1.0
    make.dialect.normal(text)
    make.dialect.masked(text, lambda _secret: "<secret:0>")


def test_what_a_procurve_serves_and_nobody_needs_is_known_when_the_text_says_it_of_all() -> None:
    text = PROCURVE.intended()
    assert switch(PROCURVE, text).unneeded == ()
    on = switch(PROCURVE, text.replace("no autorun\n", "autorun\n")).unneeded
    assert on is not None
    assert [(fact.value, fact.where.text) for fact in on] == [("USB autorun", "autorun")]
    assert switch(PROCURVE, text.replace("no autorun\n", "")).unneeded is None
