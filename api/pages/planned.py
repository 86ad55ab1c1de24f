"""Plans as pages show them: rows, one in full, and what is happening to its devices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from api.changes.model import Change, DeviceEnd, Ended, Progress
from api.changes.words import end_text, step_text
from api.pages.difference import Section, sections
from api.pages.signs import Shape, Sign
from api.pages.times import Clock, Moment
from api.picture import Pictures
from api.plans.model import ENDED, Device, Plan, PlanState, Risk
from api.plans.verbs import Plans, Shown
from api.plans.words import caused_text, fixed_text, guard_text, kind_text, risk_text, state_text, together_text
from inventory.course import Step

__all__ = ["brief_rows", "end_rows", "plan_view", "progress_rows", "sign_of", "times"]


_SHAPES = {
    PlanState.PROPOSED: Shape.HEED,
    PlanState.APPROVED: Shape.WORK,
    PlanState.RUNNING: Shape.WORK,
    PlanState.DONE: Shape.UP,
    PlanState.FAILED: Shape.DOWN,
    PlanState.REJECTED: Shape.NONE,
    PlanState.WITHDRAWN: Shape.NONE,
    PlanState.EXPIRED: Shape.NONE,
}
_ENDS = {
    Ended.CHANGED: Shape.UP,
    Ended.UNCHANGED: Shape.NONE,
    Ended.REHEARSED: Shape.UP,
    Ended.FAILED: Shape.DOWN,
    Ended.UNREACHABLE: Shape.UNKNOWN,
    Ended.NOT_BEGUN: Shape.NONE,
}


def times(pictures: Pictures) -> Clock:
    """The office's clock at this moment."""
    return Clock(pictures.now().office.calendar.timezone, dt.datetime.now(dt.UTC))


@dataclass(frozen=True, slots=True)
class _Group:
    """Devices with the same change: it is read once."""

    devices: str
    risks: str
    guards: str
    sections: tuple[Section, ...]


def brief_rows(listed: Plans, clock: Clock) -> list[dict[str, object]]:
    """A row a plan."""
    return [
        {
            "id": plan.id,
            "sign": sign_of(plan.state),
            "why": plan.why,
            "by": plan.author,
            "made": clock.moment(plan.made_at),
            "devices": ", ".join(plan.devices),
            "risks": ", ".join(map(risk_text, plan.risks)),
        }
        for plan in listed.plans
    ]


def plan_view(shown: Shown, clock: Clock) -> dict[str, object]:
    """Everything its page shows."""
    plan = shown.plan
    return {
        "plan": plan,
        "said": f"{plan.id}: {state_text(plan.state)}",
        "sign": sign_of(plan.state),
        "kind": kind_text(plan.kind),
        "digest": shown.digest,
        "waits_for": shown.waits_for,
        "opens": clock.short(shown.opens) if shown.opens else "",
        "made": clock.moment(plan.made_at),
        "until": clock.moment(plan.until),
        "not_before": clock.moment(plan.not_before) if plan.not_before else None,
        "approvals": [(approval.who, clock.moment(approval.at)) for approval in plan.approvals],
        "waves": " → ".join(" + ".join(wave) for wave in plan.waves),
        "together": [together_text(each) for each in plan.together],
        "groups": _groups(plan.devices),
        "removed": _groups(plan.removes),
        "fixed": [fixed_text(change) for change in plan.fixed],
        "caused": [caused_text(change) for change in plan.caused],
        "running": plan.state in {PlanState.APPROVED, PlanState.RUNNING},
        "ended": plan.state in ENDED,
        "progress": (),
        "ends": (),
    }


def sign_of(state: PlanState) -> Sign:
    """Where a plan is, drawn."""
    return Sign(_SHAPES[state], state_text(state))


def progress_rows(steps: Iterable[Progress], clock: Clock) -> list[tuple[Moment, str, Sign]]:
    """What is told of a change: when, of which device, and what is happening to it."""
    return [(clock.moment(step.at), step.device, _told(step)) for step in steps]


def end_rows(plan: Plan, change: Change) -> list[tuple[str, Sign]]:
    """How each device was left, in the order of the change."""
    names = [name for wave in plan.waves for name in wave if name in change.devices]
    return [(name, _end(change.devices[name])) for name in names]


def _told(step: Progress) -> Sign:
    if step.end is None:
        return Sign(Shape.HEED if step.step is Step.REVERT else Shape.WORK, step_text(step.step))
    return _end(step.end)


def _end(end: DeviceEnd) -> Sign:
    return Sign(_ENDS[end.ended], end_text(end))


def _groups(devices: Iterable[Device]) -> list[_Group]:
    ordered = sorted(devices, key=lambda device: device.group)
    return [_group(list(same)) for _key, same in groupby(ordered, lambda device: device.group)]


def _group(same: list[Device]) -> _Group:
    risks = [risk for risk in Risk if any(risk in device.risks for device in same)]
    guards = dict.fromkeys(guard_text(device.guard) for device in same)
    names = ", ".join(device.name for device in same)
    return _Group(names, ", ".join(map(risk_text, risks)), ", ".join(guards), sections(same[0].diffs))
