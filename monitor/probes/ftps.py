"""Whether the files of a platform can be reached: login and listing over TLS, and nobody let in without it."""

from __future__ import annotations

import asyncio
import ftplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from inventory.model import ChannelKind, FtpLogin, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw
from monitor.probes import identity
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard
from monitor.probes.ftpline import IMPLICIT_PORT, ClearLine, Line, SecuredLine
from monitor.probes.identity import Door
from monitor.probes.shown import unasked
from monitor.probes.ways import Ways
from monitor.refused import Protocol, refuse
from monitor.results import Measured, ProbeKind, State

__all__ = ["PROBE", "Files"]

_PACE = Pace(period_s=900.0, timeout_s=45.0, own=False, turn=2)
_SOON_DAYS = 30.0
_DAY_S = 86400.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Target):
    """A server of files."""

    door: Door
    login: FtpLogin | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a visit has shown."""

    listed: int
    left_days: float


def _targets(office: Office) -> Iterator[Files]:
    ways = Ways(office)
    for channel in office.channels:
        if channel.kind is ChannelKind.FTPS:
            entered = identity.door(channel, channel.ftp.endpoint if channel.ftp else None, ways)
            yield Files(
                name=channel.name,
                subject=f"channel:{channel.name}",
                where=entered.where,
                pace=_PACE,
                door=entered,
                login=channel.ftp,
            )


def _secrets(office: Office) -> Iterable[str]:
    for channel in office.channels:
        if channel.kind is ChannelKind.FTPS and channel.ftp is not None:
            yield channel.ftp.password
            yield from identity.references(channel)


async def _ask(target: Files, secrets: Secrets) -> Outcome:
    if target.login is None:
        return unasked(say(N_("the inventory names no account for the files")))
    if target.door.objection is not None:
        return unasked(target.door.objection)
    password = secrets.get(target.login.password)
    if password is None or not password.isprintable():
        return unasked(say(N_("{ref} holds no password that can be sent"), ref=target.login.password))
    context = identity.context(target.door, secrets)
    if isinstance(context, Sentence):
        return unasked(context)
    begun = time.monotonic()
    seen = await _visited(target, SecuredLine(context, target.door.server.name), password)
    state, cause = seen if isinstance(seen, tuple) else await _judged(target, seen)
    return Outcome(
        state=state,
        cause=cause,
        sent=f"login as {target.login.user} and LIST over TLS to {target.where}, then a stranger's name without TLS",
        received="" if isinstance(seen, tuple) else f"{seen.listed} bytes",
        seconds=time.monotonic() - begun,
        measured=() if isinstance(seen, tuple) else (Measured(name="left_days", value=seen.left_days),),
    )


async def _visited(target: Files, line: SecuredLine, password: str) -> _Seen | tuple[State, Sentence]:
    """What a visit has shown, or why there was none. Raises OSError."""
    server = target.door.server
    user = target.login.user if target.login is not None else ""
    step = N_("the server does not begin TLS: {words}")
    try:
        await _apart(line, lambda: line.enter(server.address, server.port))
        step = N_("the server does not take the account: {words}")
        # ftplib sends texts in Latin-1; a password goes as UTF-8 (RFC 2640, section 2.2).
        await _apart(line, lambda: line.login(user, password.encode().decode("latin-1")))
        step = N_("the server lists nothing: {words}")
        return _Seen(await _apart(line, line.listed), _left_days(line.certificate))
    except (ftplib.Error, EOFError) as error:
        _count(error)
        return State.DOWN, say(step, words=heard(str(error) or "?"))
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or (error.reason or "").lower().replace("_", " ")
        return State.DOWN, say(N_("no TLS connection: {why}"), why=heard(why))
    finally:
        line.close()


def _count(error: Exception) -> None:
    """What ftplib throws by itself is a line too long; its other errors are refusals, or what FTP does not know."""
    if type(error) is ftplib.Error:
        refuse(Protocol.FTPS, Flaw.TOO_MUCH)
    elif isinstance(error, ftplib.error_proto | ftplib.error_reply):
        refuse(Protocol.FTPS, Flaw.MALFORMED)


async def _apart(line: Line, work: Callable[[], T]) -> T:
    """In a thread, for ftplib waits where it stands; whoever gives up breaks the line off, and the thread ends."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        line.break_off()
        await asyncio.gather(running, return_exceptions=True)
        raise


async def _judged(target: Files, seen: _Seen) -> tuple[State, Sentence]:
    server, clear = target.door.server, ClearLine()
    try:
        if server.port != IMPLICIT_PORT and await _apart(
            clear, lambda: clear.takes_passwords(server.address, server.port)
        ):
            return State.DOWN, say(N_("the server takes passwords in clear: whoever listens can have them"))
    finally:
        clear.close()
    if seen.left_days < _SOON_DAYS:
        text = N_("login and listing work; days until the server's certificate ends: {days}")
        return State.DEGRADED, say(text, days=int(seen.left_days))
    return State.UP, say(N_("login and listing work, and nothing goes in clear"))


def _left_days(certificate: dict[str, object]) -> float:
    ends = certificate.get("notAfter")
    return (ssl.cert_time_to_seconds(str(ends)) - time.time()) / _DAY_S if ends else 0.0


PROBE = Probe(ProbeKind.FTPS, _targets, _ask, _secrets)
