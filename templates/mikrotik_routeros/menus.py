"""The menus that fosa speaks of: what tells their items apart, and what holds where nothing is said.

Sources: MikroTik's manual (CLI reference, manual.mikrotik.com) for names and most defaults; the data of Ansible's
collection community.routeros (plugins/module_utils/_api_data.py) for the others. Not verified on a device.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from templates.mikrotik_routeros.text import Path

__all__ = ["MENUS", "OURS", "REFERENCES", "Extent", "Menu"]

OURS = "fosa"
"""What the names of items begin with that are there because of fosa."""
REFERENCES = frozenset({"bridge", "interface", "tagged", "untagged"})
"""Properties that name an interface: they follow it when it is renamed."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Which items of a menu fosa speaks of, beside those its text names."""

    whole: bool = False
    """All: what the text does not name goes."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Of these only the items that say this."""
    within: tuple[str, Path] | None = None
    """Of these only items whose property names an item of that menu that fosa speaks of."""


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu."""

    key: tuple[str, ...] = ()
    """Properties that tell its items apart; empty: it has settings, and no items."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Also says which properties fosa knows; what has none in RouterOS is written as empty."""
    fixed: bool = False
    """Its items are there by themselves, and are only set."""
    lists: frozenset[str] = frozenset()
    """Properties whose order means nothing."""
    hidden: frozenset[str] = frozenset()
    """Properties that the device never shows."""
    derived: frozenset[str] = frozenset()
    """Properties that follow from others."""
    extent: Extent = Extent()
    unset: frozenset[str] = frozenset()
    """Properties that are taken back with `!name`, and take no empty value."""
    off: frozenset[str] = frozenset()
    """Items that are disabled by themselves."""
    late: bool = False
    """What is set here may shut out who sets it: it comes last."""


_ANY = str(IPv4Address(0))
_WHOLE = Extent(whole=True)
_SERVICE = {"disabled": "no", "address": "", "max-sessions": "20"}


def _set(**defaults: str) -> Menu:
    return Menu(defaults={name.replace("_", "-"): value for name, value in defaults.items()})


