"""Devices that fosa configures, accounts, manager and log server."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    ("    address: 10.8.0.1\n", "", ["e 39: devices[gw-k]: a device with a platform needs its address"]),
    (
        "    ports: [{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: pc}]\n",
        "",
        [
            "e 20: wans[b-isp].device: gw-b has no port for this line: wan: b-isp",
            "e 46: devices[gw-b]: a device with a platform needs a port with a line (wan)",
            "e 46: devices[gw-b]: a device with a platform needs a port with a zone",
        ],
    ),
    (
        "{name: wan0, wan: b-isp}, {name: vlan10",
        "{name: vlan10",
        [
            "e 20: wans[b-isp].device: gw-b has no port for this line: wan: b-isp",
            "e 46: devices[gw-b]: a device with a platform needs a port with a line (wan)",
        ],
    ),
    (
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: pc}",
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: mgmt}",
        ["e 52: devices[gw-b].ports[vlan30].zone: mgmt stands on another port already"],
    ),
    (
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: pc}",
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan20, zone: srv}",
        ["e 52: devices[gw-b].ports[vlan20].zone: zone srv has no network in building b"],
    ),
    (
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: pc}",
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan10, zone: pc}",
        ["e 52: devices[gw-b].ports[vlan10].name: vlan10 stands on another port already"],
    ),
    (
        "{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}",
        "{name: wan0, wan: b-isp, zone: mgmt}",
        ["e 52: devices[gw-b].ports[wan0]: a port carries a zone or a line, not both"],
    ),
    (
        "{name: wan0, wan: b-isp}",
        "{name: wan0, wan: k-isp}",
        [
            "e 20: wans[b-isp].device: gw-b has no port for this line: wan: b-isp",
            "e 52: devices[gw-b].ports[wan0].wan: line k-isp is in building k",
            "e 52: devices[gw-b].ports[wan0].wan: line k-isp ends on gw-k",
        ],
    ),
    (
        "{name: wan0, wan: b-isp}",
        "{name: wan1, wan: b-isp}",
        ["e 52: devices[gw-b].ports[wan1].wan: line b-isp ends on wan0"],
    ),
    (
        "    address: 10.8.16.1\n",
        "    address: 10.8.16.3\n",
        [
            (
                "e 50: devices[gw-b].address: must be the gateway's address in one of the zones on its "
                "ports: 10.8.16.1, 10.8.19.1"
            )
        ],
    ),
    (
        "  - {name: adm,",
        (
            "  - {name: gw-2, kind: firewall, building: b, zone: pc, address: 10.8.19.1, platform: "
            "linux_gateway, ports: [{name: vlan30, zone: pc}, {name: wan0, wan: b-isp}]}\n"
            "  - {name: adm,"
        ),
        [
            ("e 53: devices[gw-2].ports[vlan30].zone: gw-b is the gateway of zone pc in this building already"),
            "e 53: devices[gw-2].ports[wan0].wan: line b-isp ends on gw-b",
        ],
    ),
    (
        "groups:\n",
        (
            "access:\n"
            "  - {device: gw-k, read: {address: 10.8.0.1, user: root, key: 'file:r'}, write: {address: "
            "10.8.0.1, user: root, key: 'file:r'}}\n"
            "groups:\n"
        ),
        [
            "e 58: access[gw-k].read.user: root is never used; give an account of its own",
            "e 58: access[gw-k].write.key: reading and writing need a key each",
            "e 58: access[gw-k].write.user: root is never used; give an account of its own",
            "e 58: access[gw-k].write.user: reading and writing need an account each",
        ],
    ),
    ("address: 10.8.0.10}", "address: 10.8.0.10, status: stored}", ["e 8: network.manager: adm is not in use"]),
    ("zone: srv, address: 10.8.1.20}", "zone: srv}", ["e 9: network.log_server: log has no address"]),
    (
        "  log_server: log\n",
        "  log_server: gw-k\n",
        ["e 9: network.log_server: gw-k is configured by fosa; it must be another device"],
    ),
    (
        "  log_server: log\n",
        "  log_server: sw\n",
        ["w 9: network.log_server: sw is not in the hub: it works only while a tunnel does"],
    ),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
