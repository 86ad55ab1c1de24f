"""Commands of the emulated ArubaOS-Switch that do more than stand in its text, and what it refuses."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from lab.devices.lines import Editor, Node
from templates.hp_procurve.text import numbers, ports

__all__ = ["Desk", "spread"]

_BY_PORT = re.compile(
    r"((?:no )?(?:spanning-tree|port-security|lldp admin-status|aaa port-access authenticator|dhcp-snooping trust|"
    r"arp-protect trust|interface)) (\d[\d,-]*)( .+)?"
)
_BY_VLAN = re.compile(r"((?:no )?(?:dhcp-snooping|arp-protect) vlan) (\d.*)")
_CLEAR = re.compile(r"(.*?)\b((?<!encrypted-)key|key-value) (\S+)(.*)")
_HASHED = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8})?")


@dataclass(frozen=True, slots=True)
class Desk:
    """What happens when a line is typed."""

    hashes: dict[str, str]
    """Shown form -> what was typed: grows with every password that is typed in clear."""

    def __call__(self, editor: Editor, mode: str, node: Node, text: str, negated: bool) -> str | None:
        """See `Special`."""
        if mode == "interface":
            return _of_port(editor, node, text, negated=negated)
        if mode == "vlan":
            return _of_vlan(editor, node, text, negated=negated)
        if mode:
            return None
        if text.startswith("vlan ") and negated:
            return _forget(editor, text.split(" ")[1])
        if text.startswith("interface "):
            return None if not negated and _port(editor, text.split(" ")[1]) is not None else f"Invalid input: {text}"
        if text.startswith("password "):
            return self._password(editor, text, negated=negated)
        return None if negated else self._hidden(editor, node, text)

    def _password(self, editor: Editor, text: str, *, negated: bool) -> str | None:
        match = re.fullmatch(r"(password (?:manager|operator).*) plaintext (\S+)", text)
        if negated or match is None:
            return None
        shown = hashlib.sha256(match[2].encode()).hexdigest()
        self.hashes[shown] = match[2]
        return editor.enter(f"{match[1]} sha256 {shown}")

    def _hidden(self, editor: Editor, node: Node, text: str) -> str | None:
        """Keys of SNMP are always hashed; others are encrypted once the device has been told so."""
        if text == "encrypt-credentials":
            for each in node.below.values():
                each.text = _dark(each.text)
        encrypts = node.says("encrypt-credentials") is not None
        dark = _snmp(text) if text.startswith("snmpv3 user ") else _dark(text) if encrypts else text
        return None if dark == text else editor.enter(dark)


def _dark(text: str) -> str:
    match = _CLEAR.fullmatch(text)
    return text if match is None else f"{match[1]}encrypted-key {secrets.token_urlsafe(30)}={match[4]}"


def spread(text: str) -> list[str]:
    """A line about several ports or VLANs as one line each."""
    if (by_port := _BY_PORT.fullmatch(text)) is not None and (names := ports(by_port[2])) is not None:
        if by_port[1].endswith(" trust"):
            return [line for name in names for line in (f"interface {name}", by_port[1], "exit")]
        rest = by_port[3] or ""
        both = re.fullmatch(r" (admin-edge-port|bpdu-protection) (admin-edge-port|bpdu-protection)", rest)
        said = [rest] if both is None else [f" {both[1]}", f" {both[2]}"]
        return [f"{by_port[1]} {name}{each}" for name in names for each in said]
    if (by_vlan := _BY_VLAN.fullmatch(text)) is not None:
        return [f"{by_vlan[1]} {number}" for number in numbers(by_vlan[2].split(" "))]
    return [text]


def _snmp(text: str) -> str:
    match = re.fullmatch(r"(snmpv3 user .*? auth \S+) (\S+) (priv \S+) (\S+)", text)
    if match is None or (_HASHED.fullmatch(match[2]) and _HASHED.fullmatch(match[4])):
        return text
    one, other = (hashlib.sha1(f"engine {word}".encode()).hexdigest() for word in (match[2], match[4]))  # noqa: S324
    return f"{match[1]} {one} {match[3]} {other}"


def _port(editor: Editor, name: str) -> Node | None:
    found = (node for node in editor.root.below.values() if node.text == f"interface {name}")
    return next(found, None)


def _vlan(editor: Editor, number: str) -> Node | None:
    return next((node for node in editor.root.below.values() if node.text == f"vlan {number}"), None)


def _of_port(editor: Editor, node: Node, text: str, *, negated: bool) -> str | None:
    if text in {"enable", "disable"}:
        node.drop("disable")
        if (text == "disable") is not negated:
            node.below[("disable",)] = Node("disable")
        return ""
    match = re.fullmatch(r"(untagged|tagged) vlan (\d+)", text)
    if match is None:
        return None
    return _join(editor, node, match[1], match[2], negated=negated)


def _join(editor: Editor, node: Node, how: str, number: str, *, negated: bool) -> str:
    if _vlan(editor, number) is None:
        return f"Invalid input: {number}: VLAN does not exist"
    if negated:
        node.below = {key: each for key, each in node.below.items() if each.text != f"{how} vlan {number}"}
        if node.says("untagged") is None and node.says("tagged") is None:
            # A port is in one VLAN at least.
            node.below[("untagged",)] = Node("untagged vlan 1")
        return ""
    node.below.pop(("tagged", number), None)
    if how == "untagged":
        node.below[("untagged",)] = Node(f"untagged vlan {number}")
    else:
        if node.says(f"untagged vlan {number}") == f"untagged vlan {number}":
            node.below.pop(("untagged",), None)
        node.below["tagged", number] = Node(f"tagged vlan {number}")
    return ""


def _of_vlan(editor: Editor, node: Node, text: str, *, negated: bool) -> str | None:
    match = re.fullmatch(r"(untagged|tagged) (\S+)", text)
    if match is None:
        return None
    names = ports(match[2])
    found = [_port(editor, name) for name in names or ()]
    if not found or None in found:
        return f"Invalid input: {match[2]}"
    for port in found:
        if port is not None:
            _join(editor, port, match[1], node.text.split(" ")[1], negated=negated)
    return ""


def _forget(editor: Editor, number: str) -> str:
    if number == "1":
        return "Error: the default VLAN cannot be removed: not allowed"
    editor.root.below = {key: node for key, node in editor.root.below.items() if node.text != f"vlan {number}"}
    for port in [node for node in editor.root.below.values() if node.text.startswith("interface ")]:
        for how in ("untagged", "tagged"):
            if port.says(f"{how} vlan {number}") == f"{how} vlan {number}":
                port.below = {key: node for key, node in port.below.items() if node.text != f"{how} vlan {number}"}
        if port.says("untagged") is None and port.says("tagged") is None:
            port.below[("untagged",)] = Node("untagged vlan 1")
    return ""
