"""Which end of a tunnel changes first: always the one that the waves of a change come to first."""

from pathlib import Path

import pytest

from inventory.distance import first_to_change, hops
from inventory.load import load
from inventory.model import Changes, Office
from playbooks.waves import waves

PILA = Path(__file__).parents[2] / "inventory/examples/pila"


@pytest.fixture
def pila() -> Office:
    return load(PILA).require()


def test_a_building_is_as_far_as_there_are_tunnels_on_the_way(pila: Office) -> None:
    assert hops(pila) == {"k": 0, "b": 1, "c": 1}


@pytest.mark.parametrize("canary", [None, "gw-b", "gw-k", "gw-c"])
def test_the_first_end_is_the_one_whose_wave_comes_first(pila: Office, canary: str | None) -> None:
    office = pila.model_copy(update={"changes": Changes(canary=canary)})
    order = [device.name for wave in waves(office, office.managed) for device in wave]
    for tunnel in office.tunnels:
        own = [end.device for end in tunnel.ends if end.device is not None]
        expected = min(own, key=order.index) if len(own) > 1 else None
        assert first_to_change(office, tunnel) == expected


def test_of_two_ends_equally_far_it_is_the_first_of_the_inventory(pila: Office) -> None:
    (k_b, *_others) = pila.tunnels
    spoke = next(end for end in k_b.ends if end.device == "gw-b")
    between = k_b.model_copy(update={"name": "b-c", "ends": (spoke.model_copy(update={"device": "gw-c"}), spoke)})
    order = [device.name for wave in waves(pila, pila.managed) for device in wave]
    assert first_to_change(pila, between) == min(("gw-b", "gw-c"), key=order.index)
