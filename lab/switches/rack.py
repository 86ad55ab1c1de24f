"""The emulated switches of a lab as its owner sees them: switched on and off, and gone with the process that began."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from select import select

from pydantic import TypeAdapter

from inventory.errors import LabError
from inventory.words import gettext as _
from lab.switches.order import Answer, Off, On, Order, orders

__all__ = ["Rack"]

_START_S = 60.0
_ANSWER = TypeAdapter(Answer)


@dataclass(slots=True)
class Rack:
    """All switches of a lab."""

    log: Path
    """Where they say what went wrong inside of them."""
    orders: dict[str, On] = field(default_factory=dict)
    """The switches there are, by name."""
    pids: dict[str, int] = field(default_factory=dict)
    """Those that are on."""
    _nursery: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def begin(self, switches: Iterable[On]) -> None:
        """Switch them all on; call it from the main thread, and `wait` for them."""
        self.orders = {order.name: order for order in switches}
        if not self.orders:
            return
        argv = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "lab.switches.nursery"]
        with self.log.open("ab") as log:
            self._nursery = subprocess.Popen(
                argv,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        for order in self.orders.values():
            self._tell(order)

    def wait(self) -> None:
        """Until all of them let somebody in. LabError names the first that does not start."""
        while waiting := self.orders.keys() - self.pids.keys():
            answer = self._answer(waiting)
            self.pids[answer.name] = answer.pid

    def power_cut(self, name: str) -> None:
        """Take the power away: what it has not saved is lost."""
        self._tell(Off(name))
        self._answer({name})
        self.pids.pop(name, None)

    def start(self, name: str) -> None:
        """Switch it on again; it runs what it has saved."""
        self._tell(self.orders[name])
        self.pids[name] = self._answer({name}).pid

    def end(self) -> None:
        """Kill every one of them."""
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.wait()
            for stream in (self._nursery.stdin, self._nursery.stdout):
                if stream is not None:
                    stream.close()
        self._nursery = None
        self.pids.clear()

    def _tell(self, order: Order) -> None:
        stream = None if self._nursery is None else self._nursery.stdin
        assert stream is not None  # noqa: S101  nobody is told anything before `begin`
        stream.write(orders.dump_json(order) + b"\n")
        stream.flush()

    def _answer(self, waiting: Iterable[str]) -> Answer:
        """What the next one says; LabError where it does not start, or where nobody says anything."""
        stream = None if self._nursery is None else self._nursery.stdout
        names = ", ".join(sorted(waiting))
        line = stream.readline() if stream is not None and select([stream], [], [], _START_S)[0] else b""
        if not line:
            raise LabError(_("{device} does not start: {why}").format(device=names, why=self._last_words()))
        answer = _ANSWER.validate_json(line)
        if answer.why:
            raise LabError(_("{device} does not start: {why}").format(device=answer.name, why=answer.why))
        return answer

    def _last_words(self) -> str:
        return self.log.read_bytes().decode(errors="replace").strip()[-600:] or _("it said nothing")
