"""The fixed texts of the pages about plans and people, in the language in use."""

from __future__ import annotations

from inventory.words import gettext as _

__all__ = ["wording"]


def wording() -> dict[str, str]:
    """By the name templates use."""
    return {**_place(), **_plan(), **_deed()}


def _place() -> dict[str, str]:
    return {
        "places": _("Places"),
        "network": _("Network"),
        "plans": _("Plans"),
        "log_in": _("Log in"),
        "log_out": _("Log out"),
        "account": _("Account"),
        "password": _("Password"),
        "code": _("Code of the second factor"),
        "refused": _("That cannot be done"),
        "back": _("Back"),
    }


def _plan() -> dict[str, str]:
    return {
        "plan": _("Plan"),
        "why": _("Why"),
        "by": _("By"),
        "until": _("To begin by"),
        "not_before": _("Not before"),
        "follows": _("Follows"),
        "order": _("Order"),
        "touches": _("Touches"),
        "guarded": _("Taken back by"),
        "approved_by": _("Approved by"),
        "on_site": _("On site"),
        "judgement": _("Rules"),
        "fixes": _("fixes"),
        "causes": _("causes"),
        "unjudged": _("Not judged beforehand"),
        "nothing_judged": _("No rule's result would change."),
        "progress": _("Progress"),
        "at": _("At"),
        "step": _("Step"),
        "changes": _("What changes"),
        "ends_with": _("What is temporary goes after this day, approved with the plan"),
        "no_plans": _("No plan waits or runs."),
        "ended_too": _("Show those that have ended, too"),
        "own_choice": _("The office lets the author approve his own plan."),
        "now": _("may begin outside the window, says"),
    }


def _deed() -> dict[str, str]:
    return {
        "window_open": _("Changes may begin now."),
        "window_closed": _("Changes do not begin now"),
        "opens": _("The window opens"),
        "approve": _("I have read it: approve"),
        "reject": _("Reject"),
        "withdraw": _("Withdraw"),
        "begin": _("Begin now, outside the window"),
        "stop": _("Stop: take back what is not confirmed"),
        "freeze": _("Freeze: no change may begin"),
        "unfreeze": _("End the freezes"),
        "frozen_until": _("Last day (empty: until it is ended)"),
        "propose": _("Propose what the inventory says"),
        "building": _("Building"),
        "everywhere": _("The whole office"),
    }
