"""The demo's steps in the practice office, each timed, each saying what it found."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from api.cli.lab import inside_environment
from api.cli.output import Output
from api.cli.served import detached, stop
from api.cli.shown import Shown
from api.cli.summary import summary
from inventory.errors import LabError
from inventory.load import load
from inventory.model import Office
from inventory.words import gettext as _
from lab import office as practice
from lab.inspection import Inspection
from lab.leaks import Leaks

__all__ = ["Demo"]

_TUNNELS_S = 40.0
_SHOWN_S = 60.0
"""How long the service may take until everything has been read and judged."""


class Demo:
    """One run in an office that stands. `seconds` are timings by name, `findings` what was not as it should be."""

    def __init__(self, name: str, state: Path, folder: Path, output: Output) -> None:
        """`folder`: the practice office's own inventory."""
        self._name, self._state, self._folder, self._output = name, state, folder, output
        self._office: Office = load(folder).require()
        self._inspection = Inspection(name, state, self._office)
        self._start = time.monotonic()
        self.seconds: dict[str, float] = {}
        self.findings: list[str] = []

    @classmethod
    def begin(cls, inventory: Path, name: str, state: Path, output: Output) -> Demo:
        """Build the office first; LabError when it is there already or cannot be built."""
        start = time.monotonic()
        now = practice.up(inventory, name, state, lambda step: output.line(_stamped(start, step)))
        run = cls(name, state, Path(now.office), output)
        run._start = start
        run._timed("start to office up", start)
        return run

    def steps(self, port: int, *, breaking: bool) -> bool:
        """Tunnels, push, push again, traffic, the line (with `breaking` also cut), the page. Whether all was well."""
        self._tunnels()
        self._push()
        self._traffic()
        self._leaks(breaking=breaking)
        self._serve(port)
        self._summary(port)
        return not self.findings

    def end(self) -> bool:
        """Take the office away; whether nothing of it is left."""
        stop(self._name, self._state)
        practice.down(self._name, self._state)
        left = self._inspection.left()
        self._found(left)
        if not left:
            self._say(_("taken away, nothing is left"))
        return not left

    def _tunnels(self) -> None:
        expected = {tunnel.name for tunnel in self._office.tunnels}
        until = time.monotonic() + _TUNNELS_S
        while (down := expected - self._inspection.tunnels_up()) and time.monotonic() < until:
            time.sleep(0.1)
        self._timed("start to tunnels up", self._start)
        if down:
            raise LabError(_("these tunnels did not come up: {names}").format(names=", ".join(sorted(down))))
        names = [_("{name} (assumed)").format(name=t.name) if t.assumed else t.name for t in self._office.tunnels]
        self._say(_("tunnels up: {names}").format(names=", ".join(names)))

    def _push(self) -> None:
        self._say(_("fosa push, from the manager's host: the other buildings are reached through their tunnels only"))
        for name in ("first push", "push with nothing to do"):
            begun = time.monotonic()
            code = self._fosa("push", "--yes", "--summary")
            self._timed(name, begun)
            if code:
                raise LabError(_("fosa push ended with {code}").format(code=code))
        code = self._fosa("plan", "--summary")
        self._found([] if code == 0 else [_("the second push left a difference")])

    def _traffic(self) -> None:
        begun = time.monotonic()
        report = self._inspection.matrix()
        self._timed("the whole matrix", begun)
        self._say(report.text)
        self._found(report.findings)

    def _leaks(self, *, breaking: bool) -> None:
        begun = time.monotonic()
        leaks = Leaks(self._name, self._state, self._office)
        for report in chain((leaks.up(),), leaks.down() if breaking else ()):
            self._say(report.text)
            self._found(report.findings)
        self._timed("what the line sees", begun)

    def _serve(self, port: int) -> None:
        """Start the service and look at what it shows, as a reader would."""
        begun = time.monotonic()
        detached(self._name, port)
        shown = Shown(port, (tunnel.name for tunnel in self._office.tunnels))
        self._found(shown.problems(_SHOWN_S))
        self._timed("service started, everything read and judged", begun)
        self._say(shown.text())

    def _summary(self, port: int) -> None:
        self._output.line()
        for line in summary(self._office, self._name, port):
            self._output.line(line)

    def _fosa(self, *words: str) -> int:
        command = [sys.executable, "-c", "from api.cli import main; main()", *words]
        argv: Sequence[str] = practice.manager_command(self._name, self._state, command)
        environ = inside_environment(str(self._folder))
        with subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout or ():
                self._output.line(f"           {line.rstrip()}".rstrip())
        return run.returncode

    def _found(self, findings: Sequence[str]) -> None:
        for finding in findings:
            self._output.problem(finding)
        self.findings += findings

    def _timed(self, name: str, begun: float) -> None:
        self.seconds[name] = round(time.monotonic() - begun, 3)

    def _say(self, text: str) -> None:
        self._output.line(_stamped(self._start, text))


def _stamped(start: float, text: str) -> str:
    return f"[{time.monotonic() - start:5.1f} s]  {text}"
