"""A drill made: the tunnel goes down under a dead-man, something is sent at it, and every end listens on its lines.

The same steps as any change (`playbooks.act`), but never a confirmation: what was armed is taken back, by us or by the
device. A drill that was cut short is not made again: it is taken back, and has proven nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from api.changes.model import DeviceEnd, Ended
from api.desk.context import Context
from api.drills.model import Drill, Listening
from api.drills.way import Stage, stage
from api.plans.model import Plan
from inventory.access import AccessError, Patience
from inventory.course import Restored, Step
from inventory.errors import FosaError
from inventory.model import Device
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.gate import Door
from monitor.leak.gateway import listen
from monitor.leak.listened import judge
from monitor.probes.leak import Line, lines_of
from monitor.results import State
from playbooks.act import Actor, perform
from playbooks.drivers.base import Status
from playbooks.order import Answer, Fault, Order, Ready, TakenBack

__all__ = ["Rehearsed", "rehearse"]

DOWN_S = 6.0
_LISTEN_S = 14
"""The ends begin to listen before the tunnel goes, and go on until it has been down for long enough."""
_BEFORE_S = 2.5
_BACK_S = 60.0
_TRY_S = 0.2
_PATIENCE = Patience(keepalive=15.0, keepalives=4)
"""The far end is listened to through the very tunnel: what it has heard comes when that is back."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How the device was left, and what the drill has shown; None where it was not made."""

    end: DeviceEnd
    drill: Drill | None


def rehearse(context: Context, plan: Plan, order: Order, actor: Actor) -> Rehearsed:
    """Make the drill of a plan, on its one device. Blocks for about half a minute."""
    found = stage(context.office, plan.drill, order.device)
    if _begun(actor, order):
        return Rehearsed(_taken_back(actor, order, say(N_("the drill was cut short, and has proven nothing"))), None)
    ready = _ready(actor, order, found)
    if isinstance(ready, Sentence):
        return Rehearsed(_taken_back(actor, order, ready, touched=False), None)
    order = replace(order, ready=ready)
    with ThreadPoolExecutor(4, thread_name_prefix="listening") as pool:
        heard = [(line, pool.submit(_listen, context, line)) for line in _lines(found)]
        time.sleep(_BEFORE_S)
        armed = _done(Step.COMMIT, actor, order)
        if isinstance(armed, Fault):
            return Rehearsed(_taken_back(actor, order, armed.reason), None)
        down, tried, answered = _is_down(actor, order, found), *_try(found)
        end = _taken_back(actor, order, say(N_("it is as it was")))
        back = _wait(lambda: found.tunnel.name in _up(actor, order))
        ends = tuple(_heard(line, answer) for line, answer in heard)
    drill = Drill(
        tunnel=found.tunnel.name,
        plan=plan.id,
        at=context.clock(),
        passed=False,
        said=_said(down=down, tried=tried, answered=answered, ends=ends),
        tried=tried,
        ends=ends,
    )
    passed = down and tried > 0 and not answered and all(each.silent for each in ends) and bool(ends)
    return Rehearsed(_end(end, drill, passed=passed, back=back), drill.model_copy(update={"passed": passed}))


def _begun(actor: Actor, order: Order) -> bool:
    """Whether the device knows of it already."""
    status = actor.drivers[order.device].status()
    return isinstance(status, Status) and (status.armed == order.token or order.token in status.done)


def _ready(actor: Actor, order: Order, found: Stage) -> Ready | Sentence:
    """The candidate is on the device, and the tunnel is up; else why it is not begun."""
    answer = _done(Step.BACKUP, actor, order)
    if not isinstance(answer, Fault):
        answer = _done(Step.STAGE, actor, order)
    if isinstance(answer, Fault):
        return answer.reason
    if not isinstance(answer, Ready) or not answer.changed:
        return say(N_("the tunnel's connection is not on the device: there is nothing to take down"))
    if found.tunnel.name not in answer.up:
        return say(
            N_("{tunnel} is not up: that it leaks nothing while it is down would not be seen"), tunnel=_name(found)
        )
    return answer


