"""Probes through tunnels. A kind of probe is a module and a row in `PROBES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from monitor.probes.base import OnChange, Probes
from monitor.probes.icmp import IcmpProbes

__all__ = ["PROBES"]

PROBES: Mapping[str, Callable[[Mapping[str, IPv4Address], OnChange], Probes]] = {"icmp": IcmpProbes}
"""Given the targets by name and whom to tell when a state changes."""
