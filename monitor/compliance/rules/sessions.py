"""MG: who comes in to manage a switch, how long he may stay idle, and what he is shown before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.demands import DEMANDS
from monitor.compliance.model import Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.entry import from_strangers, usable
from monitor.compliance.rules.sayings import doubtful, failed, passed, settled, silent, unsaid
from monitor.facts.switch import Line
from monitor.facts.where import Fact

__all__ = ["MG_05", "MG_06", "MG_07"]

MG_05 = Rule(
    id="MG-05",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Management from the manager only")),
    rationale=say(N_("Who can reach a login can try passwords, and every hole the maker has yet to close.")),
    fix=say(N_("Put an access list with the manager's address on every way in (fosa push does).")),
    judge=from_strangers,
)

# ---- MG-06 -----------------------------------------------------------------------------------------------------------


def _idle_ends(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.lines is None:
        yield silent(case)
        return
    lines = [line for line in switch.lines if usable(line, switch)]
    idle = [line.idle_s for line in lines if line.idle_s is not None]
    message = say(N_("idle sessions end after {minutes} minutes at most"), minutes=_minutes(idle))
    otherwise = passed(message, (case.evidence(fact.where) for fact in idle), switch.sources)
    if not lines:
        otherwise = unsaid(case, Requirement.IDLE_TIMEOUT)
    yield from settled((judged for line in lines for judged in _lasting(case, line)), otherwise)


def _minutes(idle: list[Fact[int]]) -> str:
    return f"{max((fact.value for fact in idle), default=0) / 60:g}"


def _lasting(case: Case, line: Line) -> Iterator[Judged]:
    if line.idle_s is None:
        silence = unsaid(case, Requirement.IDLE_TIMEOUT)
        message = say(N_("the text does not say when idle sessions of {line} end"), line=line.name)
        yield silence if silence.requirement is not None else doubtful(message, case.evidence(line.where))
    elif line.idle_s.value == 0:
        message = say(N_("idle sessions of {line} never end"), line=line.name)
        yield failed(message, case.evidence(line.idle_s.where), requirement=Requirement.IDLE_TIMEOUT)
    elif line.idle_s.value > DEMANDS.idle_s:
        late = N_("idle sessions of {line} end after {minutes} minutes; {most} at most are allowed")
        said = say(late, line=line.name, minutes=_minutes([line.idle_s]), most=DEMANDS.idle_s // 60)
        yield failed(said, case.evidence(line.idle_s.where), requirement=Requirement.IDLE_TIMEOUT)


MG_06 = Rule(
    id="MG-06",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Idle management sessions end")),
    rationale=say(N_("A session left open on a console or a desk is an administrator for whoever comes next.")),
    fix=say(N_("Set the idle time-out of the inventory on every line, the console too (fosa push does).")),
    judge=_idle_ends,
)

# ---- MG-07 -----------------------------------------------------------------------------------------------------------

_PRODUCTS = re.compile(
    r"(?i)\b(cisco|catalyst|ios(-xe)?|juniper|junos|hewlett|hpe|procurve|aruba|aos-?cx|mikrotik|routeros)\b"
    r"|\b(version|ver\.?|firmware|model|serial|wersja|oprogramowanie)\b|\b[0-9]+\.[0-9]+(\.[0-9]+|\([0-9])"
)
"""Makers, systems and versions, as an attacker would like to read them."""


def _warned(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or not switch.banner_known:
        yield silent(case)
    elif switch.banner is None:
        silence = unsaid(case, Requirement.BANNER)
        message = say(N_("nothing is shown before somebody logs in"))
        yield (
            silence
            if silence.requirement is not None
            else failed(message, *map(case.whole, switch.sources), requirement=Requirement.BANNER)
        )
    else:
        yield _banner(case, switch.banner, switch.sources)


def _banner(case: Case, banner: Fact[str], sources: tuple[str, ...]) -> Judged:
    place = case.evidence(banner.where)
    if found := _PRODUCTS.search(banner.value) or _own_words(case).search(banner.value):
        message = say(N_("the banner tells of the device: {words}"), words=found[0])
        return failed(message, place, requirement=Requirement.BANNER)
    said = " ".join(banner.value.split())
    wanted = () if case.office.switching is None else case.office.switching.banner
    if wanted and all(line in said for line in wanted):
        return passed(
            say(N_("the banner is the inventory's notice, and tells nothing of the device")), (place,), sources
        )
    return doubtful(say(N_("whether this banner is a legal notice is for a person to tell")), place)


def _own_words(case: Case) -> re.Pattern[str]:
    """The device's own maker and model, where the inventory knows them."""
    words = [re.escape(word) for word in (case.device.vendor, case.device.model) if word]
    return re.compile(rf"(?i)\b({'|'.join(words)})\b") if words else re.compile(r"(?!)")


MG_07 = Rule(
    id="MG-07",
    version=1,
    severity=Severity.LOW,
    title=say(N_("A notice before the login, without product data")),
    rationale=say(N_("Who was told cannot say he did not know; and who is told the version need not look for it.")),
    fix=say(N_("Set the inventory's banner (fosa push does).")),
    judge=_warned,
)
