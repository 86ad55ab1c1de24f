"""What may pass a gateway, held against the oracle's reading of the same flows."""

import datetime as dt
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load
from inventory.model import Office
from inventory.policy import Oracle
from monitor.compliance.grants import flow_grants
from monitor.compliance.spaces import (
    ICMP,
    TCP,
    UDP,
    V4,
    Fields,
    Grant,
    hosts,
    names,
    networks,
    numbers,
    told,
    uncovered,
)
from monitor.facts.space import EVERYTHING, Field, Ranges, Space

TODAY = dt.date(2026, 11, 21)
PILA = load(Path(__file__).parents[3] / "inventory/examples/pila").require()
ORACLE, GRANTS = Oracle(PILA, TODAY), flow_grants(PILA, TODAY)


def _edges(office: Office) -> list[int]:
    """Every address at which the meaning of an address can change, and its neighbours."""
    nets = [p.network for zone in office.zones for p in zone.prefixes] + list(office.prefixes)
    nets += [n for tunnel in office.tunnels for end in tunnel.ends for n in end.networks]
    alone = [d.address for d in office.devices if d.address] + [w.address for w in office.wans if w.address]
    alone += [a for channel in office.channels for end in channel.endpoints for a in end.pinned]
    nets += [IPv4Network(a) for a in alone] + [IPv4Network("100.64.0.0/10"), IPv4Network("224.0.0.0/3")]
    edges = {int(n.network_address) + d for n in nets for d in (-1, 0, 1)}
    return sorted(edges | {min(int(n.broadcast_address) + d, 2**32 - 1) for n in nets for d in (-1, 0, 1)})


addresses = st.one_of(st.sampled_from(_edges(PILA)), st.integers(0, 2**32 - 1))
services = st.one_of(
    st.tuples(
        st.sampled_from(["tcp", "udp"]), st.sampled_from([22, 53, 80, 123, 443, 445, 631, 3128, 6514, 9100, 4444])
    ),
    st.just(("icmp", 0)),
)


def _packet(source: int, target: int, protocol: str, port: int) -> Space:
    fields: Fields = {Field.FAMILY: V4, Field.SOURCE: numbers(source), Field.DESTINATION: numbers(target)}
    if protocol == "icmp":
        return Space({**fields, Field.PROTOCOL: ICMP, Field.ICMP_TYPE: numbers(8)})
    number = TCP if protocol == "tcp" else UDP
    return Space({**fields, Field.PROTOCOL: number, Field.DESTINATION_PORT: numbers(port)})


@given(addresses, addresses, services)
def test_a_packet_is_granted_exactly_when_the_oracle_allows_it(
    source: int, target: int, service: tuple[str, int]
) -> None:
    allowed = ORACLE.verdict(IPv4Address(source), IPv4Address(target), *service).allowed
    assert (uncovered(_packet(source, target, *service), GRANTS) is None) is allowed


def test_every_edge_of_a_zone_is_read_as_the_oracle_reads_it() -> None:
    for source in _edges(PILA)[::3]:
        for target in (int(IPv4Address("10.64.1.10")), int(IPv4Address("9.9.9.9")), int(IPv4Address("10.64.0.1"))):
            for service in (("udp", 53), ("udp", 123), ("tcp", 443)):
                allowed = ORACLE.verdict(IPv4Address(source), IPv4Address(target), *service).allowed
                assert (uncovered(_packet(source, target, *service), GRANTS) is None) is allowed


def _grant(source: str, port: int) -> Grant:
    fields = {Field.SOURCE: networks([IPv4Network(source)]), Field.PROTOCOL: TCP, Field.DESTINATION_PORT: numbers(port)}
    return Grant("test", Space(fields))


def test_what_is_left_of_a_space_is_what_no_grant_covers() -> None:
    asked = Space(
        {Field.SOURCE: networks([IPv4Network("10.0.0.0/23")]), Field.PROTOCOL: TCP, Field.DESTINATION_PORT: numbers(22)}
    )
    assert uncovered(asked, [_grant("10.0.0.0/24", 22), _grant("10.0.1.0/24", 22)]) is None
    left = uncovered(asked, [_grant("10.0.0.0/24", 22), _grant("10.0.1.0/24", 23)])
    assert left is not None
    assert told(left) == "10.0.1.0/24 > any, tcp 22"


def test_grants_that_touch_nothing_leave_the_space_as_it_was() -> None:
    asked = Space({Field.PROTOCOL: UDP})
    assert uncovered(asked, [_grant("10.0.0.0/24", 22)]) == asked


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (EVERYTHING, "any > any, any"),
        (Space({Field.SOURCE: hosts([IPv4Address("10.0.0.1")]), Field.PROTOCOL: ICMP}), "10.0.0.1 > any, icmp"),
        (
            Space({Field.DESTINATION: numbers(1, 3, 5, 7), Field.PROTOCOL: UDP, Field.SOURCE_PORT: numbers(67)}),
            "any > 0.0.0.1, 0.0.0.3, 0.0.0.5, …, udp 67",
        ),
        (
            Space(
                {Field.SOURCE: Ranges.of([(2, 5), (8, 30)]), Field.OUT_INTERFACE: names(["wan0"]), Field.PROTOCOL: TCP}
            ),
            "0.0.0.0/27~ > any (wan0), tcp",
        ),
    ],
)
def test_packets_are_told_in_few_words(space: Space, expected: str) -> None:
    assert told(space) == expected
