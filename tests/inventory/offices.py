"""A small office as YAML text, and a way to break it."""

import datetime as dt
from pathlib import Path

from inventory.load import Loaded, load

TODAY = dt.date(2027, 3, 1)

OFFICE = """\
name: test
title: A test office
kind: GOPS
protection: high
domain: gops.example
prefixes: [10.8.0.0/16]
network:
  manager: adm
  log_server: log
  time_sources: [192.0.2.1, 192.0.2.2]
  snmp: {user: fosa, auth: "file:snmp-auth", priv: "file:snmp-priv"}
buildings:
  - {name: k, title: Main, prefix: 10.8.0.0/20, hub: true}
  - {name: b, title: Branch, prefix: 10.8.16.0/20}
rooms:
  - {name: cellar, building: k, title: Cellar}
wans:
  - {name: k-isp, building: k, provider: One, device: gw-k, interface: wan0, address: 203.0.113.2, prefix_length: 29,
     gateway: 203.0.113.1}
  - {name: b-isp, building: b, provider: One, device: gw-b, interface: wan0, address: 198.51.100.2, prefix_length: 29,
     gateway: 198.51.100.1}
zones:
  - name: mgmt
    title: Management
    vlan: 10
    data: internal
    prefixes: [{building: k, network: 10.8.0.0/24}, {building: b, network: 10.8.16.0/24}]
  - name: pc
    title: Computers
    vlan: 30
    data: personal
    prefixes: [{building: k, network: 10.8.3.0/24}, {building: b, network: 10.8.19.0/24}]
  - name: srv
    title: Servers
    vlan: 20
    data: sensitive
    prefixes: [{building: k, network: 10.8.1.0/24}]
devices:
  - name: gw-k
    kind: firewall
    building: k
    zone: mgmt
    address: 10.8.0.1
    platform: linux_gateway
    ports: [{name: wan0, wan: k-isp}, {name: vlan10, zone: mgmt}, {name: vlan20, zone: srv}, {name: vlan30, zone: pc}]
  - name: gw-b
    kind: firewall
    building: b
    zone: mgmt
    address: 10.8.16.1
    platform: linux_gateway
    ports: [{name: wan0, wan: b-isp}, {name: vlan10, zone: mgmt}, {name: vlan30, zone: pc}]
  - {name: adm, kind: server, building: k, room: cellar, zone: mgmt, address: 10.8.0.10}
  - {name: log, kind: server, building: k, zone: srv, address: 10.8.1.20}
  - {name: app, kind: server, building: k, zone: srv, address: 10.8.1.30}
  - {name: sw, kind: switch, building: b, zone: mgmt, address: 10.8.16.2, ports: [{name: p1}]}
groups:
  - {name: pcs, kind: computer, building: b, zone: pc, count: 20}
services:
  - {name: https, ports: [tcp/443]}
  - {name: ssh, ports: [tcp/22]}
flows:
  - {name: portal, from: ["zone:pc"], to: ["device:app"], services: [https], owner: ASI, purpose: Work}
  - {name: admin, from: ["device:adm"], to: [gateways], services: [ssh], owner: ASI, purpose: Care}
  - {name: platform, from: ["zone:srv@k"], to: ["channel:csizs"], services: [https], owner: ASI, purpose: Exchange}
tunnels:
  - name: k-b
    ends:
      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.0.0/16]}
      - {device: gw-b, wan: b-isp, identity: gw-b.gops.example, networks: [10.8.16.0/20]}
channels:
  - name: csizs
    title: Central platform
    kind: https_mtls
    confidence: assumed
    source: Nobody
    endpoints: [{name: csizs.example, port: 443, pinned: [192.0.2.80]}]
"""


def office_in(folder: Path, text: str = OFFICE) -> Loaded:
    """The office of one file, loaded."""
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    return load(folder, TODAY)


def broken(old: str, new: str) -> str:
    """The office with one text replaced."""
    assert OFFICE.count(old) == 1, f"{old!r} stands {OFFICE.count(old)} times in the office"
    return OFFICE.replace(old, new)


def lines_of(loaded: Loaded) -> list[str]:
    """All faults as a person sees them, each behind the first letter of its severity."""
    return [f"{fault.severity[0]} {fault}".replace("office.yaml:", "") for fault in loaded.faults]