MENUS: Mapping[Path, Menu] = {
    ("system", "identity"): _set(name="MikroTik"),
    ("interface", "bridge"): Menu(
        key=("name",),
        defaults={
            "comment": "", "dhcp-snooping": "no", "disabled": "no", "frame-types": "admit-all",
            "igmp-snooping": "no", "ingress-filtering": "yes", "protocol-mode": "rstp", "pvid": "1",
            "vlan-filtering": "no",
        },
    ),
    ("interface", "vlan"): Menu(
        key=("interface", "vlan-id"), defaults={"name": "", "comment": "", "disabled": "no"}
    ),
    ("interface", "list"): Menu(key=("name",), defaults={"comment": "", "include": "", "exclude": ""}),
    ("interface", "list", "member"): Menu(
        key=("list", "interface"), defaults={"comment": "", "disabled": "no"},
        extent=Extent(whole=True, within=("list", ("interface", "list"))),
    ),
    ("interface", "bridge", "vlan"): Menu(
        key=("bridge", "vlan-ids"), defaults={"comment": "", "disabled": "no", "tagged": "", "untagged": ""},
        lists=frozenset({"tagged", "untagged"}),
        extent=Extent(whole=True, within=("bridge", ("interface", "bridge"))),
    ),
    ("interface", "bridge", "port"): Menu(
        key=("interface",),
        defaults={
            "auto-isolate": "no", "bpdu-guard": "no", "bridge": "", "broadcast-flood": "yes", "comment": "",
            "disabled": "no", "edge": "auto", "frame-types": "admit-all", "horizon": "none",
            "ingress-filtering": "yes", "learn": "auto", "point-to-point": "auto", "pvid": "1",
            "restricted-role": "no", "restricted-tcn": "no", "tag-stacking": "no", "trusted": "no",
            "unknown-multicast-flood": "yes", "unknown-unicast-flood": "yes",
        },
    ),
    ("interface", "ethernet", "switch", "port"): Menu(
        key=("name",),
        defaults={
            "limit-broadcasts": "yes", "limit-unknown-multicasts": "no", "limit-unknown-unicasts": "no",
            "storm-rate": "100",
        },
        fixed=True,
    ),
    ("ip", "address"): Menu(
        key=("address", "interface"), defaults={"comment": "", "disabled": "no"}, derived=frozenset({"network"}),
        extent=_WHOLE,
    ),
    ("ip", "route"): Menu(
        key=("dst-address", "gateway"),
        defaults={
            "check-gateway": "", "comment": "", "disabled": "no", "distance": "1", "pref-src": "",
            "routing-table": "main", "scope": "30", "suppress-hw-offload": "no", "target-scope": "10",
        },
        unset=frozenset({"check-gateway", "pref-src"}),
        extent=Extent(whole=True, only={"dst-address": "0.0.0.0/0"}),
    ),
    ("ip", "settings"): _set(ip_forward="yes", accept_source_route="no", accept_redirects="no"),
    ("ip", "dns"): _set(allow_remote_requests="no"),
    ("ip", "cloud"): _set(ddns_enabled="auto", update_time="yes", back_to_home_vpn="revoked-and-disabled"),
    ("ip", "proxy"): _set(enabled="no"),
    ("ip", "socks"): _set(enabled="no"),
    ("ip", "upnp"): _set(enabled="no"),
    ("ip", "smb"): _set(enabled="no"),
    ("ip", "neighbor", "discovery-settings"): Menu(
        defaults={
            "discover-interface-list": "static", "lldp-med-net-policy-vlan": "disabled",
            "mode": "tx-and-rx", "protocol": "cdp,lldp,mndp",
        },
        lists=frozenset({"protocol"}),
    ),
    ("tool", "bandwidth-server"): _set(enabled="yes", authenticate="yes"),
    ("tool", "mac-server"): _set(allowed_interface_list="all"),
    ("tool", "mac-server", "mac-winbox"): _set(allowed_interface_list="all"),
    ("tool", "mac-server", "ping"): _set(enabled="yes"),
    ("tool", "romon"): _set(enabled="no"),
    ("system", "note"): _set(note="", show_at_login="yes", show_at_cli_login="no"),
    ("system", "ntp", "key"): Menu(
        key=("key-id",), defaults={"comment": "", "key-val": ""}, hidden=frozenset({"key-val"}), extent=_WHOLE
    ),
    ("system", "ntp", "client"): _set(enabled="no", mode="unicast"),
    ("system", "ntp", "client", "servers"): Menu(
        key=("address",),
        defaults={"auth-key": "none", "comment": "", "disabled": "no", "iburst": "yes", "max-poll": "10",
                  "min-poll": "6"},
        extent=_WHOLE,
    ),
    ("system", "logging", "action"): Menu(
        key=("name",),
        defaults={
            "bsd-syslog": "no", "comment": "", "remote": "", "remote-log-format": "default", "remote-port": "514",
            "remote-protocol": "udp", "src-address": "", "syslog-facility": "daemon", "syslog-severity": "auto",
            "syslog-time-format": "bsd-syslog", "target": "",
        },
        extent=Extent(whole=True, only={"target": "remote"}),
    ),
    ("system", "logging"): Menu(
        key=("action", "topics", "prefix"), defaults={"comment": "", "disabled": "no", "regex": ""},
        lists=frozenset({"topics"}),
        extent=Extent(whole=True, within=("action", ("system", "logging", "action"))),
    ),
    ("snmp", "community"): Menu(
        key=("name",),
        defaults={
            "addresses": "::/0", "authentication-password": "", "authentication-protocol": "MD5", "comment": "",
            "disabled": "no", "encryption-password": "", "encryption-protocol": "DES", "read-access": "yes",
            "security": "none", "write-access": "no",
        },
        lists=frozenset({"addresses"}),
        extent=_WHOLE,
    ),
    ("snmp",): Menu(
        defaults={
            "contact": "", "enabled": "no", "location": "", "src-address": "::", "trap-community": "public",
            "trap-target": "", "trap-version": "1",
        }
    ),
    ("radius",): Menu(
        key=("address",),
        defaults={
            "accounting-backup": "no", "accounting-port": "1813", "authentication-port": "1812", "called-id": "",
            "comment": "", "disabled": "no", "domain": "", "protocol": "udp", "realm": "",
            "require-message-auth": "yes-for-request-resp", "secret": "", "service": "", "src-address": _ANY,
            "timeout": "300ms",
        },
        lists=frozenset({"service"}),
        extent=_WHOLE,
    ),
    ("interface", "dot1x", "server"): Menu(
        key=("interface",),
        defaults={
            "accounting": "yes", "auth-timeout": "1m", "auth-types": "dot1x", "comment": "", "disabled": "no",
            "guest-vlan-id": "", "interim-update": "0s", "mac-auth-mode": "mac-as-username", "reauth-timeout": "",
            "reject-vlan-id": "", "retrans-timeout": "30s", "server-fail-vlan-id": "",
        },
        lists=frozenset({"auth-types"}),
        unset=frozenset({"guest-vlan-id", "reauth-timeout", "reject-vlan-id", "server-fail-vlan-id"}),
        extent=_WHOLE,
    ),
    # Once a port is open it must be what it is for.
    ("interface", "ethernet"): Menu(
        key=("default-name",), defaults={"name": "", "comment": "", "disabled": "no"}, fixed=True
    ),
    ("user",): Menu(
        key=("name",),
        defaults={
            "address": "", "comment": "", "disabled": "no", "group": "", "inactivity-policy": "none",
            "inactivity-timeout": "10m", "password": "",
        },
        lists=frozenset({"address"}),
        hidden=frozenset({"password"}),
        derived=frozenset({"expired", "last-logged-in"}),
        extent=_WHOLE,
    ),
    ("user", "settings"): Menu(defaults={"minimum-categories": "0", "minimum-password-length": "0"}),
    ("user", "aaa"): Menu(
        defaults={
            "accounting": "yes", "default-group": "read", "exclude-groups": "", "interim-update": "0s",
            "use-radius": "no",
        }
    ),
    ("ip", "ssh"): Menu(
        defaults={"ciphers": "auto", "forwarding-enabled": "no", "strong-crypto": "no"},
        lists=frozenset({"ciphers"}), late=True,
    ),
    ("ip", "service"): Menu(
        key=("name",), defaults=_SERVICE, fixed=True, lists=frozenset({"address"}),
        off=frozenset({"reverse-proxy", "www-ssl"}), late=True,
    ),
}  # fmt: skip
"""In the order in which they are set; what goes is taken away in the opposite order."""
