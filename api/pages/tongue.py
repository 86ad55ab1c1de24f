"""The language a reader wants: asked for, remembered, else the browser's, else Polish."""

from __future__ import annotations

from inventory.words import LANGUAGES, Language

__all__ = ["A_YEAR_S", "NAMES", "wanted"]

A_YEAR_S = 365 * 24 * 3600
"""So long a choice is remembered."""

NAMES: tuple[tuple[Language, str], ...] = (("pl", "Polski"), ("en", "English"))
"""As each calls itself."""


def wanted(asked: str | None, remembered: str | None, accepted: str) -> Language:
    """The first of them that is one of ours. `accepted` is an Accept-Language header or empty."""
    for name in (asked, remembered, *_accepted(accepted)):
        for language in LANGUAGES:
            if name == language:
                return language
    return LANGUAGES[0]


def _accepted(header: str) -> list[str]:
    """The main languages of a header, the most wanted first; what is refused (`q=0`) is left out."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        name, _semicolon, parameters = part.partition(";")
        weight = _weight(parameters)
        if weight > 0:
            weighed.append((weight, name.strip().lower().split("-")[0]))
    return [name for _weight, name in sorted(weighed, key=lambda each: -each[0])]


def _weight(parameters: str) -> float:
    name, _equals, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
