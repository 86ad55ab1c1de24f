"""Encrypted tunnels as values: what is configured, and what the daemon has loaded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.facts.where import Fact, Where

__all__ = ["Child", "Connection", "Ipsec", "SharedKey", "View"]


class View(StrEnum):
    """Where a connection was seen."""

    CONFIGURED = "configured"
    """In the configuration file: everything is said there, and whether it is in force is not."""
    LOADED = "loaded"
    """In the running daemon, which does not tell its proposals."""


@dataclass(frozen=True, slots=True)
class Child:
    """What of a connection carries traffic. Durations are seconds; 0 means never, None means not said."""

    name: str
    mode: str
    """`tunnel`, `transport`, `pass`, `drop`."""
    local_networks: Fact[tuple[str, ...]] | None
    remote_networks: Fact[tuple[str, ...]] | None
    proposals: tuple[Fact[str], ...] | None
    """ESP proposals in the order offered: `aes256gcm16-ecp384`; `default` where the daemon's own list is offered.

    None: this view does not tell.
    """
    rekey_s: Fact[int] | None
    life_s: Fact[int] | None
    """Hard limit; None: 110 % of the rekeying time (strongSwan's own)."""
    rekey_bytes: Fact[int] | None
    where: Where


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection in one view: one that is configured and loaded is there twice."""

    name: str
    view: View
    versions: Fact[tuple[int, ...]]
    """The IKE versions it speaks: (2,), or (1, 2) where both are answered."""
    proposals: tuple[Fact[str], ...] | None
    """IKE proposals in the order offered; `default` and None as in a child."""
    aggressive: Fact[bool] | None
    local_addresses: tuple[str, ...]
    remote_addresses: tuple[str, ...]
    local_auth: tuple[Fact[str], ...]
    """`pubkey`, `psk`, `eap-...`; one for each round."""
    remote_auth: tuple[Fact[str], ...]
    local_identity: Fact[str] | None
    remote_identity: Fact[str] | None
    rekey_s: Fact[int] | None
    reauth_s: Fact[int] | None
    children: tuple[Child, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A pre-shared key: its masked mark (equal keys have equal marks) and whom it is for."""

    name: str
    mark: str
    identities: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Ipsec:
    """All connections of all views."""

    connections: tuple[Connection, ...]
    views: frozenset[View]
    """The views that were in the text."""
    shared_keys: tuple[SharedKey, ...]
    sources: tuple[str, ...]

    def in_view(self, view: View) -> tuple[Connection, ...]:
        """The connections of a view."""
        return tuple(connection for connection in self.connections if connection.view is view)

    def alone(self) -> tuple[Connection, ...]:
        """Connections that are loaded and not configured, or the other way round, when both views were read."""
        if len(self.views) < len(View):
            return ()
        names = [{c.name for c in self.in_view(view)} for view in View]
        return tuple(c for c in self.connections if not all(c.name in of_view for of_view in names))
