"""A plan in words: what it does, what it touches, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from api.cli.moment import when
from api.plans.model import Device, Plan, Risk
from api.plans.words import caused_text, fixed_text, guard_text, kind_text, risk_text, state_text, together_text
from inventory.words import gettext as _
from inventory.words import ngettext

if TYPE_CHECKING:
    from api.cli.output import Output
    from api.plans.verbs import Shown

__all__ = ["show_plan"]


def show_plan(shown: Shown, output: Output, *, summary: bool = False) -> None:
    """Print a plan: each distinct change once."""
    plan = shown.plan
    _head(plan, output)
    _differences(plan.devices, output, summary=summary)
    _judgement(plan, output)
    if plan.removal is not None:
        text = _("What is temporary ends with {day}; this goes then, and is approved with it:")
        output.line(text.format(day=plan.removal), "bold")
        _differences(plan.removes, output, summary=summary)
    if shown.waits_for is not None:
        opens = "" if shown.opens is None else " " + _("(the window opens {when})").format(when=when(shown.opens))
        output.line(f"{shown.waits_for}{opens}", "yellow")


def _head(plan: Plan, output: Output) -> None:
    output.line(f"{plan.id}  {kind_text(plan.kind)}: {state_text(plan.state)}", "bold")
    output.line(_("by {who}, {when}: {why}").format(who=plan.author, when=when(plan.made_at), why=plan.why))
    output.line(_("to begin by {until}").format(until=when(plan.until)))
    if plan.not_before is not None:
        output.line(_("not before {when}").format(when=when(plan.not_before)))
    if plan.follows:
        output.line(_("follows {plan}").format(plan=plan.follows))
    for approval in plan.approvals:
        output.line(_("approved by {who}, {when}").format(who=approval.who, when=when(approval.at)), "green")
    if not plan.four_eyes:
        output.line(_("The office lets the author approve his own plan."), "yellow")
    if plan.on_site:
        output.line(_("on site: {who}").format(who=plan.on_site))
    if plan.begin_now:
        output.line(_("{who} has said that it may begin outside the window").format(who=plan.begin_now))
    if plan.remark is not None:
        output.line(str(plan.remark), "yellow")
    waves = " > ".join(" + ".join(wave) for wave in plan.waves)
    output.line(_("in this order: {waves}").format(waves=waves))
    for together in plan.together:
        output.line(together_text(together), "yellow")
    output.line()


def _differences(devices: Iterable[Device], output: Output, *, summary: bool) -> None:
    by_group = sorted(devices, key=lambda device: device.group)
    for _group, same in groupby(by_group, lambda device: device.group):
        members = list(same)
        output.line(_("=== {devices}").format(devices=", ".join(device.name for device in members)), "bold")
        output.line(_touches(members))
        for diff in members[0].diffs:
            added, removed = (sum(line[0] == sign for line in diff.lines) for sign in "+-")
            output.line(f"--- {diff.section}  (+{added} -{removed})", "bold")
            if not summary:
                output.diff("\n".join(diff.lines))
        output.line()


def _touches(devices: list[Device]) -> str:
    risks = [risk for risk in Risk if any(risk in device.risks for device in devices)]
    guards = dict.fromkeys(guard_text(device.guard) for device in devices)
    text = _("touches: {risks}; taken back by: {guards}")
    return text.format(risks=", ".join(map(risk_text, risks)) or _("nothing"), guards=", ".join(guards))


def _judgement(plan: Plan, output: Output) -> None:
    for change in plan.fixed:
        output.line(fixed_text(change), "green")
    for change in plan.caused:
        output.line(caused_text(change), "red")
    for sentence in plan.unjudged:
        output.line(str(sentence), "yellow")
    count = len(plan.devices)
    output.line(ngettext("{n} device would change", "{n} devices would change", count).format(n=count))
