"""Polls every device in rounds, each at its pace, on one event loop; a dead one is asked ever less often."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Sequence

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError, RefusalError, SilenceError
from monitor.results import State
from monitor.snmp import fast
from monitor.snmp.device import PolledDevice
from monitor.snmp.expected import ExpectedPoll
from monitor.snmp.model import Polled
from monitor.snmp.session import Keyring, SilentKeyError, because
from monitor.snmp.standing import Standing

__all__ = ["AT_ONCE", "OnPolled", "Poller", "Works"]

AT_ONCE = 64
"""Polls under way at a time: the dead of an office must not keep the living waiting."""
_SPREAD = 0.1
_LONGEST = 5
"""A device that does not answer is asked again after at most so many periods."""
_AGAIN_S = 5.0
"""A device that was poked is not asked again sooner."""
_log = logging.getLogger(__name__)

OnPolled = Callable[[Polled, Polled], None]
"""Told of each poll, on the event loop: how the device stood, and how it stands. Must not block."""
Works = Callable[[str], bool]
"""Whether a tunnel is proven to work, by name."""


class Poller:
    """Polls until cancelled. Every expected device has a `Polled` from the start."""

    def __init__(self, polls: Sequence[ExpectedPoll], keys: Keyring, on_polled: OnPolled, works: Works) -> None:
        began = dt.datetime.now(dt.UTC)
        self._keys = keys
        self._standings = {poll.device: Standing.new(poll, began) for poll in polls}
        self._pokes = {poll.device: asyncio.Event() for poll in polls}
        self._on_polled, self._works = on_polled, works
        self._random = random.Random()  # noqa: S311  spreads polls in time, hides nothing
        self._slots = asyncio.Semaphore(AT_ONCE)

    def polled(self) -> tuple[Polled, ...]:
        """How every device stands, in the order of the inventory."""
        return tuple(standing.polled for standing in self._standings.values())

    def polled_of(self, device: str) -> Polled:
        """How one of them stands; KeyError when it is not polled."""
        return self._standings[device].polled

    def poke(self, device: str) -> None:
        """Poll a device at once: something has happened to it."""
        if device in self._pokes:
            self._pokes[device].set()

    def poke_behind(self, tunnel: str) -> None:
        """Poll what stands behind a tunnel and did not answer: the tunnel is up again."""
        for standing in self._standings.values():
            if standing.poll.through == tunnel and not standing.polled.state.works:
                self.poke(standing.poll.device)

    async def run(self) -> None:
        """Poll until cancelled."""
        if self._standings and (cause := fast.hindrance()) is not None:
            _log.warning("tables are walked the public way, which takes the processor longer: %s", cause)
        async with asyncio.TaskGroup() as tasks:
            for standing in self._standings.values():
                tasks.create_task(self._follow(standing))

    async def _follow(self, standing: Standing) -> None:
        poll = standing.poll
        if (hindrance := self._hindrance(poll)) is not None:
            self._on_polled(standing.polled, standing.hindered(hindrance))
            return
        device, failures, first = PolledDevice(poll, self._keys), 0, True
        while True:
            begun = time.monotonic()
            async with self._slots:
                failures = 0 if await self._poll(standing, device) else failures + 1
            wait = poll.manner.period_s * min(2.0 ** max(0, failures - 1), _LONGEST)
            # All are asked at once in the beginning, and never again.
            low = 0.3 if first else 1.0 - _SPREAD
            first = False
            await self._wait(poll, begun, wait * self._random.uniform(low, 1.0))

    async def _wait(self, poll: ExpectedPoll, begun: float, seconds: float) -> None:
        poke = self._pokes[poll.device]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(begun + seconds - time.monotonic()):
                await poke.wait()
        await asyncio.sleep(begun + min(_AGAIN_S, poll.manner.period_s) - time.monotonic())
        poke.clear()

    async def _poll(self, standing: Standing, device: PolledDevice) -> bool:
        """One poll; whether the device answered. What goes wrong in the polling itself is no news of the device."""
        begun, before, poll = time.monotonic(), standing.polled, standing.poll
        led = self._leads(poll)
        try:
            async with asyncio.timeout(2 * poll.manner.poll_s):
                figures = await device.read()
        except (RefusalError, NonsenseError, SilentKeyError) as error:
            self._tell(standing, State.UNKNOWN, because(error), time.monotonic() - begun)
        except (SilenceError, TimeoutError) as error:
            self._tell(standing, *self._silent(poll, error, led=led), time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001  whatever it is: the other devices must go on, and it is said
            _log.exception("polling %s went wrong by itself", poll.device)
            cause = say(N_("the polling itself went wrong: {what}"), what=type(error).__name__)
            self._tell(standing, State.UNKNOWN, cause, time.monotonic() - begun)
        else:
            polled = standing.read(figures, _now(), time.monotonic() - begun)
            self._on_polled(before, polled)
            return True
        return False

    def _silent(self, poll: ExpectedPoll, error: Exception, *, led: bool) -> tuple[State, Sentence]:
        """A device behind a tunnel that does not work, or did not when it was asked (`led`), may be well."""
        leads = self._leads(poll)
        if led and leads:
            return State.DOWN, because(error)
        if leads:
            self.poke(poll.device)
        return State.UNKNOWN, say(N_("no answer; tunnel {tunnel} leads to it"), tunnel=poll.through)

    def _leads(self, poll: ExpectedPoll) -> bool:
        """Whether the way to a device is there, as far as it is known."""
        return poll.through is None or self._works(poll.through)

    def _hindrance(self, poll: ExpectedPoll) -> Sentence | None:
        if poll.hindrance is not None:
            return poll.hindrance
        if missing := self._keys.missing(poll.credential):
            return say(N_("the secret {ref} could not be read"), ref=missing[0])
        return None

    def _tell(self, standing: Standing, state: State, cause: Sentence, seconds: float | None = None) -> None:
        before = standing.polled
        self._on_polled(before, standing.failed(state, cause, _now(), seconds))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
