"""Configuration mode of the emulated IOS: a line in, what the device says to it out."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass

from lab.devices.cisco_ios.config import Node, numbers
from lab.devices.cisco_ios.desk import Desk
from lab.devices.cisco_ios.grammar import MODES, Command, Shown, command
from lab.devices.cisco_ios.specials import INVALID, SPECIAL, forget, refused
from templates.cisco_ios.seven import hidden

__all__ = ["Editor"]

_BANNER = re.compile(r"(no )?banner (motd|login|exec|incoming)(?: (.)(.*))?", re.DOTALL)
_INTERFACES = {"gi": "GigabitEthernet", "te": "TenGigabitEthernet", "fa": "FastEthernet", "vl": "Vlan"}
_CLEAR = re.compile(
    r"(username .* (?:secret|password)|enable (?:secret|password)(?: level \d+)?|password|key|"
    r"(?:radius|tacacs)-server .*key|ntp authentication-key \d+ md5)( [0-9])? (\S+)( 7)?"
)
_BASE64 = "./" + string.digits + string.ascii_letters


@dataclass(slots=True)
class Editor:
    """Somebody in configuration mode. Several may be; the last one who says something is right."""

    desk: Desk
    _banner: tuple[str, str, list[str]] | None = None

    @property
    def mode(self) -> str:
        """What the prompt says."""
        return MODES[self.desk.path[-1][0] if self.desk.path else ""][0]

    @property
    def asks(self) -> bool:
        """Whether the next line is an answer."""
        return bool(self.desk.asked)

    def leave(self) -> bool:
        """One mode up; False: out of configuration mode."""
        if not self.desk.path:
            return False
        self.desk.path.pop()
        return True

    def enter(self, line: str) -> str:
        """Do a line. Empty: done; else the device's words, or its question."""
        if self._banner is not None:
            return self._more(line)
        if self.desk.asked:
            name, self.desk.asked = self.desk.asked, ""
            if line.strip().lower() in {"", "y", "yes"}:
                forget(self.desk, name)
            return ""
        text = " ".join(line.split())
        if not text or text.startswith("!"):
            return ""
        if (banner := _BANNER.fullmatch(line.strip(" "))) is not None:
            return self._begin(banner)
        negated = text.startswith("no ")
        return self._do(
            text.removeprefix("no ").removeprefix("default "), negated=negated or text.startswith("default ")
        )

    def _do(self, text: str, *, negated: bool) -> str:
        text = _spelled(text)
        # What a mode does not know is looked for in those around it.
        for depth in range(len(self.desk.path), -1, -1):
            mode, nodes = self.desk.path[depth - 1] if depth else ("", [self.desk.config.root])
            found = command(mode, text, negated=negated)
            if found is not None:
                del self.desk.path[depth:]
                return self._done(found, nodes, text, negated=negated)
        return INVALID

    def _done(self, kind: Command, nodes: list[Node], text: str, *, negated: bool) -> str:
        special = SPECIAL.get(text.split(" ", 1)[0]) if not self.desk.path else None
        if special is not None and (said := special(self.desk, text, negated=negated)) is not None:
            return said
        for node in nodes:
            if (refusal := refused(node, text, negated=negated)) is not None:
                return refusal
        under = [made for node in nodes if (made := self._set(kind, node, text, negated=negated)) is not None]
        if kind.opens and not negated:
            self.desk.path.append((kind.opens, under))
        if text == "service password-encryption" and not negated:
            for node in (self.desk.config.root, *self.desk.config.terminals.values()):
                self._hide(node)
        return ""

    def _set(self, kind: Command, node: Node, text: str, *, negated: bool) -> Node | None:
        key = kind.key(text)
        if kind.shown is Shown.NUMBERS:
            _number(node, key, text, negated=negated)
            return None
        if negated:
            _deny(node, key, text, kind.shown)
            return None
        return self._said(node, key, text, kind)

    def _hide(self, node: Node) -> None:
        for child in node.below.values():
            child.text = self._kept(child.text)
            self._hide(child)

    def _said(self, node: Node, key: tuple[str, ...], text: str, kind: Command) -> Node | None:
        if kind.shown is Shown.DENIED:
            node.below.pop(key, None)
            return None
        kept = self._kept(text)
        if kind.opens and (old := node.below.get(key)) is not None:
            return old
        node.below[key] = made = Node(kept, kind.opens)
        return made

    def _kept(self, text: str) -> str:
        """As the device keeps it: a password is never kept as it was typed, once it has been told so."""
        match = _CLEAR.fullmatch(text)
        if match is None or match[4] or (match[2] or " 0") != " 0":
            return text
        clear = match[3]
        if match[1].endswith(" secret"):
            stored = f"$9${_random(14)}${_random(43)}"
            self.desk.hashes[stored] = clear
            return f"{match[1]} 9 {stored}"
        if self.desk.config.find("service password-encryption") is None:
            return f"{match[1]} {clear}" if match[1].endswith(("key", "md5")) else f"{match[1]} 0 {clear}"
        dark = hidden(clear, secrets.randbelow(16))
        return f"{match[1]} {dark} 7" if match[1].endswith("md5") else f"{match[1]} 7 {dark}"

    def _begin(self, match: re.Match[str]) -> str:
        denied, kind, sign, rest = match.groups()
        self.desk.path.clear()
        if denied:
            self.desk.config.banners.pop(kind, None)
            return ""
        if sign is None:
            return "% Incomplete command."
        self._banner = (kind, sign, [])
        return self._more(rest) if rest else "Enter TEXT message.  End with the character '" + sign + "'."

    def _more(self, line: str) -> str:
        if self._banner is None:
            return ""
        kind, sign, lines = self._banner
        before, end, _ = line.partition(sign)
        if not end or before:
            lines.append(before)
        if end:
            self.desk.config.banners[kind] = tuple(lines)
            self._banner = None
        return ""


def _deny(node: Node, key: tuple[str, ...], text: str, shown: Shown) -> None:
    node.below.pop(key, None)
    if shown is not Shown.SAID and shown is not Shown.NEVER:
        said = "ip address" if text.startswith("ip address") else text
        node.below[key] = Node(f"no {said}")


def _number(node: Node, key: tuple[str, ...], text: str, *, negated: bool) -> None:
    said = text.rsplit(" ", 1)[1]
    stem = re.sub(r"(?: add)? \d[\d,-]*$", "", text)
    if not said[0].isdigit():
        node.below.pop(key, None)
        return
    old = node.below.setdefault(key, Node(stem))
    replaces = stem.startswith("switchport") and " add " not in text
    old.numbers = old.numbers - numbers(said) if negated else (set() if replaces else old.numbers) | numbers(said)
    if not old.numbers:
        del node.below[key]


def _spelled(text: str) -> str:
    """An interface by its whole name: `int gi1/0/1`, `interface Gi 1/0/1`."""
    match = re.fullmatch(r"int(?:e|er|erf|erfa|erfac|erface)? ([A-Za-z-]+) ?([\d/.]+)", text)
    if match is None:
        return text
    names = [name for short, name in _INTERFACES.items() if name.lower().startswith(match[1].lower()[:40])]
    return f"interface {names[0] if names else match[1]}{match[2]}"


def _random(length: int) -> str:
    return "".join(secrets.choice(_BASE64) for _ in range(length))
