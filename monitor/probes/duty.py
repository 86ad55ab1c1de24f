"""Whether the office asks a platform every working day: its gateways note when a platform last answered it.

The asking itself is `monitor.noting`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import NamedTuple

from inventory.channels import askers, duty_of
from inventory.model import Calendar, Channel, DailyDuty, Login, Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.duty import Noted
from monitor.errors import Flaw
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.refused import Protocol, refuse
from monitor.results import ProbeKind, State

__all__ = ["KEPT", "PROBE", "Answer", "Asked", "parse_asked"]

_PACE = Pace(period_s=120.0, timeout_s=20.0)
KEPT = dt.timedelta(days=14)
"""So long a gateway remembers (templates/linux_gateway/nftables.conf.j2)."""
_ENTRIES = 2048


@dataclass(slots=True)
class Memory:
    """A gateway forgets with every change of its rules; what it told before holds."""

    newest: dt.datetime | None = None

    def join(self, noted: Noted) -> Noted:
        """With what is remembered."""
        known = [moment for moment in (self.newest, noted.newest) if moment is not None]
        self.newest = max(known, default=None)
        return Noted(self.newest, noted.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Target):
    """A platform that has to be asked, and who may have seen it."""

    duty: DailyDuty
    calendar: Calendar
    gateways: tuple[tuple[str, Login | None], ...]
    """Those that domain systems stand behind; without a login nobody has said how to reach them."""
    systems: frozenset[str]
    platform: frozenset[str]
    memory: Memory = field(default_factory=Memory, compare=False)


class Answer(NamedTuple):
    """What a gateway has noted: who asked whom how many seconds ago, and since when it notes."""

    asked: tuple[tuple[str, str, int], ...]
    since_s: int | None
    """None: longer than it remembers."""


def _targets(office: Office) -> Iterator[Asked]:
    today = dt.datetime.now(dt.UTC).date()
    for channel in office.channels:
        duty = duty_of(channel)
        systems = askers(office, channel, today)
        if duty is not None and systems:
            places = {device.building for device in systems}
            gateways = [device.name for device in office.gateways if device.building in places]
            yield Asked(
                name=channel.name,
                subject=f"channel:{channel.name}",
                where=", ".join(gateways),
                pace=_PACE,
                duty=duty,
                calendar=office.calendar,
                gateways=tuple((name, _login(office, name)) for name in gateways),
                systems=frozenset(str(device.address) for device in systems),
                platform=frozenset(map(str, _pinned(channel))),
            )


def _login(office: Office, device: str) -> Login | None:
    access = office.access_to(device)
    return None if access is None else access.read


def _pinned(channel: Channel) -> Iterator[IPv4Address]:
    return (address for endpoint in channel.endpoints for address in endpoint.pinned)


def _secrets(office: Office) -> Iterable[str]:
    return {login.key for target in _targets(office) for _name, login in target.gateways if login is not None}


async def _without_a_way(target: Asked, _secrets: Secrets) -> Outcome:
    """What is known where nobody lends a way to the gateways; the watch does (`monitor.noting`)."""
    return Outcome(state=State.UNKNOWN, cause=say(N_("this process has no way to the gateways")), sent=target.where)


def parse_asked(text: bytes) -> Answer | None:
    """The gate's answer; None where it is anything else, its own fault among it."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and told.get("ok") is not True:
        return None
    found = _answer(told)
    if found is None:
        refuse(Protocol.GATE, Flaw.MALFORMED)
    return found


def _answer(told: object) -> Answer | None:
    if not isinstance(told, dict):
        return None
    asked, since = told.get("asked"), told.get("since_s")
    if not isinstance(asked, list) or len(asked) > _ENTRIES or not (since is None or _is_age(since)):
        return None
    found = [_entry(item) for item in asked]
    return None if None in found else Answer(tuple(item for item in found if item is not None), since)


def _entry(item: object) -> tuple[str, str, int] | None:
    if not isinstance(item, dict):
        return None
    one, to, age = item.get("from"), item.get("to"), item.get("age_s")
    if not isinstance(one, str) or not isinstance(to, str) or not isinstance(age, int) or not _is_age(age):
        return None
    return one, to, age


def _is_age(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= KEPT.total_seconds()


PROBE = Probe(ProbeKind.DUTY, _targets, _without_a_way, _secrets)
