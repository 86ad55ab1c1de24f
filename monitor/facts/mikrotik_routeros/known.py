"""The menus and properties that are understood: read into facts, or known to say nothing a rule asks for."""

from __future__ import annotations

from templates.mikrotik_routeros.menus import MENUS
from templates.mikrotik_routeros.text import Entry, Path

__all__ = ["ROOTS", "understood", "understood_menu", "untold"]

_HARMLESS = frozenset(
    tuple(row.split())
    for row in """
certificate settings
disk
interface bonding
interface bridge settings
interface detect-internet
interface ethernet poe
interface ethernet switch
interface ethernet switch l3hw-settings
interface lte apn
interface ovpn-server server
interface wireless security-profiles
ip dhcp-client
ip dhcp-server
ip dhcp-server network
ip firewall address-list
ip firewall connection tracking
ip firewall filter
ip firewall nat
ip firewall raw
ip firewall service-port
ip hotspot profile
ip ipsec profile
ip pool
ip smb shares
ip smb users
ipv6 dhcp-server
ipv6 firewall filter
ipv6 nd
ipv6 settings
port
ppp profile
queue interface
queue type
routing bgp template
system clock
system clock manual
system health settings
system leds
system leds settings
system package update
system resource irq rps
system routerboard settings
system scheduler
system script
system swos
system upgrade mirror
system watchdog
task
tool e-mail
tool graphing
tool netwatch
tool sms
tool sniffer
tool traffic-monitor
user group
user ssh-keys
zerotier
""".strip().split("\n")
)
_PROPERTIES = {
    (
        "interface",
        "bridge",
    ): "admin-mac ageing-time arp auto-mac ether-type fast-forward forward-delay max-message-age mtu"
    " multicast-querier mvrp port-cost-mode priority transmit-hold-count add-dhcp-option82 igmp-version",
    ("interface", "bridge", "port"): "fast-leave hw internal-path-cost multicast-router path-cost priority",
    ("interface", "bridge", "vlan"): "mvrp-forbidden",
    ("interface", "ethernet"): "advertise arp auto-negotiation bandwidth combo-mode fec-mode full-duplex l2mtu"
    " loop-protect mac-address mdix-enable mtu poe-out poe-priority rx-flow-control sfp-rate-select speed"
    " tx-flow-control orig-mac-address sfp-shutdown-temperature",
    ("interface", "ethernet", "switch", "port"): "egress-rate ingress-rate l3-hw-offloading default-vlan-id vlan-header"
    " vlan-mode",
    ("interface", "vlan"): "arp loop-protect mtu mvrp use-service-tag",
    ("ip", "cloud"): "ddns-update-interval vpn-prefer-relay-code",
    ("ip", "dns"): "cache-max-ttl cache-size max-concurrent-queries max-concurrent-tcp-sessions max-udp-packet-size"
    " query-server-timeout query-total-timeout servers use-doh-server verify-doh-cert",
    ("ip", "neighbor", "discovery-settings"): "discover-interval lldp-dcbx lldp-mac-phy-config lldp-max-frame-size"
    " lldp-poe-power lldp-vlan-info",
    ("ip", "route"): "blackhole vrf-interface",
    ("ip", "service"): "certificate port tls-version vrf",
    ("ip", "settings"): "allow-fast-path arp-timeout icmp-rate-limit icmp-rate-mask max-neighbor-entries rp-filter"
    " secure-redirects send-redirects tcp-syncookies route-cache tcp-timestamps ipv4-multipath-hash-policy",
    ("ip", "ssh"): "allow-none-crypto always-allow-password-login host-key-size host-key-type password-authentication",
    ("radius",): "certificate radsec-timeout",
    ("snmp",): "engine-id engine-id-suffix trap-generators trap-interfaces vrf",
    ("system", "logging", "action"): "disk-file-count disk-file-name disk-lines-per-file disk-stop-on-full"
    " email-start-tls email-to memory-lines memory-stop-on-full remember vrf",
    ("system", "ntp", "client"): "primary-ntp secondary-ntp server-dns-names servers vrf",
    ("tool", "bandwidth-server"): "allocate-udp-ports-from max-sessions allowed-addresses4 allowed-addresses6",
    ("tool", "romon"): "id secrets",
}
_KNOWN = {
    path: frozenset({*menu.defaults, *menu.key, *menu.derived, *_PROPERTIES.get(path, "").split()})
    for path, menu in MENUS.items()
}
_NUMBERED = frozenset({
    ("interface", "ethernet", "switch", "port"), ("system", "logging"), ("system", "logging", "action"),
})  # fmt: skip
"""Menus whose items an export tells by their numbers: who reads them looks at that."""
_SILENT = frozenset({"export", "find", "get", "print"})
ROOTS = frozenset({
    "app", "caps-man", "certificate", "console", "container", "disk", "dude", "file", "interface", "iot", "ip", "ipv6",
    "lcd", "log", "lora", "mpls", "openflow", "partitions", "port", "ppp", "queue", "radius", "rip", "routing", "snmp",
    "special-login", "system", "task", "tool", "tr069-client", "user", "user-manager", "zerotier",
})  # fmt: skip
"""The menus at the top, with those of RouterOS 6 and of packages (MikroTik's manual; not verified on a device)."""


def understood_menu(path: Path) -> bool:
    """Whether it is known what a menu is about."""
    return path in _KNOWN or path in _HARMLESS


def untold(entry: Entry) -> bool:
    """Whether a command that could not be done to an item is about one that facts are read from."""
    known = entry.path == ("interface",) or (entry.path in MENUS and entry.path not in _NUMBERED)
    return known and entry.verb not in _SILENT


def understood(entry: Entry) -> bool:
    """Whether all of a line is."""
    known = _KNOWN.get(entry.path)
    if known is None:
        return entry.path in _HARMLESS
    if known.issuperset(entry.said):
        return True
    named = entry.find == {"default": "yes"} and entry.path == ("snmp", "community")
    return named and known.issuperset(entry.said.keys() - {"name"})
