"""Faults of switches, each on every platform: the push ends as promised, and the device is whole.

    scripts/faults switches [ROW...] [--quick]

A row is named FAULT/PLATFORM. All devices are emulated; the drivers, netmiko and NAPALM are real. After each push the
device itself is looked at, what it runs and what it has saved, then it restarts; where the push did not succeed,
the next one must. A privileged mode with a password of its own have only IOS and ArubaOS-Switch (operator, manager): on
Junos, AOS-CX and RouterOS rights are the account's, and what they lack there is the row `has no rights`.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from switch_faults import FAULTS, QUICK, Fault
from switched import Bench, Kept, Push, standing
from table import Row, expect, run_table

from inventory.course import Restored
from inventory.model import Platform
from playbooks.order import Changed, Failed, Outcome

_BACK_S = 60.0
"""A session that a restart has caught waits for half a minute by itself."""


def _row(platform: Platform, fault: Fault) -> str:
    how = fault.how(platform)
    with standing(platform, how, enable=fault.enable) as bench:
        before, intended = bench.kept(), bench.intended()
        expect("a device that differs at first", holds=bench.text() != intended)
        with fault.somebody(bench):
            outcome = bench.push(how)
            said = _as_promised(platform, outcome, fault)
            written = bench.written()
            expect("nothing to be written", holds=fault.writes or not written, seen=written[:3])
            succeeds = isinstance(outcome, Changed) or platform in fault.stays
            _whole(bench, before, succeeds=succeeds, fault=fault)
            _restarted(bench, before, fault, succeeds=succeeds)
        if not isinstance(outcome, Changed) or fault.lost:
            _next(bench)
        expect("nothing of the change left on it", holds=not bench.left(), seen=bench.left())
    return said


def _as_promised(platform: Platform, outcome: Outcome, fault: Fault) -> str:
    expect(fault.ends.__name__, holds=type(outcome) is fault.ends, seen=outcome)
    reason = str(getattr(outcome, "reason", "the push succeeds"))
    wanted = fault.says if isinstance(fault.says, str) else fault.says[platform]
    expect(f"a reason with {wanted!r}", holds=re.search(wanted, reason) is not None, seen=reason)
    if isinstance(outcome, Failed):
        unsure = platform in fault.unsure
        promised = {
            Restored.UNTOUCHED,
            *((Restored.YES,) if fault.writes else ()),
            *((Restored.UNKNOWN,) if unsure else ()),
        }
        expect(f"one of {[*map(str, promised)]}", holds=outcome.restored in promised, seen=outcome)
        return f"{reason} ({outcome.restored})"
    return reason


def _whole(bench: Bench, before: Kept, *, succeeds: bool, fault: Fault) -> None:
    """Nothing waits for a confirmation; it runs and has saved what it did before, or all of what was intended."""
    _wait("nothing to wait for a confirmation any more", lambda: not bench.armed() or fault.holds, bench.armed)
    if succeeds:
        _wait("it to run what was intended", lambda: bench.text() == bench.intended(), bench.kept)
        now = bench.kept()
        expect("it to have saved what it runs", holds=now.saved == (before.saved if fault.lost else now.running))
    else:
        _wait("it to run what it ran", lambda: bench.kept().running == before.running, lambda: bench.differs(before))
        now = bench.kept()
        if bench.platform not in fault.torn:
            expect("it to have saved what it had", holds=now.saved == before.saved, seen=bench.differs(before))


def _restarted(bench: Bench, before: Kept, fault: Fault, *, succeeds: bool) -> None:
    if bench.platform in fault.torn:
        return
    bench.restart()
    if succeeds and not fault.lost:
        _wait("it to be as intended after a restart", lambda: bench.text() == bench.intended(), bench.kept)
    else:
        same = bench.kept().running == before.running
        expect("it to be as it was after a restart", holds=same, seen=bench.differs(before))


def _next(bench: Bench) -> None:
    """Whatever there was, the next push finds a device it can change, and changes it for good."""
    if bench.text() == bench.intended():
        return
    bench.unhurried()
    outcome = bench.push(Push())
    expect("the next push to succeed", holds=isinstance(outcome, Changed), seen=outcome)
    now = bench.kept()
    expect("it to run what was intended", holds=bench.text() == bench.intended())
    expect("it to have saved that", holds=now.saved == now.running)


def _wait(what: str, holds: Callable[[], bool], seen: Callable[[], object]) -> None:
    until = time.monotonic() + _BACK_S
    while not holds():
        expect(what, holds=time.monotonic() < until, seen=seen())
        time.sleep(0.2)


def _rows() -> Iterator[Row]:
    for name, fault in FAULTS.items():
        for platform in fault.platforms:
            row = f"{name}/{platform}"
            yield Row(row, partial(_row, platform, fault), quick=row in QUICK)


if __name__ == "__main__":
    sys.exit(run_table([*_rows()]))
