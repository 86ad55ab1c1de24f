"""Which ways out packets have: the kernel's routes, the rules that choose among them, its IPsec policies."""

from __future__ import annotations

from .tools import must, run

LISTS = {
    "kernel routes": ["ip", "-4", "-o", "-d", "route", "show", "table", "all"],
    "kernel routes6": ["ip", "-6", "-o", "-d", "route", "show", "table", "all"],
    "kernel rules": ["ip", "-4", "rule", "show"],
    "kernel rules6": ["ip", "-6", "rule", "show"],
    "kernel policies": ["ip", "xfrm", "policy"],
}
"""Section -> what tells it. Words that fosa made; nothing of a request goes in."""


def ways() -> dict[str, object]:
    """Section -> text, as `ip` writes it. GateError where one cannot be told."""
    return {"sections": {name: must(run(words), "internal", name) for name, words in LISTS.items()}}
