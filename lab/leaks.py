"""What the line sees of inner traffic: only ESP while the tunnel is up, nothing when it is down; captured for proof."""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from inventory.errors import LabError
from inventory.model import Device, Office, Tunnel
from inventory.words import gettext as _
from lab import prober
from lab.capture import Capture, Recording, in_clear
from lab.inspection import Inspection, Report
from lab.matrix import Outcome, Probe, Result, probes
from lab.office import device_command
from lab.paths import LabPaths
from lab.plan import topology_of
from lab.topology import Topology

__all__ = ["Leaks"]

_SIX = IPv6Network("fd64::/16")
_IPSEC = frozenset({500, 4500})
_ESP = 50
_BACK_S = 60.0


class Leaks:
    """Watches the line of the first spoke while hosts behind it speak to the hub."""

    def __init__(self, name: str, state: Path, office: Office) -> None:
        """`office`: the one the lab was built from."""
        self._name, self._state, self._office = name, state, office
        self._prefix = LabPaths.of(name, state).prefix
        self._inspection = Inspection(name, state, office)
        self._topology: Topology = topology_of(office)
        self._device, self._tunnel = _first_spoke(office)

    def up(self) -> Report:
        """With the tunnel up the inner traffic goes through, and the line sees only IPsec between the gateways."""
        recording, results = self._watch()
        passed = sum(result.outcome is Outcome.ANSWERED for result in results if result.probe.allowed)
        esp = sum(p.protocol == _ESP or p.destination_port in _IPSEC for p in recording.packets)
        findings = [*self._seen(recording)]
        if not passed or not esp:
            findings.append(_("nothing went through the tunnel, so its secrecy was not tried"))
        text = _("{tunnel} up: {n} inner exchanges, {esp} packets of IPsec on the line, {clear} in clear")
        clear = len(in_clear(recording.packets, self._inner()))
        return Report(text.format(tunnel=self._tunnel.name, n=passed, esp=esp, clear=clear), tuple(findings))

    def down(self) -> Iterator[Report]:
        """The same with the SA torn down, then with charon killed; the tunnel is up again after each."""
        kill = 'kill -9 "$(cat /run/fosa-lab/strongswan.pid)"'
        hub = self._far_device()
        # The far end tears it down and does not come back while we look: ours would open it again at once.
        yield self._broken(
            _("{tunnel} torn down"),
            lambda: self._console(hub, "systemctl", "stop", "strongswan"),
            lambda: self._console(hub, "systemctl", "start", "strongswan"),
        )
        yield self._broken(
            _("charon of {device} killed"),
            lambda: self._console(self._device.name, "sh", "-c", kill),
            lambda: self._console(self._device.name, "systemctl", "start", "strongswan"),
        )

    def _broken(self, title: str, breaks: Callable[[], None], mends: Callable[[], None]) -> Report:
        recording, results = self._watch(breaks)
        mends()
        through = [str(result.probe) for result in results if result.outcome is Outcome.ANSWERED]
        clear = in_clear(recording.packets, self._inner())
        findings = [*self._seen(recording)]
        if through:
            findings.append(_("{probe} still went through: the tunnel was not down").format(probe=through[0]))
        if not self._is_back():
            findings.append(_("{tunnel} did not come up again").format(tunnel=self._tunnel.name))
        name = title.format(tunnel=self._tunnel.name, device=self._device.name)
        text = _("{state}: {n} exchanges tried, {clear} packets in clear").format(
            state=name, n=len(results), clear=len(clear)
        )
        return Report(text, tuple(findings))

    def _watch(self, first: Callable[[], None] = lambda: None) -> tuple[Recording, tuple[Result, ...]]:
        port = next(port.name for port in self._device.ports if port.wan is not None)
        plug = self._topology.opposite(self._device.name, port)
        if plug is None:
            raise LabError(_("{device} has no line in the lab").format(device=self._device.name))
        with Capture(self._prefix + plug.node, plug.interface) as capture:
            first()
            results = prober.run(self._topology, self._prefix, self._probes(), prober.Pace(patience_s=1.0))
        return capture.stop(), results

    def _probes(self) -> tuple[Probe, ...]:
        """From the spoke's hosts to the hub's: what flows allow, and IPv6, which none allows."""
        today = dt.datetime.now(dt.UTC).date()
        spoke, hub = self._office.building(self._device.building).prefix, self._office.hub.prefix
        every = probes(self._office, self._topology, today)
        sources = {node.name for node in self._topology.nodes if node.building == self._device.building}
        allowed = [p for p in every if p.allowed and p.source in spoke and p.destination in hub]
        six = [p for p in every if p.source.version == 6 and p.node in sources][:20]
        return (*allowed, *six)

    def _seen(self, recording: Recording) -> Iterator[str]:
        for packet in in_clear(recording.packets, self._inner())[:5]:
            yield _("in clear on the line: {source} > {destination}").format(
                source=packet.source, destination=packet.destination
            )
        if recording.lost:
            yield _("{n} packets went by unread, so the absence of others proves nothing").format(n=recording.lost)

    def _inner(self) -> tuple[IPv4Network | IPv6Network, ...]:
        ends = (network for tunnel in self._office.tunnels for end in tunnel.ends for network in end.networks)
        return (*self._office.prefixes, *ends, _SIX)

    def _is_back(self) -> bool:
        until = time.monotonic() + _BACK_S
        while self._tunnel.name not in self._inspection.tunnels_up():
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        return True

    def _far_device(self) -> str:
        far = self._tunnel.far_end_of(self._device.name)
        if far is None or far.device is None:
            raise LabError(_("the far end of {tunnel} is not ours").format(tunnel=self._tunnel.name))
        return far.device

    def _console(self, device: str, *words: str) -> None:
        argv = device_command(self._name, self._state, device, words)
        subprocess.run(argv, check=True, capture_output=True, timeout=30)


def _first_spoke(office: Office) -> tuple[Device, Tunnel]:
    for tunnel in office.tunnels:
        for end in tunnel.ends:
            if end.device is not None and not office.building(office.device(end.device).building).hub:
                return office.device(end.device), tunnel
    raise LabError(_("no tunnel of this office ends in a building that is not the hub"))
