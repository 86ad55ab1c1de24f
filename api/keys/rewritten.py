"""A tunnel's shared keys in the inventory's YAML: only the lines they concern, everything else as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from yaml import MappingNode, Node

from inventory.edit import Edit
from inventory.errors import InputError
from inventory.folder import read
from inventory.model import Authentication
from inventory.plain import Value
from inventory.words import gettext as _
from inventory.yamlnode import Piece, behind, child, entries, line_end, scalar, spliced
from inventory.yamltext import parse

__all__ = ["next_reference", "rewritten"]

_NUMBERED = re.compile(r"(?P<stem>.+)\.(?P<number>[0-9]{1,6})")


def next_reference(folder: Path, reference: str) -> str:
    """Where the next key goes: beside the present one, with a number that no file there has.

    InputError for a key that lies in no file of its own: that is not fosa's to write.
    """
    kind, _colon, path = reference.partition(":")
    if kind != "file":
        message = _(
            "{ref} is no file fosa can lay another one beside: put a new secret where you keep them, name it as psk of "
            "the tunnel and the present one as previous, and ask again"
        )
        raise InputError(message.format(ref=reference))
    match = _NUMBERED.fullmatch(path)
    stem, number = (match["stem"], int(match["number"]) + 1) if match else (path, 2)
    while (folder / f"{stem}.{number}").exists() or (folder / f"{stem}.{number}").is_symlink():
        number += 1
    return f"file:{stem}.{number}"


def rewritten(folder: Path, tunnel: str, wanted: Authentication) -> Edit:
    """What to change so that the tunnel has these keys.

    InputError when the file is written in a way that cannot be changed without touching more than that.
    """
    for source in read(folder).sources:
        found = _authentication(source.text, tunnel)
        if isinstance(found, MappingNode):
            text = spliced(source.text, _pieces(source.text, found, wanted))
            edit = Edit(folder, source.name, source.text, text)
            if _says(edit, tunnel, wanted):
                return edit
            raise InputError(_by_hand(folder / source.name, tunnel, wanted))
    raise InputError(_("there is no shared key of tunnel {tunnel} in {folder}").format(tunnel=tunnel, folder=folder))


def _pieces(text: str, found: MappingNode, wanted: Authentication) -> Iterator[Piece]:
    psk = child(found, "psk")
    if psk is None or wanted.psk is None:
        return
    old = next((pair for pair in found.value if pair[0].value == "previous"), None)
    yield psk.start_mark.index, psk.end_mark.index, f'"{wanted.psk}"'
    if wanted.previous is None:
        if old is not None:
            yield _without(text, found, old)
    elif old is not None:
        yield old[1].start_mark.index, old[1].end_mark.index, f'"{wanted.previous}"'
    else:
        key = next(pair[0] for pair in found.value if pair[1] is psk)
        yield _with(text, found, (key, psk), wanted.previous)


def _with(text: str, found: MappingNode, psk: tuple[Node, Node], previous: str) -> Piece:
    """Behind the present key; in a block on a line of its own, below the comment of that one."""
    if found.flow_style:
        end = psk[1].end_mark.index
        return end, end, f', previous: "{previous}"'
    return behind(text, psk[1], f'{" " * psk[0].start_mark.column}previous: "{previous}"\n')


def _without(text: str, found: MappingNode, old: tuple[Node, Node]) -> Piece:
    """With the comma before it, or the one behind it where it comes first; in a block its whole line."""
    if not found.flow_style:
        begin = text.rfind("\n", 0, old[0].start_mark.index) + 1
        return begin, line_end(text, old[1].end_mark.index), ""
    place = found.value.index(old)
    if place == 0:
        return old[0].start_mark.index, found.value[1][0].start_mark.index, ""
    return found.value[place - 1][1].end_mark.index, old[1].end_mark.index, ""


def _says(edit: Edit, tunnel: str, wanted: Authentication) -> bool:
    """Whether it is the same file but for the keys of that tunnel."""
    before, after = parse(edit.before or "", edit.name), parse(edit.after, edit.name)
    return not after.faults and after.value == _expected(before.value, tunnel, wanted)


def _expected(value: Value, tunnel: str, wanted: Authentication) -> Value:
    if not isinstance(value, dict) or not isinstance(listed := value.get("tunnels"), list):
        return None
    keys = wanted.model_dump(mode="json", exclude_none=True)
    return {
        **value,
        "tunnels": [
            {**one, "authentication": keys} if isinstance(one, dict) and one.get("name") == tunnel else one
            for one in listed
        ],
    }


def _by_hand(file: Path, tunnel: str, wanted: Authentication) -> str:
    keys = wanted.model_dump(mode="json", exclude_none=True)
    line = ", ".join(f'{name}: "{value}"' for name, value in keys.items())
    message = _("{file} is written in a way fosa does not change by itself; give tunnel {tunnel} this:\n{line}")
    return message.format(file=file, tunnel=tunnel, line=f"    authentication: {{{line}}}")


def _authentication(text: str, tunnel: str) -> Node | None:
    """How the tunnel's ends prove themselves, where this text says it; every file of an inventory can be parsed."""
    entry = next((each for each in entries(text, "tunnels") if scalar(each, "name") == tunnel), None)
    return None if entry is None else child(entry, "authentication")
