"""From one configuration of IOS to another and back, typed into the emulated device."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.model import PortMode, SwitchPorts
from lab.devices.cisco_ios.editor import Editor
from lab.devices.cisco_ios.machine import FACTORY, Machine
from playbooks.drivers.cisco_ios.normal import normal
from playbooks.drivers.cisco_ios.remedy import END_OF_TEXT, remedy
from tests.playbooks.ios import BY_HAND, HASH, MESS, box, intended, office, switching

PLAIN = BY_HAND.replace("hostname sw-b-1", "hostname Switch")


def typed(machine: Machine, lines: tuple[str, ...]) -> list[str]:
    """Type them; what the device says against them."""
    editor, against = Editor(machine.desk()), []
    for line in lines:
        said = editor.enter(line)
        if editor.asks:
            said = editor.enter("")
        if said and not said.startswith("Enter TEXT"):
            against.append(f"{line}: {said}")
    return against


def arrives(folder: Path, running: str, wanted: str) -> str:
    """Go there from what runs, and see that the device has what was promised. What it shows then."""
    machine = Machine(box(folder, running))
    way = remedy(machine.text(), wanted)
    assert typed(machine, way.lines) == []
    assert normal(machine.text()) == normal(way.result)
    assert remedy(machine.text(), wanted).lines == ()
    return machine.text()


@pytest.mark.parametrize("running", [FACTORY, PLAIN, MESS], ids=["factory", "plain", "mess"])
def test_the_way_goes_round_in_a_circle(tmp_path: Path, running: str) -> None:
    before = Machine(box(tmp_path, running)).text()
    after = arrives(tmp_path, running, intended())
    machine = Machine(box(tmp_path, after))
    # What fosa never takes away, the second time is among what it leaves alone.
    back = remedy(after, before)
    assert typed(machine, back.lines) == []
    assert normal(machine.text()) == normal(back.result)
    missing = set(normal(before).splitlines()) - set(normal(machine.text()).splitlines())
    assert missing == set()


def test_what_is_intended_needs_nothing(tmp_path: Path) -> None:
    shown = arrives(tmp_path, MESS, intended())
    assert "key 7 " in shown
    assert " md5 " in shown
    assert "radius-secret-1" not in shown
    assert remedy(shown.replace("\n", "\r\n"), intended()).lines == ()


_ports = st.lists(st.integers(1, 3), min_size=3, max_size=3).flatmap(
    lambda modes: st.tuples(*(_of_port(number, mode) for number, mode in enumerate(modes, 1)))
)


def _of_port(number: int, mode: int) -> st.SearchStrategy[SwitchPorts]:
    kind = (PortMode.ACCESS, PortMode.TRUNK, PortMode.UNUSED)[mode - 1]
    return st.builds(
        SwitchPorts,
        ports=st.just((f"GigabitEthernet1/0/{number}",)),
        mode=st.just(kind),
        zone=st.sampled_from(["ps", "prn"]) if kind is PortMode.ACCESS else st.none(),
        tagged=st.sampled_from([("mgmt", "ps"), ("mgmt", "prn", "ps", "voip")])
        if kind is PortMode.TRUNK
        else st.just(()),
        voice=st.sampled_from(["voip", None]) if kind is PortMode.ACCESS else st.none(),
        uplink=st.booleans() if kind is PortMode.TRUNK else st.just(False),
        macs=st.integers(1, 4),
        dot1x=st.booleans(),
        label=st.sampled_from([None, "biuro", "drukarka"]),
    )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_ports, after=_ports, idle=st.integers(1, 10), tries=st.integers(1, 9))
def test_every_office_leads_to_every_other(
    tmp_path: Path, before: tuple[SwitchPorts, ...], after: tuple[SwitchPorts, ...], idle: int, tries: int
) -> None:
    hardened = switching(idle_minutes=idle, radius=() if idle % 2 else switching().radius, storm_percent=tries)
    first, second = intended(office(before)), intended(office(after, hardened))
    shown = arrives(tmp_path, PLAIN, first)
    shown = arrives(tmp_path, shown, second)
    arrives(tmp_path, shown, first)


def _between(running: str, wanted: str) -> list[str]:
    return [line.strip() for line in remedy(running, wanted).lines]


def test_a_new_password_never_takes_the_user_away_first() -> None:
    old = "hostname a\nusername awaria privilege 15 secret 9 $9$old\n"
    assert _between(old, old.replace("$9$old", HASH)) == [f"username awaria privilege 15 secret 9 {HASH}"]


def test_a_user_with_a_password_goes_in_the_line_before_he_comes_again() -> None:
    lines = _between("username awaria password 0 x\nusername old secret 5 $1$x\n", f"username awaria secret 9 {HASH}\n")
    assert lines == ["no username awaria", f"username awaria secret 9 {HASH}", "no username old"]


def test_a_port_is_never_closed_because_nothing_is_said() -> None:
    assert _between("interface GigabitEthernet1/0/1\n no shutdown\n", "interface GigabitEthernet1/0/1\n") == []
    shut = "interface GigabitEthernet1/0/1\n shutdown\n"
    assert _between(shut, "interface GigabitEthernet1/0/1\n no shutdown\n") == [
        "interface GigabitEthernet1/0/1",
        "no shutdown",
    ]


def test_what_the_inventory_does_not_name_is_left_alone_and_told() -> None:
    way = remedy(MESS, intended())
    assert {"interface GigabitEthernet1/0/24", "crypto pki trustpoint TP-self-signed-1", "vlan 777"} <= set(
        way.untouched
    )
    assert {" power inline never", " channel-group 1 mode active"} <= set(way.untouched)
    assert not any("GigabitEthernet1/0/24" in line or "crypto" in line for line in way.lines)
    assert "certificate self-signed 01" in way.result


def test_a_banner_stays_whole_however_it_is_written() -> None:
    wanted = "banner login ^C\nDostep wzbroniony.\n^C\nhostname b\n"
    for running in (
        "banner login #Dostep wzbroniony.#\nhostname b\n",
        "banner login ^CDostep wzbroniony.^C\nhostname b\n",
        "banner login Z\nDostep wzbroniony.\nZ\nhostname b\n",
        "banner login \x03Dostep wzbroniony.\x03\nhostname b\n",
    ):
        assert _between(running, wanted) == []
    other = remedy("banner motd ^Chostname evil^C\nhostname b\n", wanted)
    assert other.lines == (f"banner login {END_OF_TEXT}", "Dostep wzbroniony.", END_OF_TEXT, "no banner motd")


def test_an_access_list_changes_beside_itself() -> None:
    lines = _between(
        "ip access-list standard M\n 10 permit 10.0.0.1\nline vty 0 4\n access-class M in\n",
        "ip access-list standard M\n permit 10.0.0.2\nline vty 0 4\n access-class M in\n",
    )
    assert lines == [
        "ip access-list standard M-NEXT", "permit 10.0.0.2", "line vty 0 4", "access-class M-NEXT in",
        "no ip access-list standard M", "ip access-list standard M", "permit 10.0.0.2", "line vty 0 4",
        "access-class M in", "no ip access-list standard M-NEXT",
    ]  # fmt: skip


def test_terminals_are_the_same_however_they_are_grouped() -> None:
    wanted = "line vty 0 4\n transport input ssh\nline vty 5 15\n transport input ssh\n"
    assert _between("line vty 0 15\n transport input ssh\n", wanted) == []
    assert _between("line vty 0\n transport input all\nline vty 1 31\n transport input ssh\n", wanted) == [
        "no line vty 16 31", "line vty 0", "transport input ssh",
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("abc 0123,-\n!^C#\r\x03/vlanip"), max_size=200))
def test_what_is_comparable_stays_so(text: str) -> None:
    assert normal(normal(text)) == normal(text)
