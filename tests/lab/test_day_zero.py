"""After day 0: tunnels stand, and the manager reaches every gateway through them, nobody else anything."""

import subprocess
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address

import pytest

from inventory.load import load
from lab import prober
from lab.matrix import Outcome, Probe, Protocol
from lab.practice import Practice

pytestmark = pytest.mark.lab


def _reach(practice: Practice, nodes: Sequence[str], addresses: Sequence[str]) -> dict[tuple[str, str], Outcome]:
    """What becomes of an SSH connection from each of the hosts to each of the addresses."""
    # "allowed" only gives a probe more patience; no listener of the lab stands in the way of a gateway's own sshd.
    sent = [
        Probe(node, practice.topology.node(node).addresses[0], IPv4Address(address), Protocol.TCP, 22, "try")
        for node in nodes
        for address in addresses
    ]
    results = prober.run(practice.topology, practice.paths.prefix, sent, prober.Pace(patience_s=1.0))
    return {(result.probe.node, str(result.probe.destination)): result.outcome for result in results}


def test_the_tunnels_stand_in_seconds(
    fresh: Practice, tunnels: Callable[[Practice], set[str]], wait_for: Callable[[Callable[[], bool], float], None]
) -> None:
    wait_for(lambda: tunnels(fresh) >= {"k-b", "k-c", "k-platform"}, 15)


def test_the_manager_reaches_every_gateway(fresh: Practice) -> None:
    reached = _reach(fresh, ["adm-k"], ["10.64.0.2", "10.64.0.3", "10.64.16.1", "10.64.32.1"])
    assert set(reached.values()) == {Outcome.ANSWERED}, reached


def test_nobody_else_reaches_one(fresh: Practice) -> None:
    hosts = ("host-mgmt-k", "host-mgmt-b", "host-ps-b", "web")
    reached = _reach(fresh, hosts, ("10.64.0.1", "10.64.16.1", "198.51.100.20", "203.0.113.10"))
    assert set(reached.values()) <= {Outcome.SILENT, Outcome.UNREACHABLE}, reached


def test_the_lab_writes_down_how_each_gateway_is_reached(fresh: Practice) -> None:
    office = load(fresh.paths.office).require()
    for device in fresh.office.gateways:
        access = office.access_to(device.name)
        assert access is not None
        assert (access.read.user, access.write.user) == ("fosa-read", "fosa-write")
        assert access.read.address == device.address
        assert access.read.host_key == access.write.host_key
    assert all(path.stat().st_mode & 0o077 == 0 for path in (fresh.paths.office / "secrets").iterdir())


def test_the_manager_asks_through_the_tunnel_with_the_pinned_key(fresh: Practice) -> None:
    office = load(fresh.paths.office).require()
    access = office.access_to("gw-b")
    assert access is not None
    known = fresh.paths.folder / "known_hosts"
    known.write_text(f"{access.read.address} {access.read.host_key}\n")
    key = fresh.paths.office / access.read.key.removeprefix("file:")
    argv = ["ssh", "-F", "/dev/null", "-i", str(key), "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes"]
    asked = subprocess.run(
        fresh.manager_command([*argv, f"{access.read.user}@{access.read.address}", "status"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert '"ok": true' in asked.stdout, asked.stderr


def test_the_time_sources_tell_the_time(fresh: Practice) -> None:
    source = IPv4Address("192.0.2.80")
    sent = [Probe("channel-csizs-1", source, IPv4Address(f"192.0.2.{n}"), Protocol.UDP, 123, "try") for n in (123, 124)]
    results = prober.run(fresh.topology, fresh.paths.prefix, sent)
    assert [result.outcome for result in results] == [Outcome.ANSWERED] * 2
