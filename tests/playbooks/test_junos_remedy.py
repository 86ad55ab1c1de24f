"""From one Junos text to another and back, typed into the emulated device."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Lockout, PortMode, SwitchPorts
from lab.devices.box import Box
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.juniper_junos.factory import FACTORY
from playbooks.drivers.juniper_junos.remedy import remedy
from templates.juniper_junos.shown import normal
from tests.playbooks.junos import MESS, intended, office

KEPT = {
    "set version 18.4R3-S7.2",
    "set groups strefa system time-zone Europe/Warsaw",
    "set apply-groups strefa",
    "set chassis aggregated-devices ethernet device-count 2",
    "set interfaces vme unit 0 family inet dhcp",
    "set routing-options static route 192.168.7.0/24 next-hop 10.64.16.99",
    "set protocols ospf area 0.0.0.0 interface irb.10",
    "set system name-server 192.0.2.53",
}


def device(text: str, disk: Path) -> JunosSwitch:
    """An emulated switch that runs a text."""
    return JunosSwitch(Box(disk, factory=text))


def typed(switch: JunosSwitch, wanted: str) -> str:
    """Bring a device to a text; what it runs then. What was promised must be what has come."""
    way = remedy("\n".join(switch.running.lines()), wanted)
    switch.load(list(way.lines))
    assert switch.check() == ""
    switch.commit("fosa", None)
    runs = "\n".join(switch.running.lines())
    assert normal(runs) == normal(way.result)
    return runs


@pytest.mark.parametrize("text", [FACTORY, MESS, FACTORY.replace("\n", "\r\n")])
def test_there_and_back_again(text: str, tmp_path: Path) -> None:
    switch = device(text, tmp_path)
    before = "\n".join(switch.running.lines())
    after = typed(switch, intended())
    assert set(normal(intended()).splitlines()) <= set(normal(after).splitlines())
    assert remedy(after, intended()).lines == ()
    assert normal(typed(switch, before)) == normal(text.replace("\r", "")) == normal(before)


def test_leaves_alone_what_it_does_not_speak_of() -> None:
    way = remedy(MESS, intended())
    assert set(way.untouched) >= KEPT
    assert not any(line.startswith(("delete system root-authentication", "delete groups strefa")) for line in way.lines)
    text = way.result
    assert not any(word in text for word in ("telnet", "ftp", "public", "stare-uslugi", "interface-range", "jan"))


def test_a_text_with_braces_is_the_same_as_one_with_set_lines() -> None:
    assert sorted(remedy(MESS, intended()).lines) == sorted(remedy(normal(MESS), intended()).lines)
    assert remedy(MESS, normal(MESS)).lines == ()


def test_touches_only_the_piece_that_differs() -> None:
    runs = remedy(FACTORY, intended()).result
    hand = runs.replace("set interfaces ge-0/0/4 unit 0 family ethernet-switching vlan members 40",
                        "set interfaces ge-0/0/4 unit 0 family ethernet-switching vlan members 30")  # fmt: skip
    lines = remedy(hand, intended()).lines
    assert lines[0] == "delete interfaces ge-0/0/4"
    assert all(line.split()[:3] == ["set", "interfaces", "ge-0/0/4"] for line in lines[1:])


def test_the_order_of_what_is_asked_in_order_matters_and_no_other() -> None:
    runs = remedy(FACTORY, intended()).result
    rows = runs.splitlines()
    manager = [row for row in rows if "term manager" in row]
    others = [row for row in rows if "term manager" not in row]
    assert remedy("\n".join([*others, *manager]), intended()).lines[0].endswith("filter fosa-management")
    assert remedy("\n".join(sorted(rows, key=lambda row: ("term" not in row, 0))), intended()).lines == ()


def test_wakes_what_was_switched_off_above_its_own_and_nothing_else() -> None:
    runs = remedy(FACTORY, intended()).result + "set protocols ospf area 0\ndeactivate protocols\n"
    way = remedy(runs, intended())
    assert way.lines == ("activate protocols", "deactivate protocols ospf")
    assert remedy(way.result, intended()).lines == ()


def test_a_change_of_an_snmp_key_is_not_seen_and_a_change_of_a_radius_secret_is() -> None:
    runs = remedy(FACTORY, intended()).result
    assert remedy(runs, intended().replace("snmp-auth-key", "another-key-1")).lines == ()
    assert remedy(runs, intended().replace("radius-secret-1", "another-secret")).lines


_NAMES = [f"ge-0/0/{number}" for number in range(12)]


@st.composite
def _ports(draw: st.DrawFn) -> tuple[SwitchPorts, ...]:
    found = []
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=6)):
        mode = draw(st.sampled_from([PortMode.ACCESS, PortMode.UNUSED]))
        if mode is PortMode.UNUSED:
            found.append(SwitchPorts(ports=(name,), mode=mode))
            continue
        zone, voice = draw(st.sampled_from(["ps", "prn", "guest"])), draw(st.sampled_from([None, "voip"]))
        macs, dot1x = draw(st.integers(1, 32)), draw(st.booleans())
        found.append(SwitchPorts(ports=(name,), mode=mode, zone=zone, voice=voice, macs=macs, dot1x=dot1x))
    tagged = draw(st.lists(st.sampled_from(["mgmt", "ps", "prn", "sr"]), unique=True))
    uplink = SwitchPorts(ports=("xe-0/1/0",), mode=PortMode.TRUNK, tagged=tuple(tagged), uplink=draw(st.booleans()))
    return (*found, uplink)


@st.composite
def _texts(draw: st.DrawFn) -> str:
    switching = office().switching
    assert switching is not None
    made = switching.model_copy(
        update={
            "radius": switching.radius if draw(st.booleans()) else (),
            "ntp_key": switching.ntp_key if draw(st.booleans()) else None,
            "idle_minutes": draw(st.integers(1, 10)),
            "lockout": Lockout(tries=draw(st.integers(1, 10)), minutes=draw(st.integers(1, 60))),
            "storm_percent": draw(st.integers(1, 50)),
        }
    )
    return intended(office(draw(_ports()), made))


@settings(max_examples=15)
@given(st.lists(_texts(), min_size=2, max_size=3), st.sampled_from([FACTORY, MESS]))
def test_any_text_can_follow_any_other(texts: list[str], first: str) -> None:
    with TemporaryDirectory() as folder:
        switch = device(first, Path(folder))
        for text in (*texts, *reversed(texts[:-1])):
            assert remedy(typed(switch, text), text).lines == ()
