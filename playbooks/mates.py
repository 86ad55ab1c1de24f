"""Devices that change at once or not at all: each is the way to the other, so an answer may be lost on the way.

Between the first one's commit and the last one's nobody may be able to speak to some of them. What is asked of a device
may be asked again, so what has no answer is asked until there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeAlias

from playbooks.drivers.base import FailureKind
from playbooks.order import Answer, Fault, Kept, Order, Well

__all__ = ["LOST", "Again", "commit", "confirm", "groups", "revert"]

Do: TypeAlias = Callable[[Order], Answer]

LOST = frozenset({FailureKind.UNREACHABLE, FailureKind.PROTOCOL})
"""The answer is missing; what was asked may have been done."""


@dataclass(frozen=True, slots=True)
class Again:
    """How long to ask again where no answer comes."""

    seconds: float
    pause: float
    head: float
    """So much earlier than the next one a device is asked: once that has done it, nobody may reach this one."""
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    stop: Callable[[], bool] = lambda: False
    """Whether to ask on is in vain."""

    def __call__(self, do: Do, order: Order) -> Answer:
        """The first answer that is not lost, else the last one."""
        until = self.clock() + self.seconds
        while _lost(answer := do(order)) and self.clock() < until and not self.stop():
            self.sleep(self.pause)
        return answer


def groups(orders: Sequence[Order]) -> tuple[tuple[Order, ...], ...]:
    """The orders that hang together, directly or by others; one without mates is alone."""
    found: list[list[Order]] = []
    for order in orders:
        own = [group for group in found if any(_mates(order, other) for other in group)]
        found = [group for group in found if group not in own]
        found.append([*(other for group in own for other in group), order])
    return tuple(tuple(sorted(group, key=orders.index)) for group in found)


def _mates(one: Order, other: Order) -> bool:
    return other.device in one.mates or one.device in other.mates


def commit(orders: Sequence[Order], do: Do, again: Again) -> dict[str, Answer]:
    """Commit mates, last first: the far end must have been told before the near one shuts the way to it.

    Where one refuses, those after it are not asked.
    """
    answers: dict[str, Answer] = {order.device: Well() for order in orders}
    return answers | _in_turn(
        orders[::-1], again.head, lambda order, told: None if _refused(told) else again(do, order)
    )


def confirm(orders: Sequence[Order], do: Do, again: Again) -> dict[str, Answer]:
    """Confirm mates one after the other, last first: the far end while the near one still waits.

    Who is not reached is not confirmed, and then nobody is: all of them still go back.
    """
    answers: dict[str, Answer] = {order.device: Well() for order in orders}
    for order in reversed(orders):
        answers[order.device] = again(do, order)
        if not isinstance(answers[order.device], Kept):
            break
    return answers


def revert(orders: Sequence[Order], do: Do, keep: Do, again: Again) -> dict[str, Answer]:
    """Take mates back in the order given, none waiting for one that does not answer; those are asked again afterwards.

    Where one has been confirmed all were found well, so the others are kept, too.
    """
    answers = _in_turn(orders, again.head, lambda order, told: keep(order) if any(map(_kept, told)) else do(order))
    if not all(map(_lost, answers.values())):
        answers |= {order.device: again(do, order) for order in orders if _lost(answers[order.device])}
    return answers


def _in_turn(
    orders: Sequence[Order], head: float, do: Callable[[Order, Sequence[Answer]], Answer | None]
) -> dict[str, Answer]:
    """Begin with one after the other, each told what those before it have answered; who says None is left out."""
    waiting: dict[str, Future[Answer | None]] = {}
    with ThreadPoolExecutor(len(orders), thread_name_prefix="device") as pool:
        for order in orders:
            told = [answer for future in waiting.values() if future.done() and (answer := future.result())]
            waiting[order.device] = pool.submit(copy_context().run, do, order, told)
            wait([waiting[order.device]], head)
    return {device: answer for device, future in waiting.items() if (answer := future.result())}


def _kept(answer: Answer) -> bool:
    return isinstance(answer, Kept)


def _refused(answers: Iterable[Answer]) -> bool:
    return any(isinstance(answer, Fault) and not _lost(answer) for answer in answers)


def _lost(answer: Answer) -> bool:
    return isinstance(answer, Fault) and answer.kind in LOST
