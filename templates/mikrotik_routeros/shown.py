"""RouterOS's text as two of them can be compared, and with its secrets replaced.

What RouterOS never shows (passwords of its users, keys of NTP: MikroTik's manual, "/user", "/system/ntp/key") is left
out of the comparison. What holds by default is not shown either, and is left out of both texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from templates.mikrotik_routeros.items import Configuration, Item, configuration
from templates.mikrotik_routeros.menus import MENUS
from templates.mikrotik_routeros.text import Entry, Path, pairs, plain, quoted

__all__ = ["command", "masked", "normal", "written"]

_VALUE = r'(?P<value>"(?:[^"\\]|\\.)*+"|[^\s"]++)'
_SECRET = re.compile(
    r"(?P<name>(?<![A-Za-z0-9-])(?:[a-z0-9-]*(?:password|passphrase|secret|pre-shared-key|private-key|static-key-\d)"
    r"|key-val|auth-key-val|preshared-key|static-private-key|key|pin|token)=)" + _VALUE,
    re.DOTALL,
)
_COMMUNITY = re.compile(r"(?P<name>(?<![A-Za-z0-9-])(?:name|trap-community)=)" + _VALUE, re.DOTALL)
_KNOWN = re.compile(r"<secret:[0-9a-f]+>\Z|@secret\{[^}]*\}@\Z|\*+\Z")
_V3 = re.compile(r"\bsecurity=(?:private|authorized)\b")


def normal(text: str) -> str:
    """One line an item, menus by name, items by key; of other menus in the order they have."""
    return written(configuration(text))


def written(read: Configuration, *, hidden: bool = False) -> str:
    """A configuration as text; `hidden`: with what a device would not show."""
    sections: dict[Path, list[str]] = {}
    for item in sorted(read.items.values(), key=lambda item: (item.path, item.key)):
        if (line := command(item, hidden=hidden)) is not None:
            sections.setdefault(item.path, []).append(line)
    for entry in read.others:
        sections.setdefault(entry.path, []).append(_as_said(entry))
    lines = [line for path, below in sorted(sections.items()) for line in (f"/{' '.join(path)}", *below)]
    # What is no command comes last, and for itself: it belongs to no menu.
    return "".join(f"{line}\n" for line in (*lines, *(said for _, said in read.odd)))


def command(item: Item, *, hidden: bool = False) -> str | None:
    """What would make an item as it is, typed in its menu; None where there is nothing to say."""
    menu = MENUS[item.path]
    said = {name: value for name, value in item.said.items() if hidden or name not in menu.hidden}
    if menu.fixed or not menu.key or item.found.endswith("default=yes ]"):
        return " ".join(filter(None, ("set", item.found, pairs(said)))) if said else None
    return f"add {pairs({**said, **item.named})}"


def masked(text: str, mark: Callable[[str], str]) -> str:
    """Each secret replaced by its mark; names of communities, which are passwords of SNMP 1 and 2c, too."""
    return "\n".join(_masked(text.split("\n"), mark))


def _masked(lines: Iterable[str], mark: Callable[[str], str]) -> Iterator[str]:
    community = False
    for line in lines:
        said = line.strip()
        if said.startswith("/"):
            community = said.replace("/", " ").split()[:1] == ["snmp"]
        line = _SECRET.sub(lambda match: _replaced(match, mark), line)  # noqa: PLW2901  the line, step by step
        if community and not _V3.search(line):
            line = _COMMUNITY.sub(lambda match: _replaced(match, mark), line)  # noqa: PLW2901
        yield line


def _replaced(match: re.Match[str], mark: Callable[[str], str]) -> str:
    value = plain(match["value"])
    return match[0] if not value or _KNOWN.match(value) else f"{match['name']}{quoted(mark(value))}"


def _as_said(entry: Entry) -> str:
    found = "" if entry.find is None else f"[ find {pairs(entry.find)} ]"
    target = quoted(entry.target) if entry.target else ""
    return " ".join(filter(None, (entry.verb, found, target, pairs(entry.said))))
