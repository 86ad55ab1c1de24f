"""Asks our gateways at the far ends of tunnels where their peers come from, over the read account."""

from __future__ import annotations

import asyncio
import time

from inventory.access import AccessError, Stream
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError, SilenceError
from monitor.gate import Door, Lent, conversation, nobody_lends
from monitor.packets import Section
from monitor.probes.base import Outcome, Secrets, said
from monitor.probes.public_address import Line, Seen, Witness, comes_from, judged
from monitor.results import State
from monitor.vici import Vici

__all__ = ["seen_from_afar"]

_WITNESS_S = 10.0


async def seen_from_afar(target: Line, secrets: Secrets, lent: Lent = nobody_lends) -> Outcome:
    """As `Probe.ask`: one witness after the other, until one has seen what is registered."""
    begun = time.monotonic()
    found: list[Seen] = []
    for witness in target.witnesses:
        found.append(await _told(witness, secrets, lent))
        if judged(target, found)[0] is State.UP:
            break
    state, cause = judged(target, found)
    return Outcome(
        state=state,
        cause=cause,
        sent=", ".join(f"list-sas to {each.login.user}@{each.login.address}" for each in target.witnesses),
        received="; ".join(", ".join(map(str, sorted(each))) for each in found if not isinstance(each, Sentence)),
        seconds=time.monotonic() - begun if found else None,
    )


async def _told(witness: Witness, secrets: Secrets, lent: Lent) -> Seen:
    login = witness.login
    key = secrets.get(login.key)
    if key is None:
        return say(N_("{ref} cannot be read"), ref=login.key)
    try:
        async with asyncio.timeout(_WITNESS_S):
            async with conversation(Door(login, key, lent=lent), "vici") as stream:
                listed = await _listed(stream)
        return comes_from(listed, witness.tunnel)
    except (AccessError, NonsenseError, SilenceError) as error:
        return said(error)
    except TimeoutError:
        return say(N_("no answer within {seconds} s"), seconds=f"{_WITNESS_S:g}")


async def _listed(stream: Stream) -> tuple[Section, ...]:
    vici = Vici(stream, lambda _name, _message: None)
    tasks = (asyncio.create_task(_begun(vici)), asyncio.create_task(vici.pump()))
    try:
        done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _begun(vici: Vici) -> tuple[Section, ...]:
    await vici.begin()
    return await vici.list_sas()
