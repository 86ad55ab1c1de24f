"""Builds a practice office from an inventory, up to and with the gateways' day 0, and takes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from inventory.errors import FosaError, LabError
from inventory.load import load
from inventory.model import Device as OfficeDevice
from inventory.model import Office
from inventory.words import gettext as _
from lab import cabling, dayzero, peers
from lab.appliances.site import Site, appliances
from lab.device import Device, Plant
from lab.folder import OfficeFolder, Way
from lab.paths import LabPaths
from lab.plan import topology_of
from lab.practice import Practice
from lab.root import Disk, install_platform, layers
from lab.standins.company import Company, order_for
from lab.sweep import sweep, wipe
from lab.switches import first
from lab.switches.rack import Rack
from lab.topology import ALIVE

__all__ = ["DayZero", "Progress", "build", "unbuild"]

DayZero = Callable[[Office, OfficeDevice, str, str], str]
"""Writes a gateway's day-0 script, given the manager's public keys: the one for reading, the one for writing."""

Progress = Callable[[str], None]


def build(paths: LabPaths, source: Path, day_zero: DayZero, progress: Progress) -> Practice:
    """Build the practice office of an inventory: at its end every gateway has had its day 0.

    For the main thread of a process that is root and holds the lab's lock. On failure everything is taken down again.
    """
    if not (paths.daemons / "usr/sbin/charon-systemd").exists():
        raise LabError(
            _("the practice office's daemons are not in {folder}; run scripts/setup").format(folder=paths.daemons)
        )
    practice = _prepare(paths, source)
    try:
        progress(_("cabling {n} nodes").format(n=len(practice.topology.nodes)))
        cabling.lay(practice.topology, paths.prefix)
        progress(_("starting {n} devices").format(n=len(practice.devices)))
        _start(practice, source, day_zero, progress)
    except BaseException:
        with suppress(FosaError, OSError):
            unbuild(practice)
        raise
    return practice


def unbuild(practice: Practice) -> None:
    """Take the practice office down: processes, namespaces and files."""
    for device in practice.devices.values():
        device.destroy()
    practice.switches.end()
    practice.standins.end()
    practice.appliances.end()
    sweep(practice.paths)
    wipe(practice.paths)


def boot(devices: Iterable[Device]) -> None:
    """Switch devices on, all at once, and wait for them."""
    devices = tuple(devices)
    for device in devices:
        device.begin()
    for device in devices:
        device.wait()


def _prepare(paths: LabPaths, source: Path) -> Practice:
    office = load(source).require()
    topology = topology_of(office)
    platform = paths.folder / "platform"
    install_platform(platform)
    whole = layers(platform, paths.daemons)
    plant, site = Plant(platform / "enter", whole), Site(platform / "appliance", whole, paths.log)
    practice = Practice(paths, office, topology, Rack(paths.log), site, Company(paths.log))
    for node in topology.of(*ALIVE):
        interfaces = tuple(interface.name for interface in node.interfaces)
        disk = Disk(paths.device(node.name))
        practice.devices[node.name] = Device(node.name, paths.prefix + node.name, interfaces, disk, plant)
    return practice


def _start(practice: Practice, source: Path, day_zero: DayZero, progress: Progress) -> None:
    office = practice.office
    folder = OfficeFolder(practice.paths.office)
    folder.create(source)
    authorities = peers.Authorities.make(practice.paths.name)
    own = authorities.office.credentials
    folder.write_authority(own.certificate, own.key)
    _write_disks(practice, authorities, folder.make_secrets(office))
    read, write = folder.make_manager_keys()
    practice.appliances.begin(appliances(office, practice.topology, practice.paths.office), practice.paths)
    practice.standins.begin(order_for(office, practice.topology, practice.paths, authorities.foreign))
    practice.switches.begin(first.orders(office, practice.paths, practice.paths.prefix))
    boot(practice.devices.values())
    progress(_("day 0 of {n} gateways").format(n=len(office.gateways)))
    host_keys = dayzero.apply(office, practice.devices, lambda device: day_zero(office, device, read, write))
    practice.switches.wait()
    practice.standins.wait()
    gateways = (Way(device, host_keys[device.name]) for device in office.gateways)
    folder.write_access((*gateways, *first.ways(office, practice.switches.orders)))
    load(folder.path).require()
    # A gateway comes up by itself with what day 0 left on its disk: nobody starts its daemons by hand.
    for gateway in practice.gateways:
        gateway.power_cut()
    boot(practice.gateways)


def _write_disks(practice: Practice, authorities: peers.Authorities, shared_keys: dict[str, str]) -> None:
    for name, device in practice.devices.items():
        node = practice.topology.node(name)
        device.disk.format(name)
        cabling.write_network(node, device.disk)
        peers.prepare(practice.office, node, device.disk, authorities, shared_keys)
