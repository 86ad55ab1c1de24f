"""What two have that only one may have."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (
        "{name: log, kind: server, building: k, zone: srv, address: 10.8.1.20}",
        (
            "{name: log, kind: server, building: k, zone: srv, address: 10.8.1.20}\n"
            "  - {name: log, kind: server, building: k, zone: srv, address: 10.8.1.21}"
        ),
        ["e 55: devices[log].name: the name log stands twice in devices"],
    ),
    ("address: 10.8.1.30", "address: 10.8.1.20", ["e 55: devices[app].address: 10.8.1.20 belongs to log already"]),
    (
        "10.8.1.20}",
        (
            "10.8.1.20, mac: '52:54:00:00:00:01'}\n"
            "  - {name: l2, kind: server, building: k, zone: srv, mac: '52:54:00:00:00:01'}"
        ),
        ["e 55: devices[l2].mac: 52:54:00:00:00:01 belongs to log already"],
    ),
    ("    vlan: 30\n", "    vlan: 10\n", ["e 30: zones[pc].vlan: 10 belongs to mgmt already"]),
    (
        "identity: gw-b.gops.example",
        "identity: gw-k.gops.example",
        [
            "e 68: tunnels[k-b].ends: both ends have the identity gw-k.gops.example",
            "e 70: tunnels[k-b].ends[gw-b].identity: gw-k.gops.example belongs to gw-k already",
        ],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: gw-b.gops.example, networks: [192.0.2.96/28]}\n"
        ),
        ["e 74: tunnels[k-b].ends[gw-b].identity: gw-b.gops.example belongs to 192.0.2.9 already"],
    ),
    (
        "10.8.1.20}",
        ("10.8.1.20, serial: A1}\n  - {name: l2, kind: server, building: k, zone: srv, serial: A1}"),
        ["e 55: devices[l2].serial: A1 belongs to log already"],
    ),
    (
        "groups:\n",
        (
            "access:\n"
            "  - {device: gw-k, read: {address: 10.8.0.1, user: r, key: 'file:r'}, write: {address: "
            "10.8.0.1, user: w, key: 'file:w'}}\n"
            "  - {device: gw-k, read: {address: 10.8.0.1, user: r, key: 'file:r'}, write: {address: "
            "10.8.0.1, user: w, key: 'file:w'}}\n"
            "groups:\n"
        ),
        ["e 59: access[gw-k].device: the name gw-k stands twice in access"],
    ),
    (
        "address: 198.51.100.2,",
        "address: 203.0.113.2,",
        [
            "e 20: wans[b-isp].address: 203.0.113.2 belongs to k-isp already",
            "e 21: wans[b-isp].gateway: 198.51.100.1 is outside 203.0.113.0/29",
        ],
    ),
    (
        "{name: p1}",
        "{name: p1, mac: '52:54:00:00:00:01'}, {name: p2, mac: '52:54:00:00:00:01'}",
        ["e 56: devices[sw].ports[p2].mac: 52:54:00:00:00:01 belongs to sw p1 already"],
    ),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
