"""An emulated device is never shown as if it were one."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.summary import summary
from api.pages.assumed import assumptions
from api.routes.views import DeviceView
from inventory.load import load
from inventory.model import Access, Login, Office
from lab.folder import Account, OfficeFolder, Way

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
HOST_KEY = f"ssh-ed25519 {'A' * 68}"


@pytest.fixture(scope="module")
def office() -> Office:
    """Piła with two emulated switches and a gateway that is none."""
    given = load(PILA).require()

    def way(name: str, *, emulated: bool) -> Access:
        address = given.device(name).address
        assert address is not None
        login = Login(address=address, user="fosa-read", key="file:secrets/key")
        return Access(device=name, read=login, write=login, emulated=emulated)

    ways = (way("gw-k", emulated=False), way("sw-k-1", emulated=True), way("sw-b-2", emulated=True))
    return given.model_copy(update={"access": ways})


def test_the_page_says_which_devices_are_emulated(office: Office) -> None:
    first = assumptions(office)[0]
    assert first.what == "2 devices: sw-k-1, sw-b-2"
    assert first.says.startswith("emulated: ")
    assert not [each for each in assumptions(load(PILA).require()) if "emulated" in each.says]


def test_a_machine_is_told_which_devices_are_emulated(office: Office) -> None:
    views = {device.name: DeviceView.of(office, device, None).emulated for device in office.devices}
    assert [name for name, emulated in views.items() if emulated] == ["sw-k-1", "sw-b-2"]


def test_the_demo_does_not_count_switches_among_what_is_real(office: Office) -> None:
    lines = list(summary(office, "pila", 8064))
    real, emulated, assumed = (
        lines.index(title) for title in ("Real here", "Emulated", "Assumed: nobody has confirmed it")
    )
    assert real < emulated < assumed
    assert lines[real + 1].startswith("  4 gateways")
    assert lines[emulated + 1].startswith("  10 switches: 2 cisco_ios, 2 ")


def test_the_practice_office_writes_down_which_of_its_devices_are_emulated(tmp_path: Path, office: Office) -> None:
    folder = OfficeFolder(tmp_path / "office")
    folder.create(PILA)
    read, write = (Account(f"fosa-{role}", f"file:secrets/switches-{role}") for role in ("read", "write"))
    gateway = Way(office.device("gw-k"), HOST_KEY)
    folder.write_access([gateway, Way(office.device("sw-k-1"), HOST_KEY, read, write, emulated=True)])
    written = load(folder.path).require()
    assert [written.emulated(name) for name in ("gw-k", "sw-k-1", "sw-k-2")] == [False, True, False]
