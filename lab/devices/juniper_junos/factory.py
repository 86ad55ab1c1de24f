"""What an EX switch runs when it comes out of its box, shortened to the first ports.

From Juniper's "EX2300 Switch Default Configuration"; a root password has been set, or nobody could commit anything.
"""

from __future__ import annotations

__all__ = ["FACTORY"]

_PORTS = tuple(f"ge-0/0/{number}" for number in range(12))

FACTORY = "\n".join(
    (
        "set version 21.4R3.15",
        "set system auto-snapshot",
        "set system root-authentication encrypted-password"
        ' "$6$emulated$1xmNQdpQm5QvYnFd0Qp0p8mQmQd6w0m1dM8yYb1n4s4e2G9kq7lWm0f3o5aTjU7nEw2kQ9xZ1cV4bR6tY8uI0"',
        "set system services ssh root-login allow",
        "set system services netconf ssh",
        "set system services web-management http",
        "set system syslog file messages any notice",
        "set system syslog file messages authorization info",
        "set system syslog file interactive-commands interactive-commands any",
        "set system phone-home server https://redirect.juniper.net",
        "set chassis redundancy graceful-switchover",
        "set chassis auto-image-upgrade",
        *(f"set interfaces {port} unit 0 family ethernet-switching storm-control default" for port in _PORTS),
        "set interfaces irb unit 0 family inet dhcp vendor-id Juniper-ex2300",
        "set interfaces vme unit 0 family inet dhcp vendor-id Juniper-ex2300",
        "set forwarding-options storm-control-profiles default all",
        "set vlans default vlan-id 1",
        "set vlans default l3-interface irb.0",
        "set protocols lldp interface all",
        "set protocols lldp-med interface all",
        "set protocols igmp-snooping vlan default",
        *(f"set protocols rstp interface {port}" for port in _PORTS),
        "set poe interface all",
        "",
    )
)
