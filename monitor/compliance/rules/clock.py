"""TM: one true time, so that logs of different devices tell one story."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import failed, passed, silent
from monitor.facts.live import TimeReading

__all__ = ["TM_01"]

_SOURCES = 2


def _two_sources(case: Case) -> Iterator[Judged]:
    yield from _configured(case)
    if case.with_live:
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
    if (n := len({server.address for server in known})) < _SOURCES:
        message = N_("{n} of the inventory's time sources are asked, and {wanted} are needed")
        places = [case.evidence(server.where) for server in known] or [case.whole(name) for name in timing.sources]
        yield failed(say(message, n=n, wanted=_SOURCES), *places)
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
    if len(answering) >= _SOURCES:
        yield passed(say(N_("{n} time sources answer"), n=len(answering)), evidence)
    else:
        silent_ones = ", ".join(sorted(wanted - set(answering)))
        message = say(
            N_("{n} time sources answer, and {wanted} are needed; silent: {silent}"),
            n=len(answering),
            wanted=_SOURCES,
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
