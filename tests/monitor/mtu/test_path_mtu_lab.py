"""Path MTU over a way of three namespaces, with a router that tells, keeps silent, or is not the one to blame."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.model import Office
from lab import namespace
from lab.namespace import batch, create, delete
from monitor.mtu.wire import Wire
from monitor.probes.base import Outcome, Pace
from monitor.probes.path_mtu import PROBE, PathMtu, expected_mtu
from monitor.results import State
from tests.inventory.offices import OFFICE, office_in
from tests.slots import lab_name
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

_FAR = IPv4Address("10.8.16.1")
_SILENCE = "table ip t { chain o { type filter hook output priority 0; icmp type destination-unreachable drop; }; }"


@dataclass(frozen=True)
class Way:
    """The manager's host, a router, and the far gateway."""

    here: str
    router: str
    far: str
    state: Path

    def near_mtu(self, mtu: int) -> None:
        """Of the manager's own link."""
        batch([f"link set near0 mtu {mtu}"], self.here)

    def far_mtu(self, mtu: int) -> None:
        """Of the link behind the router."""
        batch([f"link set out0 mtu {mtu}"], self.router)
        batch([f"link set far0 mtu {mtu}"], self.far)

    def router_says(self, rules: str) -> None:
        """The router's own firewall."""
        text = f"flush ruleset; {rules}"
        argv = as_installed(self.state, ["nft", "-f", "-"])
        subprocess.run(["ip", "netns", "exec", self.router, *argv], input=text, text=True, check=True)

    def asked(self, office: Office) -> Outcome:
        """What the probe of the one tunnel finds."""
        (target,) = PROBE.targets(office)

        async def ask() -> Outcome:
            probe = PathMtu()
            probe.prepare()
            try:
                return await probe.ask(target, {})
            finally:
                probe.close()

        return namespace.inside(self.here, lambda: asyncio.run(ask()))


@pytest.fixture(scope="module")
def way(state: Path) -> Iterator[Way]:
    name = lab_name("mtu")
    made = Way(f"{name}-here", f"{name}-router", f"{name}-far", state)
    names = (made.here, made.router, made.far)
    delete(names)
    create(names)
    try:
        batch(
            [
                f"link add near0 netns {made.here} type veth peer name in0 netns {made.router}",
                f"link add out0 netns {made.router} type veth peer name far0 netns {made.far}",
            ]
        )
        for where, link, address in (
            (made.here, "near0", "10.8.0.10/24"),
            (made.router, "in0", "10.8.0.1/24"),
            (made.router, "out0", "10.8.16.2/24"),
            (made.far, "far0", "10.8.16.1/24"),
        ):
            batch([f"addr add {address} dev {link}", f"link set {link} up"], where)
        batch(["route add default via 10.8.0.1"], made.here)
        batch(["route add default via 10.8.16.2"], made.far)
        namespace.inside(made.router, lambda: Path("/proc/sys/net/ipv4/ip_forward").write_text("1"))
        yield made
    finally:
        delete(names)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path, OFFICE).require()


def test_a_way_that_carries_everything_is_up(way: Way, office: Office) -> None:
    assert expected_mtu(office, office.tunnels[0]) == 1446
    found = way.asked(office)
    assert (found.state, found.measured[0].value) == (State.UP, 1500)
    assert str(found.cause) == "packets of 1500 bytes go through"


@pytest.mark.parametrize(("mtu", "found_as"), [(1431, State.UP), (1400, State.DEGRADED), (1200, State.DOWN)])
def test_what_a_router_tells_is_found_and_named(way: Way, office: Office, mtu: int, found_as: State) -> None:
    way.far_mtu(mtu)
    try:
        found = way.asked(office)
    finally:
        way.far_mtu(1500)
    assert (found.state, found.measured[0].value) == (found_as, mtu)
    assert f"one byte more: told by 10.8.0.1 (MTU {mtu})" in found.received
    assert found_as is State.UP or f"only packets up to {mtu} bytes go through, says 10.8.0.1" in str(found.cause)


def test_what_vanishes_without_a_word_is_found(way: Way, office: Office) -> None:
    way.far_mtu(1429)
    try:
        way.router_says(_SILENCE)
        found = way.asked(office)
    finally:
        way.router_says("")
        way.far_mtu(1500)
    assert (found.state, found.measured[0].value) == (State.DEGRADED, 1429)
    assert str(found.cause) == "packets longer than 1429 bytes vanish without a word; 1446 are expected"


def test_what_this_machine_refuses_says_nothing_of_the_way(way: Way, office: Office) -> None:
    way.near_mtu(1300)
    try:
        found = way.asked(office)
    finally:
        way.near_mtu(1500)
    assert (found.state, found.measured[0].value) == (State.UNKNOWN, 1300)
    assert "this machine itself sends nothing longer than 1300 bytes" in str(found.cause)


def test_where_nobody_answers_nothing_is_known(way: Way, office: Office) -> None:
    way.router_says("table ip t { chain f { type filter hook forward priority 0; drop; }; }")
    try:
        found = way.asked(office)
    finally:
        way.router_says("")
    assert found.state is State.UNKNOWN
    assert "not even short packets" in str(found.cause)
    assert found.measured == ()


def test_several_are_asked_at_once_over_one_socket(way: Way) -> None:
    async def ask() -> list[str]:
        wire = Wire()
        wire.prepare()
        wire.prepare()
        try:
            sizes = (600, 1000, 1500, 1600)
            return [tried.fate.value for tried in await asyncio.gather(*(wire.attempt(_FAR, n) for n in sizes))]
        finally:
            wire.close()
            wire.close()

    assert namespace.inside(way.here, lambda: asyncio.run(ask())) == ["answered", "answered", "answered", "refused"]


def test_without_the_right_to_raw_sockets_it_says_so() -> None:
    prepare = "from monitor.mtu.wire import Wire; Wire().prepare()"
    argv = ["setpriv", "--bounding-set=-net_raw", sys.executable, "-c", prepare]
    said = subprocess.run(argv, capture_output=True, text=True, check=False).stderr
    assert "DriverError: no path MTU: a raw socket cannot be opened" in said


def test_without_a_socket_nothing_is_known(office: Office) -> None:
    (target,) = PROBE.targets(office)
    assert target.pace == Pace(period_s=900.0, timeout_s=60.0, turn=2, again_s=60.0)
    found = asyncio.run(PathMtu().ask(target, {}))
    assert (found.state, str(found.cause)) == (State.UNKNOWN, "no raw socket could be opened")
