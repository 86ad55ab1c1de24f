"""Two gateways of one building: one works, the other stands by, and all addresses but their own move together."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model import Device, Office

__all__ = ["Pair", "identities", "in_its_place", "named", "pair_of", "pairs", "seat"]


@dataclass(frozen=True, slots=True)
class Pair:
    """The gateway that the inventory's lines and tunnels name, and the one that stands by for it."""

    first: Device
    standby: Device

    @property
    def name(self) -> str:
        """The pair is called as its first gateway."""
        return self.first.name

    @property
    def names(self) -> tuple[str, str]:
        """Both gateways' names, the first one's first."""
        return self.first.name, self.standby.name

    def mate(self, device: str) -> Device:
        """The other one."""
        return self.standby if device == self.first.name else self.first


def pairs(office: Office) -> tuple[Pair, ...]:
    """All of them, in the inventory's order. A standby that fosa does not configure stands by for nobody."""
    gateways = {device.name: device for device in office.gateways}
    return tuple(
        Pair(gateways[device.stands_by], device)
        for device in office.gateways
        if device.stands_by is not None and device.stands_by in gateways
    )


def pair_of(office: Office, device: str) -> Pair | None:
    """The pair a gateway belongs to; None for one that is alone."""
    return next((pair for pair in pairs(office) if device in pair.names), None)


def named(office: Office) -> tuple[Device, ...]:
    """The gateways that lines and tunnels name: all but those that stand by."""
    return tuple(device for device in office.gateways if seat(office, device.name) == device.name)


def seat(office: Office, device: str) -> str:
    """Under which name the inventory's lines and tunnels know a gateway: of a standby, the first one's."""
    pair = pair_of(office, device)
    return device if pair is None else pair.name


def in_its_place(office: Office, device: str) -> Office:
    """The office as a standby has to see it once it works: what ends on the first gateway ends on it.

    The same office for every other device.
    """
    pair = pair_of(office, device)
    if pair is None or device != pair.standby.name:
        return office
    first, standby = pair.names

    def moved(name: str | None) -> str | None:
        return standby if name == first else name

    tunnels = tuple(
        tunnel.model_copy(
            update={"ends": tuple(end.model_copy(update={"device": moved(end.device)}) for end in tunnel.ends)}
        )
        for tunnel in office.tunnels
    )
    wans = tuple(wan.model_copy(update={"device": moved(wan.device)}) for wan in office.wans)
    # Which end of a tunnel changes first must not depend on which of the two is asked.
    changes = office.changes.model_copy(update={"canary": moved(office.changes.canary)})
    return office.model_copy(update={"tunnels": tunnels, "wans": wans, "changes": changes})


def identities(office: Office, device: str) -> tuple[str, ...]:
    """The names in a gateway's certificate, its own subject first: what its tunnels call it, else its own name.

    A standby proves itself by the first gateway's name, too: far ends then need not know that there are two, and the
    newcomer's INITIAL_CONTACT replaces the SA of the one that has gone (RFC 7296, section 2.4). Its key and its
    certificate are its own, so that either can be revoked alone.
    """
    ends = (tunnel.end_of(device) for tunnel in in_its_place(office, device).tunnels)
    shared = tuple(sorted({end.identity for end in ends if end is not None}))
    own = f"{device}.{office.domain}"
    return shared or (own,) if seat(office, device) == device else tuple(dict.fromkeys((own, *shared)))
