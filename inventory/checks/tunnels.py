"""Tunnels: two ends that agree, inside their blocks, with algorithms the office allows."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from inventory.checks.problem import Path, Problem, error, warning
from inventory.crypto import PROFILES, Profile, Protocol, agree, judge
from inventory.model import AuthenticationKind, ChannelKind, Office, Tunnel, TunnelEnd, Wan
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office) -> Iterator[Problem]:
    """Everything about tunnels, and the channels that need one."""
    wans = {wan.name: wan for wan in office.wans}
    for i, tunnel in enumerate(office.tunnels):
        path: Path = ("tunnels", i)
        yield from _ends(path, tunnel, wans)
        for k, end in enumerate(tunnel.ends):
            yield from _end(office, (*path, "ends", k), end, wans)
        yield from _authentication(path, tunnel)
        yield from _proposals(path, tunnel, PROFILES[office.crypto])
        yield from _lifetimes(path, tunnel, PROFILES[office.crypto])
    yield from _remote_overlaps(office)
    yield from _shared_keys(office)
    yield from _channels(office)


def _ends(path: Path, tunnel: Tunnel, wans: dict[str, Wan]) -> Iterator[Problem]:
    here, there = tunnel.ends
    if here.device is not None and here.device == there.device:
        yield error((*path, "ends"), _("both ends are on {device}").format(device=here.device))
    if here.device is None and there.device is None:
        yield error((*path, "ends"), _("neither end is on a device of this office"))
    if here.identity == there.identity:
        yield error((*path, "ends"), _("both ends have the identity {name}").format(name=here.identity))
    lines = [wans[end.wan] for end in tunnel.ends if end.wan in wans]
    if len(lines) == len(tunnel.ends) and all(wan.address is None for wan in lines):
        yield error((*path, "ends"), _("neither end has a fixed address, so none can call the other"))


def _end(office: Office, path: Path, end: TunnelEnd, wans: dict[str, Wan]) -> Iterator[Problem]:
    if end.device is None:
        yield from _foreign_end(office, path, end)
        return
    if end.address is not None:
        yield error((*path, "address"), _("our own end has its address from its line: give wan, not address"))
    if end.wan is None:
        yield error(path, _("our own end needs its line: wan"))
    device = next((device for device in office.devices if device.name == end.device), None)
    if device is None:
        return
    if end.wan in wans:
        yield from _line((*path, "wan"), end.device, device.building, wans[end.wan])
    if end.backup in wans:
        yield from _line((*path, "backup"), end.device, device.building, wans[end.backup])
        yield from _backup((*path, "backup"), end, wans[end.backup])
    yield from _own_networks(office, path, end, device.building)


def _foreign_end(office: Office, path: Path, end: TunnelEnd) -> Iterator[Problem]:
    for key in ("wan", "backup"):
        if getattr(end, key) is not None:
            yield error((*path, key), _("a line needs its device; somebody else's end has an address"))
    if end.address is None:
        yield error(path, _("an end is either ours (device and wan) or somebody else's (address)"))
    elif any(end.address in prefix for prefix in office.prefixes):
        message = _("{address} lies inside the office; somebody else's end is outside")
        yield error((*path, "address"), message.format(address=end.address))
    for n, network in enumerate(end.networks):
        for prefix in office.prefixes:
            if network.overlaps(prefix):
                message = _("{network} of somebody else's end overlaps the office's own {prefix}")
                yield error((*path, "networks", n), message.format(network=network, prefix=prefix))


def _line(path: Path, device: str, building: str, wan: Wan) -> Iterator[Problem]:
    if wan.device is not None and wan.device != device:
        message = _("line {wan} belongs to {owner}, not to {device}")
        yield error(path, message.format(wan=wan.name, owner=wan.device, device=device))
    elif wan.building != building:
        message = _("line {wan} is in building {building}, {device} is not")
        yield error(path, message.format(wan=wan.name, building=wan.building, device=device))
    elif wan.device is None:
        yield error(path, _("line {wan} must say on which device it ends").format(wan=wan.name))


def _backup(path: Path, end: TunnelEnd, wan: Wan) -> Iterator[Problem]:
    if end.backup == end.wan:
        yield error(path, _("the second line must be another one than wan"))
    if wan.address is None or wan.gateway is None:
        message = _("a tunnel cannot move to line {wan}: it has no lasting address, or no gateway is written")
        yield error(path, message.format(wan=wan.name))


def _own_networks(office: Office, path: Path, end: TunnelEnd, building: str) -> Iterator[Problem]:
    """Behind the hub lies the whole office, behind any other end its building."""
    home = next((each for each in office.buildings if each.name == building), None)
    if home is None:
        return
    blocks = office.prefixes if home.hub else (home.prefix,)
    for n, network in enumerate(end.networks):
        if not any(network.subnet_of(block) for block in blocks):
            message = _("{network} does not lie behind {device}: {blocks}")
            where = ", ".join(map(str, blocks))
            yield error((*path, "networks", n), message.format(network=network, device=end.device, blocks=where))


def _authentication(path: Path, tunnel: Tunnel) -> Iterator[Problem]:
    kind, psk = tunnel.authentication.kind, tunnel.authentication.psk
    if kind is AuthenticationKind.PSK and psk is None:
        yield error((*path, "authentication"), _("a shared key needs psk: the reference to it"))
    if kind is not AuthenticationKind.PSK and psk is not None:
        yield error((*path, "authentication", "psk"), _("certificates need no psk; or say kind: psk"))
    if tunnel.authentication.previous is not None:
        yield from _previous(path, tunnel)


def _previous(path: Path, tunnel: Tunnel) -> Iterator[Problem]:
    place: Path = (*path, "authentication", "previous")
    if tunnel.authentication.psk is None:
        yield error(place, _("only beside psk: the shared key before that one"))
    elif tunnel.authentication.psk == tunnel.authentication.previous:
        yield error(place, _("is the same key as psk; leave it out when no end lives by another any more"))
    if any(end.device is None for end in tunnel.ends):
        yield error(place, _("one end is somebody else's: when it changes its key, fosa does not know"))


def _proposals(path: Path, tunnel: Tunnel, profile: Profile) -> Iterator[Problem]:
    for protocol in Protocol:
        key = protocol.value
        common: tuple[str, ...] = getattr(tunnel, key)
        own: list[tuple[str, ...] | None] = [getattr(end, key) for end in tunnel.ends]
        places = [((*path, key), common), *(((*path, "ends", k, key), each) for k, each in enumerate(own) if each)]
        for place, proposals in places:
            for n, proposal in enumerate(proposals):
                for objection in judge(proposal, protocol, profile):
                    yield Problem((*place, n), objection.severity, f"{proposal}: {objection.message}")
        here, there = (each or common for each in own)
        if not any(agree(one, other) for one in here for other in there):
            message = _("the ends have no {protocol} proposal in common")
            yield error((*path, "ends"), message.format(protocol=protocol.upper()))


def _lifetimes(path: Path, tunnel: Tunnel, profile: Profile) -> Iterator[Problem]:
    limits = {
        "ike_rekey_s": profile.ike_lifetime_s,
        "ike_reauth_s": profile.ike_lifetime_s,
        "esp_rekey_s": profile.esp_lifetime_s,
    }
    for key, limit in limits.items():
        if getattr(tunnel, key) > limit:
            message = _("{seconds} s is longer than the crypto profile's {limit} s")
            yield warning((*path, key), message.format(seconds=getattr(tunnel, key), limit=limit))


def _remote_overlaps(office: Office) -> Iterator[Problem]:
    """Two tunnels of a device to one place: which of them a packet takes would be chance."""
    behind: dict[str, list[tuple[str, IPv4Network]]] = {}
    for i, tunnel in enumerate(office.tunnels):
        for k, (end, far) in enumerate(zip(tunnel.ends, reversed(tunnel.ends), strict=True)):
            if end.device is None or end.device == far.device:
                continue
            known = behind.setdefault(end.device, [])
            for n, network in enumerate(far.networks):
                clash = next((each for each in known if each[1].overlaps(network)), None)
                if clash is not None:
                    message = _("{network} overlaps {other}, which {device} reaches through {tunnel}")
                    fields = {"network": network, "other": clash[1], "device": end.device, "tunnel": clash[0]}
                    yield error(("tunnels", i, "ends", 1 - k, "networks", n), message.format(**fields))
            known.extend((tunnel.name, network) for network in far.networks)


def _shared_keys(office: Office) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for i, tunnel in enumerate(office.tunnels):
        for key in ("psk", "previous"):
            ref = getattr(tunnel.authentication, key)
            if ref is not None and first.setdefault(ref, tunnel.name) != tunnel.name:
                message = _("tunnel {tunnel} has the same key; every tunnel needs its own")
                yield warning(("tunnels", i, "authentication", key), message.format(tunnel=first[ref]))


def _channels(office: Office) -> Iterator[Problem]:
    tunnels = {tunnel.name: tunnel for tunnel in office.tunnels}
    for i, channel in enumerate(office.channels):
        if channel.kind is ChannelKind.IPSEC_L2L and channel.tunnel is None:
            yield warning(("channels", i), _("a channel of kind ipsec_l2l should name its tunnel"))
        if channel.tunnel not in tunnels:
            continue
        if all(end.device is not None for end in tunnels[channel.tunnel].ends):
            message = _("tunnel {tunnel} joins our own buildings; no platform lies behind it")
            yield error(("channels", i, "tunnel"), message.format(tunnel=channel.tunnel))
            continue
        far = [network for end in tunnels[channel.tunnel].ends if end.device is None for network in end.networks]
        for k, endpoint in enumerate(channel.endpoints):
            for n, address in enumerate(endpoint.pinned):
                if not any(address in network for network in far):
                    message = _("{address} does not lie behind tunnel {tunnel}: {networks}")
                    networks = ", ".join(map(str, far))
                    path: Path = ("channels", i, "endpoints", k, "pinned", n)
                    text = message.format(address=address, tunnel=channel.tunnel, networks=networks)
                    yield warning(path, text)
