"""Commands of the emulated IOS that do more than stand in its text, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from lab.devices.cisco_ios.config import Node, numbers
from lab.devices.cisco_ios.desk import Desk

__all__ = ["INVALID", "SPECIAL", "Special", "forget", "refused"]

INVALID = "% Invalid input detected at '^' marker."
_REMOVAL = (
    "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]"
)
"""NAPALM waits for `all username` and `confirm` (napalm/ios/ios.py, _commit_handler)."""


class Special(Protocol):
    """Does an outermost line; None: it stands in the text all the same, as every other line does."""

    def __call__(self, desk: Desk, text: str, *, negated: bool) -> str | None:
        """What the device says to it; empty: done."""
        ...


def forget(desk: Desk, name: str) -> None:
    """Take a user away, which was asked about."""
    gone = [key for key, node in desk.config.root.below.items() if node.text.startswith(f"username {name} ")]
    for key in gone:
        del desk.config.root.below[key]


def _username(desk: Desk, text: str, *, negated: bool) -> str | None:
    name = text.split(" ")[1]
    old = next((node for node in desk.config.all(f"username {name} ")), None)
    if negated:
        if old is not None:
            desk.asked = name
        return _REMOVAL if old is not None else ""
    kept = "password" if old is not None and " password " in old.text else "secret"
    if old is not None and " " in text and f" {kept} " not in text:
        return "ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other."
    if (match := re.search(r" secret ([589]) (\S+)", text)) is not None and not match[2].startswith("$"):
        return "ERROR: The secret you entered is not a valid encrypted secret.\nTo enter an UNENCRYPTED secret, " \
               "do not specify type 5,8,9 encryption."  # fmt: skip
    return None


def _aaa(desk: Desk, text: str, *, negated: bool) -> str | None:
    on = desk.config.find("aaa new-model") is not None
    if text != "aaa new-model":
        return None if on else INVALID
    for node in [*desk.config.terminals.values(), *desk.config.all("line ")]:
        gone = [key for key, child in node.below.items() if child.text.startswith("login")]
        for key in gone if negated is on else []:
            del node.below[key]
    if negated:
        below = desk.config.root.below
        for key in [key for key, node in below.items() if node.text.startswith("aaa ")]:
            del below[key]
    return None


def _vlan(desk: Desk, text: str, *, negated: bool) -> str | None:
    below, under = desk.config.root.below, []
    for number in sorted(numbers(text.split(" ")[1])):
        key = ("vlan", str(number))
        if negated:
            below.pop(key, None)
        else:
            under.append(below.setdefault(key, Node(f"vlan {number}", "vlan")))
    if not negated:
        desk.path.append(("vlan", under))
    return ""


def _interface(desk: Desk, text: str, *, negated: bool) -> str | None:
    old = next((node for node in desk.config.root.below.values() if node.text == text), None)
    if (old is None or negated) and not text.startswith(("interface Vlan", "interface Port-channel")):
        return INVALID
    if old is None and not negated:
        old = desk.config.root.below.setdefault((text,), Node(text, "interface"))
    if negated:
        desk.config.root.below = {k: node for k, node in desk.config.root.below.items() if node is not old}
    elif old is not None:
        desk.path.append(("interface", [old]))
    return ""


def _terminals(desk: Desk, text: str, *, negated: bool) -> str | None:
    words = text.split(" ")
    if words[1] == "con":
        return None
    first, last = int(words[2]), int(words[-1])
    if last > 31 or first > last:
        return INVALID
    if negated:
        if first < 5:
            return "% Can't delete last 5 VTY lines"
        desk.config.terminals = {n: node for n, node in desk.config.terminals.items() if n < first}
        return ""
    # IOS creates every line up to the last that is named.
    for number in range(last + 1):
        desk.config.terminals.setdefault(number, Node("", "line"))
    desk.path.append(("line", [desk.config.terminals[number] for number in range(first, last + 1)]))
    return ""


def _agent(desk: Desk, text: str, *, negated: bool) -> str | None:
    words = text.split(" ")
    if words[1] != "user":
        return None
    if negated:
        desk.snmp.pop(words[2], None)
    else:
        desk.snmp[words[2]] = text
    return ""


def refused(node: Node, text: str, *, negated: bool) -> str | None:
    """What a port refuses because of how it is. Words: Cisco, port security and VLAN configuration guides."""
    if not node.text.startswith("interface ") or negated:
        return None
    port = node.text.split(" ", 1)[1]
    still = node.says("switchport mode access", "switchport mode trunk")
    if text == "switchport port-security" and not still:
        return f"Command rejected: {port} is a dynamic port."
    if text == "switchport nonegotiate" and not still:
        return f"Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface: {port}"
    return None


SPECIAL: Mapping[str, Special] = {
    "username": _username,
    "aaa": _aaa,
    "vlan": _vlan,
    "interface": _interface,
    "line": _terminals,
    "snmp-server": _agent,
}
"""By the first word of the line."""
