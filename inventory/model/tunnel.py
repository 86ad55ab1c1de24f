"""IPsec tunnels: expected, not observed."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Address, Fqdn, Name, Network, SecretRef, Value

__all__ = ["Authentication", "AuthenticationKind", "Proposal", "Tunnel", "TunnelEnd"]

Proposal = Annotated[str, StringConstraints(pattern=re.compile(r"^[a-z0-9]+(-[a-z0-9]+){0,5}\Z"))]
"""A proposal in strongSwan's words: `aes256gcm16-prfsha384-ecp384`."""


class AuthenticationKind(StrEnum):
    """How the ends prove who they are."""

    CERTIFICATE = "certificate"
    PSK = "psk"


class Authentication(Value):
    """Certificates by default; a shared key needs a reference to it."""

    kind: AuthenticationKind = AuthenticationKind.CERTIFICATE
    psk: SecretRef | None = None
    previous: SecretRef | None = None
    """The shared key before this one, for as long as an end may still live by it: `fosa rotate` puts it here and takes
    it out again."""


class TunnelEnd(Value):
    """One end. `device` and `wan` (and `backup`) for our own; `address` for somebody else's."""

    device: Name | None = None
    wan: Name | None = None
    backup: Name | None = None
    """The line it takes when `wan` does not carry."""
    address: Address | None = None
    identity: Fqdn
    networks: Annotated[tuple[Network, ...], Field(min_length=1)]
    """What lies behind this end: its traffic selector."""
    ike: tuple[Proposal, ...] | None = None
    esp: tuple[Proposal, ...] | None = None
    """Only where the end needs saying: otherwise the tunnel's own proposals hold."""


class Tunnel(Value):
    """A tunnel between two ends. Durations are seconds."""

    name: Name
    ends: tuple[TunnelEnd, TunnelEnd]
    ike: Annotated[tuple[Proposal, ...], Field(min_length=1)] = ("aes256gcm16-prfsha384-ecp384",)
    esp: Annotated[tuple[Proposal, ...], Field(min_length=1)] = ("aes256gcm16-ecp384",)
    authentication: Authentication = Authentication()
    ike_rekey_s: Annotated[int, Field(ge=600, strict=True)] = 8 * 3600
    ike_reauth_s: Annotated[int, Field(ge=0, strict=True)] = 24 * 3600
    esp_rekey_s: Annotated[int, Field(ge=300, strict=True)] = 3600
    esp_rekey_bytes: Annotated[int, Field(ge=0, strict=True)] = 20_000_000_000
    dpd_delay_s: Annotated[int, Field(ge=1, le=300, strict=True)] = 10
    replay_window: Annotated[int, Field(ge=32, le=4096, strict=True)] = 128
    assumed: bool = False

    def end_of(self, device: str) -> TunnelEnd | None:
        """The end on a device, or None."""
        return next((end for end in self.ends if end.device == device), None)

    def far_end_of(self, device: str) -> TunnelEnd | None:
        """The other end, seen from a device, or None when neither end is on it."""
        here, there = self.ends
        if here.device == device:
            return there
        return here if there.device == device else None
