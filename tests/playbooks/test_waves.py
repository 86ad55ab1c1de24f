"""The order of devices: from the canary building by building to the way to all others; what must, goes together."""

from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office
from playbooks.verify import expected_tunnels
from playbooks.waves import waves

PILA = Path("inventory/examples/pila")


def with_canary(name: str | None) -> Office:
    """Piła with this canary."""
    office = load(PILA).require()
    return office.model_copy(update={"changes": office.changes.model_copy(update={"canary": name})})


@pytest.mark.parametrize(
    ("canary", "expected"),
    [
        (None, [["gw-b"], ["gw-c"], ["gw-k"]]),
        ("gw-c", [["gw-c"], ["gw-b"], ["gw-k"]]),
        ("gw-k", [["gw-k"], ["gw-b"], ["gw-c"]]),
    ],
)
def test_goes_from_the_canary_building_by_building_to_the_way_to_all_others(
    canary: str | None, expected: list[list[str]]
) -> None:
    office = with_canary(canary)
    assert [[device.name for device in wave] for wave in waves(office, office.managed)] == expected
    assert [[device.name for device in wave] for wave in waves(office, office.managed[:1])] == [["gw-k"]]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        ({("gw-b", "gw-k")}, [["gw-c"], ["gw-k", "gw-b"]]),
        ({("gw-b", "gw-k"), ("gw-c", "gw-k")}, [["gw-k", "gw-c", "gw-b"]]),
        # The other way round it does no harm: that end changes last anyway.
        ({("gw-k", "gw-b")}, [["gw-b"], ["gw-c"], ["gw-k"]]),
        # gw-b comes behind gw-c, and only there gw-c would break something, too.
        ({("gw-b", "gw-k"), ("gw-c", "gw-b")}, [["gw-k", "gw-c", "gw-b"]]),
        ({("gw-b", "gw-x")}, [["gw-b"], ["gw-c"], ["gw-k"]]),
    ],
)
def test_what_must_goes_together_and_the_rest_stays(apart: set[tuple[str, str]], expected: list[list[str]]) -> None:
    office = with_canary(None)
    assert [[device.name for device in wave] for wave in waves(office, office.managed, apart)] == expected


def test_expects_the_tunnels_of_the_inventory() -> None:
    office = load(PILA).require()
    assert expected_tunnels(office, office.device("gw-b")) == {"k-b"}
