"""Names that nobody has."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    ("  manager: adm\n", "  manager: amd\n", ["e 8: network.manager: there is no device amd; did you mean adm?"]),
    (
        "  log_server: log\n",
        "  log_server: nobody\n",
        ["e 9: network.log_server: there is no device nobody; there are: adm, app, gw-b, gw-k, log, sw"],
    ),
    (
        "building: k, title: Cellar",
        "building: z, title: Cellar",
        [
            "e 16: rooms[cellar].building: there is no building z; there are: b, k",
            "e 53: devices[adm].room: room cellar is in building z",
        ],
    ),
    (
        "- {name: k-isp, building: k,",
        "- {name: k-isp, building: z,",
        [
            "e 18: wans[k-isp].building: there is no building z; there are: b, k",
            "e 18: wans[k-isp].device: gw-k is in building k",
            "e 45: devices[gw-k].ports[wan0].wan: line k-isp is in building z",
            "e 69: tunnels[k-b].ends[gw-k].wan: line k-isp is in building z, gw-k is not",
        ],
    ),
    (
        "building: k, provider: One, device: gw-k,",
        "building: k, provider: One, device: gw-z,",
        [
            "e 18: wans[k-isp].device: there is no device gw-z; did you mean gw-k?",
            "e 45: devices[gw-k].ports[wan0].wan: line k-isp ends on gw-z",
            "e 69: tunnels[k-b].ends[gw-k].wan: line k-isp belongs to gw-z, not to gw-k",
        ],
    ),
    (
        "prefixes: [{building: k, network: 10.8.1.0/24}]",
        "prefixes: [{building: k, network: 10.8.1.0/24}, {building: z, network: 10.8.2.0/24}]",
        ["e 37: zones[srv].prefixes[z].building: there is no building z; there are: b, k"],
    ),
    (
        "kind: switch, building: b",
        "kind: switch, building: z",
        [
            "e 56: devices[sw].building: there is no building z; there are: b, k",
            "e 56: devices[sw].zone: zone mgmt has no network in building z; it has one in: k, b",
        ],
    ),
    ("room: cellar", "room: attic", ["e 53: devices[adm].room: there is no room attic; there are: cellar"]),
    (
        "kind: server, building: k, zone: srv, address: 10.8.1.30",
        "kind: server, building: k, zone: srx, address: 10.8.1.30",
        ["e 55: devices[app].zone: there is no zone srx; did you mean srv?"],
    ),
    (
        "{name: vlan20, zone: srv}",
        "{name: vlan20, zone: nowhere}",
        ["e 45: devices[gw-k].ports[vlan20].zone: there is no zone nowhere; there are: mgmt, pc, srv"],
    ),
    (
        "{name: wan0, wan: b-isp}",
        "{name: wan0, wan: b-isp}, {name: wan1, wan: b-isq}",
        ["e 52: devices[gw-b].ports[wan1].wan: there is no line b-isq in wans; did you mean b-isp?"],
    ),
    (
        "groups:\n",
        (
            "access:\n"
            "  - {device: gw-x, read: {address: 10.8.0.1, user: r, key: 'file:r'}, write: {address: "
            "10.8.0.1, user: w, key: 'file:w'}}\n"
            "groups:\n"
        ),
        ["e 58: access[gw-x].device: there is no device gw-x; did you mean gw-k?"],
    ),
    (
        "groups:\n",
        ("clusters:\n  - {name: c, devices: [gw-k, gw-q]}\ngroups:\n"),
        ["e 58: clusters[c].devices[1]: there is no device gw-q; did you mean gw-k?"],
    ),
    (
        "building: b, zone: pc, count",
        "building: z, zone: pcs, count",
        [
            "e 58: groups[pcs].building: there is no building z; there are: b, k",
            "e 58: groups[pcs].zone: there is no zone pcs; did you mean pc?",
        ],
    ),
    (
        "groups:\n",
        (
            "links:\n"
            "  - {name: l, ends: [{device: sw, port: p1}, {device: sx, port: p1}]}\n"
            "  - {name: m, ends: [{device: sw, port: p1}, {device: sw, port: p2}]}\n"
            "groups:\n"
        ),
        [
            ("e 58: links[l].ends[sx].device: there is no device sx; there are: adm, app, gw-b, gw-k, log, sw"),
            "e 59: links[m].ends[sw].port: sw has no port p2; there are: p1",
        ],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pcs"], to: ["device:app"], services: [https], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].from[0]: there is no zone pcs; did you mean pc?"],
    ),
    (
        "flows:\n",
        ('flows:\n  - {name: x, from: ["zone:pc"], to: ["device:ap"], services: [https], owner: ASI, purpose: Test}\n'),
        ["e 63: flows[x].to[0]: there is no device ap; did you mean app?"],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["channel:csis"], services: [https], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].to[0]: there is no channel csis; did you mean csizs?"],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc@z"], to: ["device:app"], services: [https], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].from[0]: there is no building z; there are: b, k"],
    ),
    (
        "flows:\n",
        (
            "flows:\n"
            '  - {name: x, from: ["zone:pc"], to: ["device:app"], services: [httsp], owner: ASI, '
            "purpose: Test}\n"
        ),
        ["e 63: flows[x].services[0]: there is no service httsp; did you mean https?"],
    ),
    (
        "tunnels:\n",
        (
            "tunnels:\n"
            "  - name: t2\n"
            "    ends:\n"
            "      - {device: gw-q, wan: k-isq, identity: gw-k.gops.example, networks: [10.8.1.0/24]}\n"
            "      - {address: 192.0.2.9, identity: far.example, networks: [192.0.2.96/28]}\n"
        ),
        [
            "e 69: tunnels[t2].ends[gw-q].device: there is no device gw-q; did you mean gw-k?",
            "e 69: tunnels[t2].ends[gw-q].wan: there is no line k-isq in wans; did you mean k-isp?",
            "e 73: tunnels[k-b].ends[gw-k].identity: gw-k.gops.example belongs to gw-q already",
        ],
    ),
    (
        "    source: Nobody\n",
        ("    source: Nobody\n    tunnel: kb\n"),
        ["e 77: channels[csizs].tunnel: there is no tunnel kb; did you mean k-b?"],
    ),
    (
        "groups:\n",
        ("data_sets:\n  - {name: d, title: D, zones: [srx]}\ngroups:\n"),
        ["e 58: data_sets[d].zones[0]: there is no zone srx; did you mean srv?"],
    ),
    (
        "groups:\n",
        ("domain_systems:\n  - {name: d, title: D, device: apq, zone: srx, service: httpx}\ngroups:\n"),
        [
            "e 58: domain_systems[d].device: there is no device apq; did you mean app?",
            "e 58: domain_systems[d].service: there is no service httpx; did you mean https?",
            "e 58: domain_systems[d].zone: there is no zone srx; did you mean srv?",
        ],
    ),
    (
        "building: k, room: cellar",
        "building: b, room: cellar",
        [
            "w 8: network.manager: adm is not in the hub: it works only while a tunnel does",
            "e 53: devices[adm].address: 10.8.0.10 is outside 10.8.16.0/24, zone mgmt@b",
            "e 53: devices[adm].room: room cellar is in building k",
        ],
    ),
    (
        "    source: Nobody\n",
        ("    source: Nobody\n    tunnel: far\n"),
        ["e 77: channels[csizs].tunnel: there is no tunnel far; there are: k-b"],
    ),
    (
        "groups:\n",
        ("clusters: [{name: c, devices: [gw-k, zz]}]\ngroups:\n"),
        [("e 57: clusters[c].devices[1]: there is no device zz; there are: adm, app, gw-b, gw-k, log, sw")],
    ),
    (
        "ports: [{name: p1}]}",
        (
            "ports: [{name: p1}]}\n"
            "  - {name: s2, kind: switch, building: b}\n"
            "links:\n"
            "  - {name: l, ends: [{device: sw, port: p1}, {device: s2, port: p1}]}"
        ),
        ["e 59: links[l].ends[s2].port: s2 has no port p1; there are none"],
    ),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
