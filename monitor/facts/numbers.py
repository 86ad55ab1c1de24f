"""A word of a text as a number."""

from __future__ import annotations

__all__ = ["DIGITS", "number"]

DIGITS = 9
"""The most a number may have that a device takes; Python itself refuses those of some thousands."""


def number(word: str) -> int | None:
    """None for what is none, or has more digits than any device takes."""
    return int(word) if word.isdecimal() and len(word) <= DIGITS else None
