"""The oracle: what the flows of a small office allow, read plainly."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.policy import Oracle, unrendered
from tests.inventory.offices import TODAY, broken, office_in

FLOWS = """flows:
  - {name: time, from: [gateways], to: [internet], services: [ntp], owner: A, purpose: Time}
  - {name: web, from: ["zone:pc@b"], to: [internet], services: [https], owner: A, purpose: Web}
  - {name: old, from: ["zone:pc"], to: [internet], services: [ssh], owner: A, purpose: Old, until: 2027-02-28}
  - {name: last-day, from: ["zone:pc"], to: ["zone:srv"], services: [echo], owner: A, purpose: P, until: 2027-03-01}
  - {name: unknown, from: ["zone:pc"], to: ["zone:srv"], services: [ssh, vendor], owner: A, purpose: Vendor}
  - {name: unpinned, from: ["zone:pc"], to: ["channel:csizs", "channel:mzt"], services: [ssh], owner: A, purpose: P}
  - {name: look, from: ["device:adm"], to: [lines], services: [https], owner: A, purpose: Lines from outside}
  - {name: range, from: ["device:adm"], to: ["device:gw-b"], services: [many], owner: A, purpose: Ports}
"""
SERVICES = """services:
  - {name: ntp, ports: [udp/123]}
  - {name: echo, ports: [icmp/echo]}
  - {name: many, ports: [udp/5000-5010, tcp/80]}
  - {name: vendor}
"""
CHANNEL = """channels:
  - {name: mzt, title: M, kind: https_wss, confidence: unknown, source: N, endpoints: [{name: m.example, port: 443}]}
"""
TEXT = (
    broken("flows:\n", FLOWS)
    .replace("services:\n  -", f"{SERVICES}  -", 1)
    .replace("channels:\n", CHANNEL)
    .replace(
        "tunnels:\n",
        """tunnels:
  - name: far
    ends:
      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}
      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}
""",
    )
)


@pytest.mark.parametrize(
    ("source", "destination", "port", "flow"),
    [
        ("10.8.3.10", "10.8.1.30", "tcp/443", "portal"),
        ("10.8.19.10", "10.8.1.30", "tcp/443", "portal"),
        ("10.8.19.10", "10.8.1.30", "udp/443", None),
        ("10.8.19.10", "10.8.1.30", "tcp/444", None),
        ("10.8.19.10", "10.8.1.20", "tcp/443", None),
        ("10.8.1.30", "10.8.19.10", "tcp/443", None),
        # A gateway is not part of the zone it stands in.
        ("10.8.19.1", "10.8.1.30", "tcp/443", None),
        ("10.8.3.10", "10.8.1.1", "icmp/0", None),
        ("10.8.3.10", "10.8.1.20", "icmp/0", "last-day"),
        # Gateways: as destinations only inside, as sources everywhere.
        ("10.8.0.10", "10.8.16.1", "tcp/22", "admin"),
        ("10.8.0.10", "10.8.1.1", "tcp/22", "admin"),
        ("10.8.0.10", "198.51.100.2", "tcp/22", None),
        ("203.0.113.2", "192.0.2.1", "udp/123", "time"),
        ("10.8.0.1", "192.0.2.1", "udp/123", "time"),
        # A channel is its pinned addresses, from the building that is named.
        ("10.8.1.30", "192.0.2.80", "tcp/443", "platform"),
        ("10.8.1.30", "192.0.2.81", "tcp/443", None),
        # The internet is what is neither inside, nor private, nor behind a tunnel, nor a platform, nor a line of ours.
        ("10.8.19.10", "192.0.2.200", "tcp/443", "web"),
        ("10.8.3.10", "192.0.2.200", "tcp/443", None),
        ("10.8.19.10", "192.0.2.80", "tcp/443", None),
        ("10.8.19.10", "192.0.2.100", "tcp/443", None),
        ("10.8.19.10", "203.0.113.2", "tcp/443", None),
        ("10.8.19.10", "172.16.0.1", "tcp/443", None),
        ("10.8.19.10", "10.9.0.1", "tcp/443", None),
        ("10.8.19.10", "224.0.0.1", "tcp/443", None),
        # Lines: as the internet sees them, so only those of the other buildings.
        ("10.8.0.10", "198.51.100.2", "tcp/443", "look"),
        ("10.8.0.10", "203.0.113.2", "tcp/443", None),
        ("10.8.19.10", "198.51.100.2", "tcp/443", None),
        # From outside nothing comes in.
        ("192.0.2.200", "10.8.1.30", "tcp/443", None),
        # Not rendered, not allowed.
        ("10.8.3.10", "192.0.2.200", "tcp/22", None),
        ("10.8.3.10", "10.8.1.20", "tcp/22", None),
        ("10.8.3.10", "192.0.2.80", "tcp/22", None),
        # Ranges, both ends included.
        ("10.8.0.10", "10.8.16.1", "udp/5000", "range"),
        ("10.8.0.10", "10.8.16.1", "udp/5010", "range"),
        ("10.8.0.10", "10.8.16.1", "udp/5011", None),
        ("10.8.0.10", "10.8.16.1", "tcp/5000", None),
    ],
)
def test_allows_what_a_flow_says(tmp_path: Path, source: str, destination: str, port: str, flow: str | None) -> None:
    office = office_in(tmp_path, TEXT).require()
    protocol, _slash, number = port.partition("/")
    found = Oracle(office, TODAY).verdict(IPv4Address(source), IPv4Address(destination), protocol, int(number))
    assert (found.flow and found.flow.name) == flow
    assert found.allowed is (flow is not None)


def test_lists_the_flows_that_are_not_rendered(tmp_path: Path) -> None:
    office = office_in(tmp_path, TEXT).require()
    assert {each.flow.name: each.reason for each in unrendered(office, TODAY)} == {
        "old": "its date has passed: 2027-02-28",
        "unknown": "the ports of service vendor are unknown",
        "unpinned": "channel mzt has no pinned address",
    }
