"""LG: logs that leave the device, to the office's log server, where nobody on the way can read or forge them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import failed, passed, silent
from monitor.facts.live import LogConnection
from monitor.facts.model import Logging, LogTarget

__all__ = ["LG_01"]


def _logs_leave(case: Case) -> Iterator[Judged]:
    if case.on_switch:
        yield from _of_switch(case)
        return
    yield from _configured(case)
    if case.with_live:
        yield from _connected(case)


def _server(case: Case) -> IPv4Address | None:
    return case.office.device(case.office.network.log_server).address


def _configured(case: Case) -> Iterator[Judged]:
    logging = case.facts.logging
    if logging is None:
        yield silent(case)
        return
    server = str(_server(case))
    found = [judged for target in logging.targets for judged in _target(case, target, server)]
    good = [target for target in logging.targets if target.server == server and target.tls and target.verified]
    if not any(target.server == server for target in logging.targets):
        message = say(N_("no logs are sent to the log server {server}"), server=server)
        found.append(failed(message, *map(case.whole, logging.sources)))
    for where in logging.elsewhere:
        said = say(N_("this line brings in a file that was not read: it may send logs elsewhere"))
        found.append(Judged(Result.UNKNOWN, said, (case.evidence(where),)))
    yield from found
    if good and not found:
        message = say(N_("logs are sent to the log server {server} over TLS"), server=server)
        yield passed(message, (case.evidence(target.where) for target in good), logging.sources)


def _of_switch(case: Case) -> Iterator[Judged]:
    logging = case.facts.logging
    if logging is None:
        yield silent(case)
        return
    wanted = [str(address) for address in _servers(case)]
    found = list(_not_sent(case, logging, wanted))
    for target in logging.targets:
        if target.server not in wanted:
            message = say(
                N_("logs are sent to {server}, which is not a log server of the inventory"), server=target.server
            )
            yield failed(message, case.evidence(target.where))
        elif not target.tls:
            # Few switches speak TLS here, and no text tells which: for a person to weigh.
            message = say(N_("logs are sent to {server} in clear"), server=target.server)
            yield Judged(Result.INFORMATIONAL, message, (case.evidence(target.where),))
    yield from found
    if not found and wanted and all(target.server in wanted for target in logging.targets):
        message = say(N_("logs are sent to {servers}"), servers=", ".join(wanted))
        yield passed(message, (case.evidence(target.where) for target in logging.targets), logging.sources)


def _not_sent(case: Case, logging: Logging, wanted: list[str]) -> Iterator[Judged]:
    sent = {target.server for target in logging.targets}
    for server in wanted:
        if server not in sent:
            message = say(N_("no logs are sent to the log server {server}"), server=server)
            places = map(case.whole, logging.sources)
            yield failed(message, *places, requirement=Requirement.TWO_LOG_SERVERS if sent else None)
    for where in logging.elsewhere:
        said = say(N_("this line brings in a file that was not read: it may send logs elsewhere"))
        yield Judged(Result.UNKNOWN, said, (case.evidence(where),))


def _servers(case: Case) -> Iterator[IPv4Address]:
    first = _server(case)
    if first is not None:
        yield first
    switching = case.office.switching
    if switching is not None and switching.second_log_server is not None:
        yield switching.second_log_server


def _target(case: Case, target: LogTarget, server: str) -> Iterator[Judged]:
    place = case.evidence(target.where)
    if target.server != server:
        message = N_("logs are sent to {server}, which is not the log server {wanted}")
        yield failed(say(message, server=target.server, wanted=server), place)
    if not target.tls:
        yield failed(say(N_("logs are sent to {server} in clear"), server=target.server), place)
    elif not target.verified:
        yield failed(say(N_("{server} need not prove that it is the log server"), server=target.server), place)


def _connected(case: Case) -> Iterator[Judged]:
    if case.live is None or case.live.logs is None or not case.fresh(case.live.read_at):
        message = N_("there is no fresh reading of where the logs of {device} go")
        yield Judged(Result.UNKNOWN, say(message, device=case.device.name))
        return
    server, read_at = str(_server(case)), case.live.read_at
    mine = [log for log in case.live.logs if log.server == server]
    evidence = [case.reading("rsyslog connections", _shown(log), read_at) for log in mine]
    if any(log.established for log in mine):
        yield passed(say(N_("the connection to the log server {server} stands"), server=server), evidence)
    elif any(log.established is None for log in mine):
        message = N_("whether logs reach the log server {server} cannot be seen from {device}")
        yield Judged(Result.UNKNOWN, say(message, server=server, device=case.device.name), tuple(evidence))
    else:
        yield failed(say(N_("there is no connection to the log server {server}"), server=server), *evidence)


def _shown(log: LogConnection) -> str:
    seen = {True: "established", False: "not established", None: "not visible"}
    return f"{log.server}:{log.port} {seen[log.established]}"


LG_01 = Rule(
    id="LG-01",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Logs go to the log servers, over TLS where the device can")),
    rationale=say(N_("Whoever takes a device can wipe its own log; what has left for the log server stays.")),
    fix=say(N_("Send the logs to the inventory's log server over TLS (fosa push does), and see that it answers.")),
    judge=_logs_leave,
)
