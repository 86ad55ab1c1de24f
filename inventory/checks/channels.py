"""What an inventory says of a platform, held against what is known of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inventory.certainty import certainty
from inventory.channels import areas, duty_of, profile_of
from inventory.checks.problem import Path, Problem, error, note, suggest, warning
from inventory.model import Channel, EndpointKind, Office
from inventory.model.profile import Profile
from inventory.profiles import names
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """Every channel against its profile, and whether its daily duty can be seen."""
    for i, channel in enumerate(office.channels):
        path = ("channels", i)
        if channel.profile is not None and (known := profile_of(channel)) is None:
            message = _("there is no profile {name}").format(name=channel.profile)
            yield error((*path, "profile"), f"{message}; {suggest(channel.profile, names())}")
        elif channel.profile is not None and known is not None:
            yield from _against(path, channel, known)
        yield from _own(path, channel)
        yield from _seen(path, office, channel, today)


def _against(path: Path, channel: Channel, known: Profile) -> Iterator[Problem]:
    if channel.kind is not known.way.kind:
        text = _("the profile knows this platform by {kind} ({certainty}, {source})")
        source = known.source(known.way.source).title
        said = text.format(kind=known.way.kind.value, certainty=certainty(known.way.confidence), source=source)
        yield note((*path, "kind"), said)
    hosts = {endpoint.name for endpoint in known.endpoints}
    for k, endpoint in enumerate(channel.endpoints):
        if endpoint.name not in hosts:
            message = _("the profile does not know {name}; {hint}")
            said = message.format(name=endpoint.name, hint=suggest(endpoint.name, hosts))
            yield note((*path, "endpoints", k, "name"), said)
    services = {service.name for service in known.services}
    for k, service in enumerate(channel.services):
        if service.name not in services:
            message = _("the profile has no service {name}").format(name=service.name)
            yield error((*path, "services", k, "name"), f"{message}; {suggest(service.name, services)}")
    if channel.canary is not None and known.rates is not None and channel.canary.every_min < known.rates.canary_min:
        text = _("the profile lets an office ask every {n} minutes, not more often")
        yield error((*path, "canary", "every_min"), text.format(n=known.rates.canary_min))


def _own(path: Path, channel: Channel) -> Iterator[Problem]:
    if channel.services and channel.profile is None:
        yield error((*path, "services"), _("services are those of a profile, and this channel names none"))
    if channel.duty is not None and channel.duty.late <= channel.duty.warn:
        yield error((*path, "duty", "late"), _("must be later than warn"))
    for k, notice in enumerate(channel.notices):
        if notice.ends <= notice.begins:
            yield error((*path, "notices", k, "ends"), _("must be later than begins"))


def _seen(path: Path, office: Office, channel: Channel, today: dt.date) -> Iterator[Problem]:
    """Nothing to say where the office has no domain system: nobody would ask then."""
    if duty_of(channel) is not None and areas(office) and not _may_ask(office, channel, today):
        text = _("no flow lets a domain system ask this platform, so nobody can see whether it is asked every day")
        yield warning(path, text)


def _may_ask(office: Office, channel: Channel, today: dt.date) -> bool:
    """As far as names go: whether they are somebody's is another check's matter."""
    systems = {system.device for system in office.domain_systems if system.device is not None}
    zones = {device.zone for device in office.devices if device.name in systems and device.zone is not None}
    here: dict[EndpointKind, set[str]] = {EndpointKind.DEVICE: systems, EndpointKind.ZONE: zones}
    return any(
        (flow.until is None or today <= flow.until)
        and any(end.kind is EndpointKind.CHANNEL and end.name == channel.name for end in flow.destinations)
        and any(end.name in here.get(end.kind, set()) for end in flow.sources)
        for flow in office.flows
    )
