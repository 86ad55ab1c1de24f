"""Networks and addresses in the wrong place."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (
        "prefixes: [10.8.0.0/16]",
        "prefixes: [10.8.0.0/16, 10.8.4.0/24]",
        ["e 6: prefixes[1]: 10.8.4.0/24 overlaps 10.8.0.0/16 of 10.8.0.0/16"],
    ),
    (
        "prefix: 10.8.16.0/20}",
        ("prefix: 10.8.16.0/20}\n  - {name: c, title: C, prefix: 10.8.16.0/24}"),
        ["e 15: buildings[c].prefix: 10.8.16.0/24 overlaps 10.8.16.0/20 of b"],
    ),
    (
        "prefix: 10.8.16.0/20}",
        ("prefix: 10.8.16.0/20}\n  - {name: c, title: C, prefix: 10.9.0.0/20}"),
        ["e 15: buildings[c].prefix: 10.9.0.0/20 is outside the office's prefixes: 10.8.0.0/16"],
    ),
    (
        "network: 10.8.1.0/24",
        "network: 10.8.0.0/22",
        [
            "e 27: zones[mgmt].prefixes[k].network: 10.8.0.0/24 overlaps 10.8.0.0/22 of srv@k",
            "e 32: zones[pc].prefixes[k].network: 10.8.3.0/24 overlaps 10.8.0.0/22 of srv@k",
        ],
    ),
    (
        "{building: b, network: 10.8.19.0/24}",
        "{building: b, network: 10.8.9.0/24}",
        [("e 32: zones[pc].prefixes[b].network: 10.8.9.0/24 is outside the block of building b: 10.8.16.0/20")],
    ),
    (
        "{building: k, network: 10.8.1.0/24}",
        "{building: k, network: 10.8.1.0/24}, {building: k, network: 10.8.2.0/24}",
        ["e 37: zones[srv].prefixes[k].building: zone srv has a network in building k already"],
    ),
    (
        "{building: k, network: 10.8.1.0/24}",
        "{building: k, network: 10.8.1.0/24, gateway: 10.8.2.1}",
        ["e 37: zones[srv].prefixes[k].gateway: 10.8.2.1 is outside 10.8.1.0/24"],
    ),
    (
        "{building: k, network: 10.8.1.0/24}",
        "{building: k, network: 10.8.1.0/24, gateway: 10.8.1.255}",
        ["e 37: zones[srv].prefixes[k].gateway: 10.8.1.255 is the broadcast address of 10.8.1.0/24"],
    ),
    (
        "{building: k, network: 10.8.1.0/24}",
        "{building: k, network: 10.8.1.0/24}, {building: b, network: 10.8.20.0/31}",
        ["e 37: zones[srv].prefixes[b].network: 10.8.20.0/31 has no room for a host; /30 or larger"],
    ),
    (
        "{building: k, network: 10.8.1.0/24}",
        (
            "{building: k, network: 10.8.1.0/24, network6: '2001:db8::/64'}, {building: b, network: "
            "10.8.20.0/24, network6: '2001:db8::/56'}"
        ),
        ["e 37: zones[srv].prefixes[k].network6: 2001:db8::/64 overlaps 2001:db8::/56 of srv@b"],
    ),
    (
        ", hub: true",
        "",
        [
            "e 12: buildings: one building must be the hub: hub: true",
            "e 69: tunnels[k-b].ends[gw-k].networks[0]: 10.8.0.0/16 does not lie behind gw-k: 10.8.0.0/20",
        ],
    ),
    (
        "prefix: 10.8.16.0/20}",
        "prefix: 10.8.16.0/20, hub: true}",
        ["e 14: buildings[b].hub: only one building may be the hub; k is"],
    ),
    (
        "address: 10.8.1.30",
        "address: 10.8.3.30",
        ["e 55: devices[app].address: 10.8.3.30 is outside 10.8.1.0/24, zone srv@k"],
    ),
    (
        "address: 10.8.1.30",
        "address: 10.8.1.0",
        [("e 55: devices[app].address: 10.8.1.0 is the address of the network 10.8.1.0/24 itself, zone srv@k")],
    ),
    (
        "address: 10.8.1.30",
        "address: 10.8.1.1",
        ["e 55: devices[app].address: 10.8.1.1 is the gateway's address in zone srv@k"],
    ),
    (
        "zone: srv, address: 10.8.1.30",
        "address: 10.8.1.30",
        ["e 55: devices[app].zone: a device with an address needs its zone"],
    ),
    (
        "building: k, zone: srv, address: 10.8.1.30",
        "building: b, zone: srv, address: 10.8.1.30",
        ["e 55: devices[app].zone: zone srv has no network in building b; it has one in: k"],
    ),
    (
        "building: b, zone: pc, count: 20",
        "building: b, zone: srv, count: 20",
        ["e 58: groups[pcs].zone: zone srv has no network in building b; it has one in: k"],
    ),
    (
        "address: 203.0.113.2,",
        "address: 10.8.240.2,",
        [
            (
                "e 18: wans[k-isp].address: 10.8.240.2 lies in the office's own prefix 10.8.0.0/16; a line "
                "has an outer address"
            ),
            "e 19: wans[k-isp].gateway: 203.0.113.1 is outside 10.8.240.0/29",
        ],
    ),
    (
        "     gateway: 203.0.113.1}",
        "     gateway: 203.0.113.9}",
        ["e 19: wans[k-isp].gateway: 203.0.113.9 is outside 203.0.113.0/29"],
    ),
    (
        "     gateway: 203.0.113.1}",
        "     gateway: 203.0.113.2}",
        ["e 19: wans[k-isp].gateway: the line's own address cannot be its gateway"],
    ),
    (
        "     gateway: 203.0.113.1}",
        "     up_mbit: 5}",
        [("e 18: wans[k-isp]: address, prefix_length and gateway belong together: give all three, or none")],
    ),
    (
        "address: 203.0.113.2,",
        "address: 203.0.113.7,",
        ["e 18: wans[k-isp].address: 203.0.113.7 is the broadcast address of 203.0.113.0/29"],
    ),
    (
        "building: k, provider: One, device: gw-k",
        "building: k, provider: One, device: gw-b",
        [
            "e 18: wans[k-isp].device: gw-b is in building b",
            "e 18: wans[k-isp].device: gw-b has no port for this line: wan: k-isp",
            "e 45: devices[gw-k].ports[wan0].wan: line k-isp ends on gw-b",
            "e 69: tunnels[k-b].ends[gw-k].wan: line k-isp belongs to gw-b, not to gw-k",
        ],
    ),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
