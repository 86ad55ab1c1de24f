"""The appliances of a lab as its owner sees them: one agent for each node, gone with the process that began them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from inventory.model import Device, DeviceKind, Office, Platform
from inventory.secrets import SecretStore
from lab import namespace
from lab.appliances.agent import User, configuration, printer_rows, switch_rows, ups_rows
from lab.paths import LabPaths
from lab.topology import NodeKind, Topology

__all__ = ["Appliance", "Site", "appliances"]

_SHA1_ONLY = frozenset({Platform.CISCO_IOS, Platform.HP_PROCURVE})
"""As fosa configures the switch that is emulated beside it."""
_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_type="method_call"/> <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/> <allow receive_type="method_return"/>
    <allow receive_type="error"/> <allow receive_type="signal"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True, slots=True)
class Appliance:
    """One node's agent."""

    node: str
    text: str = field(repr=False)
    """The configuration of its snmpd."""
    printer: str = ""
    """What it is called as a printer; empty for what is none."""


@dataclass(slots=True)
class Site:
    """All of them."""

    starter: Path
    layers: str
    log: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, repr=False)

    def begin(self, every: Iterable[Appliance], paths: LabPaths) -> None:
        """Start them; call it from the main thread. Nobody waits: an agent that is not there yet is asked again."""
        for one in every:
            folder = paths.folder / "appliances" / one.node
            folder.mkdir(parents=True, mode=0o700)
            (folder / "snmpd.conf").write_text(one.text)
            (folder / "bus.conf").write_text(_BUS)
            argv = [
                *("setpriv", "--pdeathsig", "KILL", "nsenter", f"--net={namespace.path(paths.prefix + one.node)}"),
                *("unshare", "--mount", "/bin/sh", str(self.starter), self.layers, str(folder)),
                *([one.printer] if one.printer else []),
            ]
            with self.log.open("ab") as log:
                self._running[one.node] = subprocess.Popen(
                    argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
                )

    def kill(self, node: str) -> None:
        """Take the agent of one node away; KeyError where there is none."""
        process = self._running.pop(node)
        process.kill()
        process.wait()

    def end(self) -> None:
        """Kill them all; whatever they began ends with the lab's namespaces."""
        for node in list(self._running):
            self.kill(node)


def appliances(office: Office, topology: Topology, folder: Path) -> Iterator[Appliance]:
    """Every agent of an office, its secrets read from the folder of the lab's inventory."""
    store, snmp = SecretStore(folder), office.network.snmp
    auth, priv = (store.get(ref).get_secret_value() for ref in (snmp.auth, snmp.priv))
    usual = User(snmp.user, auth, priv)
    for node in topology.of(NodeKind.APPLIANCE, NodeKind.EMULATED):
        device = _speaking(office, node.addresses)
        user = User(snmp.user, auth, priv, "SHA") if device.platform in _SHA1_ONLY else usual
        if device.kind is DeviceKind.PRINTER:
            what, rows = f"{len(node.addresses)} printers", printer_rows()
        elif device.kind is DeviceKind.UPS:
            what, rows = "a UPS", ups_rows()
        else:
            what, rows = f"a switch ({device.platform})", switch_rows(device)
        text = configuration(node.name, what, node.addresses, user, rows)
        yield Appliance(node.name, text, node.name if device.kind is DeviceKind.PRINTER else "")


def _speaking(office: Office, addresses: Iterable[IPv4Address]) -> Device:
    """The first device that the node stands for."""
    here = set(addresses)
    return next(device for device in office.devices if device.address in here)
