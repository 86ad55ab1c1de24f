"""What holds of a channel: the profile of its platform, and before it what the office says itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Channel, DailyDuty, Device, Office, ServiceStatus
from inventory.model.profile import PlatformService, Profile
from inventory.policy import Oracle
from inventory.profiles import profile

__all__ = ["AreaService", "areas", "askers", "duty_of", "profile_of", "services_of"]


@dataclass(frozen=True, slots=True)
class AreaService:
    """A service of a platform as it concerns one office."""

    service: PlatformService
    status: ServiceStatus
    """The office's word before the profile's."""
    ours: bool
    """Whether it is for an area that the office has a domain system of."""

    @property
    def wanted(self) -> bool:
        """Whether it has to work for this office: only then its failure is one."""
        return self.ours and self.status is ServiceStatus.ACTIVE


def profile_of(channel: Channel) -> Profile | None:
    """What fosa ships of its platform; None where the inventory names none, or one there is not."""
    return None if channel.profile is None else profile(channel.profile)


def duty_of(channel: Channel) -> DailyDuty | None:
    """What has to be done every working day; None where nobody says so."""
    if channel.duty is not None:
        return channel.duty
    known = profile_of(channel)
    return None if known is None or known.duty is None else known.duty.times


def areas(office: Office) -> frozenset[str]:
    """The areas the office has domain systems of."""
    return frozenset(system.area for system in office.domain_systems if system.area is not None)


def services_of(office: Office, channel: Channel) -> tuple[AreaService, ...]:
    """The services of the platform, in the profile's order."""
    known = profile_of(channel)
    if known is None:
        return ()
    here, said = areas(office), {each.name: each.status for each in channel.services}
    return tuple(
        AreaService(service, said.get(service.name, service.status), not service.areas or bool(here & {*service.areas}))
        for service in known.services
    )


def askers(office: Office, channel: Channel, today: dt.date) -> tuple[Device, ...]:
    """The machines of domain systems that a flow lets ask the platform, in the inventory's order."""
    wanted = {system.device for system in office.domain_systems}
    oracle = Oracle(office, today)
    return tuple(
        device
        for device in office.devices
        if device.name in wanted and device.address is not None and _may(oracle, device.address, channel)
    )


def _may(oracle: Oracle, address: IPv4Address, channel: Channel) -> bool:
    return any(oracle.verdict(address, to, "tcp", port).allowed for to, port in _places(channel))


def _places(channel: Channel) -> Iterator[tuple[IPv4Address, int]]:
    for endpoint in channel.endpoints:
        for address in endpoint.pinned:
            yield address, endpoint.port
