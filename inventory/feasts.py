"""Poland's days off: the Act of 18 January 1951 on days off work, as it stands since 2025.

Written out here because the watch needs it day and night, and a library for all countries takes 11 MB of memory; a test
holds the two against each other.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

__all__ = ["days_off"]

_FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
_FROM_EASTER = (0, 1, 49, 60)
"""Easter Sunday and Monday, Pentecost, Corpus Christi: days after Easter Sunday."""
_CHRISTMAS_EVE_SINCE = 2025
"""Act of 6 December 2024 amending the act on days off work."""


@lru_cache(maxsize=8)
def days_off(year: int) -> frozenset[dt.date]:
    """The named days of a year, from 2019 on (2018 had one more). Sundays are days off too, and not among them."""
    fixed = {dt.date(year, month, day) for month, day in _FIXED}
    if year >= _CHRISTMAS_EVE_SINCE:
        fixed.add(dt.date(year, 12, 24))
    easter = _easter(year)
    return frozenset(fixed | {easter + dt.timedelta(days=days) for days in _FROM_EASTER})


def _easter(year: int) -> dt.date:
    """Easter Sunday, Gregorian: the anonymous algorithm of 1876 (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)
