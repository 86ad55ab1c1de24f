"""The fixed texts of the pages about plans and people, in the language in use."""

from __future__ import annotations

from inventory.words import gettext as _

__all__ = ["wording"]


def wording() -> dict[str, str]:
    """By the name templates use."""
    return {**_place(), **_plan(), **_deed(), **_past(), **_drift(), **_joining()}


def _place() -> dict[str, str]:
    return {
        "places": _("Places"),
        "network": _("Network"),
        "plans": _("Plans"),
        "history": _("History"),
        "log_in": _("Log in"),
        "log_out": _("Log out"),
        "account": _("Account"),
        "password": _("Password"),
        "code": _("Code of the second factor"),
        "refused": _("That cannot be done"),
        "code_hint": _("from your authenticator, or a recovery code"),
    }


def _plan() -> dict[str, str]:
    return {
        "plan": _("Plan"),
        "why": _("Why"),
        "by": _("By"),
        "what": _("What"),
        "until": _("To begin by"),
        "not_before": _("Not before"),
        "follows": _("Follows"),
        "order": _("Order"),
        "touches": _("Touches"),
        "guarded": _("Taken back by"),
        "approved_by": _("Approved by"),
        "on_site": _("On site"),
        "judgement": _("Rules"),
        "unjudged": _("Not judged beforehand"),
        "nothing_judged": _("No rule's result would change."),
        "progress": _("Progress"),
        "at": _("At"),
        "step": _("Step"),
        "changes": _("What changes"),
        "ends_with": _("What is temporary goes after this day, approved with the plan"),
        "no_plans": _("No plan waits or runs."),
        "ended_too": _("Show those that have ended, too"),
        "only_open": _("Show only those that wait or run"),
        "ends": _("How it ended"),
        "not_begun": _("It has not begun."),
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
        "freezing": _("No changes for a while"),
        "freeze": _("Freeze: no change may begin"),
        "unfreeze": _("End the freezes"),
        "frozen_until": _("Last day (empty: until it is ended)"),
        "propose": _("New plan"),
        "propose_it": _("Propose what the inventory says"),
        "decide": _("Decide"),
        "on_site_when": _("only where a device does not guard itself"),
        "building": _("Building"),
        "everywhere": _("The whole office"),
    }


def _past() -> dict[str, str]:
    return {
        "history_is": _("What each managed device ran, since when, and who wanted it so. Secrets are masked."),
        "last_kept": _("Kept last"),
        "nothing_kept": _("Nothing is kept yet: the first change or adoption begins the history."),
        "older_kept": _("Older ones"),
        "revisions": _("Revisions"),
        "revision": _("Revision"),
        "compare": _("Compare"),
        "compare_running": _("What differs from what it runs now"),
        "runs_now": _("what it runs now"),
        "from": _("From"),
        "to": _("To"),
        "no_difference": _("No difference."),
        "restore": _("Put this back"),
        "undo": _("Take the last change back"),
        "undo_is": _("What ran before it comes back; undoing that does it again."),
        "not_restorable": _("Its files are not kept as they were given: it can be read, and not put back."),
    }


def _drift() -> dict[str, str]:
    return {
        "it_drifted": _("It does not run what was approved"),
        "it_unapproved": _("Nobody has approved what it runs"),
        "unapproved": _("nobody has approved what it runs"),
        "drifted": _("does not run what was approved"),
        "put_back": _("Put back what was approved"),
        "put_back_is": _("Makes a plan, to be approved like any other."),
        "put_back_by": _("To be put back by plan"),
        "adopt": _("Approve what it runs"),
        "adopt_is": _("You have read the difference, and this is how it should be from now on."),
        "looked_at": _("looked at"),
        "not_looked": _("Nobody has looked yet."),
        "look": _("Look at all of them now"),
    }


def _joining() -> dict[str, str]:
    return {
        "accept": _("Set password and second factor"),
        "accept_is": _("For who has got an account, or a new code, from an admin."),
        "have_code": _("I have a code from an admin"),
        "one_time": _("Code from the admin"),
        "one_time_hint": _("good for one day, once"),
        "go_on": _("Go on"),
        "begin_again": _("Begin again"),
        "factor": _("Second factor"),
        "factor_is": _("Scan this with an authenticator, or type the text below it into one. It is shown this once."),
        "factor_picture": _("The second factor as a picture; the text below it says the same."),
        "factor_text": _("As text"),
        "factor_code": _("Code the authenticator shows"),
        "new_password": _("New password"),
        "new_password_hint": _("12 characters or more; several words are best"),
        "once_more": _("The same again"),
        "accepted": _("Your account is ready"),
        "recovery": _("Recovery codes"),
        "recovery_is": _(
            "Print or write these down now, they are not shown again. Each stands in for a lost second factor, once."
        ),
    }
