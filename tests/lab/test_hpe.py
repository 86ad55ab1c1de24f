"""The emulated AOS-CX and ArubaOS-Switch on their own: what they take, what they show, what they say of bad lines."""

from pathlib import Path

import pytest

from lab.devices.aruba_aoscx.device import Aoscx
from lab.devices.hp_procurve.device import Procurve
from lab.devices.shell import Console, Hangup, Restart
from tests.playbooks.hpe import AOSCX, PROCURVE


@pytest.fixture
def aoscx(tmp_path: Path) -> Aoscx:
    return Aoscx(AOSCX.box(tmp_path, AOSCX.mess))


@pytest.fixture
def procurve(tmp_path: Path) -> Procurve:
    return Procurve(PROCURVE.box(tmp_path, PROCURVE.mess))


def said(console: Console, *lines: str) -> str:
    """What is said to the last of them."""
    return [console.answer(line) for line in lines][-1]


def manager(switch: Procurve) -> Console:
    """Past the welcome, where nobody's password is known."""
    console = switch.console("ktos")
    assert "any key to continue" in console.greeting() + console.prompt()
    console.answer("")
    return console


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("frobnicate", "Invalid input: frobnicate"),
        ("hostname 6200", "Invalid input: hostname"),
        ("interface 1/1/99", "Invalid input: 1/1/99"),
        ("no interface 1/1/1", "Invalid input: 1/1/1"),
        ("apply access-list ip NIE control-plane vrf default", "does not exist"),
        ("no vlan 1", "not allowed"),
        ("cli-session frobnicate", "Invalid input: cli-session"),
    ],
)
def test_aoscx_refuses_a_bad_line(aoscx: Aoscx, line: str, words: str) -> None:
    before = aoscx.text()
    assert words in said(aoscx.console("admin"), "configure terminal", line)
    assert aoscx.text() == before


def test_aoscx_is_access_or_trunk_and_never_both(aoscx: Aoscx) -> None:
    console = aoscx.console("admin")
    assert said(console, "configure terminal", "interface 1/1/2", "vlan access 30") == ""
    port = aoscx.text().partition("interface 1/1/2\n")[2].partition("interface")[0]
    assert "vlan access 30" in port
    assert "trunk" not in port
    assert "VLAN 77 does not exist" in said(console, "vlan trunk allowed 30,77")
    assert said(console, "vlan trunk allowed 30,40", "no vlan trunk allowed 40") == ""
    assert "vlan trunk allowed 30\n" in aoscx.text().partition("interface 1/1/2\n")[2]


def test_aoscx_keeps_no_password_as_it_was_typed(aoscx: Aoscx) -> None:
    said(aoscx.console("admin"), "configure terminal", "user ewa group operators password plaintext haslo-ewy-1")
    assert "haslo-ewy-1" not in aoscx.text()
    assert aoscx.accounts["ewa"] == "haslo-ewy-1"


def test_aoscx_asks_before_a_user_goes(aoscx: Aoscx) -> None:
    console = aoscx.console("admin")
    said(console, "configure terminal", "no user serwis")
    assert console.prompt().endswith("(y/n)? ")
    said(console, "n")
    assert "user serwis" in aoscx.text()
    said(console, "no user serwis", "y")
    assert "user serwis" not in aoscx.text()
    assert "last administrator" in said(console, "no user admin")


def test_aoscx_goes_back_to_a_checkpoint(aoscx: Aoscx) -> None:
    before, console = aoscx.text(), aoscx.console("admin")
    said(console, "copy running-config checkpoint fosa-1", "configure terminal", "hostname inny", "end")
    assert "@@" in said(console, "checkpoint diff fosa-1 running-config")
    assert said(console, "checkpoint rollback fosa-1") == ""
    assert aoscx.text() == before
    assert said(console, "checkpoint diff fosa-1 running-config") == ""
    assert "not active" in said(console, "checkpoint auto confirm")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("frobnicate", "Invalid input: frobnicate"),
        ("interface 99", "Invalid input"),
        ("ntp server tempus", "Invalid input: ntp"),
        ("no vlan 1", "not allowed"),
    ],
)
def test_procurve_refuses_a_bad_line(procurve: Procurve, line: str, words: str) -> None:
    before = procurve.text()
    assert words in said(manager(procurve), "configure terminal", line)
    assert procurve.text() == before


def test_procurve_shows_ports_by_vlan(procurve: Procurve) -> None:
    console = manager(procurve)
    said(console, "configure terminal", "interface 3", "untagged vlan 30", "tagged vlan 103", "exit")
    text = procurve.text()
    assert "   untagged 1-3\n" in text.partition("vlan 30\n")[2]
    assert "   tagged 3-4\n" in text.partition("vlan 103\n")[2]
    assert said(console, "no vlan 30") == ""
    # Each is still in a VLAN, tagged.
    assert "   no untagged 1-3\n" in procurve.text().partition("vlan 1\n")[2]


def test_procurve_hides_what_it_was_told_to_hide(procurve: Procurve) -> None:
    assert "stary-radius" in procurve.text()
    said(manager(procurve), "configure terminal", "encrypt-credentials", "radius-server host 192.0.2.8 key nowy-klucz")
    assert "stary-radius" not in procurve.text()
    assert "nowy-klucz" not in procurve.text()
    said(manager(procurve), "configure terminal", "no include-credentials")
    assert "sha1" not in procurve.text()


def test_procurve_restarts_from_what_is_saved(procurve: Procurve) -> None:
    before, console = procurve.text(), manager(procurve)
    said(console, "configure terminal", "hostname inny", "end", "reload")
    assert "save" in console.prompt()
    said(console, "n")
    with pytest.raises(Restart):
        said(console, "y")
    procurve.boot()
    assert procurve.text() == before


def test_both_let_go_who_leaves(aoscx: Aoscx, procurve: Procurve) -> None:
    with pytest.raises(Hangup):
        said(aoscx.console("admin"), "exit")
    with pytest.raises(Hangup):
        said(manager(procurve), "logout", "y")
