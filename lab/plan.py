"""The topology of an inventory's practice office: inside, outside, and the switches between."""

from __future__ import annotations

from inventory.errors import LabError
from inventory.model import Office
from inventory.words import gettext as _
from lab.inside import building_nodes, wire
from lab.outside import outside
from lab.topology import Topology

__all__ = ["topology_of"]


def topology_of(office: Office) -> Topology:
    """All nodes and cables. Raises LabError where a device bears a name the lab needs for itself."""
    inside = tuple(node for building in office.buildings for node in building_nodes(office, building.name))
    beyond, cables = outside(office)
    switches = tuple(wire(office, building.name, inside) for building in office.buildings)
    nodes = (*inside, *beyond, *(switch for switch, _cables in switches))
    names = [node.name for node in nodes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise LabError(_("these names are the lab's own, rename the devices: {names}").format(names=", ".join(twice)))
    return Topology(nodes, (*cables, *(cable for _switch, inner in switches for cable in inner)))
