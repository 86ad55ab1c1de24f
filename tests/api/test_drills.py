"""Which tunnels can be drilled, and what a gateway is given for it."""

import datetime as dt
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from api.drills.bundle import without
from api.drills.way import stage
from inventory.errors import InputError, SelectionError
from inventory.load import load
from inventory.model import Access, Login, Office
from templates.linux_gateway.tunnels_file import PATH
from templates.render import render

_ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def office() -> Office:
    return load(_ROOT / "inventory/examples/pila").require()


def test_a_tunnel_to_another_building_is_taken_down_where_the_manager_is(office: Office) -> None:
    found = stage(_reached(office, "gw-k", "gw-b", "gw-c"), "k-b")
    assert (found.near.name, found.far.name) == ("gw-k", "gw-b")
    assert found.target == (IPv4Address("10.64.16.1"), 22)


def test_of_two_gateways_the_one_that_works_is_named(office: Office) -> None:
    reached = _reached(office, "gw-k", "gw-k2", "gw-b")
    assert stage(reached, "k-b", "gw-k") == stage(reached, "k-b")
    found = stage(reached, "k-b", "gw-k2")
    assert (found.near.name, found.far.name) == ("gw-k2", "gw-b")
    assert found.tunnel.end_of("gw-k2") is not None
    rendered = render(office, found.near, TODAY)
    assert without(rendered, "k-b").files != rendered.files


def test_a_tunnel_whose_far_end_cannot_be_asked_is_not_drilled(office: Office) -> None:
    for name, known in (("k-platform", ("gw-k",)), ("k-b", ("gw-k",))):
        with pytest.raises(InputError, match="not ours"):
            stage(_reached(office, *known), name)


def test_a_tunnel_with_no_end_where_the_manager_is_is_not_drilled(office: Office) -> None:
    elsewhere = office.model_copy(update={"network": office.network.model_copy(update={"manager": "gw-c"})})
    with pytest.raises(InputError, match="manager's building"):
        stage(_reached(elsewhere, "gw-k", "gw-b"), "k-b")


def _reached(office: Office, *names: str) -> Office:
    def login(name: str) -> Login:
        address = office.device(name).address
        assert address is not None
        return Login(address=address, user="fosa-read", key="file:secrets/read")

    access = tuple(Access(device=name, read=login(name), write=login(name)) for name in names)
    return office.model_copy(update={"access": access})


def test_only_one_connection_goes_from_one_file(office: Office) -> None:
    rendered = render(office, office.device("gw-k"), TODAY)
    left = without(rendered, "k-b")
    changed = [(a.path, a.text, b.text) for a, b in zip(rendered.files, left.files, strict=True) if a.text != b.text]
    assert [path for path, _before, _after in changed] == [PATH]
    _path, before, after = changed[0]
    assert "\n    k-b {" in before
    assert "\n    k-b {" not in after
    assert all(f"\n    {name} {{" in after for name in ("k-c", "k-platform"))
    assert before.count("{") - after.count("{") == before.count("}") - after.count("}")
    assert after.startswith(before[:60])
    assert after.endswith(before[-20:])


def test_there_must_be_such_a_tunnel(office: Office) -> None:
    with pytest.raises(SelectionError):
        stage(office, "nowhere")
    with pytest.raises(InputError):
        without(render(office, office.device("gw-b"), TODAY), "k-c")
