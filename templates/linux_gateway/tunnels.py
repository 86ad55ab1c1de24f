"""The tunnels of one gateway as strongSwan connections, and how large a packet fits into them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from inventory.distance import first_to_change
from inventory.errors import RenderError
from inventory.model import AuthenticationKind, Device, Office, Tunnel, TunnelEnd
from inventory.pairs import pair_of
from inventory.ways import Way, ways
from inventory.words import gettext as _
from templates.filters import Fragment
from templates.linux_gateway.addresses import peer_address
from templates.linux_gateway.ports import WanPort
from templates.linux_gateway.sharedkeys import PREVIOUS, section_of
from templates.secret import placeholder

__all__ = ["Connection", "SharedKey", "connections", "inner_mss", "lines_json", "way_name"]

_LARGEST_MSS = 1360
"""What fits through the TUN of userspace ESP, and through most access lines nobody has told us the MTU of."""
_TCP_HEADERS = 40
_WORDS = frozenset({"include"})
"""Where a section's name stands, strongSwan reads this one as an order to read another file."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A shared key of a tunnel: the section it stands in, and the place it is read from."""

    section: str
    secret: Fragment


@dataclass(frozen=True, slots=True)
class Connection:
    """One tunnel seen from one end. Durations are seconds."""

    name: str
    local_address: IPv4Address | None
    remote_address: IPv4Address | None
    """None: the provider gives a changing one, so this end can only answer."""
    ways: tuple[Way, ...]
    """Line by line, the wanted one first; one where no end has a second line."""
    local_identity: str
    remote_identity: str
    local_networks: tuple[IPv4Network, ...]
    remote_networks: tuple[IPv4Network, ...]
    ike: tuple[str, ...]
    esp: tuple[str, ...]
    shared_keys: tuple[SharedKey, ...]
    """Any of them is taken from the far end; by the last one this end proves itself. None at all: certificates."""
    ours: bool
    """Whether the far end is ours too, and so has a certificate of the office's own authority."""
    assumed: bool
    initiates: bool
    """Whether this end opens the tunnel. Exactly one of our own two does: were both to, each new IKE SA would replace
    the other's, whose end would open it again, for ever (seen: a new SA every four seconds)."""
    ike_rekey_s: int
    ike_reauth_s: int
    esp_rekey_s: int
    esp_rekey_bytes: int
    dpd_delay_s: int
    replay_window: int
    wan: str | None
    shared: bool = False
    """Whether another gateway may do this one's work: then only the one that works may open anything."""

    @property
    def driven(self) -> bool:
        """Whether /usr/local/lib/fosa/lines opens it, and not charon by itself."""
        return self.several or self.shared

    @property
    def several(self) -> bool:
        """Whether it can take more than one way."""
        return len(self.ways) > 1

    @property
    def sections(self) -> tuple[tuple[str, tuple[IPv4Address, ...], tuple[IPv4Address, ...]], ...]:
        """Name and both addresses of what charon is told: who calls has one for each way, who is called one for all."""
        if self.initiates and self.several:
            return tuple((way_name(self.name, n), _known(way.near), _known(way.far)) for n, way in enumerate(self.ways))
        near, far = (dict.fromkeys(side) for side in zip(*self.ways, strict=True))
        return ((self.name, _known(*near), () if None in far else _known(*far)),)

    @property
    def rotating(self) -> bool:
        """Whether there is a shared key besides the one this end proves itself by."""
        return len(self.shared_keys) > 1


def way_name(tunnel: str, number: int) -> str:
    """What charon calls a way: the first one as the tunnel, `k-b_2` the second. A tunnel's name has no underscore."""
    return tunnel if number == 0 else f"{tunnel}_{number + 1}"


def lines_json(lines: Iterable[WanPort], tunnels: Iterable[Connection], shared: IPv4Address | None = None) -> str:
    """What the program that watches the lines works from, as one line of JSON (`templates.linux_gateway.lines`).

    `shared`: the address by which a gateway of a pair knows that it is the one that works.
    """
    driven = [tunnel for tunnel in tunnels if tunnel.driven]
    ways = [way for tunnel in driven if tunnel.several for way in tunnel.ways]
    far = {(str(way.near), str(way.far)) for way in ways if way.near and way.far}
    known = [line for line in lines if line.address is not None and line.gateway is not None]
    written: dict[str, object] = {
        "lines": [
            {"interface": line.interface, "address": str(line.address), "gateway": str(line.gateway)} for line in known
        ],
        "far": sorted(far),
        "tunnels": {
            tunnel.name: [
                {"name": way_name(tunnel.name, n), "here": str(way.near), "there": str(way.far)}
                for n, way in enumerate(tunnel.ways)
            ]
            for tunnel in driven
            if tunnel.initiates
        },
    }
    written["called"] = [t.name for t in driven if not t.initiates and t.remote_address is not None]
    if shared is not None:
        written["shared"] = str(shared)
    return json.dumps(written)


