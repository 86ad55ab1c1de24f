"""The practice office as the process that owns it sees it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from inventory.errors import LabError
from inventory.model import Office
from inventory.words import gettext as _
from lab import namespace
from lab.appliances.site import Site
from lab.device import Device
from lab.paths import LabPaths, NodeStatus, Phase, Status
from lab.standins.company import Company
from lab.switches.rack import Rack
from lab.topology import Node, NodeKind, Topology

__all__ = ["Practice", "enter_namespace"]


@dataclass(slots=True)
class Practice:
    """A lab that stands. Its devices die with the process that built it."""

    paths: LabPaths
    office: Office
    topology: Topology
    switches: Rack
    """Those that fosa configures; emulated."""
    appliances: Site
    """Agents of printers, a UPS and switches."""
    standins: Company
    """For what is not the office's: a platform's hosts, names, a domain system that asks."""
    devices: dict[str, Device] = field(default_factory=dict)

    def device(self, name: str) -> Device:
        """The device of that name; LabError when it is none or has no processes of its own."""
        if name not in self.devices:
            raise LabError(_("{name} is no device of lab {lab}").format(name=name, lab=self.paths.name))
        return self.devices[name]

    @property
    def gateways(self) -> tuple[Device, ...]:
        """The gateways fosa configures."""
        return tuple(self.devices[device.name] for device in self.office.gateways)

    def namespace_of(self, node: str) -> str:
        """The name of a node's network namespace."""
        return self.paths.prefix + node

    def manager_command(self, argv: Sequence[str]) -> list[str]:
        """The command that runs a program of this machine as if on the manager's host."""
        return enter_namespace(self.namespace_of(self.office.network.manager), argv)

    def status(self, phase: Phase, step: str) -> Status:
        """What to tell others about it."""
        nodes = tuple(self._node_status(node) for node in self.topology.nodes)
        return Status(
            name=self.paths.name,
            phase=phase,
            keeper=os.getpid(),
            step=step,
            office=str(self.paths.office),
            manager=self.office.network.manager,
            nodes=nodes,
        )

    def _node_status(self, node: Node) -> NodeStatus:
        device = self.devices.get(node.name)
        addresses = node.addresses
        if node.kind is NodeKind.GATEWAY and (own := self.office.device(node.name).address) is not None:
            addresses = (own,)
        return NodeStatus(
            name=node.name,
            kind=node.kind,
            namespace=self.namespace_of(node.name),
            building=node.building,
            zone=node.zone,
            addresses=tuple(map(str, addresses)),
            init=device.init if device is not None and device.on else 0,
        )


def enter_namespace(name: str, argv: Sequence[str]) -> list[str]:
    """The command that runs a program of this machine inside a network namespace."""
    return ["nsenter", f"--net={namespace.path(name)}", *argv]
