"""The table of rules by platforms, as `fosa comply --table` prints it: what can be decided, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inventory.words import gettext as _

if TYPE_CHECKING:
    from inventory.model import Platform
    from monitor.compliance.collected import Cell

__all__ = ["as_json", "rows"]

Line = tuple[str, str]
"""A text and its style."""

_WIDTH = 18


def rows() -> Iterator[Line]:
    """A line for each rule, then what is not decided and why."""
    from inventory.model import Platform

    yield "".join([_("rule").ljust(8), *(platform.ljust(_WIDTH) for platform in Platform)]).rstrip(), "bold"
    table = _table()
    for rule, cells in table.items():
        yield "".join([rule.ljust(8), *(_sign(one).ljust(_WIDTH) for one in cells.values())]).rstrip(), ""
    yield "", ""
    for rule, cells in table.items():
        yield from ((f"{rule.ljust(8)}{reason}", "") for reason in _reasons(cells))


def as_json() -> dict[str, object]:
    """The same for programs, by rule and platform."""
    rules = {
        rule: {
            platform.value: {"collected": one.collected.value, "why": str(one.why or "")}
            for platform, one in cells.items()
        }
        for rule, cells in _table().items()
    }
    return {"rules": rules}


def _table() -> dict[str, dict[Platform, Cell]]:
    from inventory.model import Platform
    from monitor.compliance.collected import cell
    from monitor.compliance.rules.table import RULES

    return {rule: {platform: cell(rule, platform) for platform in Platform} for rule in RULES}


def _reasons(cells: dict[Platform, Cell]) -> Iterator[str]:
    """Each reason once, with the platforms it holds for."""
    found: dict[str, list[Platform]] = {}
    for platform, one in cells.items():
        if one.why is not None:
            found.setdefault(str(one.why), []).append(platform)
    switches = [platform for platform in cells if platform.switch]
    for why, platforms in found.items():
        where = _("every switch") if platforms == switches else ", ".join(platforms)
        yield f"{where}: {why}"


def _sign(one: Cell) -> str:
    from monitor.compliance.collected import Collected

    return {
        Collected.DECIDED: _("decided"),
        Collected.PARTLY: _("partly"),
        Collected.NO_COLLECTOR: _("no collector"),
        Collected.NOT_APPLICABLE: "-",
    }[one.collected]
