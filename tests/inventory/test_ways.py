"""The ways a tunnel can take, and what an inventory may say of a second line."""

from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office
from inventory.ways import ways
from tests.inventory.offices import OFFICE, office_in

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
_SECOND = """\
  - {name: k-isp2, building: k, provider: Two, role: backup, device: gw-k, interface: wan1, address: 203.0.113.130,
     prefix_length: 29, gateway: 203.0.113.129}
zones:
"""


@pytest.fixture(scope="module")
def pila() -> Office:
    return load(PILA).require()


def _of(office: Office, tunnel: str, device: str) -> list[tuple[str, str]]:
    found = next(each for each in office.tunnels if each.name == tunnel)
    return [(str(way.near), str(way.far)) for way in ways(office, found, device)]


def test_the_wanted_lines_come_first_and_both_seconds_last(pila: Office) -> None:
    near, second, far, other = "198.51.100.20", "198.51.100.132", "203.0.113.10", "203.0.113.130"
    assert _of(pila, "k-b", "gw-b") == [(near, far), (near, other), (second, far), (second, other)]
    assert _of(pila, "k-c", "gw-c") == [("198.51.100.36", far), ("198.51.100.36", other)]


def test_somebody_elses_gateway_knows_one_line_of_ours(pila: Office) -> None:
    assert _of(pila, "k-platform", "gw-k") == [("203.0.113.10", "192.0.2.10")]
    assert _of(pila, "k-platform", "gw-c") == []


@pytest.mark.parametrize(
    ("end", "line", "message"),
    [
        ("backup: k-isp2, ", _SECOND, ""),
        ("backup: k-isp, ", _SECOND, "must be another one than wan"),
        ("backup: b-isp, ", _SECOND, "line b-isp belongs to gw-b, not to gw-k"),
        ("backup: k-isp3, ", _SECOND, "k-isp3"),
        ("backup: k-isp2, ", _SECOND.replace("address: 203.0.113.130,\n     ", ""), "it has no lasting address"),
    ],
)
def test_a_second_line_is_another_one_of_this_gateway_with_an_address(
    tmp_path: Path, end: str, line: str, message: str
) -> None:
    text = OFFICE.replace("wan: k-isp, identity", f"wan: k-isp, {end}identity").replace("zones:\n", line, 1)
    text = text.replace("{name: wan0, wan: k-isp}", "{name: wan0, wan: k-isp}, {name: wan1, wan: k-isp2}")
    faults = [fault.message for fault in office_in(tmp_path, text).faults if fault.severity != "note"]
    assert any(message in fault for fault in faults) if message else faults == []
