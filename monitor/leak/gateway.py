"""Listening at a gateway's line over its read account."""

from __future__ import annotations

import asyncio

from inventory.access import AccessError, Patience
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.gate import Door, Lent, ask, nobody_lends
from monitor.leak.listened import LISTENED_BYTES, Listened, judge, listened
from monitor.probes.base import Outcome, Secrets, heard, said
from monitor.probes.leak import Line
from monitor.refused import Protocol, checked
from monitor.results import Measured, State

__all__ = ["listen", "listening"]

_PATIENCE = Patience(connect=5.0)
_NO_LINE = N_("the gateway does not listen there: no default route leads to the line, or its gate is older")
_TELLING = (State.DOWN, State.UP)
"""What is known, the worst first."""


async def listening(target: Line, secrets: Secrets, lent: Lent = nobody_lends) -> Outcome:
    """Listen once, and say what that proves.

    Of two gateways the one that works hears: the other one has no way to the line, and says so. Where both say what
    they heard, a leak at either is a leak.
    """
    outcomes = await asyncio.gather(*(_listening(line, secrets, lent) for line in (target, *target.mates)))
    told = (outcome for state in _TELLING for outcome in outcomes if outcome.state is state)
    return next(told, outcomes[0])


async def _listening(target: Line, secrets: Secrets, lent: Lent) -> Outcome:
    key = secrets.get(target.login.key)
    if key is None:
        return _unknown(target, say(N_("its key could not be read")))
    try:
        told = await listen(target, Door(target.login, key, _PATIENCE, lent))
    except (AccessError, NonsenseError) as error:
        return _unknown(target, said(error))
    verdict = judge(told, target.protected)
    return Outcome(
        state=verdict.state,
        cause=verdict.cause,
        sent=f"{target.where}: listen for {target.seconds} s to what leaves",
        received=heard("; ".join(map(str, verdict.leaked)) or f"{told.left} packets left"),
        measured=(Measured(name="leaked_packets", value=len(verdict.leaked)),),
    )


async def listen(target: Line, door: Door) -> Listened:
    """What the gateway heard. Raises AccessError, and NonsenseError with what it did instead."""
    words = f"sniff {target.interface} {target.seconds}"
    told = await ask(door, words, most=LISTENED_BYTES)
    if told.refused:
        raise NonsenseError(say(_NO_LINE), None)
    if told.code != 0:
        raise NonsenseError(say(N_("the gateway could not listen: is tcpdump installed?")), None)
    with checked(Protocol.GATE):
        return listened(told.text)


def _unknown(target: Line, why: Sentence) -> Outcome:
    return Outcome(state=State.UNKNOWN, cause=say(N_("not listened to: {why}"), why=why), sent=target.where)
