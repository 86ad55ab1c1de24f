"""Running texts of switches brought into the inventory."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

import inventory
from api.cli import run
from api.imports.portruns import same_ports
from api.imports.texts import read_text
from inventory.errors import InputError
from inventory.load import load
from inventory.model import Device, Office, Platform
from monitor.facts.switches import SWITCHES
from templates.render import render

PILA = Path(inventory.__file__).parent / "examples" / "pila"
TODAY = dt.date(2027, 3, 1)


@pytest.fixture(scope="module")
def office() -> Office:
    return load(PILA, TODAY).require()


def text_of(office: Office, device: Device, folder: Path) -> Path:
    """What it would show of itself, were it configured as intended."""
    (file,) = render(office, device, TODAY).files
    path = folder / f"{device.name}.txt"
    path.write_text(re.sub(r"@secret\{[^}]*\}@", "nothing-to-see", file.text), encoding="utf-8", newline="\r\n")
    return path


@pytest.mark.parametrize("platform", sorted(SWITCHES))
def test_a_text_says_what_the_inventory_said(office: Office, platform: Platform, tmp_path: Path) -> None:
    for device in (each for each in office.switches if each.platform is platform):
        source = read_text(text_of(office, device, tmp_path), office, None, "")
        (found,) = source.found
        assert (found.name, found.fields["platform"]) == (device.name, platform)
        assert found.fields["address"] == str(device.address)
        ports = device.model_dump(mode="json", exclude_unset=True)["switch_ports"]
        assert same_ports(found.fields["switch_ports"], ports)
        assert source.unclear == ()


def test_a_switch_that_is_there_already_stays_as_it_is(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PILA, tmp_path / "office")
    text = text_of(office, office.device("sw-b-1"), tmp_path)
    assert run(["import", str(text), "--inventory", str(tmp_path / "office"), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "0 devices are new, 0 are amended, 1 stays as it is, 0 things are unclear\n"


def test_a_switch_somebody_rewired_is_told_and_taken_only_when_asked(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(PILA, tmp_path / "office")
    text = text_of(office, office.device("sw-b-1"), tmp_path)
    said = text.read_text(encoding="utf-8")
    text.write_text(said.replace("switchport access vlan 30", "switchport access vlan 31", 1), encoding="utf-8")
    before = (folder / "switches.yaml").read_text(encoding="utf-8")
    words = ["import", str(text), "--inventory", str(folder), "--yes", "--lang", "en"]
    assert run(words) == 2
    assert "sw-b-1: the inventory says switch_ports" in capsys.readouterr().out
    assert (folder / "switches.yaml").read_text(encoding="utf-8") == before
    assert run([*words, "--replace"]) == 0
    after = load(folder, TODAY).require().device("sw-b-1")
    zones = {name: ports.zone for ports in after.switch_ports for name in ports.names}
    assert zones["GigabitEthernet1/0/1"] == "sr"
    assert (folder / "switches.yaml").read_text(encoding="utf-8").startswith(before.splitlines()[0])


def test_a_new_switch_comes_in_with_its_ports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(PILA, tmp_path / "office")
    text = tmp_path / "running.cfg"
    text.write_text(
        "version 15.2\nhostname SW-K-9\n!\nvlan 10\n name mgmt\nvlan 77\n name kamery\n!\n"
        "interface GigabitEthernet1/0/1\n switchport mode access\n switchport access vlan 30\n"
        " switchport voice vlan 60\n!\n"
        "interface GigabitEthernet1/0/2\n switchport mode access\n switchport access vlan 77\n!\n"
        "interface GigabitEthernet1/0/3\n shutdown\n!\n"
        "interface GigabitEthernet1/0/4\n switchport mode trunk\n switchport trunk allowed vlan 10,30,60,77\n!\n"
        "interface Vlan10\n ip address 10.64.0.19 255.255.255.0\n!\nend\n",
        encoding="utf-8",
    )
    words = ["import", str(text), "--inventory", str(folder), "--yes", "--lang", "en"]
    assert run(words) == 2
    out = capsys.readouterr().out
    assert "(GigabitEthernet1/0/2): VLAN 77 is no zone of the inventory; add the ports to switch_ports by hand" in out
    assert "(GigabitEthernet1/0/4): it carries VLANs that are no zones of the inventory: 77" in out
    device = load(folder, TODAY).require().device("sw-k-9")
    assert (device.building, device.zone, str(device.address), device.platform) == (
        "k",
        "mgmt",
        "10.64.0.19",
        "cisco_ios",
    )
    assert [(ports.ports, ports.mode) for ports in device.switch_ports] == [
        (("GigabitEthernet1/0/1",), "access"),
        (("GigabitEthernet1/0/3",), "unused"),
        (("GigabitEthernet1/0/4",), "trunk"),
    ]
    assert device.switch_ports[2].uplink
    assert device.switch_ports[2].tagged == ("mgmt", "ps", "voip")
    assert run(words) == 2
    assert "0 devices are new, 0 are amended, 1 stays as it is" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "Dear all,\nthe switch is in the cellar.\n", "\x00\x01\x02" * 100])
def test_what_is_no_text_of_a_switch_is_refused(office: Office, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_text(path, office, None, "")


def test_a_text_of_fifty_megabytes_is_not_read(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"hostname a\n" * 5_000_000)
    with pytest.raises(InputError, match="no switch's text is"):
        read_text(path, office, None, "")
