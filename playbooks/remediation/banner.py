"""Banners, which are no lines of a command line: whole, between two signs that they do not have."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from templates.switch.banner import Banner

__all__ = ["rewritten"]

_MORE = "|$&*+=_" + string.ascii_letters + string.digits


def rewritten(have: Sequence[Banner], want: Sequence[Banner], signs: str) -> Iterator[str]:
    """What is typed, each banner as one piece: nothing else may come between its lines.

    `signs`: those to be tried first. A banner that holds every sign there is cannot be typed: what stood before stays.
    """
    shown = {banner.kind: banner.lines for banner in have}
    for banner in want:
        if shown.pop(banner.kind, None) != banner.lines:
            said = "\n".join(banner.lines)
            # A line behind the sign would be a command: none is typed on the chance that it is no sign.
            sign = next((sign for sign in signs + _MORE if sign not in said), None)
            if sign is not None:
                yield "\n".join((f"banner {banner.kind} {sign}", *banner.lines, sign))
    yield from (f"no banner {kind}" for kind in shown)
