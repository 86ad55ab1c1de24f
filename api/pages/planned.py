"""Plans as pages show them: rows, one in full, and what is happening to its devices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from api.changes.model import DeviceEnd, Ended, Progress
from api.pages.times import Clock
from api.picture import Pictures
from api.plans.model import Device, Plan, PlanState, Risk
from api.plans.verbs import Plans, Shown
from api.plans.words import guard_text, kind_text, risk_text, state_text, step_text
from inventory.course import Restored
from inventory.words import gettext as _

__all__ = ["brief_rows", "plan_view", "progress_rows", "times"]


def times(pictures: Pictures) -> Clock:
    """The office's clock at this moment."""
    return Clock(pictures.now().office.calendar.timezone, dt.datetime.now(dt.UTC))


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    added: int
    removed: int
    lines: tuple[tuple[str, str], ...]
    """Kind (`add`, `del`, `at`, or nothing) and text."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Devices with the same change: it is read once."""

    devices: str
    risks: str
    guards: str
    sections: tuple[_Section, ...]


def brief_rows(listed: Plans, clock: Clock) -> list[dict[str, object]]:
    """A row a plan."""
    return [
        {
            "id": plan.id,
            "state": plan.state.value,
            "says": state_text(plan.state),
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
        "kind": kind_text(plan.kind),
        "digest": shown.digest,
        "waits_for": shown.waits_for,
        "opens": clock.short(shown.opens) if shown.opens else "",
        "made": clock.moment(plan.made_at),
        "until": clock.moment(plan.until),
        "not_before": clock.moment(plan.not_before) if plan.not_before else None,
        "approvals": [(approval.who, clock.moment(approval.at)) for approval in plan.approvals],
        "waves": " → ".join(" + ".join(wave) for wave in plan.waves),
        "groups": _groups(plan.devices),
        "removed": _groups(plan.removes),
        "running": plan.state in {PlanState.APPROVED, PlanState.RUNNING},
        "begun": plan.state in {PlanState.RUNNING, PlanState.DONE, PlanState.FAILED},
        "progress": (),
        "may": _forms(plan),
    }


def progress_rows(steps: Iterable[Progress], clock: Clock) -> list[tuple[str, str, str]]:
    """What is told of a change: time, device, and what is happening to it."""
    return [(clock.whole(step.at).text, step.device, _told(step)) for step in steps]


def _told(step: Progress) -> str:
    return step_text(step.step) if step.end is None else _end_text(step.end)


def _end_text(end: DeviceEnd) -> str:
    text = {
        Ended.CHANGED: _("changed"),
        Ended.UNCHANGED: _("nothing to do"),
        Ended.FAILED: _("failed"),
        Ended.UNREACHABLE: _("unreachable, nothing was changed"),
        Ended.NOT_BEGUN: _("not begun"),
    }[end.ended]
    restored = {
        Restored.UNTOUCHED: "",
        Restored.YES: _("it runs as before"),
        Restored.UNKNOWN: _("nobody could ask; its dead-man takes the change back by itself"),
    }[end.restored]
    told = [text, str(end.reason) if end.reason else "", restored if end.ended is Ended.FAILED else ""]
    return "; ".join(part for part in told if part)


def _forms(plan: Plan) -> frozenset[str]:
    """What can still be decided about it; whether this visitor may, the desk says."""
    match plan.state:
        case PlanState.PROPOSED:
            return frozenset({"approve", "reject", "withdraw"})
        case PlanState.APPROVED:
            return frozenset({"begin", "withdraw"})
        case PlanState.RUNNING:
            return frozenset({"stop"})
        case _:
            return frozenset()


def _groups(devices: Iterable[Device]) -> list[_Group]:
    ordered = sorted(devices, key=lambda device: device.group)
    return [_group(list(same)) for _key, same in groupby(ordered, lambda device: device.group)]


def _group(same: list[Device]) -> _Group:
    risks = [risk for risk in Risk if any(risk in device.risks for device in same)]
    guards = dict.fromkeys(guard_text(device.guard) for device in same)
    sections = (_section(diff.section, diff.lines) for diff in same[0].diffs)
    return _Group(
        ", ".join(device.name for device in same), ", ".join(map(risk_text, risks)), ", ".join(guards), tuple(sections)
    )


def _section(name: str, lines: tuple[str, ...]) -> _Section:
    kinds = {"+": "add", "-": "del", "@": "at"}
    told = tuple((kinds.get(line[:1], ""), line) for line in lines)
    return _Section(name, sum(kind == "add" for kind, _l in told), sum(kind == "del" for kind, _l in told), told)
