"""From one RouterOS text to another and back, typed into the emulated device."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import PortMode, SwitchPorts
from lab.devices.mikrotik_routeros.export import exported, kept
from lab.devices.mikrotik_routeros.factory import FACTORY
from lab.devices.mikrotik_routeros.store import Store, loaded
from playbooks.drivers.mikrotik_routeros.remedy import remedy
from templates.mikrotik_routeros.shown import masked, normal
from templates.mikrotik_routeros.text import parsed
from tests.playbooks.routeros import MESS, PASSWORD, PORTS, hardening, intended, office

BY_NAME = MESS.replace("set 3 limit-unknown-unicasts", "set ether4 limit-unknown-unicasts")
"""Ports of the switch chip by their names, as the driver asks for them."""
KEPT = {
    "/interface bridge port add bridge=bridge interface=ether40 pvid=77",
    "/interface ethernet set [ find default-name=sfp-sfpplus1 ] l2mtu=9000",
    "/interface list add name=LAN",
    "/interface vlan add interface=bridge name=goscie vlan-id=99",
    "/ip dns set servers=8.8.8.8",
    "/ip route add dst-address=192.168.7.0/24 gateway=10.64.16.98",
    "/system clock set time-zone-name=Europe/Warsaw",
}


def typed(store: Store, wanted: str) -> str:
    """Bring a device to a text; what it runs then. What was promised must be what has come."""
    way = remedy(kept(store), wanted)
    for line in way.lines:
        entry = parsed(line)
        assert entry is not None, line
        store.do(entry)
    assert normal(kept(store)) == normal(way.result)
    return kept(store)


@pytest.mark.parametrize("text", [FACTORY, BY_NAME, BY_NAME.replace("\n", "\r\n"), intended()])
def test_there_and_back_again(text: str) -> None:
    store = loaded(text)
    before = kept(store)
    assert normal(before) == normal(text)
    after = typed(store, intended())
    runs = [set(row.split()) for row in normal(after).splitlines()]
    assert all(any(set(row.split()) <= words for words in runs) for row in normal(intended()).splitlines())
    assert remedy(after, intended()).lines == ()
    assert normal(typed(store, before)) == normal(before)


def test_leaves_alone_what_it_does_not_speak_of() -> None:
    way = remedy(BY_NAME, intended())
    assert set(way.untouched) >= KEPT
    assert any("ip firewall filter" in line for line in way.untouched)
    said = normal(way.result)
    assert not [word for word in ("tajna", "druga", "janek", "192.168.88.1/24", "zdalny", "bridge1,") if word in said]


def test_opens_first_and_closes_last() -> None:
    lines = remedy(BY_NAME, intended()).lines
    at = {line: number for number, line in enumerate(lines)}
    first = {beginning: min(n for line, n in at.items() if line.startswith(beginning)) for beginning in (
        "/user add", "/user remove", "/ip address add", "/ip address remove", "/ip service set ssh",
        "/interface bridge port", "/interface ethernet set [ find default-name=ether2 ]",
    )}  # fmt: skip
    assert first["/user add"] < first["/user remove"]
    assert first["/ip address add"] < first["/ip address remove"] < first["/ip service set ssh"]
    assert lines[-1] == "/interface bridge set [ find name=bridge ] vlan-filtering=yes"
    # A port that is opened is in its VLAN before.
    opened = at["/interface ethernet set [ find default-name=ether2 ] comment=biuro disabled=no"]
    assert all(n < opened for line, n in at.items() if line.startswith("/interface bridge port") and "ether2 " in line)


def test_what_differs_by_one_word_is_one_line() -> None:
    runs = remedy(FACTORY, intended()).result
    lines = remedy(runs.replace("interface=ether5 pvid=40", "interface=ether5 pvid=30"), intended()).lines
    assert lines[0] == "/interface bridge port set [ find interface=ether5 ] pvid=40"
    # What nobody can read is written with it.
    assert [line.split(" set ")[0] for line in lines[1:]] == ["/system ntp key", "/user"]


def test_a_change_of_what_is_never_shown_is_not_seen_and_of_what_is_shown_it_is() -> None:
    runs = remedy(FACTORY, intended()).result
    assert remedy(runs, intended().replace(PASSWORD, "Another-pass-2")).lines == ()
    changed = remedy(runs, intended().replace("radius-secret?1", "another-secret")).lines
    assert changed[0] == "/radius set [ find address=10.64.1.9 ] secret=another-secret"


def test_a_line_of_several_vlans_becomes_the_one_the_switch_is_managed_in() -> None:
    runs = remedy(FACTORY, intended()).result
    rows = [row for row in runs.splitlines() if not row.endswith(("vlan-ids=10", "vlan-ids=30", "vlan-ids=31"))]
    at = rows.index("/interface bridge vlan")
    joined = [*rows[: at + 1], "add bridge=bridge tagged=bridge,sfp-sfpplus1 vlan-ids=10,30-31", *rows[at + 1 :]]
    store = loaded("\n".join(joined))
    lines = remedy(kept(store), intended()).lines
    assert lines[0] == "/interface bridge vlan set [ find bridge=bridge vlan-ids=10,30-31 ] vlan-ids=10"
    assert normal(typed(store, intended())) == normal(runs)


def test_no_secret_is_left_in_what_is_shown() -> None:
    secrets = (
        "radius-secret",
        "ntp-",
        "snmp-auth",
        "snmp-priv",
        PASSWORD,
        "stary-sekret",
        "tajna-nazwa",
        "admin-admin",
    )
    for text in (intended(), MESS, exported(loaded(intended()), sensitive=True), remedy(MESS, intended()).result):
        for shown in (masked(normal(text), lambda _secret: "<secret:00>"), masked(text, lambda _secret: "<secret:00>")):
            assert not [secret for secret in secrets if secret in shown.replace("\\\n    ", "")]


def test_the_same_secret_has_the_same_mark_however_it_is_written() -> None:
    shown = {masked(f"/radius\n{text}", str.upper) for text in ('add secret="a\\3Fb c"', 'add secret="a?b\\_c"')}
    assert shown == {'/radius\nadd secret="A\\3FB C"'}


_NAMES = [f"ether{number}" for number in range(1, 12)]


@st.composite
def _ports(draw: st.DrawFn) -> tuple[SwitchPorts, ...]:
    found = []
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=6)):
        if draw(st.booleans()):
            found.append(SwitchPorts(ports=(name,), mode=PortMode.UNUSED, label=draw(st.sampled_from([None, "hol"]))))
            continue
        zone, voice = draw(st.sampled_from(["ps", "prn", "guest"])), draw(st.sampled_from([None, "voip"]))
        dot1x = draw(st.booleans())
        found.append(SwitchPorts(ports=(name,), mode=PortMode.ACCESS, zone=zone, voice=voice, dot1x=dot1x))
    tagged = draw(st.lists(st.sampled_from(["mgmt", "ps", "prn", "sr"]), unique=True))
    return (
        *found,
        SwitchPorts(ports=("sfp-sfpplus1",), mode=PortMode.TRUNK, tagged=tuple(tagged), uplink=draw(st.booleans())),
    )


@st.composite
def _texts(draw: st.DrawFn) -> str:
    given = hardening()
    made = given.model_copy(
        update={
            "radius": given.radius if draw(st.booleans()) else (),
            "ntp_key": given.ntp_key if draw(st.booleans()) else None,
            "second_log_server": given.second_log_server if draw(st.booleans()) else None,
            "idle_minutes": draw(st.integers(1, 10)),
            "storm_percent": draw(st.integers(1, 50)),
        }
    )
    return intended(office((*draw(_ports()), *PORTS[3:]) if draw(st.booleans()) else draw(_ports()), made))


@settings(max_examples=15)
@given(st.lists(_texts(), min_size=2, max_size=3), st.sampled_from([FACTORY, BY_NAME]))
def test_any_text_can_follow_any_other(texts: list[str], first: str) -> None:
    store = loaded(first)
    for text in (*texts, *reversed(texts[:-1])):
        assert remedy(typed(store, text), text).lines == ()
