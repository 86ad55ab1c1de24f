"""The periodic check, made by a process of its own: the watch stays small, and its probes are not held up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

from pydantic import ValidationError

from api.drills.model import Drill
from api.serve.child import python
from inventory.model import Office
from inventory.model.base import Value
from inventory.words import gettext as _
from monitor.compliance.model import Report
from monitor.once import all_read
from monitor.results import Watched
from monitor.watch import Keys

__all__ = ["Judging", "Order"]

_EVERY_S = 600.0
_AGAIN_S = 60.0
"""After a check that could not be made, or in which a device could not be read."""
_FIRST_S = 8.0
"""The first check waits so long at most until everything has been read."""
_LONGEST_S = 180.0
_LOOK_S = 2.0
"""How soon a new drill is seen: what it has shown is judged at once."""


class Order(Value):
    """What is to be judged, and with which read keys: given to the judging process on its standard input."""

    office: Office
    keys: dict[str, str]
    """Of gateways, by device."""
    switches: dict[str, str]
    """What switches are read with, by reference."""
    watched: Watched
    drills: tuple[Drill, ...] = ()

    def __repr__(self) -> str:
        return f"Order({self.office.name})"


class Judging:
    """Judges an office at the start, every ten minutes, and when a drill was made."""

    def __init__(
        self, office: Office, keys: Keys, picture: Callable[[], Watched], drills: Callable[[], tuple[Drill, ...]]
    ) -> None:
        self._office, self._keys, self._picture, self._drills = office, keys, picture, drills
        self.problem = ""
        """Why the last check could not be made; empty when it was."""

    async def run(self, on_report: Callable[[Report], None]) -> None:
        """Judge until cancelled."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_S):
                while not all_read(self._picture()):
                    await asyncio.sleep(0.2)
        while True:
            drills = self._drills()
            report = await self._judged(drills)
            if report is not None:
                on_report(report)
            await self._pause(_AGAIN_S if report is None or report.problems else _EVERY_S, drills)

    async def _pause(self, seconds: float, drills: tuple[Drill, ...]) -> None:
        """Until the next check; one that is judged already is no reason for another."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._drills() == drills:
                    await asyncio.sleep(_LOOK_S)

    async def _judged(self, drills: tuple[Drill, ...]) -> Report | None:
        keys = self._keys
        order = Order(
            office=self._office,
            keys=dict(keys.texts),
            switches=dict(keys.switches),
            watched=self._picture(),
            drills=drills,
        )
        try:
            answer = await _asked(order.model_dump_json(by_alias=True).encode())
            report = Report.model_validate_json(answer)
        except (OSError, TimeoutError, ValidationError) as error:
            why = str(error) or _("it took too long")
            self.problem = _("the check could not be made: {why}").format(why=why.partition("\n")[0])
            return None
        self.problem = ""
        return report


async def _asked(order: bytes) -> bytes:
    """What the judging process says. OSError when it fails, TimeoutError when it takes too long."""
    done = await python(("-m", "api.serve.judge", "--parent", str(os.getpid())), order, _LONGEST_S)
    if done.code:
        sys.stderr.write(done.problem)
        raise OSError(done.problem.strip().rpartition("\n")[2] or f"exit code {done.code}")
    return done.out
