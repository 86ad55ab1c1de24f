"""`fosa plan`: what a push would change."""

from __future__ import annotations

from api.cli.exits import Exit
from api.cli.options import AsJson, DeviceNames, InventoryFolder, Lang, Summary
from api.cli.output import Output
from api.cli.targets import Looked, exit_code, look, require_devices, targets
from api.plans.words import together_text
from inventory.words import gettext as _
from inventory.words import ngettext
from playbooks.drivers import CarrierKind
from playbooks.plan import group

__all__ = ["plan", "plan_json", "show"]


def plan(
    devices: DeviceNames = None,
    summary: Summary = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Compare what runs with what should run. Only the read accounts are used; nothing is left on a device."""
    output = Output(as_json=as_json)
    chosen = targets(inventory, devices or (), CarrierKind.SSH)
    require_devices(chosen)
    looked = look(chosen)
    show(looked, output, summary=summary)
    output.result(plan_json(looked))
    failed = exit_code(looked)
    if failed is not None:
        return failed
    return Exit.DIFFERENCE if looked.changed else Exit.DONE


def show(looked: Looked, output: Output, *, summary: bool = False) -> None:
    """Print the plans, identical changes once, then what could not be asked."""
    for same in group(looked.plans):
        output.line(_("=== {devices}").format(devices=", ".join(same.devices)), "bold")
        for diff in same.diffs:
            output.line(f"--- {diff.section}  (+{diff.added} -{diff.removed})", "bold")
            if not summary:
                output.diff("\n".join(diff.lines))
        output.line()
    unchanged = [plan.device for plan in looked.plans if not plan.changed]
    if unchanged:
        output.line(_("nothing to do: {devices}").format(devices=", ".join(unchanged)))
    if looked.changed:
        n = len(looked.changed)
        text = ngettext("{n} device would change: {devices}", "{n} devices would change: {devices}", n)
        output.line(text.format(n=n, devices=", ".join(looked.changed)))
    for together in looked.laid.together:
        output.line(together_text(together), "yellow")
    for name, failure in looked.failures.items():
        output.problem(f"{name}: {failure}")


def plan_json(looked: Looked) -> dict[str, object]:
    """The same for programs."""
    return {
        "devices": {
            plan.device: {"changed": plan.changed, "diffs": {diff.section: list(diff.lines) for diff in plan.diffs}}
            for plan in looked.plans
        },
        "waves": [list(wave) for wave in looked.laid.waves],
        "together": [each.model_dump(mode="json") for each in looked.laid.together],
        "groups": [list(same.devices) for same in group(looked.plans)],
        "failures": {name: {"kind": f.kind.value, "text": str(f)} for name, f in looked.failures.items()},
    }
