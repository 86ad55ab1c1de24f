"""The stand-ins of a lab as its owner sees them: told who stands where, and gone with the process that began them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from select import select

from inventory.channels import askers, duty_of
from inventory.errors import LabError
from inventory.model import Channel, ChannelKind, Office
from inventory.words import gettext as _
from lab.folder import OfficeFolder
from lab.paths import LabPaths
from lab.pki import Authority, Credentials, Registry
from lab.standins.mood import Mood
from lab.standins.order import CRL, OCSP, READY, Asking, Host, Order, Resolver, written
from lab.standins.papers import prepare
from lab.topology import NodeKind, Topology

__all__ = ["Company", "order_for"]

_START_S = 30.0
_FOLDER, _REGISTRY = "stand-ins", "registry"
_SECURED = frozenset({ChannelKind.HTTPS_MTLS, ChannelKind.HTTPS_WSS})
_UNPINNED = "192.0.2.251"
"""Where names lead whose addresses the inventory does not say. Nobody is there."""
_ORGANIZATION = "Stand-in, not the platform"
_SPANS = {Mood.FINE: (-1, 397), Mood.EXPIRED: (-30, -1), Mood.EARLY: (1, 30)}
"""Days from today that a host's certificate is good for."""


@dataclass(slots=True)
class Company:
    """All of them."""

    log: Path
    """Where they say what went wrong inside of them."""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def begin(self, order: Order) -> None:
        """Start them; call it from the main thread, and `wait`."""
        if not (order.hosts or order.resolvers):
            return
        argv = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "lab.standins.serve"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True
            )
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for
        self._process.stdin.write(written(order))
        self._process.stdin.flush()

    def wait(self) -> None:
        """Until everybody listens. LabError where they do not."""
        if self._process is None:
            return
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for
        ready = select([self._process.stdout], [], [], _START_S)[0]
        if not ready or self._process.stdout.readline() != READY:
            why = self.log.read_bytes().decode(errors="replace").strip()[-600:] or _("it said nothing")
            raise LabError(_("the stand-ins do not start: {why}").format(why=why))

    def end(self) -> None:
        """Kill them."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
        self._process = None


def order_for(office: Office, topology: Topology, paths: LabPaths, authority: Authority) -> Order:
    """Who stands where. Writes their certificates, and for the office what it shows them and whom it believes."""
    folder = paths.folder / _FOLDER
    folder.mkdir(mode=0o700)
    (folder / "authority.pem").write_text(authority.certificate)
    shown = tuple(_equip(office, OfficeFolder(paths.office), authority))
    hosts = tuple(_hosts(office, topology, paths))
    certified = [each for host in hosts for each in _certify(host, authority)]
    prepare(folder / _REGISTRY, authority, certified, shown)
    return Order(
        folder=folder,
        hosts=hosts,
        resolvers=tuple(_resolvers(office, topology, paths.prefix)),
        asking=tuple(_asking(office, paths)),
    )


def _equip(office: Office, folder: OfficeFolder, authority: Authority) -> Iterator[Credentials]:
    """Each channel's own client certificate, by the reference that the inventory names."""
    for channel in office.channels:
        if channel.ca is not None:
            folder.write_public(channel.ca, authority.certificate)
        if (own := channel.client_certificate) is not None:
            place = _first_place(channel)
            registry = None if place is None else _registry(*place[:2])
            name = f"{channel.name}.{office.domain}"
            issued = authority.issue(name, organization=_ORGANIZATION, registry=registry)
            folder.write_secret(own.secret, _whole(issued))
            yield issued


def _hosts(office: Office, topology: Topology, paths: LabPaths) -> Iterator[Host]:
    folder = paths.folder / _FOLDER
    for channel in office.channels:
        if channel.kind not in _SECURED:
            continue
        for endpoint in channel.endpoints:
            for address in endpoint.pinned:
                node = topology.holder(address)
                if node is None or node.kind is not NodeKind.HOST or node.building:
                    continue
                own = folder / f"{channel.name}-{address}-{endpoint.port}"
                place = (paths.prefix + node.name, str(address), endpoint.port)
                yield Host(*place, endpoint.name, own, folder / "authority.pem", folder / _REGISTRY)


def _certify(host: Host, authority: Authority) -> Iterator[Credentials]:
    """What it shows, mood by mood."""
    host.credentials.mkdir(mode=0o700)
    registry = _registry(host.address, host.port)
    for mood, days in _SPANS.items():
        issued = authority.issue(host.name, organization=_ORGANIZATION, days=days, registry=registry)
        (host.credentials / f"{mood}.pem").write_text(_whole(issued))
        yield issued
    another = authority.issue(f"other.{host.name}", organization=_ORGANIZATION, registry=registry)
    (host.credentials / f"{Mood.MISNAMED}.pem").write_text(_whole(another))
    yield another


def _registry(address: str, port: int) -> Registry:
    """By address: nobody need look a name up to learn whether the next one is to be believed."""
    return Registry(f"http://{address}:{port}{OCSP}", f"http://{address}:{port}{CRL}")


def _whole(issued: Credentials) -> str:
    return issued.certificate + issued.key


def _resolvers(office: Office, topology: Topology, prefix: str) -> Iterator[Resolver]:
    names = {
        endpoint.name: tuple(map(str, endpoint.pinned or (_UNPINNED,)))
        for channel in office.channels
        for endpoint in channel.endpoints
    }
    for address in office.network.resolvers:
        node = topology.holder(address)
        if node is not None and node.kind is NodeKind.HOST:
            yield Resolver(prefix + node.name, str(address), names)


def _asking(office: Office, paths: LabPaths) -> Iterator[Asking]:
    today = dt.datetime.now(dt.UTC).date()
    for channel in office.channels:
        if duty_of(channel) is None or channel.kind not in _SECURED:
            continue
        for device in askers(office, channel, today)[:1]:
            if (place := _first_place(channel)) is not None and (secret := _client_file(channel, paths)) is not None:
                authority = paths.folder / _FOLDER / "authority.pem"
                yield Asking(paths.prefix + device.name, *place, secret, authority)


def _first_place(channel: Channel) -> tuple[str, int, str] | None:
    found = (
        (str(address), endpoint.port, endpoint.name) for endpoint in channel.endpoints for address in endpoint.pinned
    )
    return next(found, None)


def _client_file(channel: Channel, paths: LabPaths) -> Path | None:
    own = channel.client_certificate
    return None if own is None else paths.office / own.secret.partition(":")[2]
