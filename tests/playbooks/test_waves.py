"""The order of devices: from the canary building by building to the way to all others; what must, goes together."""

from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Link, LinkEnd, Office
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
        (None, [["gw-b"], ["gw-c"], ["gw-k2"], ["gw-k"]]),
        ("gw-c", [["gw-c"], ["gw-b"], ["gw-k2"], ["gw-k"]]),
        ("gw-k", [["gw-k"], ["gw-b"], ["gw-c"], ["gw-k2"]]),
    ],
)
def test_goes_from_the_canary_building_by_building_to_the_way_to_all_others(
    canary: str | None, expected: list[list[str]]
) -> None:
    office = with_canary(canary)
    assert [[device.name for device in wave] for wave in waves(office, office.gateways)] == expected
    assert [[device.name for device in wave] for wave in waves(office, office.gateways[:1])] == [["gw-k"]]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        ({("gw-b", "gw-k")}, [["gw-c"], ["gw-k2"], ["gw-k", "gw-b"]]),
        ({("gw-b", "gw-k"), ("gw-c", "gw-k")}, [["gw-k2"], ["gw-k", "gw-c", "gw-b"]]),
        # The other way round it does no harm: that end changes last anyway.
        ({("gw-k", "gw-b")}, [["gw-b"], ["gw-c"], ["gw-k2"], ["gw-k"]]),
        # gw-b comes behind gw-c, and only there gw-c would break something, too.
        ({("gw-b", "gw-k"), ("gw-c", "gw-b")}, [["gw-k2"], ["gw-k", "gw-c", "gw-b"]]),
        ({("gw-b", "gw-x")}, [["gw-b"], ["gw-c"], ["gw-k2"], ["gw-k"]]),
    ],
)
def test_what_must_goes_together_and_the_rest_stays(apart: set[tuple[str, str]], expected: list[list[str]]) -> None:
    office = with_canary(None)
    assert [[device.name for device in wave] for wave in waves(office, office.gateways, apart)] == expected


def test_switches_come_before_their_gateway_the_farthest_first() -> None:
    office = with_canary("gw-c")
    # From each cabinet's last switch along the chain; the canary before all.
    switches = [f"sw-{number}" for number in ("b-3", "b-2", "b-1", "c-2", "c-1", "k-5", "k-4", "k-3", "k-2", "k-1")]
    expected = ["gw-c", *switches[:3], "gw-b", *switches[3:], "gw-k2", "gw-k"]
    assert [[device.name for device in wave] for wave in waves(office, office.managed)] == [[one] for one in expected]


def test_two_switches_side_by_side_go_together_unless_they_are_cabled_to_each_other() -> None:
    office = with_canary(None)

    def links(*pairs: tuple[str, str]) -> Office:
        ends = [tuple(LinkEnd(device=name, port="up") for name in pair) for pair in pairs]
        made = tuple(Link(name=f"l{n}", ends=(one, other)) for n, (one, other) in enumerate(ends))
        bare = tuple(device.model_copy(update={"switch_ports": ()}) for device in office.devices)
        return office.model_copy(update={"links": made, "devices": bare})

    def order(given: Office) -> list[list[str]]:
        mine = [device for device in given.managed if device.building == "b"]
        return [[device.name for device in wave] for wave in waves(given, mine)]

    star = [("gw-b", "sw-b-1"), ("sw-b-1", "sw-b-2"), ("sw-b-1", "sw-b-3")]
    assert order(links(*star)) == [["sw-b-2", "sw-b-3"], ["sw-b-1"], ["gw-b"]]
    assert order(links(*star, ("sw-b-2", "sw-b-3"))) == [["sw-b-2"], ["sw-b-3"], ["sw-b-1"], ["gw-b"]]
    # Nobody knows where they are: one after the other, before those that are known.
    assert order(links(("gw-b", "sw-b-1"))) == [["sw-b-2"], ["sw-b-3"], ["sw-b-1"], ["gw-b"]]


def test_expects_the_tunnels_of_the_inventory() -> None:
    office = load(PILA).require()
    assert expected_tunnels(office, office.device("gw-b")) == {"k-b"}
