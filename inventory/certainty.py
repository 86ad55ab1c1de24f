"""How certain a stated fact is, in the words people read."""

from __future__ import annotations

from inventory.model import Confidence
from inventory.words import gettext as _

__all__ = ["certainty"]


def certainty(confidence: Confidence) -> str:
    """The word for it."""
    return {
        Confidence.CONFIRMED: _("confirmed"),
        Confidence.HISTORICAL: _("historical"),
        Confidence.ANALOGOUS: _("by analogy"),
        Confidence.ASSUMED: _("assumed"),
        Confidence.UNKNOWN: _("told by nobody"),
    }[confidence]
