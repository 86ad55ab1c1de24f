"""TM: one true time, so that logs of different devices tell one story."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.demands import DEMANDS
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import failed, passed, settled, silent
from monitor.facts.live import TimeReading
from monitor.facts.model import Timing

__all__ = ["TM_01", "TM_02"]


def _two_sources(case: Case) -> Iterator[Judged]:
    yield from _configured(case)
    # Nobody asks a switch how its clock is: what it was told to ask is all that can be judged of it.
    if case.with_live and not case.on_switch:
        yield from _reachable(case)


def _configured(case: Case) -> Iterator[Judged]:
    timing = case.facts.timing
    if timing is None:
        yield silent(case)
        return
    wanted = {str(address) for address in case.office.network.time_sources}
    known = [server for server in timing.servers if server.address in wanted]
    strange = [server for server in timing.servers if server.address not in wanted]
    for server in strange:
        message = N_("{source} is asked for the time, which the inventory does not name")
        yield failed(say(message, source=server.address), case.evidence(server.where))
    if (n := len({server.address for server in known})) < DEMANDS.time_sources:
        message = N_("{n} of the inventory's time sources are asked, and {wanted} are needed")
        places = [case.evidence(server.where) for server in known] or [case.whole(name) for name in timing.sources]
        yield failed(say(message, n=n, wanted=DEMANDS.time_sources), *places)
    elif not strange:
        message = N_("{n} time sources of the inventory are asked")
        yield passed(say(message, n=n), (case.evidence(server.where) for server in known), timing.sources)
    for where in timing.elsewhere:
        message = N_("this line brings in a file that was not read: it may name other sources")
        yield Judged(Result.UNKNOWN, say(message), (case.evidence(where),))


def _reachable(case: Case) -> Iterator[Judged]:
    if case.live is None or case.live.times is None or not case.fresh(case.live.read_at):
        yield Judged(
            Result.UNKNOWN, say(N_("there is no fresh reading of the clock of {device}"), device=case.device.name)
        )
        return
    read_at = case.live.read_at
    wanted = {str(address) for address in case.office.network.time_sources}
    read = [time for time in case.live.times if time.source in wanted]
    evidence = [case.reading("chronyc sources", _shown(time), read_at) for time in read]
    answering = [time.source for time in read if time.reachable]
    if len(answering) >= DEMANDS.time_sources:
        yield passed(say(N_("{n} time sources answer"), n=len(answering)), evidence)
    else:
        silent_ones = ", ".join(sorted(wanted - set(answering)))
        message = say(
            N_("{n} time sources answer, and {wanted} are needed; silent: {silent}"),
            n=len(answering),
            wanted=DEMANDS.time_sources,
            silent=silent_ones,
        )
        yield failed(message, *evidence)


def _shown(time: TimeReading) -> str:
    reach = "reachable" if time.reachable else "unreachable"
    return f"{time.source} {reach}{' selected' if time.selected else ''}"


TM_01 = Rule(
    id="TM-01",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Time from at least two sources")),
    rationale=say(N_("With one source a wrong clock goes unnoticed, and logs of a wrong time prove nothing.")),
    fix=say(N_("Set the time sources of the inventory (fosa push does), and see that each answers on UDP 123.")),
    judge=_two_sources,
)

# ---- TM-02 -----------------------------------------------------------------------------------------------------------


def _proven_time(case: Case) -> Iterator[Judged]:
    timing = case.facts.timing
    if timing is None:
        yield silent(case)
        return
    message = say(N_("every source of time proves itself by a key"))
    otherwise = passed(message, (case.evidence(server.where) for server in timing.servers), timing.sources)
    yield from settled(_unproven(case, timing), otherwise)


def _unproven(case: Case, timing: Timing) -> Iterator[Judged]:
    if not timing.servers:
        message = say(N_("nobody is asked for the time"))
        yield failed(message, *map(case.whole, timing.sources), requirement=Requirement.NTP_AUTHENTICATED)
    for server in timing.servers:
        if not server.authenticated:
            message = say(N_("{source} is believed without a key"), source=server.address)
            yield failed(message, case.evidence(server.where), requirement=Requirement.NTP_AUTHENTICATED)
    for where in timing.elsewhere:
        message = say(N_("this line brings in a file that was not read: it may name other sources"))
        yield Judged(Result.UNKNOWN, message, (case.evidence(where),))


TM_02 = Rule(
    id="TM-02",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Time sources prove themselves")),
    rationale=say(N_("Who forges the time forges the order of everything in the logs.")),
    fix=say(N_("Give the time sources a key, and name it in the inventory (switching.ntp_key).")),
    judge=_proven_time,
)
