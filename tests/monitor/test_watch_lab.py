"""The watch of a whole office, while its tunnels are cut in every way there is and come back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import asyncssh
import pytest

from inventory.load import load
from inventory.pairs import pair_of
from inventory.secrets import SecretStore
from lab.namespace import inside
from lab.practice import Practice, enter_namespace
from lab.topology import Plug
from monitor.once import read_once
from monitor.peers import seen_from_afar
from monitor.probes import ntp, public_address
from monitor.probes.base import Outcome
from monitor.results import ProbeKind, Reason, State, Watched
from monitor.watch import Keys, read_keys
from tests.monitor.probes.listeners import answered
from tests.monitor.watching import Watching, console, end, states, tunnel, watching
from tests.unpacked import as_installed

pytestmark = [pytest.mark.lab, pytest.mark.timeout(120)]

_KILL = 'kill -{signal} "$(cat /run/fosa-lab/strongswan.pid)"'
_START = "systemctl start strongswan"
_B, _UP, _DOWN, _UNKNOWN = "gw-b", State.UP, State.DOWN, State.UNKNOWN


@pytest.fixture(scope="module")
def watched(configured: Practice) -> Iterator[Watching]:
    with watching(configured) as one:
        yield one


@pytest.fixture
def office(configured: Practice, watched: Watching) -> Iterator[Practice]:
    """The office with everything up; whatever a test breaks it mends, and then it is well again."""
    yield configured
    watched.well()


def test_everything_expected_is_read_from_both_ends(watched: Watching, office: Practice) -> None:
    seen = watched.well()
    assert len(states(seen)) == 3 + 5 + 5 + 4
    assert [tunnel.differences for tunnel in seen.tunnels] == [(), (), ()]
    here, there = (end(seen, "k-b", device).sa for device in ("gw-k", _B))
    assert here is not None
    assert there is not None
    assert (here.local_networks, here.remote_networks) == (there.remote_networks, there.local_networks)
    assert here.ike is not None
    assert here.ike.proposal == "aes256gcm16-prfsha384-ecp384"
    probe = tunnel(seen, "k-b").probe
    assert probe is not None
    assert probe.target == "10.64.16.1"
    counted = watched.until(lambda now: _received(now) > here.received_bytes)
    assert counted.problems == ()


def test_packets_of_the_expected_length_go_through_each_tunnel(watched: Watching, office: Practice) -> None:
    def found(now: Watched) -> dict[str, list[float]]:
        through = [probe for probe in now.probes if probe.kind is ProbeKind.PATH_MTU and probe.state is _UP]
        return {probe.name: [one.value for one in probe.measured] for probe in through}

    # What charon's TUN carries, and the near gateway says so.
    wanted = {"path-mtu:k-b": [1400.0], "path-mtu:k-c": [1400.0]}
    watched.until(lambda now: found(now) == wanted, 90)
    assert watched.watch is not None
    exchanges = watched.watch.exchanges("path-mtu:k-b")
    assert exchanges is not None
    assert "one byte more: told by 10.64.0.2 (MTU 1400)" in exchanges[0][0].received


def test_clocks_agree_and_each_line_comes_from_its_address(office: Practice) -> None:
    there = load(office.paths.office).require()
    secrets = read_keys(there, SecretStore(office.paths.office)).probes
    lines = [line for line in public_address.PROBE.targets(there) if line.name.endswith("isp1")]
    questions: list[Callable[[], Awaitable[Outcome]]] = [partial(seen_from_afar, line, secrets) for line in lines]
    questions += [partial(answered, ntp.PROBE, clock) for clock in ntp.PROBE.targets(there)]
    assert len(questions) == 3 + 5

    async def well() -> None:
        for ask in questions:
            while (await ask()).state is not _UP:
                await asyncio.sleep(0.5)  # a gateway's clock may not be set yet

    inside(office.namespace_of("adm-k"), lambda: asyncio.run(asyncio.wait_for(well(), 60)))


def test_a_peer_that_stops_is_told_by_an_event(watched: Watching, office: Practice) -> None:
    console(office, _B, "systemctl stop strongswan")
    seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
    assert tunnel(seen, "k-b").reason in {Reason.NO_SA, Reason.FAR_END_SILENT, Reason.NO_ANSWER}
    assert tunnel(seen, "k-c").state.works
    watched.until(lambda now: end(now, "k-b", "gw-k").reason is Reason.NO_SA)
    console(office, _B, _START)


def test_a_peer_that_is_killed_is_seen_by_the_probe(watched: Watching, office: Practice) -> None:
    console(office, _B, _KILL.format(signal=9))
    seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
    assert tunnel(seen, "k-b").reason is Reason.FAR_END_SILENT, "the other end does not know yet"
    assert end(seen, "k-b", "gw-k").state is _UP
    watched.until(lambda now: end(now, "k-b", _B).state is _UNKNOWN)
    console(office, _B, _START)


def test_our_own_charon_killed_says_nothing_and_stays_unknown(watched: Watching, office: Practice) -> None:
    console(office, "gw-k", _KILL.format(signal=9))
    seen = watched.until(lambda now: end(now, "k-platform", "gw-k").reason is Reason.DAEMON_SILENT)
    assert (tunnel(seen, "k-platform").state, tunnel(seen, "k-platform").reason) == (_UNKNOWN, Reason.DAEMON_SILENT)
    assert states(seen)["device:gw-k"] is _UP
    for gateway in ("gw-k", "gw-b", "gw-c"):
        # The other two do not know yet that the hub has forgotten them.
        console(office, gateway, "systemctl restart strongswan")


def test_a_charon_that_hangs_is_silent(watched: Watching, office: Practice) -> None:
    console(office, "gw-k", _KILL.format(signal="STOP"))
    seen = watched.until(lambda now: end(now, "k-platform", "gw-k").reason is Reason.DAEMON_SILENT)
    assert tunnel(seen, "k-b").state is _DOWN
    console(office, "gw-k", _KILL.format(signal="CONT"))


def test_a_line_that_goes_takes_its_tunnels_and_its_gateway(watched: Watching, office: Practice) -> None:
    with _line_down(office, "gw-c"):
        seen = watched.until(lambda now: tunnel(now, "k-c").state is _DOWN)
        assert tunnel(seen, "k-b").state.works
        seen = watched.until(lambda now: states(now)["device:gw-c"] is _UNKNOWN)
        assert states(seen)["link:c-isp1"] is _UNKNOWN, "who would tell cannot be reached"


def test_the_hubs_line_is_seen_to_have_no_carrier(watched: Watching, office: Practice) -> None:
    with _line_down(office, "gw-k"):
        seen = watched.until(lambda now: states(now)["link:k-isp1"] is _DOWN)
        assert next(link.reason for link in seen.links if link.link == "k-isp1") is Reason.NO_CARRIER
        watched.until(lambda now: {tunnel(now, name).state for name in ("k-b", "k-c")} == {_DOWN})


def test_a_tunnel_moves_to_the_second_line_and_back(watched: Watching, office: Practice) -> None:
    assert states(watched.well())["link:b-lte"] is _UP, "known before it is needed"
    with _line_down(office, "gw-b"):
        watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
        seen = watched.until(lambda now: tunnel(now, "k-b").state.works)
        assert end(seen, "k-b", "gw-k").state is _UP
        assert "default via 198.51.100.129 dev wan1 metric 50" in console(office, _B, "ip route show default")
        watched.until(lambda now: states(now)["link:b-isp1"] is _DOWN)
    back = "198.51.100.20[4500]"
    limit = time.monotonic() + 30
    while back not in console(office, _B, "swanctl --list-sas --ike k-b"):
        assert time.monotonic() < limit, "it does not come back"
        time.sleep(0.5)


def test_a_second_line_that_nobody_answers_through_is_down_before_it_is_needed(
    watched: Watching, office: Practice
) -> None:
    console(office, "gw-k", "nft insert rule inet fosa output oifname wan1 icmp type echo-request drop")
    seen = watched.until(lambda now: states(now)["link:k-isp2"] is _DOWN)
    assert next(link.reason for link in seen.links if link.link == "k-isp2") is Reason.NO_WAY
    assert tunnel(seen, "k-b").state.works
    console(office, "gw-k", "nft -f /etc/nftables.conf")


def test_a_black_hole_for_udp_4500_is_seen(watched: Watching, office: Practice, state: Path) -> None:
    with _rules(office, state, _HOLE):
        seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
        assert tunnel(seen, "k-b").reason is Reason.FAR_END_SILENT
        assert tunnel(seen, "k-c").state.works


_HOLE = """
table ip hole {
  chain forward {
    type filter hook forward priority 0
    ip daddr 198.51.100.20 udp dport 4500 drop
  }
}
"""


def test_a_lost_management_leaves_the_tunnel_up(watched: Watching, office: Practice) -> None:
    with watched.noting() as noted:
        console(office, _B, "systemctl stop ssh; kill -9 $(pidof sshd)")
        seen = watched.until(lambda now: end(now, "k-b", _B).reason is Reason.UNREACHABLE)
        assert (tunnel(seen, "k-b").state.works, end(seen, "k-b", "gw-k").state) == (True, _UP)
        console(office, _B, "systemctl start ssh")
        watched.well()
    assert {(before, after) for _subject, before, after in noted} == {(_UP, _UNKNOWN), (_UNKNOWN, _UP)}
    assert "tunnel:k-b" not in {subject for subject, _before, _after in noted}


def test_a_management_that_swallows_everything_is_noticed_too(watched: Watching, office: Practice) -> None:
    console(office, _B, "nft insert rule inet fosa input tcp dport 22 drop")
    seen = watched.until(lambda now: end(now, "k-b", _B).state is _UNKNOWN)
    assert tunnel(seen, "k-b").state.works
    watched.until(lambda now: end(now, "k-b", _B).reason is Reason.UNREACHABLE)
    console(office, _B, "nft -f /etc/nftables.conf")


def test_a_killed_relay_is_only_a_pause(watched: Watching, office: Practice) -> None:
    with watched.noting() as noted:
        console(office, _B, "pkill -9 -f 'gate read vici'")
        begun = watched.well().round
        watched.until(lambda now: now.round > begun + 4)
    assert noted == []


def test_garbage_on_vici_is_called_so(watched: Watching, office: Practice) -> None:
    console(office, _B, "mv /run/charon.vici /run/charon.real")
    garbage = office.device(_B).enter(["python3", "-I", "-c", _BABBLE])
    with subprocess.Popen(garbage) as babble:
        console(office, _B, "pkill -9 -f 'gate read vici'")
        seen = watched.until(lambda now: end(now, "k-b", _B).reason is Reason.NONSENSE)
        assert tunnel(seen, "k-b").state.works, "the probe proves it all the same"
        assert states(seen)["device:gw-b"] is _UP
        babble.kill()
    console(office, _B, "mv /run/charon.real /run/charon.vici")


_BABBLE = """
import socket
with socket.socket(socket.AF_UNIX) as server:
    server.bind("/run/charon.vici")
    server.listen()
    while True:
        client, _ = server.accept()
        client.recv(4096)
        client.sendall(b"\\x00\\x00\\x00\\x04\\x01\\x09\\x09\\x09")
