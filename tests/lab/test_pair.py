"""A gateway that stands by, in a practice office: it takes over with all addresses and tunnels, and gives them back."""

import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address

import pytest

from inventory.load import load
from inventory.secrets import SecretStore
from lab import namespace
from lab.device import Device
from lab.practice import Practice
from monitor.expected import expected
from monitor.once import ask_probe
from monitor.results import ProbeKind, ProbeResult, State, Watched
from monitor.watch import read_keys
from templates.linux_gateway.lines.calls import CALLING_S
from templates.linux_gateway.lines.echoes import checksum
from tests.monitor.hearing import listened
from tests.monitor.watching import Watching, states, watching

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

_LIMIT_S = 45.0
_BEFORE_DPD_S = 15.0
"""Far ends need twice as long to notice by themselves that nobody is there any more."""
_SHARED = {"10.70.0.1", "10.70.3.1", "203.0.113.10", "203.0.113.18"}
WaitFor = Callable[[Callable[[], bool], float], None]


class Echo:
    """Echo requests from the other building to a server behind the pair, one at a time."""

    def __init__(self, practice: Practice) -> None:
        self._socket = namespace.inside(practice.namespace_of("host-ps-b"), _raw)
        self._target = str(practice.office.device("log-k").address)
        self._number = 0

    def answered(self) -> bool:
        """Whether one is, within a third of a second."""
        self._number += 1
        bare = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, self._number) + b"fosafosa"
        self._socket.settimeout(0.3)
        try:
            self._socket.sendto(bare[:2] + struct.pack("!H", checksum(bare)) + bare[4:], (self._target, 0))
            while True:
                packet = self._socket.recv(2048)
                if packet[20] == 0 and struct.unpack_from("!H", packet, 26)[0] == self._number:
                    return True
        except OSError:
            return False

    def close(self) -> None:
        self._socket.close()


def _raw() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@pytest.fixture(scope="module")
def watched(paired: Practice) -> Iterator[Watching]:
    with watching(paired) as one:
        yield one


@pytest.fixture
def echo(paired: Practice) -> Iterator[Echo]:
    made = Echo(paired)
    yield made
    made.close()


def _held(device: Device) -> set[str]:
    listed = json.loads(device.must(["ip", "-4", "-json", "address", "show"]))
    found = {each["local"] for interface in listed for each in interface["addr_info"]}
    return {address for address in found if not IPv4Address(address).is_loopback}


def _told(device: Device) -> dict[str, bool]:
    """What its own program tells; nothing before it does."""
    said = device.run(["cat", "/run/fosa/pair"]).stdout
    return dict(json.loads(said)) if said else {}


def _works(device: Device) -> bool:
    return _told(device) == {"holds": True, "ready": True}


def _stands_by(device: Device) -> bool:
    return _told(device) == {"holds": False, "ready": True}


def _up(device: Device) -> bool:
    return "INSTALLED" in device.run(["swanctl", "--list-sas"]).stdout


def test_one_works_and_the_other_holds_nothing_but_its_own_address(paired: Practice, wait_for: WaitFor) -> None:
    works, standby = paired.device("gw-k"), paired.device("gw-k2")
    wait_for(lambda: _works(works) and _stands_by(standby), _LIMIT_S)
    assert _held(works) == {*_SHARED, "10.70.0.3"}
    assert _held(standby) == {"10.70.0.2"}
    assert not _up(standby)
    # From no address it asks for the providers' routers: the lines are known to be well before they are needed.
    wait_for(lambda: json.loads(standby.must(["cat", "/run/fosa/lines"])) == {"wan0": True, "wan1": True}, _LIMIT_S)


def test_the_standby_takes_over_from_a_dead_gateway_which_does_not_take_it_back(
    paired: Practice, echo: Echo, watched: Watching, wait_for: WaitFor
) -> None:
    first, standby = paired.device("gw-k"), paired.device("gw-k2")
    wait_for(echo.answered, _LIMIT_S)
    watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    first.power_cut()
    assert not echo.answered(), "nothing was cut"
    wait_for(echo.answered, _LIMIT_S)
    assert _held(standby) == {*_SHARED, "10.70.0.2"}
    assert _up(standby)
    # The tunnel and the line are told of by the one that works now; that nobody stands by any more is a flaw.
    watched.until(lambda seen: _is_told(seen) and _pair(seen).state is State.DEGRADED, _LIMIT_S)

    first.start()
    wait_for(lambda: _stands_by(first), _LIMIT_S)
    time.sleep(2.0)  # longer than it would wait for a sign of the other one
    assert _held(first) == {"10.70.0.3"}
    assert echo.answered()
    seen = watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    assert str(_pair(seen).cause) == "gw-k2 works, gw-k stands by"
    assert _pair(seen).measured[0].value == 1.0
    heard = listened(paired, "k-line")
    assert (heard.state, heard.sent.partition(" ")[0]) == (State.UP, "gw-k2"), heard

    standby.must(["systemctl", "stop", "keepalived"])
    wait_for(lambda: _up(first) and echo.answered(), _LIMIT_S)
    assert _held(standby) == {"10.70.0.2"}
    wait_for(lambda: not _up(standby), _LIMIT_S)
    seen = watched.until(lambda seen: _pair(seen).state is State.DEGRADED, _LIMIT_S)
    assert str(_pair(seen).cause) == "gw-k2 does not stand by: its keepalived does not run"
    standby.must(["systemctl", "start", "keepalived"])
    watched.until(lambda seen: _is_told(seen) and _pair(seen).state is State.UP, _LIMIT_S)


