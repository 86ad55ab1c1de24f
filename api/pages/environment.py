"""The templates of web pages."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from api.markup import markup

__all__ = ["environment"]

_TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """The one there is."""
    return markup(_TEMPLATES)
