"""What probes are sent, and what their results are worth."""

import datetime as dt
from ipaddress import ip_address
from pathlib import Path

import pytest

from inventory.load import load
from inventory.policy import unrendered
from lab.matrix import Denial, Judgement, Outcome, Probe, Protocol, Result, denials, judge, probes
from lab.plan import topology_of

TODAY = dt.date(2026, 11, 22)
PC, SERVER = ip_address("10.64.19.254"), ip_address("10.64.1.10")
_OUTSIDE = {"lines-from-outside"}
"""What it lets out is refused at the other end, unless it is IKE: there is nobody to answer."""


def test_every_rendered_flow_is_sampled_and_every_cell_is_denied_something(pila: Path) -> None:
    office = load(pila).require()
    topology = topology_of(office)
    sent = probes(office, topology, TODAY)
    listed = {flow.name for flow, _reason in unrendered(office, TODAY)}
    assert {probe.flow for probe in sent if probe.allowed} == {flow.name for flow in office.flows} - listed - _OUTSIDE
    cells = {(probe.source, probe.destination) for probe in sent}
    denied = {(probe.source, probe.destination) for probe in sent if not probe.allowed}
    assert denied == cells
    assert any(probe.source.version == 6 for probe in sent)
    assert not any(probe.allowed for probe in sent if probe.source.version == 6)


@pytest.mark.parametrize(
    ("flow", "outcome", "heard", "judgement"),
    [
        ("office-directory", Outcome.ANSWERED, False, Judgement.AS_WRITTEN),
        ("office-directory", Outcome.REFUSED, False, Judgement.AS_WRITTEN),
        ("office-directory", Outcome.SILENT, False, Judgement.BLOCKED),
        ("office-directory", Outcome.UNREACHABLE, False, Judgement.BLOCKED),
        ("", Outcome.SILENT, True, Judgement.AS_WRITTEN),
        ("", Outcome.UNREACHABLE, True, Judgement.AS_WRITTEN),
        ("", Outcome.SILENT, False, Judgement.UNLOGGED),
        ("", Outcome.ANSWERED, True, Judgement.LEAK),
        ("", Outcome.REFUSED, False, Judgement.LEAK),
    ],
)
def test_a_result_is_judged(flow: str, outcome: Outcome, heard: bool, judgement: Judgement) -> None:
    probe = Probe("host-ps-b", PC, SERVER, Protocol.TCP, 445, flow)
    log = frozenset({Denial(PC, SERVER, "tcp", 445)}) if heard else frozenset()
    (finding,) = judge([Result(probe, outcome)], log)
    assert finding.judgement is judgement


@pytest.mark.parametrize(
    ("line", "denial"),
    [
        (
            "2026-11-22T01:08:23+00:00 gw-b ulogd[101] fosa deny ps>srv  IN=vlan30 OUT= MAC=02:f0 SRC=10.64.19.254 "
            "DST=10.64.1.10 LEN=60 TTL=63 ID=1 DF PROTO=TCP SPT=40000 DPT=445 SEQ=1 ACK=0 SYN URGP=0",
            Denial(PC, SERVER, "tcp", 445),
        ),
        (
            "x fosa deny ps>srv  IN=vlan30 OUT= MAC= SRC=10.64.19.254 DST=10.64.1.10 LEN=60 PROTO=ICMP TYPE=8 ID=3",
            Denial(PC, SERVER, "icmp", 0),
        ),
        (
            "x fosa deny ps>ipv6  IN=vlan30 OUT= MAC= SRC=fd64::1 DST=fd64::2 LEN=80 PROTO=TCP SPT=1 DPT=4444 SYN",
            Denial(ip_address("fd64::1"), ip_address("fd64::2"), "tcp", 4444),
        ),
        ("x fosa flow office-files  IN=vlan30 SRC=10.64.19.254 DST=10.64.1.11 PROTO=TCP SPT=1 DPT=445", None),
        ("x sshd[1] Server listening", None),
    ],
)
def test_a_denied_packet_is_read_from_the_log(line: str, denial: Denial | None) -> None:
    assert denials([line]) == (frozenset() if denial is None else {denial})
