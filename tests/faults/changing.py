"""Faults while a change is made in the practice office: parts killed, gateways cut off, two who want it at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from office_change import DEVICES, Office, office
from standing import NAME, STATE, console
from table import Row, expect

from api.changes.model import Change, ChangeState
from api.plans.model import PlanState
from api.plans.shelf import PLANS
from api.work.verbs import STOP, WhichChange
from inventory.course import Step
from lab import office as practice
from tests.unpacked import as_installed

__all__ = ["ROWS", "during", "told"]


def told(change: Change, begun: float) -> str:
    """What it came to, and when, seen from the fault on."""
    devices = ", ".join(f"{name} {end.ended.value}" for name, end in change.devices.items())
    return f"{change.state.value} ({devices}), in order {time.monotonic() - begun:.0f} s after the fault"


def during(step: Step, fault: Callable[[Office], None], *states: ChangeState) -> str:
    """A change of two gateways, and a fault when it comes to a step on the first one."""
    with office() as here:
        here.renew()
        plan = here.begin(*DEVICES)
        here.reaches(plan, step, DEVICES[0])
        begun = time.monotonic()
        fault(here)
        change = here.true(plan)
        if states:
            expect(f"it to be one of {states}", holds=change.state in states, seen=change)
        return told(change, begun)


def _kill(*parts: str) -> Callable[[Office], None]:
    def fault(here: Office) -> None:
        for part in parts:
            os.kill(here.there.part(part), signal.SIGKILL)

    return fault


def _nothing(_here: Office) -> None:
    """No fault at all: what a change takes."""


def _cut_line(_here: Office) -> None:
    """At the provider's: the gateway sees nothing but silence, until after the change has been given up."""
    own = console(DEVICES[0], "ip", "-o", "-4", "addr", "show", "dev", "wan0").split()[3].split("/")[0]
    rules = f"ip saddr {own} drop\nip daddr {own} drop"
    _provider(f"table inet fault {{\nchain way {{\ntype filter hook forward priority -500\n{rules}\n}}\n}}\n")
    time.sleep(45)
    _provider("delete table inet fault\n")


def _provider(rules: str) -> None:
    argv = practice.host_command(NAME, STATE, "internet", as_installed(STATE, ["nft", "-f", "-"]))
    subprocess.run(argv, input=rules, text=True, check=True, timeout=30)


def _stop(here: Office) -> None:
    from api.desk.verb import Nothing
    from api.work.verbs import LIST

    newest = here.desk.call(LIST, Nothing()).changes[0]
    here.desk.call(STOP, WhichChange(plan=newest.plan))


def _full_disk() -> str:
    with office() as here:
        here.renew()
        console(DEVICES[0], "mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", "/var/lib/fosa")
        begun = time.monotonic()
        try:
            plan = here.begin(DEVICES[0])
            here.ended(plan)
        finally:
            console(DEVICES[0], "umount", "/var/lib/fosa")
        change = here.true(plan)
        expect("nothing changed", holds=change.state is ChangeState.REVERTED, seen=change)
        return f"{change.devices[DEVICES[0]].reason}; {told(change, begun)}"


def _two_operators() -> str:
    with office() as here:
        here.renew()
        begun = time.monotonic()
        first, second = here.propose(*DEVICES), here.propose(*DEVICES)
        for plan in (first, second):
            here.approve(plan)
        from api.plans.verbs import BEGIN, WhichPlan

        for plan in (first, second):
            here.desk.call(BEGIN, WhichPlan(plan=plan.id))
        done, late = here.true(first), here.ended(second)
        here.sound()
        kept = here.ledger.get(PLANS, second.id)
        assert kept is not None
        expect("the second to have expired", holds=kept.value.state is PlanState.EXPIRED, seen=(done, late))
        return f"the first: {told(done, begun)}; the second expired: {kept.value.remark}"


def _one_seat() -> str:
    with office() as here:
        code = "import sys; from api.store.seat import take; take(sys.argv[1], 'work')"
        words = [sys.executable, "-c", code, f"sqlite:///{here.state}/work/work.db"]
        second = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        said = second.stderr.strip().splitlines()[-1] if second.stderr else ""
        expect("the second to be refused", holds="another process works as work" in said, seen=second.stderr)
        here.sound()
        return said.split("Error: ", 1)[-1]


def _database_away(here: Office) -> None:
    folder = here.state / "work"
    shutil.move(folder / "work.db", folder / "away.db")
    time.sleep(5)
    shutil.move(folder / "away.db", folder / "work.db")


def _ledger_away(here: Office) -> None:
    folder = here.state / "ledger"
    shutil.move(folder / "ledger.db", folder / "away.db")
    time.sleep(5)
    shutil.move(folder / "away.db", folder / "ledger.db")


ROWS = (
    Row("no fault", lambda: during(Step.VERIFY, _nothing, ChangeState.DONE)),
    Row("work killed while it verifies", lambda: during(Step.VERIFY, _kill("worker"))),
    Row("work killed while it commits", lambda: during(Step.COMMIT, _kill("worker"))),
    Row("watch and edge killed", lambda: during(Step.VERIFY, _kill("watcher", "edge"), ChangeState.DONE)),
    Row("a person stops it", lambda: during(Step.COMMIT, _stop, ChangeState.REVERTED, ChangeState.PARTLY)),
    Row("the line cut while armed", lambda: during(Step.VERIFY, _cut_line)),
    Row("the engine's database moved away and back", lambda: during(Step.VERIFY, _database_away)),
    Row("the ledger moved away and back", lambda: during(Step.VERIFY, _ledger_away)),
    Row("no room on the gateway", _full_disk),
    Row("two operators at once", _two_operators),
    Row("two processes under one name", _one_seat),
)
