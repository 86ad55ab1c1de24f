"""The menus the emulated RouterOS has: properties, their defaults, and which values it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from templates.mikrotik_routeros.text import Path

__all__ = ["HIDDEN", "MENUS", "PORTS", "REFERENCES", "Grammar", "Kind", "Property"]

PORTS = (*(f"ether{number}" for number in range(1, 49)), *(f"sfp-sfpplus{number}" for number in range(1, 5)))
"""Of a CRS354-48G-4S+2Q+, but for its odd ones."""
HIDDEN = frozenset({"password", "key-val"})
"""Properties that `export` never shows."""
REFERENCES = frozenset({"bridge", "interface", "tagged", "untagged"})
"""Properties that hold an interface, and follow it when it is renamed."""


class Kind(StrEnum):
    """What is in a menu."""

    ITEMS = "items"
    FIXED = "fixed"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Property:
    """One property."""

    default: str
    needed: bool
    takes: str
    """`1..4094`, `a|b`, `@` (interfaces), or empty: anything."""

    def refusal(self, name: str, value: str, interfaces: frozenset[str]) -> str:
        """What is wrong with a value; empty: nothing."""
        takes = self.takes or ("yes|no" if self.default in {"yes", "no"} else "")
        if ".." in takes:
            first, last = map(int, takes.split(".."))
            spans = [part for each in value.split(",") for part in each.split("-")]
            if not all(part.isdigit() for part in spans):
                return f"invalid value for argument {name}"
            bad = any(not first <= int(part[:9]) <= last for part in spans)
            return f"value of {name} out of range ({takes})" if bad else ""
        parts = [part for part in value.split(",") if part]
        known = interfaces if takes == "@" else frozenset(takes.split("|"))
        return f"input does not match any value of {name}" if takes and not known.issuperset(parts) else ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """One menu."""

    kind: Kind
    key: tuple[str, ...]
    """No two items may have the same of these."""
    properties: Mapping[str, Property] = field(default_factory=dict)


_TEXT = """
/interface bridge = items name
name* admin-mac ageing-time=5m arp=enabled auto-mac=yes comment dhcp-snooping=no disabled=no ether-type=0x8100
fast-forward=yes forward-delay=15s
frame-types=admit-all:admit-all|admit-only-untagged-and-priority-tagged|admit-only-vlan-tagged
igmp-snooping=no ingress-filtering=yes max-message-age=20s mtu=auto mvrp=no port-cost-mode=long priority=0x8000
protocol-mode=rstp:none|rstp|stp|mstp pvid=1:1..4094 vlan-filtering=no
/interface ethernet = fixed default-name
name* advertise arp=enabled auto-negotiation=yes comment default-name disabled=no l2mtu=1584 loop-protect=default
mac-address mtu=1500 poe-out poe-priority rx-flow-control=off speed tx-flow-control=off
/interface vlan = items interface vlan-id
name* interface*:@ vlan-id*:1..4094 arp=enabled comment disabled=no loop-protect=default mtu=1500 mvrp=no
use-service-tag=no
/interface list = items name
name* comment exclude include
/interface list member = items list interface
list* interface*:@ comment disabled=no
/interface bridge port = items interface
bridge*:@ interface*:@ auto-isolate=no bpdu-guard=no broadcast-flood=yes comment disabled=no
edge=auto:auto|no|no-discover|yes|yes-discover fast-leave=no
frame-types=admit-all:admit-all|admit-only-untagged-and-priority-tagged|admit-only-vlan-tagged horizon=none hw=yes
ingress-filtering=yes internal-path-cost learn=auto multicast-router=temporary-query path-cost point-to-point=auto
priority=0x80 pvid=1:1..4094 restricted-role=no restricted-tcn=no tag-stacking=no trusted=no
unknown-multicast-flood=yes unknown-unicast-flood=yes
/interface bridge vlan = items bridge vlan-ids
bridge*:@ vlan-ids*:1..4094 comment disabled=no tagged:@ untagged:@ mvrp-forbidden
/interface ethernet switch port = fixed name
name limit-broadcasts=yes limit-unknown-multicasts=no limit-unknown-unicasts=no storm-rate=100:0..100
egress-rate ingress-rate l3-hw-offloading=yes mirror-egress=no mirror-ingress=no
/interface dot1x server = items interface
interface*:@ accounting=yes auth-timeout=1m auth-types=dot1x:dot1x|mac-auth comment disabled=no guest-vlan-id
interim-update=0s mac-auth-mode=mac-as-username reauth-timeout reject-vlan-id retrans-timeout=30s server-fail-vlan-id
/ip address = items address interface
address* interface*:@ comment disabled=no network broadcast
/ip route = items dst-address gateway
dst-address=0.0.0.0/0 gateway* check-gateway comment disabled=no distance=1 pref-src routing-table=main scope=30
suppress-hw-offload=no target-scope=10
/ip service = fixed name
name address certificate=none disabled=no max-sessions=20 port tls-version=any vrf=main
/ip ssh = settings
always-allow-password-login=no
ciphers=auto:auto|aes-gcm|aes-ctr|aes-cbc|3des-cbc|null forwarding-enabled=no:no|local|remote|both host-key-size=2048
host-key-type=rsa:rsa|ed25519 password-authentication=yes-if-no-key:yes|no|yes-if-no-key strong-crypto=no
/ip settings = settings
accept-redirects=no accept-source-route=no ip-forward=yes rp-filter=no:no|loose|strict secure-redirects=yes
send-redirects=yes tcp-syncookies=no
/ip dns = settings
allow-remote-requests=no cache-size=2048KiB servers
/ip cloud = settings
back-to-home-vpn=revoked-and-disabled ddns-enabled=auto:auto|yes|no update-time=yes
/ip proxy = settings
enabled=no port=8080
/ip socks = settings
enabled=no port=1080
/ip upnp = settings
enabled=no
/ip smb = settings
enabled=no
/ip neighbor discovery-settings = settings
discover-interface-list=static discover-interval=30s lldp-med-net-policy-vlan=disabled mode=tx-and-rx
protocol=cdp,lldp,mndp:cdp|lldp|mndp
/tool bandwidth-server = settings
authenticate=yes enabled=yes max-sessions=100
/tool mac-server = settings
allowed-interface-list=all
/tool mac-server mac-winbox = settings
allowed-interface-list=all
/tool mac-server ping = settings
enabled=yes
/tool romon = settings
enabled=no id=00:00:00:00:00:00 secrets
/radius = items address
address* accounting-backup=no accounting-port=1813 authentication-port=1812 called-id comment disabled=no domain
protocol=udp realm require-message-auth=yes-for-request-resp secret
service:ppp|login|hotspot|wireless|dhcp|ipsec|dot1x src-address=0.0.0.0 timeout=300ms
/snmp = settings
contact enabled=no location src-address=:: trap-community=public trap-generators=temp-exception trap-target
trap-version=1:1..3
/snmp community = items name
name* addresses=::/0 authentication-password authentication-protocol=MD5:MD5|SHA1|SHA256|SHA384|SHA512 comment
disabled=no encryption-password encryption-protocol=DES:DES|AES read-access=yes security=none:none|authorized|private
write-access=no
/system identity = settings
name=MikroTik
/system clock = settings
time-zone-autodetect=yes time-zone-name=manual
/system note = settings
note show-at-cli-login=no show-at-login=yes
/system logging action = items name
name* target*:disk|echo|email|memory|remote bsd-syslog=no comment disk-file-name=log disk-lines-per-file=1000
memory-lines=1000 remember=yes remote remote-log-format=default remote-port=514:0..65535 remote-protocol=udp:udp|tcp|tls
src-address syslog-facility=daemon syslog-severity=auto syslog-time-format=bsd-syslog
/system logging = items action topics prefix
action=memory comment disabled=no prefix regex topics=info
/system ntp client = settings
enabled=no mode=unicast vrf=main
/system ntp client servers = items address
address* auth-key=none comment disabled=no iburst=yes max-poll=10:3..17 min-poll=6:3..17
/system ntp key = items key-id
key-id*:1..65535 key-val* comment
/system scheduler = items name
name* comment disabled=no interval=0s on-event policy start-date start-time
/user = items name
name* group* password* address comment disabled=no inactivity-policy=none:none|logout|lockscreen inactivity-timeout=10m
/user aaa = settings
accounting=yes default-group=read exclude-groups interim-update=0s use-radius=no
/user group = items name
name* comment policy skin=default
/user settings = settings
minimum-categories=0:0..4 minimum-password-length=0:0..256
"""
"""`name*`: needed to add; `name=default`; `:` what it takes."""
_COLONS = {"src-address=::": ("src-address", "::"), "addresses=::/0": ("addresses", "::/0"),
           "id=00:00:00:00:00:00": ("id", "00:00:00:00:00:00")}  # fmt: skip


def _made() -> dict[Path, Grammar]:
    found: dict[Path, Grammar] = {}
    path: Path = ()
    for row in _TEXT.strip().split("\n"):
        if row.startswith("/"):
            menu, _, kind = row.partition(" = ")
            path = tuple(menu.strip("/").split())
            found[path] = Grammar(Kind(kind.split()[0]), tuple(kind.split()[1:]), {})
        else:
            found[path] = Grammar(
                found[path].kind, found[path].key, {**found[path].properties, **dict(map(_property, row.split()))}
            )
    return found


def _property(word: str) -> tuple[str, Property]:
    if word in _COLONS:
        name, default = _COLONS[word]
        return name, Property(default, needed=False, takes="")
    name, _, rest = word.partition("=")
    default, _, takes = rest.partition(":")
    if not rest:
        name, _, takes = name.partition(":")
    return name.rstrip("*"), Property(default, needed=name.endswith("*"), takes=takes)


MENUS: Mapping[Path, Grammar] = _made()
