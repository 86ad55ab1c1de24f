"""The one Jinja environment for device text: strict, sandboxed, and closed to every value it does not know."""

from __future__ import annotations

import traceback
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inventory.errors import RenderError
from inventory.words import gettext as _
from templates import filters

__all__ = ["environment", "fill_template"]

_FOLDER = Path(__file__).parent


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox narrower than Jinja's: templates read values and call nothing at all."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002  Jinja's signature
        return not attr.startswith("_") and not callable(value)

    def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002  Jinja's signature
        return False


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The environment, made once a process. Nothing is escaped: what may not stand in a text is refused instead."""
    made = _Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        # Device text is not HTML: `finalize` refuses what could break a line.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        finalize=_finalize,
    )
    made.filters = {name: getattr(filters, name) for name in filters.NAMES}
    made.globals = {}
    return made


def fill_template(name: str, **values: object) -> str:
    """Fill one template. RenderError names the template and the line whose value was refused."""
    try:
        return environment().get_template(name).render(values)
    except (filters.UnsafeValueError, TemplateError) as error:
        raise RenderError(_("{where}: {error}").format(where=_where(name, error), error=error)) from error


def _finalize(value: object) -> object:
    # An undefined value goes through: turning it into text raises with the name that is missing.
    return value if isinstance(value, Undefined) else filters.typed(value)


def _where(name: str, error: Exception) -> str:
    """The innermost template line of a traceback; Jinja rewrites its frames to the template's own lines."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.suffix == ".j2" and path.is_relative_to(_FOLDER):
            return f"{path.relative_to(_FOLDER)}:{frame.lineno}"
    return name
