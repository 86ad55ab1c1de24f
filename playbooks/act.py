"""A step of a change done on the devices of a wave, at once. Each device is looked at before anything is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from inventory.course import Step
from inventory.errors import FosaError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.change import Event
from playbooks.drivers.base import Driver, Failure, FailureKind, Reverted, Sections
from playbooks.order import Answer, Backup, Fault, Kept, Order, Ready, TakenBack, Well
from playbooks.plan import digests, fingerprint
from playbooks.reasons import fault
from playbooks.verify import Verify

__all__ = ["Actor", "Direct", "Keep", "perform"]

Keep: TypeAlias = Callable[[Order, Sections], None]
"""Keeps what a device runs, masked. May be called again with the same; a FosaError says that it could not."""

_AT_ONCE = 16
_LOST = frozenset({FailureKind.UNREACHABLE, FailureKind.PROTOCOL})
"""The answer is missing; what was asked may have been done."""


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


def perform(step: Step, orders: Sequence[Order], actor: Actor) -> dict[str, Answer]:
    """Do a step on the devices of a wave, all at once; REVERT one after the other in the order given.

    May be called again for a step that was cut short, with the same orders: a change that is armed already is not
    armed anew, one that is confirmed stays so, and one that the device has taken back itself is a fault.
    """
    do = partial(_safely, _DO[step], actor)
    if step is Step.REVERT or len(orders) < 2:
        return {order.device: do(order) for order in orders}
    with ThreadPoolExecutor(min(_AT_ONCE, len(orders)), thread_name_prefix="device") as pool:
        waiting = {order.device: pool.submit(copy_context().run, do, order) for order in orders}
        return {device: answer.result() for device, answer in waiting.items()}


def _safely(do: Callable[[Actor, Order], Answer], actor: Actor, order: Order) -> Answer:
    try:
        return do(actor, order)
    except FosaError as error:
        return Fault(FailureKind.PROTOCOL, say(N_("{why}"), why=error))
    except Exception as error:  # noqa: BLE001  one device's failure must not leave the others armed
        text = N_("an unforeseen fault in fosa itself: {why}")
        return Fault(FailureKind.PROTOCOL, say(text, why=f"{type(error).__name__}: {error}"))


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
    driver = actor.drivers[order.device]
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
    armed = actor.drivers[order.device].commit(order.token, actor.revert_after)
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
    if isinstance(confirmed, Failure) and confirmed.kind in _LOST:
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
    return Kept() if answer.kind is FailureKind.EXPIRED else fault(answer)


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
