"""The words for how a text came to run, and how a device stands to what was approved, in the language in use."""

from __future__ import annotations

from api.archive.drifted import Look, Standing
from api.archive.model import OriginKind, Revision
from inventory.words import gettext as _

__all__ = ["origin_text", "standing_text"]


def origin_text(revision: Revision) -> str:
    """How it came about, in one line."""
    origin = revision.origin
    text = {
        OriginKind.CHANGE: _("change {plan} by {who}: {why}"),
        OriginKind.ADOPTION: _("adopted by {who}: {why}"),
        OriginKind.DRIFT: _("found before {plan}, approved by nobody")
        if origin.plan
        else _("found, approved by nobody"),
    }[origin.kind]
    return text.format(plan=origin.plan, who=origin.who, why=origin.why)


def standing_text(look: Look) -> str:
    """How a device stood, and why that is not known when it is not."""
    text = {
        Standing.SAME: _("runs what was approved"),
        Standing.DRIFTED: _("does NOT run what was approved"),
        Standing.UNAPPROVED: _("nobody has approved what it runs"),
        Standing.CHANGING: _("is being changed"),
        Standing.UNREAD: _("unknown"),
    }[look.standing]
    return f"{text}: {look.reason}" if look.reason else text
