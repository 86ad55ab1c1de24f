"""The watch of a whole office, while its tunnels are cut in every way there is and come back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest

from inventory.load import load
from inventory.secrets import SecretStore
from lab.namespace import inside
from lab.practice import Practice, enter_namespace
from monitor.once import read_once
from monitor.results import Reason, State, Watched
from monitor.watch import Keys, read_keys
from tests.monitor.watching import Watching, console, end, internet, states, tunnel, watching
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
    assert len(states(seen)) == 3 + 5 + 3 + 3
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


def test_a_peer_that_stops_is_told_by_an_event(watched: Watching, office: Practice) -> None:
    console(office, _B, "systemctl stop strongswan")
    seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
    assert tunnel(seen, "k-b").reason in {Reason.NO_SA, Reason.FAR_END_SILENT, Reason.NO_ANSWER}
    assert tunnel(seen, "k-c").state is _UP
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
    with _line_down(office, "gw-b"):
        seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
        assert tunnel(seen, "k-c").state is _UP
        seen = watched.until(lambda now: states(now)["device:gw-b"] is _UNKNOWN)
        assert states(seen)["link:b-isp1"] is _UNKNOWN, "who would tell cannot be reached"


def test_the_hubs_line_is_seen_to_have_no_carrier(watched: Watching, office: Practice) -> None:
    with _line_down(office, "gw-k"):
        seen = watched.until(lambda now: states(now)["link:k-isp1"] is _DOWN)
        assert next(link.reason for link in seen.links if link.link == "k-isp1") is Reason.NO_CARRIER
        watched.until(lambda now: {tunnel(now, name).state for name in ("k-b", "k-c")} == {_DOWN})


def test_a_black_hole_for_udp_4500_is_seen(watched: Watching, office: Practice, state: Path) -> None:
    with _rules(office, state, _HOLE):
        seen = watched.until(lambda now: tunnel(now, "k-b").state is _DOWN)
        assert tunnel(seen, "k-b").reason is Reason.FAR_END_SILENT
        assert tunnel(seen, "k-c").state is _UP


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
        assert (tunnel(seen, "k-b").state, end(seen, "k-b", "gw-k").state) == (_UP, _UP)
        console(office, _B, "systemctl start ssh")
        watched.well()
    assert {(before, after) for _subject, before, after in noted} == {(_UP, _UNKNOWN), (_UNKNOWN, _UP)}
    assert "tunnel:k-b" not in {subject for subject, _before, _after in noted}


def test_a_management_that_swallows_everything_is_noticed_too(watched: Watching, office: Practice) -> None:
    console(office, _B, "nft insert rule inet fosa input tcp dport 22 drop")
    seen = watched.until(lambda now: end(now, "k-b", _B).state is _UNKNOWN)
    assert tunnel(seen, "k-b").state is _UP
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
        assert tunnel(seen, "k-b").state is _UP, "the probe proves it all the same"
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
    assert reasons == {"gw-k": Reason.PROVEN, _B: Reason.REFUSED, "gw-c": Reason.REFUSED}
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
    plug = office.topology.opposite(gateway, wan.interface or "")
    assert plug is not None
    routes = internet(office, "route", "show", "dev", plug.interface)
    internet(office, "link", "set", plug.interface, "down")
    try:
        yield
    finally:
        internet(office, "link", "set", plug.interface, "up")
        for route in routes.splitlines():
            internet(office, "route", "replace", *route.split(), "dev", plug.interface)


@contextmanager
def _rules(office: Practice, state: Path, text: str) -> Iterator[None]:
    """Packet filter rules at the provider."""
    argv = enter_namespace(office.namespace_of("internet"), as_installed(state, ["nft", "-f", "-"]))
    subprocess.run(argv, input=text, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(argv, input="flush ruleset", text=True, check=True)