def _done(step: Step, actor: Actor, order: Order) -> Answer:
    return perform(step, (order,), actor)[order.device]


def _taken_back(actor: Actor, order: Order, reason: Sentence, *, touched: bool = True) -> DeviceEnd:
    answer = _done(Step.REVERT, actor, order)
    restored = Restored.YES if isinstance(answer, TakenBack) else Restored.UNKNOWN
    return DeviceEnd(ended=Ended.FAILED, restored=restored if touched else Restored.UNTOUCHED, reason=reason)


def _up(actor: Actor, order: Order) -> frozenset[str]:
    status = actor.drivers[order.device].status()
    return status.up if isinstance(status, Status) else frozenset()


def _is_down(actor: Actor, order: Order, found: Stage) -> bool:
    status = actor.drivers[order.device].status()
    return isinstance(status, Status) and found.tunnel.name not in status.up


def _try(found: Stage) -> tuple[int, int]:
    """Open connections to the far end while the tunnel is down: how many were tried, how many were answered."""
    return asyncio.run(_knock(found, time.monotonic() + DOWN_S))


async def _knock(found: Stage, until: float) -> tuple[int, int]:
    tried = answered = 0
    host, port = found.target
    while time.monotonic() < until:
        tried += 1
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_TRY_S):
                _reader, writer = await asyncio.open_connection(str(host), port)
                writer.close()
                answered += 1
        await asyncio.sleep(_TRY_S / 2)
    return tried, answered


def _wait(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + _BACK_S
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


# ---- Listening -------------------------------------------------------------------------------------------------------


def _lines(found: Stage) -> Iterator[Line]:
    """The lines of both ends that are in use, listened to over the account this process has a key for."""
    for device in (found.near, found.far):
        access = found.office.access_to(device.name)
        if access is not None:
            for line in lines_of(found.office, device):
                if line.name.endswith(f"/{_wan(found, device)}"):
                    yield replace(line, login=access.write, seconds=_LISTEN_S)


def _wan(found: Stage, device: Device) -> str:
    end = found.tunnel.end_of(device.name)
    return "" if end is None or end.wan is None else end.wan


def _listen(context: Context, line: Line) -> Listening:
    device = line.name.partition("/")[0]
    try:
        key = context.secrets.get(line.login.key).get_secret_value()
        verdict = judge(asyncio.run(listen(line, Door(line.login, key, _PATIENCE))), line.protected)
    except (AccessError, FosaError) as error:
        return Listening(device=device, silent=False, why=say(N_("not listened to: {why}"), why=error))
    return Listening(device=device, silent=verdict.state is State.UP, why=verdict.cause)


def _heard(line: Line, answer: Future[Listening]) -> Listening:
    try:
        return answer.result(_BACK_S)
    except TimeoutError:
        device = line.name.partition("/")[0]
        return Listening(device=device, silent=False, why=say(N_("it has not told in time what it heard")))


# ---- What it has shown -----------------------------------------------------------------------------------------------


def _said(*, down: bool, tried: int, answered: int, ends: Sequence[Listening]) -> Sentence:
    loud = next((each for each in ends if not each.silent), None)
    if not down or answered:
        return say(N_("the tunnel was not down: nothing was proven"))
    if not tried:
        return say(N_("nothing was sent while the tunnel was down: nothing was proven"))
    if loud is not None:
        return say(N_("{device}: {why}"), device=loud.device, why=loud.why)
    text = N_("nothing left in clear while the tunnel was down; packets tried: {count}; listened: {devices}")
    return say(text, count=tried, devices=", ".join(each.device for each in ends))


def _end(end: DeviceEnd, drill: Drill, *, passed: bool, back: bool) -> DeviceEnd:
    if end.restored is not Restored.YES:
        return end
    if not back:
        text = N_("taken back, but {tunnel} has not come up again yet")
        return end.model_copy(update={"reason": say(text, tunnel=drill.tunnel)})
    if not passed:
        return end.model_copy(update={"reason": drill.said})
    return DeviceEnd(ended=Ended.REHEARSED, restored=Restored.YES, reason=drill.said)


def _name(found: Stage) -> str:
    return found.tunnel.name
