"""Switches that fosa configures: what they need, their ports, their accounts, what they are let off."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

BARE = "  - {name: sw, kind: switch, building: b, zone: mgmt, address: 10.8.16.2, ports: [{name: p1}]}\n"
SWITCH = """\
  - name: sw
    kind: switch
    building: b
    zone: mgmt
    address: 10.8.16.2
    platform: cisco_ios
    switch_ports:
      - {ports: ["GigabitEthernet1/0/[1-3]"], mode: access, zone: pc}
      - {ports: [GigabitEthernet1/0/4], mode: unused}
      - {ports: [GigabitEthernet1/0/5], mode: trunk, uplink: true, tagged: [mgmt, pc]}
"""
SWITCHING = """\
switching:
  last_resort: {user: rescue, hashes: {cisco_ios: "file:hash"}}
  mask_key: "file:mask"
  radius: [{address: 10.8.1.30, key: "file:radius"}]
  second_log_server: 10.8.1.21
  waivers:
    - {requirement: snmp_sha2, why: Old, until: 2027-12-31}
groups:
"""
ACCESS = """\
access:
  - {device: sw, read: {address: 10.8.16.2, user: reader, key: "file:r"},
     write: {address: 10.8.16.2, user: writer, key: "file:w"}}
channels:
"""
SERVICE = "  - {name: care, ports: [tcp/22, udp/514, udp/1812, udp/1813, udp/123]}\nflows:\n"
FLOW = """\
  - {name: care, from: ["zone:mgmt"], to: ["zone:mgmt", "zone:srv", internet], services: [care], owner: A, purpose: P}
