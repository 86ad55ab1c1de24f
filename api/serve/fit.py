"""A picture made from another inventory, fitted to ours: what we expect is in it, and nothing else."""

from __future__ import annotations

from monitor.results import TunnelReading, Watched

__all__ = ["fitted"]


def fitted(watched: Watched, blank: Watched) -> Watched:
    """The picture with everything that `blank` (`monitor.expected.unwatched`) has, what it does not know unread.

    Watch and edge read the inventory at different moments, and a store may have been written before it was changed.
    """
    tunnels = {_signature(tunnel): tunnel for tunnel in watched.tunnels}
    links = {(link.link, link.device, link.interface): link for link in watched.links}
    probes = {(probe.name, probe.target): probe for probe in watched.probes}
    devices = {device.device: device for device in watched.devices}
    return watched.model_copy(
        update={
            "office": blank.office,
            "tunnels": tuple(tunnels.get(_signature(tunnel), tunnel) for tunnel in blank.tunnels),
            "links": tuple(links.get((link.link, link.device, link.interface), link) for link in blank.links),
            "devices": tuple(devices.get(device.device, device) for device in blank.devices),
            "probes": tuple(probes.get((probe.name, probe.target), probe) for probe in blank.probes),
        }
    )


def _signature(tunnel: TunnelReading) -> tuple[object, ...]:
    """What an inventory decides about a tunnel: its name, our ends, what proves it."""
    target = None if tunnel.probe is None else tunnel.probe.target
    return tunnel.tunnel, tuple(end.device for end in tunnel.ends), tunnel.proof, target
