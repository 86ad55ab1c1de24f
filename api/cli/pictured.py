"""What a watch that runs on this machine knows now, for commands."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from api.cli.office import settings
from api.picture import Exchanges
from api.serve import follower
from api.serve.follower import LinkError, follow
from api.serve.place import Place
from inventory.errors import ServiceError
from inventory.words import gettext as _
from monitor.ageing import aged
from monitor.results import Watched
from monitor.snmp.ageing import Polls
from monitor.snmp.model import Polled

__all__ = ["Seen", "exchanges", "newest", "seen"]

_ANSWER_S = 3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One moment of it."""

    watched: Watched
    polled: Mapping[str, Polled]
    """Devices that are polled, each as of its last poll; without those that were not polled yet."""


def newest() -> Watched | None:
    """Its picture; None where none runs here, or it does not let us ask."""
    try:
        return asyncio.run(_told(polled=False)).watched
    except (LinkError, TimeoutError):
        return None


def seen() -> Seen:
    """Its picture and its polls. ServiceError where there is nobody to ask."""
    try:
        return asyncio.run(_told(polled=True))
    except (LinkError, TimeoutError) as error:
        raise ServiceError(_why(error.__cause__)) from error


def _why(cause: BaseException | None) -> str:
    socket = Place.of(settings().state).socket
    match cause:
        case FileNotFoundError() | ConnectionRefusedError():
            text = _("fosa serve is not running here ({desk}); start it, or name its state folder by FOSA_STATE")
            return text.format(desk=socket)
        case PermissionError():
            return _("{desk}: this account may not go there").format(desk=socket)
        case _:
            return _("fosa serve does not answer; see its log")


def exchanges(probe: str) -> Exchanges | None:
    """The last exchanges of one of its probes; None where it has no such probe, or none runs here."""
    return asyncio.run(follower.exchanges(Place.of(settings().state).socket, probe))


async def _told(*, polled: bool) -> Seen:
    """A watch tells its picture first, then each poll; who has heard the next picture has heard them all."""
    polls, watched, at = Polls(), None, 0.0
    async with asyncio.timeout(_ANSWER_S):
        async for message in follow(Place.of(settings().state).socket):
            for one in message.polled:
                polls.put(one)
            if message.watched is None:
                continue
            is_second, watched, at = watched is not None, message.watched, message.said_at
            if is_second or not polled:
                break
    if watched is None:
        raise LinkError
    now = aged(watched, time.monotonic() - at)
    return Seen(now, polls.at(now.at))
