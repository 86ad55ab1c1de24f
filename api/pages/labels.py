"""The fixed texts of the page, in the language in use. Templates hold no text of their own."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.words import gettext as _

__all__ = ["labels"]


def labels() -> Mapping[str, str]:
    """By the name templates use; a name that is not here stops the rendering."""
    return {**_frame(), **_watched(), **_checked()}


def _frame() -> dict[str, str]:
    return {
        "skip": _("Skip to the content"),
        "language": _("Language"),
        "as_of": _("As of"),
        "lost": _("This page gets no news any more: what it shows may be old. It goes on trying."),
        "still": _("This page reloads itself every ten seconds, because scripts are switched off."),
        "reload": _("Reload now"),
        "maintenance": _("Maintenance"),
        "drifted_here": _("What runs was approved by nobody"),
        "history_broken": _("The history is not whole."),
        "renewal": _("Certificate to be replaced:"),
        "half_changed": _("The shared key is changed, but not to its end"),
        "since": _("since"),
        "what_to_do": _("What to do"),
        "more_below": _("More about it below"),
        "map": _("Map"),
        "programs": _("For programs"),
        "metrics": _("metrics"),
        "interface": _("interface"),
        "health": _("health"),
    }


def _watched() -> dict[str, str]:
    return {
        "tunnels": _("Tunnels"),
        "tunnel": _("Tunnel"),
        "state": _("State"),
        "loss": _("Loss"),
        "delay": _("Round trip"),
        "as_seen": _("As its ends see it"),
        "assumed": _("assumed"),
        "differs": _("Not as the inventory says"),
        "lines": _("Lines and cables"),
        "line": _("Line"),
        "where": _("Where"),
        "port": _("Port"),
        "since_when": _("Since"),
        "devices": _("Gateways"),
        "device": _("Device"),
        "probes": _("Probes"),
        "polled": _("Devices"),
        "name": _("Name"),
        "facts": _("What it says of itself"),
        "read_last": _("Read last at"),
        "never_read": _("It has not been read yet."),
        "not_watched": _("In the inventory, and not watched yet"),
        "kind": _("Kind"),
        "total": _("Total"),
        "nothing_watched": _("Nothing of this kind is watched."),
        "events": _("What happened"),
        "became": _("became"),
        "nothing_happened": _("Nothing has changed since the watch began."),
        "is_assumed": _("What is assumed"),
        "nothing_assumed": _("Nothing: everything in the inventory has been confirmed."),
    }


def _checked() -> dict[str, str]:
    return {
        "check": _("Check"),
        "not_checked": _("Nothing has been checked yet."),
        "in_order": _("In order"),
        "coverage": _("Decided"),
        "judged": _("Judged"),
        "judged_by": _("Judged by"),
        "draft": _("draft"),
        "problems": _("Could not be read"),
        "nothing_failed": _("Nothing that was decided has failed."),
        "fix": _("To put it right"),
        "more_places": _("And more places; the interface for programs has them all."),
        "clauses": _("Clauses of law these rules serve"),
        "hash": _("SHA-256 of what was read"),
    }
