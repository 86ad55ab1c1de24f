"""The Jinja environment of web pages: every value is escaped, every unknown name stops the rendering."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["environment"]


@cache
def environment() -> Environment:
    """The one there is. It never meets that of device texts in `templates`, which escapes nothing."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
