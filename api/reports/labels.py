"""The fixed texts of a report, in the language in use. Its template holds no text of its own."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.words import gettext as _

__all__ = ["labels"]


def labels() -> Mapping[str, str]:
    """By the name the template uses; a name that is not here stops the rendering."""
    return {**_head(), **_findings(), **_clauses()}


def _head() -> dict[str, str]:
    return {
        "title": _("Compliance report"),
        "draft": _("Draft catalogue"),
        "contents": _("Contents"),
        "made": _("Made"),
        "judged": _("Judged"),
        "profile": _("Crypto profile"),
        "catalogue": _("Catalogue"),
        "version": _("Made with"),
        "result": _("Result"),
        "failed": _("failed"),
        "in_order": _("in order"),
        "open": _("not decided"),
        "coverage": _("Coverage"),
        "decided": _("pairs of rule and device decided"),
        "devices": _("managed devices judged"),
        "total": _("devices in the inventory: those that fosa does not manage are not judged yet"),
        "problems": _("Could not be read"),
        "no_number": _("No score stands for the whole office: it counts what was decided, of what was looked at."),
    }


def _findings() -> dict[str, str]:
    return {
        "findings": _("Findings"),
        "none_failed": _("Nothing that was decided has failed."),
        "rule": _("Rule"),
        "severity": _("Severity"),
        "device": _("Device"),
        "devices_named": _("Devices"),
        "found": _("Found"),
        "evidence": _("What was read"),
        "line": _("line"),
        "fix": _("To put it right"),
        "rationale": _("Why"),
        "open_title": _("Not decided"),
        "fine_title": _("In order"),
        "failed_title": _("Failed"),
        "silent_title": _("Does not apply, or is for information"),
        "more": _("more places"),
        "sources": _("Texts and readings behind this report"),
        "source": _("Text"),
        "read_at": _("Read"),
        "not_read": _("not read from a device"),
        "hash": _("SHA-256 of the whole text, secrets masked"),
    }


def _clauses() -> dict[str, str]:
    return {
        "clauses": _("Clauses of law"),
        "clause": _("Clause"),
        "demand": _("Demand, in our own words"),
        "status": _("How it stands"),
        "decided_by": _("Decided"),
        "why": _("Rules"),
        "rules_failed": _("failed"),
        "rules_open": _("not decided"),
        "rules_missing": _("no rule yet"),
        "human": _("A person's part"),
        "formerly": _("before"),
        "rules": _("Rules of this check"),
        "asks": _("What it asks for"),
    }
