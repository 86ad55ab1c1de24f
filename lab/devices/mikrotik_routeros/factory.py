"""What a CRS runs when nobody has touched it."""

from __future__ import annotations

from lab.devices.mikrotik_routeros.grammar import PORTS

__all__ = ["FACTORY"]

FACTORY = (
    "/interface bridge\nadd admin-mac=02:00:5E:00:53:01 auto-mac=no comment=defconf name=bridge\n"
    "/interface bridge port\n"
    + "".join(f"add bridge=bridge comment=defconf interface={port}\n" for port in PORTS)
    + "/ip address\nadd address=192.168.88.1/24 comment=defconf interface=bridge network=192.168.88.0\n"
    '/user\nadd comment="system default user" group=full name=admin password=printed-on-it\n'
)
"""The default configuration of CRS (MikroTik's manual, "Default configurations"): all ports in one bridge, one address,
a password that is printed on the device."""
