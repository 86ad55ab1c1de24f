"""From one configuration of AOS-CX or ArubaOS-Switch to another and back, typed into the emulated device."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.model import PortMode, SwitchPorts
from tests.playbooks.hpe import AOSCX, NAME, PROCURVE, SECRETS, Make, switching

BOTH = pytest.mark.parametrize("make", [AOSCX, PROCURVE], ids=str)


def typed(make: Make, device: object, lines: tuple[str, ...]) -> list[str]:
    """Type them on the command line; what the device says against them."""
    console = device.console("awaria")  # type: ignore[attr-defined]  # one of the two
    against = []
    if make is PROCURVE:
        console.answer("")
    console.answer("configure terminal")
    for line in lines:
        for row in line.split("\n"):
            said = console.answer(row.strip())
            if "(y/n)" in console.prompt():
                said = console.answer("y")
            if said and not said.startswith("Enter "):
                against.append(f"{row}: {said}")
    console.answer("end")
    assert console.prompt().rstrip().endswith(("#", ">"))
    return against


def arrives(make: Make, folder: Path, running: str, wanted: str) -> str:
    """Go there from what runs, and see that the device has what was promised. What it shows then."""
    normal, remedy = make.dialect.normal, make.dialect.remedy
    device = make.device(make.box(folder, running))
    way = remedy(device.text(), wanted)
    assert typed(make, device, way.lines) == []
    assert normal(device.text()) == normal(way.result)
    assert remedy(device.text(), wanted).lines == ()
    return device.text()


@BOTH
@pytest.mark.parametrize("text", ["factory", "by_hand", "mess"])
def test_the_way_goes_round_in_a_circle(make: Make, text: str, tmp_path: Path) -> None:
    normal, remedy = make.dialect.normal, make.dialect.remedy
    before = make.device(make.box(tmp_path, getattr(make, text))).text()
    assert normal(before) == normal(getattr(make, text))
    after = arrives(make, tmp_path, before, make.intended())
    device = make.device(make.box(tmp_path, after))
    # What fosa never takes away, the second time is among what it leaves alone.
    back = remedy(after, before)
    assert typed(make, device, back.lines) == []
    assert normal(device.text()) == normal(back.result)
    assert set(normal(before).splitlines()) - set(normal(device.text()).splitlines()) == set()


@BOTH
def test_normal_is_normal_already(make: Make) -> None:
    for text in (make.factory, make.by_hand, make.mess, make.intended()):
        normal = make.dialect.normal(text)
        assert make.dialect.normal(normal) == normal
        assert make.dialect.normal(text.replace("\n", "\r\n")) == normal


@BOTH
def test_keys_are_hidden_by_the_device_and_make_no_difference(make: Make, tmp_path: Path) -> None:
    shown = arrives(make, tmp_path, make.mess, make.intended())
    for ref in ("file:radius", "file:ntp", "file:snmp-auth", "file:snmp-priv"):
        assert SECRETS[ref] not in shown
    other = make.intended().replace("radius-secret-1", "radius-secret-2")
    assert make.dialect.remedy(shown, other).lines == ()
    # Typed with anything else that is.
    lines = make.dialect.remedy(shown, make.near(other)).lines
    assert any("radius-secret-2" in line for line in lines)
    assert any("snmp-auth-key" in line for line in lines)


@BOTH
def test_a_masked_text_holds_no_secret(make: Make) -> None:
    mess = make.dialect.masked(make.mess, lambda _secret: "<secret:0>")
    for secret in ("AQBap", "publiczna", "stary-klucz", "9e4cfef901", "82ca4dc9", "f4034e66", "9c41b8a9", "public"):
        assert secret not in mess
    assert make.dialect.masked(mess, lambda _secret: "<secret:0>") == mess
    normal = make.dialect.masked(make.dialect.normal(make.intended()), lambda _secret: "<secret:0>")
    assert not [secret for secret in SECRETS.values() if secret in normal]


@BOTH
def test_the_user_is_never_gone_before_the_next_one_is_there(make: Make) -> None:
    lines = [line.strip() for line in make.dialect.remedy(make.mess, make.intended()).lines]
    made = next(at for at, line in enumerate(lines) if "awaria" in line)
    gone = [at for at, line in enumerate(lines) if line.startswith(("no user ", "no password "))]
    assert gone
    assert made < min(gone)


@BOTH
def test_a_new_password_is_one_line(make: Make) -> None:
    text = make.by_hand
    lines = make.dialect.remedy(text, text.replace(make.hashed, make.hashed[::-1].strip("="))).lines
    assert len(lines) == 1
    assert lines[0].startswith(("user awaria", "password manager"))


@BOTH
def test_what_the_inventory_does_not_name_is_left_alone_and_told(make: Make) -> None:
    untouched = "\n".join(make.dialect.remedy(make.mess, make.intended()).untouched)
    for kept in ("192.168.7.0", "vlan 103"):
        assert kept in untouched
    assert ("vsf member 1" if make is AOSCX else "module 1 type j9772a") in untouched


@BOTH
def test_an_uplink_keeps_its_vlans_while_others_come_and_go(make: Make) -> None:
    uplink = SwitchPorts(ports=(f"{make.port}4",), mode=PortMode.TRUNK, tagged=("mgmt", "ps"), uplink=True)
    more = uplink.model_copy(update={"tagged": ("mgmt", "prn")})
    lines = make.dialect.remedy(make.intended(make.office((uplink,))), make.intended(make.office((more,)))).lines
    said = [line.strip() for line in lines if "vlan" in line]
    if make is AOSCX:
        assert said == ["vlan trunk allowed 40", "no vlan trunk allowed 30"]
    else:
        assert said == ["tagged vlan 40", "no tagged vlan 30"]


def test_a_trunk_of_everything_becomes_one_of_a_list_in_one_line() -> None:
    text = AOSCX.by_hand.replace("    vlan access 1\ninterface vlan", "    vlan trunk allowed all\ninterface vlan")
    lines = [line.strip() for line in AOSCX.dialect.remedy(text, AOSCX.intended()).lines]
    at = lines.index(f"interface {AOSCX.port}4")
    assert lines[at + 1] == "vlan trunk allowed 10,30,60"
    assert not [line for line in lines if line.startswith("no vlan trunk")]


@BOTH
def test_a_port_is_never_closed_unless_it_shall_be(make: Make) -> None:
    open_ = make.intended()
    assert make.dialect.remedy(open_, open_).lines == ()
    lines = [line.strip() for line in make.dialect.remedy(make.by_hand, open_).lines]
    assert [line for line in lines if line in {"shutdown", "disable"}] == ["shutdown" if make is AOSCX else "disable"]


_modes = st.lists(st.sampled_from(list(PortMode)), min_size=3, max_size=3)


def _ports(make: Make) -> st.SearchStrategy[tuple[SwitchPorts, ...]]:
    return _modes.flatmap(lambda modes: st.tuples(*(_of_port(make, at, mode) for at, mode in enumerate(modes, 1))))


def _of_port(make: Make, number: int, mode: PortMode) -> st.SearchStrategy[SwitchPorts]:
    access, trunk = mode is PortMode.ACCESS, mode is PortMode.TRUNK
    return st.builds(
        SwitchPorts,
        ports=st.just((f"{make.port}{number}",)),
        mode=st.just(mode),
        zone=st.sampled_from(["ps", "prn"]) if access else st.none(),
        tagged=st.sampled_from([("mgmt", "ps"), ("mgmt", "prn", "ps", "voip")]) if trunk else st.just(()),
        voice=st.sampled_from(["voip", None]) if access else st.none(),
        uplink=st.booleans() if trunk else st.just(False),
        macs=st.integers(1, 4) if access else st.just(1),
        dot1x=st.booleans() if access else st.just(False),
        label=st.sampled_from([None, "biuro", "drukarka"]),
    )


@BOTH
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), idle=st.integers(1, 10), tries=st.integers(1, 9))
def test_every_office_leads_to_every_other(
    make: Make, tmp_path: Path, data: st.DataObject, idle: int, tries: int
) -> None:
    hardened = switching(idle_minutes=idle, radius=() if idle % 2 else switching().radius, storm_percent=tries)
    first = make.intended(make.office(data.draw(_ports(make))))
    second = make.intended(make.office(data.draw(_ports(make)), hardened))
    shown = arrives(make, tmp_path, make.by_hand, first)
    shown = arrives(make, tmp_path, shown, second)
    arrives(make, tmp_path, shown, first)


@BOTH
@pytest.mark.parametrize(
    "text", ["", "\n\n", "hostname", "vlan\n vlan", "banner motd", 'banner motd "', "a" * 5000, "\x00é"]
)
def test_odd_texts_are_no_reason_to_stop(make: Make, text: str) -> None:
    make.dialect.normal(text)
    assert NAME in make.dialect.remedy(text, make.intended()).result
    make.dialect.masked(text, lambda _secret: "")
