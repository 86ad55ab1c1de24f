"""What of the practice office is real, what is assumed, and how to look inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inventory.certainty import certainty
from inventory.model import DeviceKind, Office, WanRole
from inventory.words import gettext as _

__all__ = ["summary"]


def summary(office: Office, name: str, port: int) -> Iterator[str]:
    """Lines for people, ended by the ways to look inside and to stop it."""
    lab = "" if name == "pila" else f" --name {name}"
    yield _("Real here")
    yield "  " + _(
        "{n} gateways, each with its own sshd, charon (IPsec), nftables, chronyd, snmpd, rsyslogd, ulogd"
    ).format(n=len(office.gateways))
    yield "  " + _(
        "a host in every zone of every building, a log server (syslog over TLS), two time sources, an authority"
    )
    yield "  " + _("day 0, the push over SSH from the manager's host, every packet of the matrix")
    if office.switches:
        yield _("Emulated")
        yield from (f"  {line}" for line in _emulated(office))
    yield _("Assumed: nobody has confirmed it")
    yield from (f"  {line}" for line in _assumed(office))
    yield _("Not here")
    yield from (f"  {line}" for line in _absent(office))
    yield _("Open in a browser")
    yield f"  http://127.0.0.1:{port}/"
    yield f"  http://127.0.0.1:{port}/metrics"
    yield _("Look inside")
    yield f"  fosa lab status{lab}"
    yield f"  fosa lab shell{lab} gw-b swanctl --list-sas"
    yield f"  fosa lab shell{lab} gw-b nft list ruleset"
    yield f"  fosa lab shell{lab} {office.network.manager}        " + _(
        "(fosa plan, push, watch, comply work from there)"
    )
    yield _("Stop")
    yield f"  fosa lab down{lab}"


def _emulated(office: Office) -> Iterator[str]:
    """A vendor's device that cannot be had here."""
    platforms = Counter(device.platform for device in office.switches if device.platform is not None)
    yield _("{n} switches: {platforms}").format(
        n=len(office.switches), platforms=", ".join(f"{count} {platform}" for platform, count in platforms.items())
    )
    yield _("each answers over SSH in its maker's words, keeps what is saved and takes back what is not confirmed")
    yield _("none of them switches: packets go by the practice office's own wires, whatever a switch is told")


def _assumed(office: Office) -> Iterator[str]:
    for tunnel in office.tunnels:
        if tunnel.assumed:
            yield _("tunnel {name}: its far end is a stand-in that fosa never writes to").format(name=tunnel.name)
    for channel in office.channels:
        yield _("channel {name}: {confidence} ({source})").format(
            name=channel.name, confidence=certainty(channel.confidence), source=channel.source
        )
    servers = sum(device.assumed for device in office.devices)
    yield _("{n} devices, all addresses, the split of computers over buildings and zones").format(n=servers)


def _absent(office: Office) -> Iterator[str]:
    printers = sum(device.kind is DeviceKind.PRINTER for device in office.devices)
    switches = sum(device.kind is DeviceKind.SWITCH and not device.managed for device in office.devices)
    computers = sum(group.count for group in office.groups)
    if switches:
        yield _("{n} switches that fosa does not configure").format(n=switches)
    yield _("{printers} printers, {computers} computers: one host stands for each zone and building").format(
        printers=printers, computers=computers
    )
    backups = sum(wan.role is WanRole.BACKUP for wan in office.wans)
    yield _("{n} backup lines; the office's own make of firewall: Linux gateways stand in its place").format(n=backups)
