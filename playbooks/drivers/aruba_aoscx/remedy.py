"""The way from one AOS-CX configuration to another. Pure."""

from __future__ import annotations

import re

from playbooks.drivers.aruba_aoscx.language import LANGUAGE
from playbooks.drivers.aruba_aoscx.normal import joined, normal, parts
from playbooks.drivers.aruba_aoscx.trunks import gathered
from playbooks.drivers.cli.session import Remedy
from playbooks.remediation.banner import rewritten
from playbooks.remediation.cli import remedied
from playbooks.remediation.keyed import keyed, whole
from templates.aruba_aoscx.text import divided, keyless

__all__ = ["remedy"]

_SIGNS = "^%~#!"
_OPENS = re.compile(r"(?:vlan|interface|access-list|aaa group|cli-session|password complexity|vrf)\b")


def remedy(running: str, intended: str) -> Remedy:
    """Both raw. Whenever something is typed the keys are, too: nobody can see whether they are as intended."""
    have, banners = parts(running)
    want, wanted = parts(intended)
    change = remedied(joined(have, ()), joined(want, ()), LANGUAGE)
    lines = [*rewritten(banners, wanted, _SIGNS), *gathered(change.lines)]
    keys = keyed(divided(intended.replace("\r\n", "\n")).text, keyless)
    return Remedy(tuple(whole(lines, keys, _OPENS)), normal(change.result + joined((), wanted)), change.untouched)
