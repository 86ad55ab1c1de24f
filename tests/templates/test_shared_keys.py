"""A shared key that is being changed: at no moment does an end prove itself by one the other does not know."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from inventory.distance import first_to_change
from inventory.load import load
from inventory.model import Authentication, AuthenticationKind, Changes, Office
from playbooks.waves import waves
from templates.linux_gateway.sharedkeys import shared_keys_in
from templates.render import render

OLD, NEW = "file:secrets/k-b", "file:secrets/k-b.2"
SWANCTL = "/etc/swanctl/conf.d/fosa.conf"
TWO = Path(__file__).parents[1] / "data/lab/two"


def by(psk: str, previous: str | None = None, canary: str | None = None) -> Office:
    office = load(TWO).require()
    authentication = Authentication(kind=AuthenticationKind.PSK, psk=psk, previous=previous)
    (tunnel,) = office.tunnels
    tunnels = (tunnel.model_copy(update={"authentication": authentication}),)
    return office.model_copy(update={"tunnels": tunnels, "changes": Changes(canary=canary)})


def keys(office: Office, device: str) -> list[str]:
    """The places of its keys, the one by which it proves itself last."""
    text = render(office, office.device(device), dt.date(2026, 11, 23)).file(SWANCTL).text
    return [line.split("{")[1].split("}")[0] for line in shared_keys_in(text, "k-b") if line.startswith("secret")]


@pytest.mark.parametrize("canary", [None, "gw-k", "gw-b"])
def test_every_step_of_a_rotation_leaves_two_ends_that_agree(canary: str | None) -> None:
    stages = (by(OLD, canary=canary), by(NEW, OLD, canary), by(NEW, canary=canary))
    states = [{name: keys(stages[0], name) for name in ("gw-b", "gw-k")}]
    for _before, after in pairwise(stages):
        for wave in waves(after, after.managed):
            for device in wave:
                states.append({**states[-1], device.name: keys(after, device.name)})
    assert len(states) == 5
    for state in states:
        here, there = state["gw-b"], state["gw-k"]
        assert here[-1] in there, states
        assert there[-1] in here, states
    assert states[-1] == {"gw-b": [NEW], "gw-k": [NEW]}


def test_only_the_far_end_is_named_with_a_key() -> None:
    """A key that bears this end's name, too, would let the holder of one pass for any far end."""
    office = by(NEW, OLD)
    text = render(office, office.device("gw-k"), dt.date(2026, 11, 23)).file(SWANCTL).text
    lines = shared_keys_in(text, "k-b")
    assert [line for line in lines if line.startswith("id")] == ["id-remote = gw-b.two.example"] * 2
    assert first_to_change(office, office.tunnels[0]) == "gw-b"
    assert shared_keys_in(text, "k") == ()