"""


def test_rekeyings_are_counted_and_nothing_is_alarmed(watched: Watching, office: Practice) -> None:
    before = end(watched.well(), "k-c", "gw-k").sa
    assert before is not None
    with watched.noting() as noted:
        console(office, "gw-k", "swanctl --rekey --child k-c; swanctl --rekey --ike k-c")
        seen = watched.until(lambda now: (sa := end(now, "k-c", "gw-k").sa) is not None and sa.ike_rekeys > 0)
        watched.until(lambda now: now.round > seen.round + 3)
    after = end(watched.well(), "k-c", "gw-k").sa
    assert after is not None
    assert (after.child_rekeys - before.child_rekeys, after.ike_rekeys - before.ike_rekeys) == (1, 1)
    assert after.received_bytes > before.received_bytes
    assert after.child is not None
    assert after.child.group == "ecp384"
    assert noted == []


def test_no_counter_ever_went_back(watched: Watching) -> None:
    last: dict[tuple[str, str], int] = {}
    for _at, seen in watched.pictures:
        for one in seen.tunnels:
            for place in one.ends:
                if place.sa is not None:
                    assert place.sa.received_bytes >= last.get((one.tunnel, place.device), 0)
                    last[one.tunnel, place.device] = place.sa.received_bytes


def test_the_probes_debug_exchanges_are_kept(watched: Watching) -> None:
    assert watched.watch is not None
    exchanges = watched.watch.exchanges("k-b")
    assert exchanges is not None
    last, failures = exchanges
    assert len(last) == 20
    assert last[0].received.startswith("echo reply from 10.64.16.1")
    assert failures


@pytest.mark.parametrize(("cut", "code"), [("", 0), (_KILL.format(signal=9), 2)], ids=["well", "cut"])
def test_the_command_reads_everything_once(watched: Watching, office: Practice, cut: str, code: int) -> None:
    console(office, _B, cut)
    done = _fosa(office, "watch", "--once", "--json")
    assert done.returncode == code, done.stderr
    seen = Watched.model_validate_json(done.stdout)
    assert tunnel(seen, "k-b").state is (_DOWN if cut else _UP)
    assert [end.reason for end in tunnel(seen, "k-c").ends] == [Reason.PROVEN] * 2
    console(office, _B, _START)


def test_the_command_ends_with_4_where_no_gateway_can_be_reached(office: Practice) -> None:
    done = _fosa(office, "watch", "--once", node="web")
    assert (done.returncode, done.stderr) == (4, "")
    assert "cannot be reached" in done.stdout


def test_a_gateway_that_is_not_the_pinned_one_is_refused(office: Practice) -> None:
    there = load(office.paths.office).require()
    logins = {access.device: access.read for access in there.access}
    stranger = logins[_B].model_copy(update={"host_key": logins["gw-c"].host_key})
    access = tuple(one.model_copy(update={"read": stranger}) if one.device == _B else one for one in there.access)
    keys = read_keys(there, SecretStore(office.paths.office))
    wrong = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    keys = Keys({**keys.texts, "gw-c": wrong})
    seen = inside(office.namespace_of("adm-k"), lambda: read_once(there.model_copy(update={"access": access}), keys))
    reasons = {device.device: device.reason for device in seen.devices}
    assert reasons == {"gw-k": Reason.PROVEN, "gw-k2": Reason.PROVEN, _B: Reason.REFUSED, "gw-c": Reason.REFUSED}
    assert {tunnel.state for tunnel in seen.tunnels} == {_UP}


def _fosa(office: Practice, *words: str, node: str = "adm-k") -> subprocess.CompletedProcess[str]:
    """fosa, as run on a host of the office."""
    program = [sys.executable, "-c", "from api.cli import main; main()", *words]
    environ = {**os.environ, "FOSA_INVENTORY": str(office.paths.office), "FOSA_LANG": "en"}
    argv = enter_namespace(office.namespace_of(node), program)
    return subprocess.run(argv, env=environ, capture_output=True, text=True, check=False, timeout=60)


def _received(seen: Watched) -> int:
    sa = end(seen, "k-b", "gw-k").sa
    return 0 if sa is None else sa.received_bytes


@contextmanager
def _line_down(office: Practice, gateway: str) -> Iterator[None]:
    """Pull the line of a gateway out at its provider's side."""
    wan = next(wan for wan in office.office.wans if wan.device == gateway)
    # Of two gateways at one line both, or the other one would take over.
    pair = pair_of(office.office, gateway)
    found = (office.topology.opposite(name, wan.interface or "") for name in (pair.names if pair else (gateway,)))
    plugs = [plug for plug in found if plug is not None]
    assert plugs
    routes = {plug: _ip(office, plug, "route", "show", "dev", plug.interface) for plug in plugs}
    for plug in plugs:
        _ip(office, plug, "link", "set", plug.interface, "down")
    try:
        yield
    finally:
        for plug in plugs:
            _ip(office, plug, "link", "set", plug.interface, "up")
            for route in routes[plug].splitlines():
                _ip(office, plug, "route", "replace", *route.split(), "dev", plug.interface)


def _ip(office: Practice, plug: Plug, *words: str) -> str:
    """What `ip` says where a cable ends."""
    argv = ["ip", "-n", office.namespace_of(plug.node), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


@contextmanager
def _rules(office: Practice, state: Path, text: str) -> Iterator[None]:
    """Packet filter rules at the provider."""
    argv = enter_namespace(office.namespace_of("internet"), as_installed(state, ["nft", "-f", "-"]))
    subprocess.run(argv, input=text, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(argv, input="flush ruleset", text=True, check=True)
