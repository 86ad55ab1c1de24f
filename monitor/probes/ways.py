"""What the flows of the inventory let the manager speak to, and how to name it."""

from __future__ import annotations

import datetime as dt
from ipaddress import IPv4Address

from inventory.model import Office
from inventory.policy import Oracle

__all__ = ["Ways"]


class Ways:
    """The ways of an office's manager, today."""

    def __init__(self, office: Office) -> None:
        self._manager = office.device(office.network.manager).address
        self._oracle = Oracle(office, dt.datetime.now(dt.UTC).date())
        gateways = {device.address for device in office.gateways}
        prefixes = [prefix for zone in office.zones for prefix in zone.prefixes]
        gateways |= {prefix.gateway_address for prefix in prefixes}
        self._gateways = gateways
        self._near = [p.network for p in prefixes if self._manager is not None and self._manager in p.network]

    def lead_to(self, address: IPv4Address, protocol: str, port: int) -> bool:
        """Whether a flow lets it, or nothing stands between: two hosts of one network speak past every gateway."""
        if self._manager is None:
            return False
        if address not in self._gateways and any(address in network for network in self._near):
            return True
        return self._oracle.verdict(self._manager, address, protocol, port).allowed
