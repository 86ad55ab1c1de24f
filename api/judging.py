"""An office is judged: devices are read through their read accounts, and what they say is held against the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from api.drills.model import Drill
from inventory.errors import RenderError
from inventory.model import Device, Office
from inventory.secrets import SecretStore
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Report
from monitor.facts.live import DrillReading, LiveFacts, LogConnection, TimeReading, live_facts
from monitor.facts.model import Facts
from monitor.facts.read import facts, intended_sections
from monitor.results import Watched
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Driver, Failure, Fetched, Status
from playbooks.drivers.gateway import GatewayDriver
from templates.render import render

__all__ = ["Seen", "judge_office"]

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known beside what devices say when they are asked."""

    watched: Watched | None = None
    drills: tuple[Drill, ...] = ()


def judge_office(
    office: Office, devices: Sequence[Device], secrets: SecretStore, basis: Basis, seen: Seen = Seen()
) -> Report:
    """Read the devices and judge them. One that cannot be read is a problem of the report, and its rules say unknown.

    LIVE: what they run and what is happening on them; `seen` tells of their tunnels. Blocks for seconds.
    """
    if basis is Basis.INTENDED:
        today = _today(office, _now())
        subjects = [_intended(office, device, today) for device in devices]
    else:
        # A switch tells nothing of how it is that the rules ask for: one login less.
        live = [basis is Basis.LIVE and device.gateway for device in devices]
        drivers = [open_driver(office, device, secrets, CarrierKind.SSH, Path()) for device in devices]
        answers = _each(drivers, live)
        subjects = [_subject(device, answer, seen) for device, answer in zip(devices, answers, strict=True)]
    now = _now()
    return check(office, subjects, Question(basis, now, _today(office, now)), catalogue())


# ---- What would be pushed --------------------------------------------------------------------------------------------


def _intended(office: Office, device: Device, today: dt.date) -> Subject:
    try:
        rendered = render(office, device, today)
    except RenderError as error:
        return Subject(device, None, problem=_unread(device, str(error)))
    return Subject(device, facts(device.name, rendered.platform, Basis.INTENDED, intended_sections(rendered), None))


# ---- What runs, and what is happening --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a device said, and when it was asked."""

    asked_at: dt.datetime
    text: Fetched | Failure
    status: Status | Failure | None
    """None: it was not asked."""


def _ask(asked: tuple[Driver, bool]) -> _Answer:
    """A driver, and whether to ask how the device is, too."""
    driver, live = asked
    asked_at = _now()
    text = driver.fetch()
    if isinstance(text, Failure):
        return _Answer(asked_at, text, None)
    return _Answer(asked_at, _with_ways(driver, text), driver.status() if live else None)


def _with_ways(driver: Driver, text: Fetched) -> Fetched:
    """With where the device sends packets, where its gate tells: the rules say what is missing otherwise."""
    ways = driver.ways() if isinstance(driver, GatewayDriver) else {}
    return text if isinstance(ways, Failure) else Fetched({**text.sections, **ways})


def _each(drivers: list[Driver], live: list[bool]) -> Iterator[_Answer]:
    with ThreadPoolExecutor(min(_AT_ONCE, len(drivers) or 1), thread_name_prefix="judging") as pool:
        yield from pool.map(_ask, zip(drivers, live, strict=True))


def _subject(device: Device, answer: _Answer, seen: Seen) -> Subject:
    live = _live(device, answer, seen)
    if isinstance(answer.text, Failure):
        return Subject(device, None, live, _unread(device, str(answer.text)))
    problem = None
    if isinstance(answer.status, Failure):
        message = N_("{device} does not report how it is: {why}")
        problem = say(message, device=device.name, why=answer.status)
    return Subject(device, _running(device, answer.text, answer.asked_at), live, problem)


def _running(device: Device, text: Fetched, read_at: dt.datetime) -> Facts:
    assert device.platform is not None  # noqa: S101  only managed devices are judged
    return facts(device.name, device.platform, Basis.RUNNING, text.sections, read_at)


def _live(device: Device, answer: _Answer, seen: Seen) -> LiveFacts:
    status = answer.status if isinstance(answer.status, Status) else None
    times = logs = None
    if status is not None and status.time is not None:
        times = tuple(TimeReading(t.source, t.reachable, t.selected, t.offset_s) for t in status.time)
    if status is not None and status.log is not None:
        logs = tuple(LogConnection(target.server, target.port, target.established) for target in status.log)
    facts_now = live_facts(device.name, seen.watched, times, logs, answer.asked_at)
    return replace(facts_now, drills=tuple(DrillReading(d.tunnel, d.at, d.passed, str(d.said)) for d in seen.drills))


def _unread(device: Device, why: str) -> Sentence:
    return say(N_("{device} was not read: {why}"), device=device.name, why=why)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _today(office: Office, now: dt.datetime) -> dt.date:
    """The day where the office is."""
    return now.astimezone(ZoneInfo(office.calendar.timezone)).date()
