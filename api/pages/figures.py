"""Figures as people read them: few digits, the language's decimal sign, units that fit."""

from __future__ import annotations

from inventory.words import language

__all__ = ["BETWEEN", "DASH", "bits", "count", "measure", "octets", "share", "span"]

DASH = "\N{EN DASH}"
"""Where there is no figure."""
BETWEEN = f" {DASH} "

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_SPEEDS = ("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s")


def count(number: int) -> str:
    """A number of things, its thousands apart."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def share(ratio: float) -> str:
    """A ratio from 0 to 1 in per cent; what is not nothing is never shown as nothing."""
    percent = ratio * 100
    near_an_end = min(percent, 100 - percent)
    digits = 0 if near_an_end == 0 else 2 if near_an_end < 0.1 else 1 if near_an_end < 10 else 0
    return f"{_figure(percent, digits)}\N{NO-BREAK SPACE}%"


def span(seconds: float) -> str:
    """A round trip in milliseconds."""
    milliseconds = seconds * 1000
    return f"{_figure(milliseconds, 1 if milliseconds < 10 else 0)}\N{NO-BREAK SPACE}ms"


def octets(number: int) -> str:
    """An amount of data, in powers of 1000."""
    value, unit = float(number), 0
    while value >= 999.5 and unit + 1 < len(_UNITS):
        value, unit = value / 1000, unit + 1
    return f"{_figure(value, 1 if unit and value < 99.95 else 0)}\N{NO-BREAK SPACE}{_UNITS[unit]}"


def _figure(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language() == "pl" else text


def bits(per_second: float) -> str:
    """A speed, in powers of 1000."""
    value, unit = per_second, 0
    while value >= 999.5 and unit + 1 < len(_SPEEDS):
        value, unit = value / 1000, unit + 1
    return f"{_figure(value, 1 if unit and value < 9.95 and value % 1 else 0)}\N{NO-BREAK SPACE}{_SPEEDS[unit]}"


def measure(value: float, unit: str) -> str:
    """A measured number with its unit."""
    return f"{_figure(value, 0 if value == round(value) else 1)}\N{NO-BREAK SPACE}{unit}".rstrip()
