"""Security associations as the other end has them, and as an inventory wants them; an office with a strange far end."""

from __future__ import annotations

from pathlib import Path

from inventory.model import Tunnel
from monitor.expected import Expected, expected, unwatched
from monitor.results import SaReading, Watched
from tests.inventory.offices import OFFICE, office_in
from tests.monitor.moments import AT

__all__ = ["as_written", "mirrored", "with_a_strange_far_end"]

_FAR = """\
  - name: far
    ends:
      - {device: gw-k, wan: k-isp, identity: gw-k.gops.example, networks: [10.8.1.0/24]}
      - {address: 192.0.2.10, identity: far.example, networks: [192.0.2.96/28]}
"""


def with_a_strange_far_end(folder: Path) -> tuple[Expected, Watched]:
    """One tunnel between two gateways, one far end that is not ours; and the picture before the first reading."""
    loaded = office_in(folder, OFFICE.replace("channels:", f"{_FAR}channels:")).require()
    return expected(loaded), unwatched(loaded, AT)


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