def test_a_line_that_dies_for_both_moves_the_tunnel_and_not_the_office(
    paired: Practice, echo: Echo, watched: Watching, wait_for: WaitFor
) -> None:
    wait_for(echo.answered, _LIMIT_S)
    works = next(paired.device(name) for name in ("gw-k", "gw-k2") if _works(paired.device(name)))
    # The ports of both gateways: neither has a carrier there any more.
    wires = paired.namespace_of("line-gw-k")
    namespace.batch(["link set p2 down", "link set p3 down"], wires)
    try:
        wait_for(lambda: not echo.answered(), _LIMIT_S)
        wait_for(echo.answered, _LIMIT_S)
        assert _works(works)
        seen = watched.until(lambda seen: _pair(seen).state is State.DEGRADED, _LIMIT_S)
        assert str(_pair(seen).cause).endswith("stands by without a line: k-line")
    finally:
        namespace.batch(["link set p2 up", "link set p3 up"], wires)


def test_two_that_do_not_hear_each_other_both_work_and_that_is_an_alarm(
    paired: Practice, watched: Watching, wait_for: WaitFor
) -> None:
    standby = paired.device("gw-k2")
    watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    deaf = "add table ip deaf; add chain ip deaf in { type filter hook prerouting priority -400; }; "
    standby.must(["nft", f"{deaf} add rule ip deaf in ip protocol 112 drop"])
    try:
        seen = watched.until(lambda seen: _pair(seen).state is State.DOWN, _LIMIT_S)
        assert str(_pair(seen).cause) == "gw-k and gw-k2 both hold the addresses they share"
    finally:
        standby.must(["nft", "delete table ip deaf"])
    watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    wait_for(lambda: [_works(paired.device(name)) for name in ("gw-k", "gw-k2")].count(True) == 1, _LIMIT_S)


def test_tunnels_are_called_anew_when_both_have_worked_for_a_moment(
    paired: Practice, echo: Echo, watched: Watching, wait_for: WaitFor
) -> None:
    watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    wait_for(echo.answered, _LIMIT_S)
    # Of two of the same priority the one with the higher address goes on.
    first, standby = paired.device("gw-k"), paired.device("gw-k2")
    if _works(standby):
        standby.must(["systemctl", "restart", "keepalived"])
        wait_for(lambda: _works(first) and echo.answered(), _LIMIT_S)
    first.must(["pkill", "-STOP", "keepalived"])
    try:
        wait_for(lambda: _works(standby) and _up(standby), _LIMIT_S)
    finally:
        first.must(["pkill", "-CONT", "keepalived"])
    wait_for(lambda: _works(first) and _stands_by(standby), _LIMIT_S)
    wait_for(echo.answered, _BEFORE_DPD_S)
    assert _up(first)
    wait_for(lambda: not _up(standby), _LIMIT_S)


def test_far_ends_are_called_by_a_charon_that_was_killed_and_begins_anew(
    paired: Practice, echo: Echo, wait_for: WaitFor
) -> None:
    wait_for(echo.answered, _LIMIT_S)
    works = next(paired.device(name) for name in ("gw-k", "gw-k2") if _works(paired.device(name)))
    time.sleep(CALLING_S)  # who has just begun to work calls anyway
    works.must(["pkill", "-KILL", "charon-systemd"])
    wait_for(lambda: not echo.answered(), _LIMIT_S)
    works.must(["systemctl", "start", "strongswan"])
    wait_for(echo.answered, _BEFORE_DPD_S)


def test_a_single_question_tells_how_the_two_stand(paired: Practice, watched: Watching) -> None:
    watched.until(lambda seen: _pair(seen).state is State.UP, _LIMIT_S)
    office = load(paired.paths.office).require()
    keys = read_keys(office, SecretStore(paired.paths.office))
    [probe] = (each for each in expected(office).probes if each.kind is ProbeKind.PAIR)
    manager = paired.namespace_of(office.network.manager)
    found = namespace.inside(manager, lambda: ask_probe(office, probe, keys))
    assert found.state is State.UP, found
    assert str(found.cause).endswith("stands by")
    assert found.received.count("ready") == 2


def _pair(seen: Watched) -> ProbeResult:
    return next(probe for probe in seen.probes if probe.kind is ProbeKind.PAIR)


def _is_told(seen: Watched) -> bool:
    """Whether tunnel and lines of the pair are known to be well, whoever works."""
    found = states(seen)
    return {found[name] for name in ("tunnel:k-b", "end:k-b/gw-k", "link:k-line", "link:k-second")} == {State.UP}
