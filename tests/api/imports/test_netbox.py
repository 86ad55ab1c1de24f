"""A NetBox brought into the inventory."""

from pathlib import Path

import pytest

from api.cli import run
from inventory.load import load
from tests.api.imports.equipment import office_without_devices
from tests.api.imports.netboxes import TOKEN, URL, NetBox, device, interface, netbox, vlan

IOS = {"id": 1, "url": URL, "display": "IOS", "name": "Cisco IOS", "slug": "cisco-ios"}
CABINET = {"id": 1, "url": URL, "display": "Szafa", "name": "Szafa"}
GATEWAY = {"id": 2, "url": URL, "display": "gw", "name": "gw"}
UP = {"id": 1, "url": URL, "display": "e0", "device": GATEWAY, "name": "e0"}
ACCESS = {"value": "access", "label": "Access"}
SWITCHING = """\
switching:
  last_resort: {user: awaria, hashes: {cisco_ios: "file:secrets/hash"}}
  mask_key: "file:secrets/mask"
"""
RETIRED = {"value": "decommissioning", "label": "Decommissioning"}


def address(text: str) -> dict[str, object]:
    return {"id": 1, "url": URL, "display": text, "family": 4, "address": text}


def held() -> NetBox:
    return NetBox(
        [
            device(1, "SW-K-1.mops.example", "Access switch", "Budynek drugi", platform=IOS,
                   primary_ip4=address("10.64.16.11/24"), location=CABINET),
            device(2, "gw", "Firewall", "Siedziba główna, serwerownia"),
            device(3, None, "Printer", "Siedziba główna, serwerownia", status=RETIRED),
            device(4, "krzeslo-1", "Krzesło", "Budynek drugi"),
            device(5, "pc-5", "Computer", "Magazyn w Ujściu"),
            device(6, None, "Computer", "Budynek drugi", serial=""),
        ],
        [
            interface(1, 1, "GigabitEthernet1/0/1", mode=ACCESS, untagged_vlan=vlan(30)),
            interface(2, 1, "GigabitEthernet1/0/2", mode=ACCESS, untagged_vlan=vlan(30)),
            interface(3, 1, "GigabitEthernet1/0/3", enabled=False),
            interface(4, 1, "GigabitEthernet1/0/4", mode={"value": "tagged", "label": "Tagged"},
                      tagged_vlans=[vlan(10), vlan(30)], link_peers=[UP], link_peers_type="dcim.interface"),
            interface(5, 1, "GigabitEthernet1/0/5"),
            interface(6, 1, "Vlan10", type={"value": "virtual", "label": "Virtual"}),
        ],
        page=2,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETBOX_TOKEN", TOKEN)
    folder = office_without_devices(tmp_path / "office")
    (folder / "switching.yaml").write_text(SWITCHING, encoding="utf-8")
    return folder


def words(there: NetBox, folder: Path) -> list[str]:
    return ["import", there.url, "--inventory", str(folder), "--token", "env:NETBOX_TOKEN", "--yes", "--lang", "en"]


def test_its_devices_become_the_inventory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with netbox(held()) as there:
        assert run(words(there, folder)) == 2
        out = capsys.readouterr().out
        assert "3 devices are new" in out
        assert "(krzeslo-1): its role Krzesło is no kind of device the inventory has" in out
        assert "(pc-5): no building is called Magazyn w Ujściu" in out
        assert "(device 6): no serial number and no name the inventory can hold" in out
        assert "port GigabitEthernet1/0/5: NetBox does not say which zone it carries" in out
        assert run(words(there, folder)) == 2
        assert "0 devices are new, 0 are amended, 3 stay as they are" in capsys.readouterr().out
        assert len(there.asked) > 6  # page by page
    office = load(folder).require()
    switch = office.device("sw-k-1")
    assert (switch.platform, switch.building, switch.room, switch.zone) == ("cisco_ios", "b", "b-szafa", "mgmt")
    assert (switch.vendor, switch.model, switch.serial) == ("Cisco", "C2960X-24", "FOC00001")
    assert [(ports.ports, ports.mode, ports.uplink) for ports in switch.switch_ports] == [
        (("GigabitEthernet1/0/[1-2]",), "access", False),
        (("GigabitEthernet1/0/3",), "unused", False),
        (("GigabitEthernet1/0/4",), "trunk", True),
    ]
    assert office.device("prn-k-01").status == "retired"


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("redirects", "sends us elsewhere: http://127.0.0.1:9/"),
        ("lures", "sends us elsewhere: http://10.9.9.9/api/dcim/devices/"),
        ("chats", "it does not answer as a NetBox does"),
    ],
)
def test_one_that_is_none_is_left(folder: Path, capsys: pytest.CaptureFixture[str], behaviour: str, said: str) -> None:
    there = held()
    there.behaviour = behaviour
    with netbox(there):
        assert run(words(there, folder)) == 1
    error = capsys.readouterr().err
    assert said in error
    assert TOKEN not in error


def test_a_wrong_token_is_told_and_not_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETBOX_TOKEN", "f" * 40)
    with netbox(held()) as there:
        assert run(words(there, folder)) == 1
    error = capsys.readouterr().err
    assert "it does not let the token read this" in error
    assert "ffff" not in error


def test_one_that_is_not_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with netbox(held()) as there:
        pass
    assert run(words(there, folder)) == 1
    assert "Connection refused" in capsys.readouterr().err


def test_a_token_never_travels_in_clear(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [
        "import",
        "http://netbox.example",
        "--inventory",
        str(folder),
        "--token",
        "env:NETBOX_TOKEN",
        "--lang",
        "en",
    ]
    assert run(given) == 3
    assert "a token is sent over https only" in capsys.readouterr().err
    assert run(["import", "https://netbox.example", "--inventory", str(folder), "--lang", "en"]) == 3
    assert "a NetBox asks for a token" in capsys.readouterr().err


def test_a_switch_fosa_cannot_configure_yet_comes_in_without_its_platform(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "switching.yaml").unlink()
    with netbox(held()) as there:
        run(words(there, folder))
        assert "it comes in without its platform: a switch with a platform needs" in capsys.readouterr().out
        assert load(folder).require().device("sw-k-1").platform is None
        run(words(there, folder))
        assert "0 devices are new, 0 are amended, 3 stay as they are" in capsys.readouterr().out
