"""The tunnels of one gateway as strongSwan connections, and how large a packet fits into them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from inventory.distance import first_to_change
from inventory.errors import RenderError
from inventory.model import AuthenticationKind, Device, Office, Tunnel, TunnelEnd
from inventory.words import gettext as _
from templates.filters import Fragment
from templates.linux_gateway.addresses import peer_address
from templates.linux_gateway.sharedkeys import PREVIOUS, section_of
from templates.secret import placeholder

__all__ = ["Connection", "SharedKey", "connections", "inner_mss"]

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

    @property
    def rotating(self) -> bool:
        """Whether there is a shared key besides the one this end proves itself by."""
        return len(self.shared_keys) > 1


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
    )


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
