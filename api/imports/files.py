"""Which file of an inventory an entry belongs into, and the edits that bring it there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.imports.merge import Merged, Proposal, merge
from api.imports.model import Found, Unclear
from api.imports.places import Places
from api.imports.sound import sound
from inventory.edit import Edit, amended, extended, has_room
from inventory.folder import read
from inventory.model import Room
from inventory.plain import Value
from inventory.yamltext import parse

__all__ = ["Outcome", "bring"]

_KINDS = {"firewall": "gateways", "switch": "switches", "access_point": "access-points", "ups": "ups"}
"""The files of kinds whose name is not the kind and an s."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of an inventory."""

    edits: tuple[Edit, ...]
    new: tuple[str, ...]
    amended: tuple[str, ...]
    unchanged: int
    unclear: tuple[Unclear, ...]


def bring(folder: Path, places: Places, found: Sequence[Found], today: dt.date, *, replace: bool) -> Outcome:
    """The edits that bring these devices into the inventory of that folder; nothing is written."""
    texts = {source.name: source.text for source in read(folder).sources}
    devices = {str(item["name"]): item for text in texts.values() for item in _items(text, "devices")}
    merged: Merged = merge(devices, found, places, replace=replace)
    kept, rooms = sound(merged, devices, places, today)
    after = _written(texts, kept, rooms)
    edits = [Edit(folder, name, texts.get(name), text) for name, text in after.items() if texts.get(name) != text]
    return Outcome(
        tuple(sorted(edits, key=lambda edit: edit.name)),
        tuple(each.name for each in kept if each.new),
        tuple(each.name for each in kept if not each.new),
        merged.unchanged,
        tuple(merged.unclear),
    )


def _written(texts: Mapping[str, str], kept: Iterable[Proposal], rooms: Iterable[Room]) -> dict[str, str]:
    after = dict(texts)
    new: dict[str, list[Mapping[str, Value]]] = {}
    for each in kept:
        if each.new:
            new.setdefault(str(each.fields["kind"]), []).append(each.fields)
            continue
        home = next(
            name for name, text in texts.items() if any(i["name"] == each.name for i in _items(text, "devices"))
        )
        after[home] = amended(after[home], "devices", each.name, each.fields)
    for kind, items in new.items():
        home = _home(after, "devices", f"{_KINDS.get(kind, f'{kind}s')}.yaml", kind)
        after[home] = extended(after.get(home, ""), "devices", items)
    added = [{"name": room.name, "building": room.building, "title": room.title} for room in rooms]
    if added:
        home = _home(after, "rooms", "rooms.yaml", None)
        after[home] = extended(after.get(home, ""), "rooms", added)
    return after


def _home(texts: Mapping[str, str], key: str, name: str, kind: str | None) -> str:
    """The file with most of its like; else the one of that name; else one of its own."""
    counted = {
        file: sum(kind is None or item.get("kind") == kind for item in _items(text, key))
        for file, text in texts.items()
        if has_room(text, key)
    }
    best = max(counted, key=lambda file: counted[file], default="")
    if best and counted[best]:
        return best
    return name if name not in texts or name in counted else f"imported-{name}"


def _items(text: str, key: str) -> list[dict[str, Value]]:
    value = parse(text, "").value
    listed = value.get(key) if isinstance(value, dict) else None
    return [item for item in listed if isinstance(item, dict) and "name" in item] if isinstance(listed, list) else []
