"""How HTML is made: every value is escaped, every unknown name stops the rendering."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["markup"]


@cache
def markup(folder: Path) -> Environment:
    """For a folder of templates, made once. It never meets the environment of device texts, which escapes nothing."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
