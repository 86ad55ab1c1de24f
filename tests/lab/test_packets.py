"""The configured office by real packets: the whole matrix, and what is seen on the lines."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest

from inventory.policy import Oracle
from lab import prober
from lab.capture import Capture, Recording, in_clear
from lab.matrix import Denial, Finding, Judgement, Outcome, Probe, Protocol, denials, judge, probes
from lab.peers import LOG_FILE
from lab.practice import Practice
from lab.topology import Node

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

WaitFor = Callable[[Callable[[], bool], float], None]
Tunnels = Callable[[Practice], set[str]]

TODAY = dt.datetime.now(dt.UTC).date()
PC, FILES = IPv4Address("10.64.19.254"), IPv4Address("10.64.1.11")
_ESP_IN_UDP, _ICMP = 4500, 1


def _heard(practice: Practice) -> frozenset[Denial]:
    log = practice.device("log-k").disk.path(LOG_FILE)
    return denials(log.read_text().splitlines()) if log.exists() else frozenset()


def _unlike(findings: Sequence[Finding]) -> list[str]:
    return [f"{f.judgement}: {f.result.probe}: {f.result.outcome}" for f in findings if f.judgement != "as_written"]


def test_every_cell_of_the_matrix_is_as_written(configured: Practice, wait_for: WaitFor) -> None:
    sent = probes(configured.office, configured.topology, TODAY)
    wait_for(lambda: _logs_arrive(configured), 30)
    results = prober.run(configured.topology, configured.paths.prefix, sent)
    limit = time.monotonic() + 60
    while _unlike(findings := judge(results, _heard(configured))) and time.monotonic() < limit:
        time.sleep(0.5)
    assert _unlike(findings) == []
    assert {finding.judgement for finding in findings} == {Judgement.AS_WRITTEN}


def _logs_arrive(practice: Practice) -> bool:
    """Whether the log server hears every gateway: their queues fill while the tunnels come up."""
    log = practice.device("log-k").disk.path(LOG_FILE)
    text = log.read_text() if log.exists() else ""
    return all(f" {gateway.name} " in text for gateway in practice.gateways)


@contextmanager
def _lines(practice: Practice) -> Iterator[list[Capture]]:
    """Records every line of the office at its provider's end."""
    names = [interface.name for interface in practice.topology.node("internet").interfaces if interface.name[0] == "w"]
    captures = [Capture(practice.namespace_of("internet"), name) for name in names]
    for capture in captures:
        capture.__enter__()
    yield captures


def _inner(practice: Practice) -> list[IPv4Network | IPv6Network]:
    inside = [node for node in practice.topology.nodes if node.zone]
    six = {address.network for node in inside for address in node.addresses6}
    far = [network for tunnel in practice.office.tunnels for end in tunnel.ends for network in end.networks]
    return [*practice.office.prefixes, *far, *six]


def _knock(practice: Practice) -> list[Outcome]:
    """What is allowed through a tunnel, and the same in IPv6, from hosts of every building."""
    sent = [probe for probe in probes(practice.office, practice.topology, TODAY) if _crosses_buildings(practice, probe)]
    chosen = [probe for probe in sent if probe.allowed][:40] + [probe for probe in sent if probe.source.version == 6][
        :40
    ]
    pace = prober.Pace(patience_s=0.5)
    return [result.outcome for result in prober.run(practice.topology, practice.paths.prefix, chosen, pace)]


def _crosses_buildings(practice: Practice, probe: Probe) -> bool:
    there = next((node for node in practice.topology.nodes if _holds(node, probe.destination)), None)
    here = practice.topology.node(probe.node)
    return there is not None and "" not in {here.building, there.building} and here.building != there.building


def _holds(node: Node, address: IPv4Address | IPv6Address) -> bool:
    return address in node.addresses or address in {own.ip for own in node.addresses6}


def _assert_nothing_in_clear(practice: Practice, recordings: Sequence[Recording]) -> None:
    assert [recording.lost for recording in recordings] == [0] * len(recordings)
    assert [shown for recording in recordings for shown in in_clear(recording.packets, _inner(practice))] == []


def test_a_packet_in_clear_would_be_seen(configured: Practice) -> None:
    """The control: a stranger's packet to an inner address, which its provider does carry to the gateway."""
    with _lines(configured) as captures:
        web = configured.topology.node("web").addresses[0]
        (result,) = prober.run(configured.topology, configured.paths.prefix, [Probe("web", web, PC, Protocol.UDP, 9)])
        time.sleep(0.3)
        recordings = [capture.stop() for capture in captures]
    assert result.outcome is Outcome.SILENT
    assert any(in_clear(recording.packets, _inner(configured)) for recording in recordings)


def test_a_computer_to_a_server_is_seen_as_esp_only(configured: Practice) -> None:
    assert Oracle(configured.office, TODAY).verdict(PC, FILES, "tcp", 445).allowed
    with _lines(configured) as captures:
        probe = Probe("host-ps-b", PC, FILES, Protocol.TCP, 445, "office-files")
        (result,) = prober.run(configured.topology, configured.paths.prefix, [probe])
        time.sleep(0.3)
        recordings = [capture.stop() for capture in captures]
    assert result.outcome is Outcome.ANSWERED
    _assert_nothing_in_clear(configured, recordings)
    gateways = {IPv4Address("203.0.113.10"), IPv4Address("198.51.100.20")}
    between = [p for recording in recordings for p in recording.packets if {p.source, p.destination} == gateways]
    assert between
    # Besides, each gateway asks now and then whether the other's line is alive.
    assert {(p.protocol, p.destination_port) for p in between} - {(_ICMP, 0)} == {(17, _ESP_IN_UDP)}


@pytest.mark.parametrize("how", ["torn down", "killed"])
def test_without_a_tunnel_no_inner_address_is_seen_on_a_line(
    configured: Practice, how: str, tunnels: Tunnels, wait_for: WaitFor
) -> None:
    spoke = configured.device("gw-b")
    with _lines(configured) as captures:
        if how == "killed":
            spoke.must(["sh", "-c", "kill -9 $(cat /run/fosa-lab/strongswan.pid)"])
        else:
            # The keeper of tunnels would open it again at once.
            spoke.must(["sh", "-c", "pkill -STOP -x tunnels; swanctl --terminate --ike k-b"])
        outcomes = _knock(configured)
        time.sleep(0.3)
        recordings = [capture.stop() for capture in captures]
    spoke.must(["sh", "-c", "pkill -CONT -x tunnels; systemctl start strongswan"])
    assert Outcome.SILENT in outcomes or Outcome.UNREACHABLE in outcomes
    _assert_nothing_in_clear(configured, recordings)
    wait_for(lambda: "k-b" in tunnels(configured), 40)
