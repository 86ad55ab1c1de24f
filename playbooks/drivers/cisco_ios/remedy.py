"""From one configuration of IOS to another, in the order that keeps every door open on the way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from playbooks.drivers.cisco_ios.language import LANGUAGE
from playbooks.drivers.cisco_ios.lists import switched
from playbooks.drivers.cisco_ios.normal import joined, parts
from playbooks.drivers.cisco_ios.terminals import grouped, singly
from playbooks.drivers.cli.session import Remedy
from playbooks.remediation.cli import remedied
from templates.cisco_ios.banner import Banner
from templates.switch.indent import Block

__all__ = ["END_OF_TEXT", "remedy"]

END_OF_TEXT = "\x03"
"""What a device shows as `^C`. Read from a file, the two signs are a caret that ends nothing where it should."""
_OLD_LOGIN = re.compile(r"login|login local")
_NEW_LOGIN = re.compile(r"aaa (?!new-model)|login authentication ")
_SNMP_USER = re.compile(r"^snmp-server user .+$", re.MULTILINE)
_VLAN = re.compile(r"vlan \d+")
_USER = re.compile(r"username (\S+) (?:.* )?(secret|password) ")


def remedy(running: str, intended: str) -> Remedy:
    """Both raw. Whenever something is typed the users of SNMP are, too: nobody can see whether they are as intended."""
    have, banners = parts(running)
    want, wanted = parts(intended)
    _agree(have, want)
    lists = switched(have, want)
    change = remedied(joined(singly(have), ()), joined(singly(want), ()), LANGUAGE)
    lines = [*lists, *_banners(banners, wanted), *_renewed(grouped(change.lines), have)]
    if lines:
        lines += _SNMP_USER.findall(intended)
    result = joined(_shown(parts(change.result)[0]), wanted)
    return Remedy(tuple(lines), result, change.untouched)


def _shown(top: list[Block]) -> list[Block]:
    """Without VLANs where the device keeps them to itself (Cisco, VTP: a server's are in vlan.dat)."""
    if any(block.text in {"vtp mode transparent", "vtp mode off"} for block in top):
        return top
    return [block for block in top if _VLAN.fullmatch(block.text) is None]


def _agree(have: list[Block], want: list[Block]) -> None:
    """Take out what goes by itself when `aaa new-model` comes or goes, and can then be taken away no more.

    Source: Cisco, `aaa new-model` (security command reference): each way of logging in knows only its own commands.
    """
    old, new = (any(block.text == "aaa new-model" for block in level) for level in (have, want))
    if old == new:
        return
    gone = _OLD_LOGIN if new else _NEW_LOGIN
    have[:] = [block for block in have if gone is _OLD_LOGIN or not gone.match(block.text)]
    for block in have:
        if block.text.startswith("line "):
            block.children = [child for child in block.children if not gone.match(child.text)]


def _banners(have: Sequence[Banner], want: Sequence[Banner]) -> Iterator[str]:
    shown = {banner.kind: banner.lines for banner in have}
    for banner in want:
        if shown.pop(banner.kind, None) != banner.lines:
            yield from (f"banner {banner.kind} {END_OF_TEXT}", *banner.lines, END_OF_TEXT)
    yield from (f"no banner {kind}" for kind in shown)


def _renewed(lines: Iterable[str], have: Iterable[Block]) -> Iterator[str]:
    """A user with a `password` takes no `secret` beside it: only then it goes first, in the line before it comes again.

    Source: Cisco, `username` (security command reference): never both.
    """
    kept = {match[1]: match[2] for block in have if (match := _USER.match(f"{block.text} ")) is not None}
    for line in lines:
        match = _USER.match(line)
        if match is not None and kept.get(match[1], match[2]) != match[2]:
            yield f"no username {match[1]}"
        yield line
