"""The words for what a plan is, does and touches, in the language in use."""

from __future__ import annotations

from api.plans.model import Kind, PlanState, Risk, RuleChange, Together
from inventory.course import Guard
from inventory.words import gettext as _
from monitor.compliance.words import result

__all__ = ["caused_text", "fixed_text", "guard_text", "kind_text", "risk_text", "state_text", "together_text"]


def kind_text(kind: Kind) -> str:
    """Why devices are to become something else."""
    return {
        Kind.PUSH: _("what the inventory says"),
        Kind.RESTORE: _("an earlier revision"),
        Kind.UNDO: _("the last change undone"),
        Kind.ROTATE: _("new keys"),
        Kind.REMOVAL: _("a temporary flow ends"),
        Kind.DRILL: _("a drill: down for some seconds, then back"),
    }[kind]


def state_text(state: PlanState) -> str:
    """Where a plan is."""
    return {
        PlanState.PROPOSED: _("waits for its approval"),
        PlanState.APPROVED: _("approved"),
        PlanState.RUNNING: _("running"),
        PlanState.DONE: _("done"),
        PlanState.FAILED: _("failed"),
        PlanState.REJECTED: _("rejected"),
        PlanState.WITHDRAWN: _("withdrawn"),
        PlanState.EXPIRED: _("expired"),
    }[state]


def risk_text(risk: Risk) -> str:
    """What a change touches."""
    return {
        Risk.MANAGEMENT_PATH: _("the way fosa reaches it by"),
        Risk.TUNNELS: _("tunnels"),
        Risk.DEFAULT_ROUTE: _("the default route"),
        Risk.POLICY: _("what may pass"),
        Risk.SERVICES: _("services"),
    }[risk]


def guard_text(guard: Guard) -> str:
    """Who takes an unconfirmed change back."""
    return {
        Guard.DEVICE: _("the device itself"),
        Guard.DEVICE_RELOAD: _("the device itself, by a restart"),
        Guard.MANAGER: _("fosa only"),
        Guard.NONE: _("nobody"),
    }[guard]


def fixed_text(change: RuleChange) -> str:
    """A rule that would be kept and is not now."""
    return _("fixes {rule} on {asset}").format(rule=change.rule, asset=change.asset)


def caused_text(change: RuleChange) -> str:
    """A rule that would no longer be known to be kept, or be broken further."""
    text = _("causes {rule} on {asset}: {before} becomes {after}")
    if change.before is change.after:
        text = _("causes {rule} on {asset}: {before} already, and then by other lines")
    return text.format(rule=change.rule, asset=change.asset, before=result(change.before), after=result(change.after))


def together_text(together: Together) -> str:
    """Why devices change at once."""
    text = _(
        "{devices} change at once: with one end of {tunnel} changed and the other not yet, "
        "the two would have no terms in common"
    )
    return text.format(devices=", ".join(together.devices), tunnel=together.tunnel)
