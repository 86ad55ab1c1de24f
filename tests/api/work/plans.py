"""Plans for the tests: what runs becomes something else, in as many waves as wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from api.chain import Deed
from api.plans.model import Approval, Device, File, Kind, Plan, PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Ledger, Put
from inventory.course import Guard
from playbooks.plan import fingerprint

__all__ = ["NOW", "approve", "new", "old", "plan"]

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def old(device: str) -> dict[str, str]:
    """What a device runs before."""
    return {f"file /etc/{name}": f"# fosa: mode 0644\n{name} of {device}\n" for name in ("one", "two")}


def new(device: str, change: str) -> dict[str, str]:
    """What it runs after a change."""
    return {f"file /etc/{name}": f"# fosa: mode 0644\n{name} of {device}, {change}\n" for name in ("one", "two")}


def plan(key: str, waves: Sequence[Sequence[str]], running: Mapping[str, Mapping[str, str]] | None = None) -> Plan:
    """An approved plan; `running` is what the devices run now, unless it is the old."""
    devices = tuple(
        Device(
            name=name,
            base=fingerprint(running[name] if running else old(name)),
            files=tuple(
                File(path=path.removeprefix("file "), mode=0o644, text=text.split("\n", 1)[1])
                for path, text in new(name, key).items()
            ),
            diffs=(),
            group=name,
            risks=(),
            guard=Guard.DEVICE,
            tunnels=(),
        )
        for wave in waves
        for name in wave
    )
    made = Plan(
        id=key,
        kind=Kind.PUSH,
        author="anna",
        why="because",
        made_at=NOW,
        until=NOW + dt.timedelta(days=3650),
        devices=devices,
        waves=tuple(tuple(wave) for wave in waves),
        state=PlanState.APPROVED,
    )
    return made.model_copy(update={"approvals": (Approval(who="jan", at=NOW, digest=made.digest),)})


def approve(ledger: Ledger, made: Plan) -> None:
    """Put it into the ledger as if it had come its whole way."""
    deed = Deed(who="jan", origin="console", action="plan.approve", subject=f"plan {made.id}")
    ledger.write(deed, [Put(PLANS, made.id, made)])
