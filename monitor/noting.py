"""Asks gateways when a platform last answered a domain system, over their read accounts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable

from inventory.access import AccessError
from inventory.model import Login
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.duty import AGE, Noted, judge_duty
from monitor.errors import NonsenseError
from monitor.gate import Door, Lent, ask, nobody_lends
from monitor.probes.base import Outcome, Secrets, heard, said
from monitor.probes.duty import KEPT, Answer, Asked, parse_asked
from monitor.results import Measured, State

__all__ = ["seen_to_ask"]


async def seen_to_ask(target: Asked, secrets: Secrets, lent: Lent = nobody_lends) -> Outcome:
    """Every gateway, one after the other. What one cannot tell the other's news may make needless."""
    begun, told = time.monotonic(), []
    hindrance: Sentence | None = None
    for name, login in target.gateways:
        found = await _heard(name, login, secrets, lent)
        if isinstance(found, Answer):
            told.append(found)
        else:
            hindrance = hindrance or found
    now = dt.datetime.now(dt.UTC)
    sent = f"'asked' to the gate of {target.where}"
    if not told:
        return Outcome(state=State.UNKNOWN, cause=hindrance or say(N_("no gateway stands there")), sent=sent)
    noted = target.memory.join(_noted(target, told, now))
    state, cause = judge_duty(target.duty, target.calendar, noted, now)
    if state is not State.UP and hindrance is not None:
        # Whoever cannot be read may have seen it.
        state, cause = State.UNKNOWN, hindrance
    age = None if noted.newest is None else (now - noted.newest).total_seconds()
    return Outcome(
        state=state,
        cause=cause,
        sent=sent,
        received=heard("; ".join(f"{len(each.asked)} noted, since {each.since_s} s" for each in told)),
        seconds=time.monotonic() - begun,
        measured=() if age is None else (Measured(name=AGE, value=max(0.0, age)),),
    )


def _noted(target: Asked, told: Iterable[Answer], now: dt.datetime) -> Noted:
    ages = [age for each in told for one, to, age in each.asked if one in target.systems and to in target.platform]
    since = [KEPT if each.since_s is None else dt.timedelta(seconds=each.since_s) for each in told]
    return Noted(now - dt.timedelta(seconds=min(ages)) if ages else None, now - min(since))


async def _heard(name: str, login: Login | None, secrets: Secrets, lent: Lent) -> Answer | Sentence:
    """What a gateway tells, or why it does not."""
    if login is None:
        return say(N_("the inventory does not say how to reach {device}"), device=name)
    if (key := secrets.get(login.key)) is None:
        return say(N_("the key of {device} cannot be read"), device=name)
    try:
        told = await ask(Door(login, key, lent=lent), "asked")
    except (AccessError, NonsenseError) as error:
        return said(error)
    if told.refused:
        return say(N_("the gate of {device} does not know this question: enrol it anew"), device=name)
    found = parse_asked(told.text)
    return say(N_("{device} takes no note of it; push its rules"), device=name) if found is None else found
