"""The way from one ArubaOS-Switch configuration to another. Pure."""

from __future__ import annotations

import re

from playbooks.drivers.cli.session import Remedy
from playbooks.drivers.hp_procurve.language import EXACT, language
from playbooks.drivers.hp_procurve.normal import joined, normal, parts
from playbooks.remediation.banner import rewritten
from playbooks.remediation.cli import remedied
from playbooks.remediation.keyed import keyed, whole
from playbooks.remediation.language import Language
from templates.hp_procurve.text import divided, keyless, unquoted

__all__ = ["remedy", "undone"]

_SIGNS = "%^~#!"
_OPENS = re.compile(r"(?:vlan|interface)\b")


def remedy(running: str, intended: str) -> Remedy:
    """Both raw. Whenever something is typed the keys are, too: nobody can see whether they are as intended."""
    want, _ = parts(intended)
    ports = {block.text.removeprefix("interface ") for block in want if block.text.startswith("interface ")}
    return _remedy(running, intended, language(ports))


def undone(running: str, before: str) -> tuple[str, ...]:
    """What is typed so that it runs what it ran before, and nothing else. The keys at least: they may have changed."""
    return _remedy(running, before, EXACT).lines or tuple(_keys(before).values())


def _remedy(running: str, intended: str, spoken: Language) -> Remedy:
    have, banners = parts(running)
    want, wanted = parts(intended)
    change = remedied(joined(have, ()), joined(want, ()), spoken)
    lines = tuple(whole([*rewritten(banners, wanted, _SIGNS), *change.lines], _keys(intended), _OPENS))
    return Remedy(lines, normal(change.result + joined((), wanted)), change.untouched)


def _keys(text: str) -> dict[str, str]:
    return keyed(divided(text.replace("\r\n", "\n")).text, keyless, unquoted)
