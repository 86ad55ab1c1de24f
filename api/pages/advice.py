"""What to do about it, in the order in which it is done: simple things first, by whoever is nearest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from api.pages.matters import Step
from api.pages.people import People
from api.pages.sites import Site, building_of, device_named, room_of, wan_named
from inventory.model import Device, Wan, WanRole
from inventory.words import gettext as _
from monitor.results import DeviceReading, LinkReading, Reason, State, TunnelReading

__all__ = [
    "for_building",
    "for_degraded",
    "for_device",
    "for_difference",
    "for_far_end",
    "for_leak",
    "for_link",
    "for_polled",
    "for_tunnel",
]


def for_building(
    people: People, site: Site, readings: Iterable[TunnelReading | LinkReading | DeviceReading]
) -> tuple[Step, ...]:
    """A building none of whose tunnels works."""
    silent = {each.device for each in readings if isinstance(each, DeviceReading)}
    ours = [device.name for device in site.managed]
    suspects = [name for name in ours if name in silent or site.building.hub]
    looks = [Step(people.anybody_in(site.building), _power(people, name)) for name in suspects]
    calls = [Step(people.administrator, _call(wan)) for wan in site.wans if wan.device in ours]
    return (*looks, *calls, *_ipsec(people, ours))


def for_link(people: People, reading: LinkReading) -> tuple[Step, ...]:
    """One line or cable."""
    wan = wan_named(people.office, reading.link)
    if reading.state is State.UNKNOWN:
        return (Step(people.administrator, _ask(reading.device)),)
    building = building_of(people.office, reading.device)
    plug = _("See whether the cable in port {port} of {device} is plugged in, and the box at its other end is on.")
    look = Step(people.anybody_in(building), plug.format(port=reading.interface, device=reading.device))
    return (look,) if wan is None else (look, Step(people.administrator, _call(wan)))


def for_far_end(people: People) -> tuple[Step, ...]:
    """A tunnel to somebody else, while our own lines work or have a matter of their own."""
    return (
        Step(people.administrator, _("See whether our own line works: other tunnels over it would be down too.")),
        Step(people.other_side, _("Ask whether it works on their side, and whether they changed anything.")),
    )


def for_tunnel(people: People, reading: TunnelReading) -> tuple[Step, ...]:
    """A tunnel between our own gateways, while others there work; or one that cannot be judged."""
    names = [end.device for end in reading.ends]
    if reading.state is State.UNKNOWN:
        return tuple(Step(people.administrator, _ask(name)) for name in names)
    return tuple(_ipsec(people, names))


def for_device(people: People, reading: DeviceReading) -> tuple[Step, ...]:
    """A gateway that cannot be asked."""
    name = reading.device
    match reading.reason:
        case Reason.REFUSED:
            wary = _("Do not accept another host key of {device} before it is clear who changed it, and why.")
            return (
                Step(people.security, wary.format(device=name)),
                Step(people.administrator, _("Compare the key on the device's own console with the inventory.")),
            )
        case Reason.DAEMON_SILENT | Reason.NONSENSE:
            return tuple(_ipsec(people, [name]))
        case Reason.UNREACHABLE:
            nearest = people.anybody_in(building_of(people.office, name))
            return (Step(nearest, _power(people, name)), Step(people.administrator, _ask(name)))
        case _:
            return (Step(people.administrator, _ask(name)),)


def for_difference(people: People, reading: TunnelReading) -> tuple[Step, ...]:
    """Ends that negotiated something else than what is written."""
    plan = _("See what fosa plan {devices} would change, then push it or write down what is meant.")
    devices = " ".join(dict.fromkeys(difference.device for difference in reading.differences))
    return (Step(people.administrator, plan.format(devices=devices)),)


def for_degraded(people: People, reading: TunnelReading) -> tuple[Step, ...]:
    """A tunnel that carries, and badly: mostly the line below it."""
    names = [end.device for end in reading.ends]
    if reading.reason is Reason.IKE_SILENT:
        text = _("See whether UDP 500 and 4500 pass between the ends, before the tunnel ends by itself: {devices}.")
        return (Step(people.administrator, text.format(devices=", ".join(names))),)
    wans = (wan for wan in people.office.wans if wan.device in names and wan.role is WanRole.PRIMARY)
    return tuple(Step(people.administrator, _call(wan)) for wan in wans)


def for_polled(people: People, device: Device) -> tuple[Step, ...]:
    """A device that answers nobody."""
    nearest = people.anybody_in(people.office.building(device.building))
    return (Step(nearest, _power(people, device.name)),)


def for_leak(people: People) -> tuple[Step, ...]:
    """Traffic in clear between our networks."""
    return (
        Step(
            people.security, _("Treat it as an incident: keep what the probe saw, and decide whether the line is cut.")
        ),
        Step(people.administrator, _("Find the rule or the route that lets it out, and put back what was approved.")),
    )


def _ipsec(people: People, devices: Sequence[str]) -> Iterator[Step]:
    if devices:
        text = _("If power and line are fine: see whether the IPsec service (charon) runs on {devices}.")
        yield Step(people.administrator, text.format(devices=", ".join(devices)))


def _power(people: People, name: str) -> str:
    text = _("See whether there is power, and whether {device} is on and its cables are plugged in.")
    device = device_named(people.office, name)
    room = "" if device is None else room_of(people.office, device)
    return text.format(device=_("{device} ({room})").format(device=name, room=room) if room else name)


def _call(wan: Wan) -> str:
    address = "" if wan.address is None else f", {wan.address}"
    text = _("Call {provider}, the provider of the line {line}: is there a failure?")
    return text.format(provider=wan.provider, line=f"{wan.name}{address}")


def _ask(device: str) -> str:
    return _("See why {device} does not report: log in to it, or try fosa plan {device}.").format(device=device)
