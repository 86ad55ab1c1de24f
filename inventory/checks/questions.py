"""What platforms are asked: of hosts the channel has, and only where it is that kind of channel."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error, note, suggest
from inventory.model import Channel, ChannelKind, Office
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office) -> Iterator[Problem]:
    """The questions of every channel."""
    for i, channel in enumerate(office.channels):
        yield from _hosts(("channels", i), channel)
        yield from _kinds(("channels", i), channel)
        if channel.health is not None:
            yield from _device(("channels", i, "health", "device"), office, channel.health.device)


def _hosts(path: Path, channel: Channel) -> Iterator[Problem]:
    known = {endpoint.name for endpoint in channel.endpoints}
    for key in ("canary", "ftp", "time_stamps"):
        asked = getattr(channel, key)
        if asked is not None and asked.endpoint is not None and asked.endpoint not in known:
            message = _("the channel has no endpoint {name}").format(name=asked.endpoint)
            yield error((*path, key, "endpoint"), f"{message}; {suggest(asked.endpoint, known)}")


def _kinds(path: Path, channel: Channel) -> Iterator[Problem]:
    for key, kind in (("health", ChannelKind.XROAD_SS), ("ftp", ChannelKind.FTPS)):
        if getattr(channel, key) is not None and channel.kind is not kind:
            yield note((*path, key), _("says nothing: only a channel of kind {kind} has it").format(kind=kind.value))


def _device(path: Path, office: Office, name: str) -> Iterator[Problem]:
    device = next((each for each in office.devices if each.name == name), None)
    if device is not None and device.address is None:
        yield error(path, _("a device without an address cannot be asked"))
