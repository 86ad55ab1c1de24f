"""Before two texts are compared: how they become trees, and what of the running one is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from playbooks.remediation.language import Above, Language

if TYPE_CHECKING:
    from hier_config import HConfig, HConfigChild
    from hier_config.platforms.driver_base import HConfigDriverBase

__all__ = ["lines_of", "set_aside", "tree"]

_Node: TypeAlias = "HConfig | HConfigChild"


def tree(driver: HConfigDriverBase, text: str) -> HConfig:
    """A text by its indentation. Lines that stand twice in one place count once; blank ones and `!` do not.

    hier_config's own loader is not used: it takes `banner` for the beginning of a text that ends anywhere.
    """
    from hier_config import HConfig

    root = HConfig(driver)
    open_: list[tuple[int, _Node]] = [(-1, root)]
    for raw in text.split("\n"):
        line = raw.rstrip()
        for rule in driver.rules.per_line_sub:
            line = re.sub(rule.search, rule.replace, line)
        said = line.strip()
        if not said or said.startswith("!"):
            continue
        depth = len(line) - len(line.lstrip())
        while open_[-1][0] >= depth:
            open_.pop()
        open_.append((depth, open_[-1][1].add_child(said, return_if_present=True)))
    for callback in driver.rules.post_load_callbacks:
        callback(root)
    return root


def set_aside(running: HConfig, intended: HConfig, language: Language) -> tuple[str, ...]:
    """Put what fosa leaves alone of `running` into `intended`, so that it is no difference; its lines, indented."""
    return tuple(_aside(running, intended, (), language))


def lines_of(node: _Node, leave: str = "", depth: int = 0) -> Iterator[str]:
    """Everything below a node, in the order it is to be typed, indented by one a level."""
    for child in sorted(node.children):
        yield f"{' ' * depth}{child.text}"
        if child.children:
            yield from lines_of(child, leave, depth + 1)
            if leave:
                yield f"{' ' * (depth + 1)}{leave}"


def _aside(running: _Node, intended: _Node, above: Above, language: Language) -> Iterator[str]:
    for child in tuple(running.children):
        path = (*above, child.text)
        if (same := intended.children.get(child.text)) is not None:
            yield from _aside(child, same, path, language)
        elif intended.children.get(child.text.removeprefix("no ")) is not None:
            # Its opposite is intended: that line alone brings it, and takes this one away.
            child.delete()
        elif language.alone(path):
            yield f"{' ' * len(above)}{child.text}"
            yield from lines_of(child, depth=len(path))
            intended.add_deep_copy_of(child)
