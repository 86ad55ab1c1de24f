"""What the texts of IOS say, tidy ones and others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from monitor.facts.switch import Hashing, PortMode, SwitchFacts, SwitchPort
from playbooks.drivers.cisco_ios.normal import normal
from templates.cisco_ios.secret import masked
from tests.playbooks.ios import MESS, intended, rendered

ODD = (Path(__file__).parents[2] / "data/cisco_ios/odd.conf").read_bytes().decode()
FETCHED = masked(normal(intended()), lambda _secret: "<secret:0123456789abcdef>")
"""As a driver hands it over: comparable, and without its secrets."""


def read(text: str) -> Facts:
    return facts("sw", Platform.CISCO_IOS, Basis.RUNNING, {"running-config": text}, None)


def switch(text: str) -> SwitchFacts:
    found = read(text).switch
    assert found is not None
    return found


def port(text: str, name: str) -> SwitchPort:
    return next(each for each in switch(text).ports or () if each.name == name)


@pytest.mark.parametrize("text", [rendered(), FETCHED], ids=["intended", "fetched"])
def test_a_hardened_switch_is_read_as_such(text: str) -> None:
    found, said = read(text), switch(text)
    assert found.understood() == 1.0
    assert [(user.name, user.hashing, user.full) for user in said.users or ()] == [("awaria", Hashing.STRONG, True)]
    assert {(each.what, each.hashing) for each in said.stored or ()} == {
        ("user awaria", Hashing.STRONG), ("radius key", Hashing.REVERSIBLE), ("ntp key", Hashing.REVERSIBLE),
    }  # fmt: skip
    assert said.aaa is not None
    assert said.aaa.login is not None
    assert said.aaa.login.value == ("radius", "local")
    assert [server.address for server in said.aaa.servers] == ["10.64.1.9"]
    assert [(line.name, line.idle_s and line.idle_s.value) for line in said.lines or ()] == [
        ("con 0", 300), ("vty 0 4", 300), ("vty 5 15", 300),
    ]  # fmt: skip
    assert {each.access_list.value for each in said.lines or () if each.access_list} == {"FOSA-MANAGEMENT"}
    (entries,) = [each for each in said.access_lists or () if each.name == "FOSA-MANAGEMENT"]
    assert [entry.permits for entry in entries.entries] == [True, False]
    assert set(entries.applied) == {"vty", "snmp"}
    assert said.unneeded == ()
    assert said.banner is not None
    assert "upowaznionych" in said.banner.value
    assert said.change_log is not None
    assert said.change_log.value
    assert found.ssh is not None
    assert found.ssh.versions is not None
    assert found.ssh.versions.value == (2,)
    assert found.timing is not None
    assert all(server.authenticated for server in found.timing.servers)
    assert found.logging is not None
    assert len(found.logging.targets) == 2


def test_the_users_of_snmp_are_seen_only_where_they_stand() -> None:
    shown, hidden = read(rendered()).snmp, read(FETCHED).snmp
    assert shown is not None
    assert [(u.authentication, u.privacy, u.level, u.access) for u in shown.users] == [
        ("SHA", "AES-128", "priv", "read")
    ]
    assert hidden is not None
    assert [(u.name, u.authentication, u.level) for u in hidden.users] == [("FOSA", "", "priv")]


def test_ports_are_read_with_their_defaults() -> None:
    access = port(FETCHED, "GigabitEthernet1/0/1")
    assert (access.mode, access.shut, access.macs, access.dot1x, access.storm) == (
        PortMode.ACCESS,
        False,
        3,
        True,
        True,
    )
    assert access.discovery == frozenset({"lldp"})
    uplink = port(FETCHED, "GigabitEthernet1/0/4")
    assert (uplink.mode, uplink.vlan, uplink.snooping_trusted) == (PortMode.TRUNK, 4094, True)
    assert port(FETCHED, "GigabitEthernet1/0/3").shut
    bare = port(MESS, "GigabitEthernet1/0/2")
    assert (bare.mode, bare.vlan, bare.macs, bare.discovery) == (PortMode.UNKNOWN, 1, None, frozenset({"cdp", "lldp"}))
    assert port(MESS, "GigabitEthernet1/0/3").tagged is None
    assert port(MESS, "GigabitEthernet1/0/4").tagged == ((1, 50), (777, 777))


def test_a_switch_kept_by_hand_is_seen_as_it_is() -> None:
    said, found = switch(MESS), read(MESS)
    assert found.understood() == 1.0
    assert {user.name: user.hashing for user in said.users or ()} == {
        "admin": Hashing.CLEAR, "awaria": Hashing.REVERSIBLE,
    }  # fmt: skip
    assert {line.name: line.transports and line.transports.value for line in said.lines or ()} == {
        "con 0": None, "vty 0 2": ("telnet", "ssh"), "vty 3 15": ("telnet", "ssh"),
    }  # fmt: skip
    assert {fact.value for fact in said.unneeded or ()} == {"smart install", "IP source routing"}
    assert said.web is not None
    assert said.web.http is not None
    assert said.web.http.value
    assert said.lockout is not None
    assert said.lockout.tries is not None
    assert said.lockout.tries.value == 0
    assert found.snmp is not None
    assert [community.access for community in found.snmp.communities] == ["read", "write"]
    assert found.ssh is not None
    assert found.ssh.versions is not None
    assert found.ssh.versions.value == (1,)


def test_unusual_writing_is_understood() -> None:
    said, found = switch(ODD), read(ODD)
    assert [where.text for where in found.sections[0].unknown] == []
    assert said.hostname is not None
    assert said.hostname.value == "sw-odd"
    assert [(user.name, user.hashing) for user in said.users or ()] == [("awaria", Hashing.STRONG)]
    assert said.aaa is not None
    assert said.aaa.login is not None
    assert said.aaa.login.value == ("tacacs", "local")
    assert said.banner is not None
    assert said.banner.value.split("\n") == ["Upowaznieni tylko", "first", "snmp-server community hidden RW", "last"]
    assert found.snmp is not None
    assert [community.access for community in found.snmp.communities] == ["read"]
    one = port(ODD, "GigabitEthernet1/0/1")
    assert (one.mode, one.vlan, one.macs, one.bpdu_guard, one.storm) == (PortMode.ACCESS, 30, 3, True, True)
    assert port(ODD, "TenGigabitEthernet1/1/1").tagged == ((10, 10), (20, 22), (30, 30))
    assert [(line.name, line.idle_s and line.idle_s.value) for line in said.lines or ()] == [
        ("con 0", 0), ("vty 0 4", 270), ("vty 5 15", 600),
    ]  # fmt: skip
    assert found.logging is not None
    assert [(target.server, target.port, target.protocol) for target in found.logging.targets] == [
        ("10.0.0.9", 1514, "tcp")
    ]
    assert said.layer2 is not None
    assert said.layer2.snooping is not None
    assert said.layer2.snooping.value == ((20, 22), (30, 30))
    assert [vlan.number for vlan in said.vlans or ()] == [20, 21, 22, 30]


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("snmp-server c public", "snmp"),
        ("username", "users"),
        ("ntp server", "timing"),
        ("line vty 0 4\n transport magic", "lines"),
        ("banner motd Znever ends", "banner"),
        ("logging to the moon", "logging"),
    ],
)
def test_a_line_not_understood_takes_away_what_it_may_deny(line: str, lost: str) -> None:
    found = read(f"{FETCHED}{line}\n")
    said = found.switch
    assert said is not None
    assert {where.text for where in found.sections[0].unknown} == {line.rpartition("\n")[2].strip()}
    if lost == "banner":
        assert not said.banner_known
    else:
        assert getattr(found if lost in {"snmp", "timing", "logging"} else said, lost) is None


def test_other_languages_and_other_makers_are_not_understood() -> None:
    junos = "set system host-name a\nset system services ssh\nset vlans a vlan-id 5\n" * 5
    assert read(junos).understood() < 0.1
    assert read("nazwa przelacznika\nport jeden wlaczony\n").understood() == 0.0
    assert facts("sw", Platform.CISCO_IOS, Basis.RUNNING, {}, None).switch is None


@given(cut=st.integers(0, len(MESS)), dirt=st.text(max_size=40), place=st.integers(0, len(MESS)))
def test_whatever_the_text_it_is_read(cut: int, dirt: str, place: int) -> None:
    text = MESS[:place] + dirt + MESS[place:cut]
    section = read(text).sections[0]
    assert 0.0 <= section.understood <= 1.0


def test_a_text_no_switch_could_hold_is_not_read() -> None:
    found = read(FETCHED + "!\n" * 1_000_000)
    assert found.understood() == 0.0
    assert found.switch is None