def connections(office: Office, device: Device) -> tuple[Connection, ...]:
    """The tunnels that end on a gateway, in the inventory's order."""
    return tuple(_connection(office, device, tunnel) for tunnel in office.tunnels_of(device.name))


def inner_mss(mtu: int) -> int:
    """The largest TCP segment that fits into ESP (AES-GCM, UDP-encapsulated) on a line of this MTU."""
    outer = 20 + 8 + 8 + 8 + 16  # IPv4, UDP, ESP header, IV, ICV
    inner = (mtu - outer) // 4 * 4 - 2  # the ESP trailer is two bytes and ends on a multiple of four
    return min(_LARGEST_MSS, inner - _TCP_HEADERS)


def _connection(office: Office, device: Device, tunnel: Tunnel) -> Connection:
    near, far = tunnel.end_of(device.name), tunnel.far_end_of(device.name)
    if near is None or far is None:
        raise RenderError(_("tunnel {tunnel} does not end on {device}").format(tunnel=tunnel.name, device=device.name))
    if tunnel.name in _WORDS:
        raise RenderError(
            _("a tunnel cannot be called {tunnel}: strongSwan means something by it").format(tunnel=tunnel.name)
        )
    return Connection(
        name=tunnel.name,
        local_address=peer_address(office, near),
        remote_address=peer_address(office, far),
        ways=ways(office, tunnel, device.name),
        local_identity=near.identity,
        remote_identity=far.identity,
        local_networks=near.networks,
        remote_networks=far.networks,
        ike=near.ike or tunnel.ike,
        esp=near.esp or tunnel.esp,
        shared_keys=_shared_keys(office, device, tunnel),
        ours=far.device is not None,
        assumed=tunnel.assumed,
        initiates=_initiates(office, device, near, far),
        ike_rekey_s=tunnel.ike_rekey_s,
        ike_reauth_s=tunnel.ike_reauth_s,
        esp_rekey_s=tunnel.esp_rekey_s,
        esp_rekey_bytes=tunnel.esp_rekey_bytes,
        dpd_delay_s=tunnel.dpd_delay_s,
        replay_window=tunnel.replay_window,
        wan=near.wan,
        shared=pair_of(office, device.name) is not None,
    )


def _known(*addresses: IPv4Address | None) -> tuple[IPv4Address, ...]:
    return tuple(address for address in addresses if address is not None)


def _initiates(office: Office, device: Device, near: TunnelEnd, far: TunnelEnd) -> bool:
    """Who has no lasting address calls; a spoke calls the hub; of two equals the first by name; a far end that is not
    ours is called."""
    if peer_address(office, far) is None:
        return False
    if far.device is None or peer_address(office, near) is None:
        return True
    other = office.device(far.device)
    here, there = (office.building(d.building).hub for d in (device, other))
    if here != there:
        return there
    return device.name < other.name


def _shared_keys(office: Office, device: Device, tunnel: Tunnel) -> tuple[SharedKey, ...]:
    """While a key is rotated there are two, and at no moment may an end prove itself by one the other does not know.

    So the end that changes first goes on proving itself by the previous key, which the other end has all the time.
    Once the other end has changed, too, both know both; and the first one drops the previous key before the other does.
    """
    authentication = tunnel.authentication
    if authentication.kind is not AuthenticationKind.PSK:
        return ()
    if authentication.psk is None:
        raise RenderError(_("tunnel {tunnel} has no reference to its shared key").format(tunnel=tunnel.name))
    own = SharedKey(section_of(tunnel.name), placeholder(authentication.psk))
    if authentication.previous is None:
        return (own,)
    previous = SharedKey(section_of(tunnel.name) + PREVIOUS, placeholder(authentication.previous))
    return (own, previous) if first_to_change(office, tunnel) == device.name else (previous, own)
