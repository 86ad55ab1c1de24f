"""Security associations as the other end has them, and as an inventory wants them."""

from __future__ import annotations

from inventory.model import Tunnel
from monitor.results import SaReading

__all__ = ["as_written", "mirrored"]


def mirrored(sa: SaReading) -> SaReading:
    """The same as the far end reports it."""
    return sa.model_copy(
        update={
            "local_networks": sa.remote_networks,
            "remote_networks": sa.local_networks,
            "local_identity": sa.remote_identity,
            "remote_identity": sa.local_identity,
        }
    )


def as_written(tunnel: Tunnel, device: str, sa: SaReading) -> SaReading:
    """One that is what the inventory says of this end."""
    near, far = tunnel.end_of(device), tunnel.far_end_of(device)
    assert near is not None
    assert far is not None
    return sa.model_copy(
        update={
            "local_networks": tuple(map(str, near.networks)),
            "remote_networks": tuple(map(str, far.networks)),
            "local_identity": near.identity,
            "remote_identity": far.identity,
        }
    )
