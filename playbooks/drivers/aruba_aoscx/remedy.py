"""The way from one AOS-CX configuration to another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playbooks.drivers.aruba_aoscx.language import LANGUAGE
from playbooks.drivers.aruba_aoscx.normal import joined, normal, parts
from playbooks.drivers.aruba_aoscx.trunks import gathered
from playbooks.drivers.cli.session import Remedy
from playbooks.remediation.cli import remedied
from playbooks.remediation.keyed import keyed, whole
from templates.aruba_aoscx.text import Banner, divided, keyless

__all__ = ["remedy"]

_SIGNS = "^%~#!"
_OPENS = re.compile(r"(?:vlan|interface|access-list|aaa group|cli-session|password complexity|vrf)\b")


def remedy(running: str, intended: str) -> Remedy:
    """Both raw. Whenever something is typed the keys are, too: nobody can see whether they are as intended."""
    have, banners = parts(running)
    want, wanted = parts(intended)
    change = remedied(joined(have, ()), joined(want, ()), LANGUAGE)
    lines = [*_banners(banners, wanted), *gathered(change.lines)]
    keys = keyed(divided(intended.replace("\r\n", "\n")).text, keyless)
    return Remedy(tuple(whole(lines, keys, _OPENS)), normal(change.result + joined((), wanted)), change.untouched)


def _banners(have: Sequence[Banner], want: Sequence[Banner]) -> Iterator[str]:
    shown = {banner.kind: banner.lines for banner in have}
    for banner in want:
        if shown.pop(banner.kind, None) != banner.lines:
            said = "\n".join(banner.lines)
            sign = next((sign for sign in _SIGNS if sign not in said), _SIGNS[0])
            # One line of the remedy: nothing else may come between its lines.
            yield "\n".join((f"banner {banner.kind} {sign}", *banner.lines, sign))
    yield from (f"no banner {kind}" for kind in shown)
