"""Commands of the emulated AOS-CX that do more than stand in its text, and what it refuses."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass

from lab.devices.lines import Editor, Node
from templates.aruba_aoscx.text import numbers

__all__ = ["Desk", "ranges"]

_PLAIN = re.compile(r"(.*?)\b(plaintext )(\S+)(.*)")
_BARE = re.compile(r"((?:radius|tacacs)-server host \S+(?: port \d+)? key|ntp authentication-key \d+ \S+) "
                   r"(?!plaintext |ciphertext )(\S+)(.*)")  # fmt: skip
_BASE64 = string.ascii_letters + string.digits + "+/"


@dataclass(frozen=True, slots=True)
class Desk:
    """What happens when a line is typed."""

    hashes: dict[str, str]
    """Shown form -> what was typed: grows with every password that is typed in clear."""

    def __call__(self, editor: Editor, mode: str, node: Node, text: str, negated: bool) -> str | None:
        """See `Special`."""
        if mode == "interface":
            return _of_port(editor, node, text, negated=negated)
        if mode:
            return None
        if text.startswith("vlan "):
            return _vlans(editor, text, negated=negated)
        if text.startswith("interface "):
            return _interface(editor, text, negated=negated)
        if negated:
            return None
        if text.startswith("apply access-list") and not any(
            each.text == f"access-list ip {text.split(' ')[3]}" for each in node.below.values()
        ):
            return f"Access-list {text.split(' ')[3]} does not exist"
        return self._encrypted(editor, text)

    def _encrypted(self, editor: Editor, text: str) -> str | None:
        """Keys and passwords are kept in a form of the device's own."""
        dark = text
        if (bare := _BARE.fullmatch(dark)) is not None:
            dark = f"{bare[1]} plaintext {bare[2]}{bare[3]}"
        while (match := _PLAIN.fullmatch(dark)) is not None:
            shown = "AQBap" + "".join(secrets.choice(_BASE64) for _ in range(43)) + "="
            self.hashes[shown] = match[3]
            dark = f"{match[1]}ciphertext {shown}{match[4]}"
        if text.startswith("user ") and " group " not in text:
            old = editor.root.says(f"user {text.split(' ')[1]} ")
            group = "administrators" if old is None else old.split(" ")[3]
            dark = dark.replace(" password ", f" group {group} password ", 1)
        return None if dark == text else editor.enter(dark)


def ranges(found: set[int]) -> str:
    """`10,20-22`."""
    said: list[list[int]] = []
    for number in sorted(found):
        if said and said[-1][1] == number - 1:
            said[-1][1] = number
        else:
            said.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in said)


def _vlans(editor: Editor, text: str, *, negated: bool) -> str:
    under: list[Node] = []
    for number in numbers(text.split(" ")[1]):
        key = ("vlan", str(number))
        if negated and number == 1:
            return "VLAN 1 cannot be removed: not allowed"
        if negated:
            editor.root.below.pop(key, None)
            _forget(editor.root, number)
        else:
            under.append(editor.root.below.setdefault(key, Node(f"vlan {number}")))
    if under:
        editor.path.append(("vlan", under))
    return ""


def _forget(root: Node, number: int) -> None:
    """Ports of a VLAN that goes fall back to VLAN 1."""
    for port in [node for node in root.below.values() if node.text.startswith("interface ")]:
        for child in port.below.values():
            if child.text == f"vlan access {number}":
                child.text = "vlan access 1"
        _allow(port, set(), {number})


def _interface(editor: Editor, text: str, *, negated: bool) -> str:
    name = text.replace("vlan", "vlan ").replace("  ", " ") if text.startswith("interface vlan") else text
    key = ("interface", name)
    virtual = name.startswith(("interface vlan", "interface lag"))
    if not virtual and (negated or key not in editor.root.below):
        return "Invalid input: " + name.split(" ")[1]
    if negated:
        editor.root.below.pop(key, None)
        return ""
    editor.path.append(("interface", [editor.root.below.setdefault(key, Node(name))]))
    return ""


def _of_port(editor: Editor, node: Node, text: str, *, negated: bool) -> str | None:
    if not text.startswith("vlan "):
        return None
    words = text.split(" ")
    if words[1] == "access":
        number = "1" if negated else words[2]
        if ("vlan", number) not in editor.root.below:
            return f"VLAN {number} does not exist"
        node.drop("vlan trunk")
        node.below[("vlan access",)] = Node(f"vlan access {number}")
        return ""
    return _trunk(editor, node, words, negated=negated)


def _trunk(editor: Editor, node: Node, words: list[str], *, negated: bool) -> str:
    if words[2] == "native":
        node.drop("vlan access")
        node.below[("vlan trunk native",)] = Node(f"vlan trunk native {'1' if negated else words[3]}")
        return ""
    if words[3:] == ["all"]:
        node.drop("vlan trunk allowed" if negated else "vlan access")
        if not negated:
            node.below[("vlan trunk allowed",)] = Node("vlan trunk allowed all")
        return ""
    found = set(numbers(words[3]))
    missing = [number for number in sorted(found) if ("vlan", str(number)) not in editor.root.below]
    if missing and not negated:
        return f"VLAN {missing[0]} does not exist"
    node.drop("vlan access")
    _allow(node, set() if negated else found, found if negated else set())
    node.below.setdefault(("vlan trunk native",), Node("vlan trunk native 1"))
    return ""


def _allow(node: Node, more: set[int], fewer: set[int]) -> None:
    said = node.says("vlan trunk allowed ")
    old = set() if said is None or said.endswith(" all") else set(numbers(said.rsplit(" ", 1)[1]))
    found = (old | more) - fewer
    if found:
        node.below[("vlan trunk allowed",)] = Node(f"vlan trunk allowed {ranges(found)}")
    elif said is not None and not said.endswith(" all"):
        node.drop("vlan trunk allowed")
