"""What the exposure probe makes of open, closed and silent ports, and whom it asks."""

import asyncio
import socket
from ipaddress import IPv4Address
from pathlib import Path

from inventory.load import load
from monitor.probes.base import Pace
from monitor.probes.exposure import PORTS, PROBE, Line, look
from monitor.results import State
from tests.slots import free_port

_OFFICE = Path(__file__).parents[3] / "inventory/examples/pila"


def _line(*ports: int, address: str = "127.0.0.1") -> Line:
    return Line(
        name="gw-b/b-isp1",
        subject="device:gw-b",
        where="here",
        pace=Pace(1.0, 30.0),
        address=IPv4Address(address),
        ports=ports,
        ike=free_port(),
    )


def test_an_open_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        outcome = asyncio.run(look(_line(port, free_port())))
    assert outcome.state is State.DOWN
    assert str(port) in str(outcome.cause)
    assert [measured.value for measured in outcome.measured] == [1]


def test_ports_that_refuse_are_closed() -> None:
    assert asyncio.run(look(_line(free_port(), free_port()))).state is State.UP


def test_where_nothing_answers_nothing_is_known() -> None:
    # 255.255.255.255 takes no connection, and no IKE without leave to broadcast.
    outcome = asyncio.run(look(_line(22, address="255.255.255.255")))
    assert outcome.state is State.UNKNOWN


def test_the_lines_of_the_other_buildings_are_asked_and_what_listens_inside_is_among_it() -> None:
    office = load(_OFFICE).require()
    asked = {target.name: target.ports for target in PROBE.targets(office)}
    assert {"gw-b/b-isp1", "gw-c/c-isp1"} <= set(asked)
    assert not any(name.startswith("gw-k/") for name in asked)
    assert set(PORTS) <= set(asked["gw-b/b-isp1"])
