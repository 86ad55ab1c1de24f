"""Changes that shut their own way, or make things worse: each is taken back by itself, and it is told how soon."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from office_change import Office, office, served_again
from restoring import Watch, kill_manager
from table import Row, expect

from api.changes.model import ChangeState
from api.plans.model import Plan
from api.plans.verbs import BEGIN, WhichPlan

__all__ = ["ROWS"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is written into the inventory, and where it is rolled out."""

    device: str
    file: str
    old: str
    new: str
    manager: bool = True
    """False: fosa is killed as a whole as soon as the change is in force."""


_TUNNEL = "  - name: k-b\n"
_HUB = "identity: gw-b.mops.example"
MANAGEMENT = Fault("gw-b", "servers.yaml", "zone: mgmt, address: 10.64.0.10,", "zone: mgmt, address: 10.64.0.40,")
"""The firewall lets the manager in from another address, and from the one it has no longer."""
HUB_TUNNEL = Fault("gw-k", "tunnels.yaml", _HUB, "identity: another.mops.example")
"""The hub waits for another name than the far end has."""
REPLACED = Fault("gw-b", "tunnels.yaml", _TUNNEL, f"{_TUNNEL}    ike: [aes256-sha384-ecp384]\n")
"""One end alone gets other terms for the tunnel by which it is changed."""

WORSE = Fault("gw-b", "flows.yaml", "services: [web, dns", "services: [web, dns, rdp")
"""Guests may do more than the inventory asks for by then."""


@contextlib.contextmanager
def _written(here: Office, fault: Fault) -> Iterator[None]:
    path = here.folder / fault.file
    text = path.read_text(encoding="utf-8")
    expect(f"{fault.old!r} in {fault.file}", holds=fault.old in text)
    path.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")
    try:
        here.read_anew()
        yield
    finally:
        path.write_text(text, encoding="utf-8")


def _shut(fault: Fault) -> str:
    with office() as here, _written(here, fault):
        plan = here.begin(fault.device)
        watch = Watch.of(here, plan, fault.device)
        if fault.manager:
            return f"{watch.back().told()}; {_recorded(here, plan, fault.device)}"
        kill_manager(here)
        told = watch.back().told()
        with served_again(here):
            return f"{told}; served again: {_recorded(here, plan, fault.device)}"


_ENDS = ("gw-b", "gw-k")


def _both_ends() -> str:
    """New terms at both ends at once, and the old ones again: in between the tunnel has none that both agree to."""
    with office() as here:
        told = []
        with _written(here, REPLACED):
            told.append(_done(here))
        here.read_anew()
        return f"{'; '.join((*told, _done(here)))}"


def _done(here: Office) -> str:
    begun = time.monotonic()
    plan = here.begin(*_ENDS)
    change = here.true(plan)
    expect("it to be done", holds=change.state is ChangeState.DONE, seen=change)
    return f"{change.state.value} at {len(plan.waves[0])} ends together in {time.monotonic() - begun:.0f} s"


def _both_ends_alone() -> str:
    """The same, and nobody is there to confirm it: each end goes back by itself, and the tunnel is there again."""
    with office() as here, _written(here, REPLACED):
        plan = here.begin(*_ENDS)
        watches = [Watch.of(here, plan, device) for device in _ENDS]
        kill_manager(here)
        told = [f"{watch.device} {watch.back().told()}" for watch in watches]
        with served_again(here):
            return f"{'; '.join(told)}; served again: {_recorded(here, plan, _ENDS[0])}"


def _recorded(here: Office, plan: Plan, device: str) -> str:
    change = here.true(plan)
    expect("nothing changed", holds=change.state is ChangeState.REVERTED, seen=change)
    return f"{change.state.value}, {change.devices[device].reason}"


def _worse(*, manager: bool) -> str:
    """Approved, and when it begins the inventory no longer asks for what it lets through: that is told by the text that
    runs, and only then. Whether old or new runs is told by the inventory it was approved for.
    """
    with office() as here, _written(here, WORSE):
        path = here.folder / WORSE.file
        new = path.read_text(encoding="utf-8")
        plan = here.propose(WORSE.device)
        here.approve(plan)
        path.write_text(new.replace(WORSE.new, WORSE.old, 1), encoding="utf-8")
        here.read_anew()
        here.desk.call(BEGIN, WhichPlan(plan=plan.id))
        watch = Watch.of(here, plan, WORSE.device)
        if not manager:
            kill_manager(here)
        told = watch.back().told()
        if manager:
            here.ended(plan)
        path.write_text(new, encoding="utf-8")
        if manager:
            here.read_anew()
            return f"{told}; {_recorded(here, plan, WORSE.device)}"
        with served_again(here):
            return f"{told}; served again: {_recorded(here, plan, WORSE.device)}"


def _alone(fault: Fault) -> Fault:
    return replace(fault, manager=False)


ROWS = (
    Row("a ruleset shuts management out", lambda: _shut(MANAGEMENT)),
    Row("a swanctl file shuts the hub's tunnel", lambda: _shut(HUB_TUNNEL)),
    Row("a change makes compliance worse", lambda: _worse(manager=True)),
    Row("a change replaces the tunnel it comes by", lambda: _shut(REPLACED)),
    Row("a change replaces the tunnel it comes by at both ends", _both_ends),
    Row("a ruleset shuts management out, and fosa is killed", lambda: _shut(_alone(MANAGEMENT))),
    Row("a swanctl file shuts the hub's tunnel, and fosa is killed", lambda: _shut(_alone(HUB_TUNNEL))),
    Row("a change makes compliance worse, and fosa is killed", lambda: _worse(manager=False)),
    Row("a change replaces the tunnel it comes by, and fosa is killed", lambda: _shut(_alone(REPLACED))),
    Row("a change replaces it at both ends, and fosa is killed", _both_ends_alone),
)
