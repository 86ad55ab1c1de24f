"""A step of a change done on the devices of a wave, at once. Each device is looked at before anything is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from inventory.course import Step
from inventory.errors import FosaError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks import mates
from playbooks.change import Event
from playbooks.drivers.base import Driver, Failure, FailureKind, HeldDriver, Reverted, Sections
from playbooks.mates import LOST, Again
from playbooks.order import Answer, Backup, Fault, Kept, Order, Ready, TakenBack, Well
from playbooks.plan import digests, fingerprint
from playbooks.reasons import fault
from playbooks.verify import Verify

__all__ = ["Actor", "Direct", "Keep", "perform"]

Keep: TypeAlias = Callable[[Order, Sections], None]
"""Keeps what a device runs, masked. May be called again with the same; a FosaError says that it could not."""

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Actor:
    """What the steps of a change work with."""

    drivers: Mapping[str, Driver]
    revert_after: int = 60
    """Seconds a device waits for its confirmation; `verify` should be done in half of them."""
    verify: Verify = field(default_factory=Verify)
    on_backup: Keep | None = None
    """Called with what ran before. When it fails, nothing is changed."""
    on_confirmed: Keep | None = None
    """Called with what runs now. When it fails, the change stays with a remark."""
    head_start: float = 2.0
    """Seconds by which the far one of two mates is asked earlier; well below the patience of `verify`."""
    held: dict[str, HeldDriver] = field(default_factory=dict)
    """By token, while a change is staged and not committed yet: the same connection serves both."""

    def let_go(self, token: str) -> None:
        """Close the connection kept for a change, if there is one."""
        if (driver := self.held.pop(token, None)) is not None:
            driver.let_go()

    def close(self) -> None:
        """Close what is kept: for who leaves a change where it is. `change` itself leaves nothing open."""
        for token in tuple(self.held):
            self.let_go(token)

    def again(self, seconds: float) -> Again:
        """How mates are asked again."""
        return Again(seconds, self.verify.pause, self.head_start, self.verify.clock, self.verify.sleep)


def perform(step: Step, orders: Sequence[Order], actor: Actor) -> dict[str, Answer]:
    """Do a step on the devices of a wave, all at once; REVERT one after the other in the order given.

    Mates are committed, confirmed and taken back as `playbooks.mates` says.

    May be called again for a step that was cut short, with the same orders: a change that is armed already is not
    armed anew, one that is confirmed stays so, and one that the device has taken back itself is a fault.
    """
    do = partial(_together, step, actor)
    parts = mates.groups(orders) if step in _IN_TURN else tuple((order,) for order in orders)
    if step is Step.REVERT or len(parts) < 2:
        done = [do(part) for part in parts]
    else:
        with ThreadPoolExecutor(min(_AT_ONCE, len(parts)), thread_name_prefix="device") as pool:
            waiting = [pool.submit(copy_context().run, do, part) for part in parts]
            done = [answers.result() for answers in waiting]
    return {device: answer for answers in done for device, answer in answers.items()}


_IN_TURN = frozenset({Step.COMMIT, Step.CONFIRM, Step.REVERT})


def _together(step: Step, actor: Actor, orders: Sequence[Order]) -> dict[str, Answer]:
    """A step on mates, or on one device."""
    do = partial(_safely, step, actor)
    again = actor.again(actor.verify.patience)
    match step:
        case Step.COMMIT if len(orders) > 1:
            return mates.commit(orders, do, replace(again, stop=actor.verify.stop))
        case Step.CONFIRM if len(orders) > 1:
            return mates.confirm(orders, do, again)
        case Step.REVERT if len(orders) > 1:
            return mates.revert(orders, do, partial(_safely, Step.CONFIRM, actor), actor.again(actor.revert_after))
        case _:
            return {order.device: do(order) for order in orders}


def _safely(step: Step, actor: Actor, order: Order) -> Answer:
    try:
        answer = _DO[step](actor, order)
    except FosaError as error:
        answer = Fault(FailureKind.PROTOCOL, say(N_("{why}"), why=error))
    except Exception as error:  # noqa: BLE001  one device's failure must not leave the others armed
        text = N_("an unforeseen fault in fosa itself: {why}")
        answer = Fault(FailureKind.PROTOCOL, say(text, why=f"{type(error).__name__}: {error}"))
    if not isinstance(answer, Ready) or not answer.changed:
        actor.let_go(order.token)
    return answer


def _backup(actor: Actor, order: Order) -> Answer:
    found = actor.drivers[order.device].fetch()
    if isinstance(found, Failure):
        return fault(found)
    base = fingerprint(found.sections)
    if order.base not in {"", base}:
        return _moved()
    if actor.on_backup is not None:
        actor.on_backup(order, found.sections)
    return Backup(base)


def _stage(actor: Actor, order: Order) -> Answer:
    actor.let_go(order.token)
    driver = actor.held[order.token] = actor.drivers[order.device].hold()
    staged = driver.stage(order.token, order.bundle)
    if isinstance(staged, Failure):
        return fault(staged)
    changed = staged.running is None or staged.running != staged.sections
    if changed and order.base and staged.running is not None and fingerprint(staged.running) != order.base:
        driver.discard(order.token)
        return _moved()
    if not changed:
        driver.discard(order.token)
        return Ready(changed=False, intended=digests(staged.sections))
    return actor.verify.before(driver, order, staged)


def _commit(actor: Actor, order: Order) -> Answer:
    driver = actor.held.get(order.token) or actor.drivers[order.device]
    armed = driver.commit(order.token, actor.revert_after)
    return fault(armed) if isinstance(armed, Failure) else armed


def _verify(actor: Actor, order: Order) -> Answer:
    wrong = actor.verify(actor.drivers[order.device], order)
    return Well() if wrong is None else wrong


def _confirm(actor: Actor, order: Order) -> Answer:
    driver = actor.drivers[order.device]
    # Read while it is armed still: who cannot read it now should not confirm it either.
    now = None if actor.on_confirmed is None else driver.fetch()
    if isinstance(now, Failure):
        return fault(now)
    confirmed = driver.confirm(order.token)
    if isinstance(confirmed, Failure) and confirmed.kind in LOST:
        # Saying it twice is harmless, and the first may have arrived.
        confirmed = driver.confirm(order.token)
    if isinstance(confirmed, Failure):
        return fault(confirmed)
    return Kept(None if now is None else _told(actor.on_confirmed, order, now.sections))


def _told(keep: Keep | None, order: Order, sections: Sections) -> Sentence | None:
    try:
        if keep is not None:
            keep(order, sections)
    except FosaError as error:
        return say(N_("it stays, but could not be put into the history: {why}"), why=error)
    return None


def _revert(actor: Actor, order: Order) -> Answer:
    answer = actor.drivers[order.device].revert(order.token)
    if isinstance(answer, Reverted):
        return TakenBack()
    # The confirmation had arrived, only its answer had not.
    return Kept(_told_late(actor, order)) if answer.kind is FailureKind.EXPIRED else fault(answer)


def _told_late(actor: Actor, order: Order) -> Sentence | None:
    """What runs goes into the history, if it is still what was meant."""
    if actor.on_confirmed is None:
        return None
    driver = actor.drivers[order.device]
    meant, now = driver.normal(order.bundle), driver.fetch()
    if isinstance(meant, Failure) or isinstance(now, Failure):
        failure = meant if isinstance(meant, Failure) else now
        return say(N_("it stays, but could not be put into the history: {why}"), why=failure)
    if dict(meant.sections) != dict(now.sections):
        return say(N_("it stays, but is not in the history: by now it runs otherwise than meant"))
    return _told(actor.on_confirmed, order, now.sections)


def _moved() -> Fault:
    return fault(Failure(FailureKind.MOVED, ""))


_DO: Mapping[Step, Callable[[Actor, Order], Answer]] = {
    Step.BACKUP: _backup,
    Step.STAGE: _stage,
    Step.COMMIT: _commit,
    Step.VERIFY: _verify,
    Step.CONFIRM: _confirm,
    Step.REVERT: _revert,
}


@dataclass(frozen=True, slots=True)
class Direct:
    """The ports of a change that nobody records: what is asked is done here and now."""

    actor: Actor
    said: Callable[[Event], None] = lambda _event: None
    stop: Callable[[], bool] = lambda: False

    def act(self, step: Step, _wave: int, orders: tuple[Order, ...], /) -> Mapping[str, Answer]:
        """Do it."""
        return perform(step, orders, self.actor)

    def tell(self, event: Event) -> None:
        """Pass it on."""
        self.said(event)

    def stopped(self) -> bool:
        """As `stop` says."""
        return self.stop()