tunnels:
"""
SOUND = (
    broken(BARE, SWITCH)
    .replace("groups:\n", SWITCHING)
    .replace("channels:\n", ACCESS)
    .replace("flows:\n", SERVICE)
    .replace("tunnels:\n", FLOW)
)
PORTS = "devices[sw].switch_ports"

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    ("    address: 10.8.16.2\n", "", ["e 56: devices[sw]: a switch with a platform needs its address"]),
    (
        SWITCH[SWITCH.index("    switch_ports:") :],
        "",
        ["e 56: devices[sw]: a switch with a platform needs its ports (switch_ports)"],
    ),
    (
        SWITCHING.removesuffix("groups:\n"),
        "",
        ["e 56: devices[sw]: a switch with a platform needs the office's section switching"],
    ),
    (
        "    zone: mgmt\n    address: 10.8.16.2\n",
        "",
        [
            "e 56: devices[sw]: a switch with a platform needs its zone",
            "e 56: devices[sw]: a switch with a platform needs its address",
        ],
    ),
    (
        "    kind: switch\n",
        "    kind: ups\n",
        ["e 61: devices[sw].platform: cisco_ios is a platform of switches; the kind is ups"],
    ),
    (
        "    platform: cisco_ios\n",
        "",
        [
            f"n 61: {PORTS}: says nothing while fosa does not configure the switch: "
            "platform is missing, or it is not in use"
        ],
    ),
    (
        "[GigabitEthernet1/0/4]",
        '["GigabitEthernet1/0/[3-4]"]',
        [f"e 64: {PORTS}[1].ports[0]: port GigabitEthernet1/0/3 stands twice"],
    ),
    (
        "[GigabitEthernet1/0/4]",
        '["GigabitEthernet1/0/[9-8]"]',
        [f"e 64: {PORTS}[1].ports[0]: GigabitEthernet1/0/[9-8] ends before it begins"],
    ),
    (
        "[GigabitEthernet1/0/4]",
        "[Gi1/0/4]",
        [
            f"w 64: {PORTS}[1].ports[0]: cisco_ios calls no port Gi1/0/4 in its configuration; "
            "write the name as it stands there"
        ],
    ),
    (
        "[GigabitEthernet1/0/4]",
        '["Gi 1"]',
        [
            f"e 64: {PORTS}[1].ports[0]: must be a port, or a run of them: GigabitEthernet1/0/1, 1/1/[1-24]; "
            "found the text 'Gi 1'"
        ],
    ),
    ("mode: access, zone: pc}", "mode: access}", [f"e 63: {PORTS}[0]: an access port needs its zone"]),
    (
        "mode: unused}",
        "mode: unused, zone: pc, tagged: [mgmt]}",
        [
            f"e 64: {PORTS}[1].tagged: says nothing of a port of mode unused; take it out",
            f"e 64: {PORTS}[1].zone: says nothing of a port of mode unused; take it out",
        ],
    ),
    (
        "mode: access, zone: pc}",
        "mode: access, zone: pc, voice: pc}",
        [f"e 63: {PORTS}[0].voice: zone pc stands twice on this port"],
    ),
    (
        "mode: access, zone: pc}",
        "mode: access, zone: srv}",
        [f"e 63: {PORTS}[0].zone: zone srv has no network in building b"],
    ),
    (
        "tagged: [mgmt, pc]",
        "tagged: [mgmt, pd]",
        [f"e 65: {PORTS}[2].tagged[1]: there is no zone pd; there are: mgmt, pc, srv"],
    ),
    (
        "uplink: true, tagged: [mgmt, pc]",
        "uplink: true, tagged: [pc]",
        [f"e 62: {PORTS}: no uplink carries zone mgmt, in which the switch is managed"],
    ),
    (
        "uplink: true, tagged",
        "tagged",
        [f"e 62: {PORTS}: no port is the uplink: nobody would reach the switch any longer"],
    ),
    ("tagged: [mgmt, pc]", "tagged: []", [
        f"e 62: {PORTS}: no uplink carries zone mgmt, in which the switch is managed",
        f"e 65: {PORTS}[2]: a trunk needs its zones: tagged",
    ]),
    (
        'cisco_ios: "file:hash"',
        'juniper_junos: "file:hash"',
        [
            "e 67: switching.last_resort.hashes: no hash for cisco_ios, which sw is; "
            "every platform keeps a password in its own way"
        ],
    ),
    (
        'cisco_ios: "file:hash"',
        'cisco_ios: "file:hash", linux_gateway: "file:hash"',
        ["e 67: switching.last_resort.hashes.linux_gateway: linux_gateway is no platform of switches"],
    ),
    (
        "second_log_server: 10.8.1.21",
        "second_log_server: 10.8.1.20",
        ["e 70: switching.second_log_server: 10.8.1.20 is log, the first log server already"],
    ),
    (
        "snmp_sha2, why: Old, until: 2027-12-31",
        "snmp_sha2, device: swx, why: Old, until: 2027-02-28",
        [
            "e 72: switching.waivers[swx].device: there is no device swx; did you mean sw?",
            "w 72: switching.waivers[swx].device: swx is no switch that fosa configures: the exception lets nobody off",
            "w 72: switching.waivers[swx].until: the exception ended on 2027-02-28: snmp_sha2 is asked again",
        ],
    ),
    (
        "user: reader",
        "user: rescue",
        [
            "w 90: access[sw].read.user: rescue is for the day no RADIUS server answers; "
            "give fosa an account on the RADIUS servers"
        ],
    ),
)  # fmt: skip


def test_a_switch_with_all_it_needs_is_fine(tmp_path: Path) -> None:
    assert lines_of(office_in(tmp_path, SOUND)) == []


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert SOUND.count(old) == 1
    assert lines_of(office_in(tmp_path, SOUND.replace(old, new))) == faults


def test_without_radius_one_account_is_all_there_is(tmp_path: Path) -> None:
    text = SOUND.replace('  radius: [{address: 10.8.1.30, key: "file:radius"}]\n', "")
    alone = text.replace("user: reader", "user: rescue").replace("user: writer", "user: rescue")
    assert lines_of(office_in(tmp_path, alone)) == []
    assert [line.partition(": without")[0] for line in lines_of(office_in(tmp_path, text))] == [
        "e 89: access[sw].read.user",
        "e 90: access[sw].write.user",
    ]


def test_802_1x_needs_a_server_to_ask(tmp_path: Path) -> None:
    text = SOUND.replace('  radius: [{address: 10.8.1.30, key: "file:radius"}]\n', "").replace(ACCESS, "channels:\n")
    found = lines_of(
        office_in(tmp_path, text.replace("mode: access, zone: pc}", "mode: access, zone: pc, dot1x: true}"))
    )
    assert found == [f"e 63: {PORTS}[0].dot1x: 802.1X asks a RADIUS server; switching.radius names none"]


def test_a_second_password_is_for_those_that_ask_for_one(tmp_path: Path) -> None:
    with_enable = SOUND.replace('key: "file:w"', 'key: "file:w", enable: "file:e"')
    assert lines_of(office_in(tmp_path, with_enable)) == []
    junos = with_enable.replace("cisco_ios", "juniper_junos").replace("GigabitEthernet1", "ge-1")
    assert lines_of(office_in(tmp_path, junos)) == [
        "e 91: access[sw].write.enable: juniper_junos asks for no second password; take it out"
    ]


def test_nobody_watches_himself(tmp_path: Path) -> None:
    assert any(
        "must be another device" in line
        for line in lines_of(office_in(tmp_path, SOUND.replace("log_server: log", "log_server: sw")))
    )
