"""What an emulated device runs as lines under lines, and a configuration mode that enters them one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Command", "Editor", "Grammar", "Node", "Special", "command"]

Key = tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A line, and what stands under it by the key of its command."""

    text: str
    below: dict[Key, Node] = field(default_factory=dict)

    def says(self, beginning: str) -> str | None:
        """The first line under it that begins so."""
        return next((node.text for node in self.below.values() if node.text.startswith(beginning)), None)

    def drop(self, beginning: str) -> None:
        """Take every line under it away that begins so."""
        self.below = {key: node for key, node in self.below.items() if not node.text.startswith(beginning)}

    def lines(self, step: int, depth: int = 0) -> Iterator[str]:
        """What stands under it, as it is shown."""
        for node in self.below.values():
            yield " " * (depth * step) + node.text
            yield from node.lines(step, depth + 1)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: a stem, which `no` takes by itself, and what follows it. Groups of the stem tell two of them apart."""

    stem: re.Pattern[str]
    whole: re.Pattern[str]
    denied: bool
    """Without a word it holds: only its `no` is shown."""
    opens: str
    """The mode behind it."""

    def key(self, text: str) -> Key:
        """What tells a line of this command from others: the new one replaces the old one."""
        match = self.stem.fullmatch(text)
        return (self.stem.pattern, *(group or "" for group in (match.groups() if match is not None else (text,))))


Grammar = Mapping[str, tuple[str, tuple[Command, ...]]]
"""Mode -> what its prompt says, and its commands."""


def command(stem: str, rest: str = "", *, denied: bool = False, opens: str = "") -> Command:
    """Both are regular expressions; `rest` begins with its space."""
    return Command(
        re.compile(rf"(?:{stem})(?: .*)?" if rest else stem), re.compile(rf"(?:{stem}){rest}"), denied, opens
    )


@dataclass(slots=True)
class Editor:
    """Somebody in configuration mode. Several may be; the last one who says something is right."""

    root: Node
    grammar: Grammar
    special: Special
    path: list[tuple[str, list[Node]]] = field(default_factory=list)
    """The mode and the lines one is under, outermost first; a list of VLANs is several at once."""

    @property
    def mode(self) -> str:
        """Where somebody is."""
        return self.path[-1][0] if self.path else ""

    @property
    def prompt(self) -> str:
        """What the prompt says in its brackets; `{}` is where the line is named that one is under."""
        said = self.grammar[self.mode][0]
        return said.format(self.path[-1][1][0].text.split(" ", 1)[-1]) if "{" in said else said

    def leave(self) -> bool:
        """One mode up; False: out of configuration mode."""
        if self.path:
            self.path.pop()
            return True
        return False

    def enter(self, text: str) -> str | None:
        """Do a line. None: there is none like it; else what the device says, nothing where it is done."""
        negated = text.startswith("no ")
        said = text.removeprefix("no ")
        for depth in range(len(self.path), -1, -1):
            mode, nodes = self.path[depth - 1] if depth else ("", [self.root])
            known = self._known(mode, said, negated=negated)
            if known is not None:
                del self.path[depth:]
                return self._done(known, mode, nodes, said, negated=negated)
        return None

    def _known(self, mode: str, text: str, *, negated: bool) -> Command | None:
        found = (
            each for each in self.grammar[mode][1] if (each.stem if negated else each.whole).fullmatch(text) is not None
        )
        return max(found, key=lambda each: len(each.stem.pattern), default=None)

    def _done(self, known: Command, mode: str, nodes: list[Node], text: str, *, negated: bool) -> str:
        under: list[Node] = []
        for node in nodes:
            said = self.special(self, mode, node, text, negated)
            if said is not None:
                if said:
                    return said
                continue
            key = known.key(text)
            if negated is known.denied:
                under.append(node.below.setdefault(key, Node("")) if known.opens else Node(""))
                made = under[-1] if known.opens else node.below.setdefault(key, Node(""))
                made.text = f"no {text}" if negated else text
            else:
                node.below.pop(key, None)
        if known.opens and not negated and under:
            self.path.append((known.opens, under))
        return ""


Special = Callable[[Editor, str, Node, str, bool], str | None]
"""Does a line that does more than stand in the text: editor, mode, the line it is typed under, the line without its
`no`, whether it had one. None: it stands in the text like every other; else what the device says."""
