"""The way from one RouterOS text to another, menu by menu. Pure.

Every command takes effect when it is typed, and lasts. So what opens comes first and what closes last: items are added
and set, then those that go are removed, then what may shut out who types is set, VLAN filtering at the very end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playbooks.drivers.cli.session import Remedy
from templates.mikrotik_routeros.items import DEFAULT, Configuration, Item, Key, configuration, defaults
from templates.mikrotik_routeros.menus import MENUS, OURS
from templates.mikrotik_routeros.shown import command, written
from templates.mikrotik_routeros.text import Path, pairs

__all__ = ["remedy"]

_BRIDGE: Path = ("interface", "bridge")
_ETHERNET: Path = ("interface", "ethernet")
_SWITCH_PORT: Path = (*_ETHERNET, "switch", "port")
_VLAN: Path = ("interface", "vlan")
_VLANS: Path = (*_BRIDGE, "vlan")
_NEIGHBOURS = (("interface", "list"), (f"{OURS}-neighbours",))
"""An item that only texts of the inventory have."""
_FILTERING = MappingProxyType({"vlan-filtering": "yes"})
_LOGGING: Path = ("system", "logging")
_ORDER = {path: number for number, path in enumerate(MENUS)}


@dataclass(frozen=True, slots=True)
class _Scope:
    """What fosa speaks of between two texts."""

    named: frozenset[tuple[Path, Key]]
    """Items the inventory names; also those of the text that is left, when it is the inventory's."""

    def spoken(self, item: Item) -> bool:
        """Whether an item is fosa's to change."""
        menu = MENUS[item.path]
        extent = menu.extent
        if (item.path, item.key) in self.named or not menu.key or item.key == (DEFAULT,):
            return True
        whole = {**item.said, **item.named}
        if not extent.whole or any(whole.get(name) != value for name, value in extent.only.items()):
            return False
        if extent.within is None:
            return True
        name, path = extent.within
        if item.path == _LOGGING and whole[name] not in {"disk", "echo", "memory"}:
            # Whatever else logs are given to leaves the device: each such action is fosa's to take away.
            return True
        return (path, (whole[name],)) in self.named


def remedy(running: str, intended: str) -> Remedy:
    """What is to be typed, and what runs afterwards."""
    before, after = configuration(running), configuration(intended)
    for place in [place for place, item in after.items.items() if place not in before.items and _kept_back(item)]:
        del after.items[place]
    before, renaming = _renamed(before, after)
    scope = _scope(before, after)
    renaming += _narrowed(before, after, scope)
    gone = [item for place, item in before.items.items() if place not in after.items and scope.spoken(item)]
    gone.sort(key=lambda item: -_ORDER[item.path])
    lines = [
        *renaming,
        *_set(before, after),
        *_taken(gone, late=False),
        *_late(before, after),
        *_taken(gone, late=True),
    ]
    if lines:
        lines += _unseen(before, after)
    left = [item for place, item in before.items.items() if place not in after.items and not scope.spoken(item)]
    kept = [_kept(item, before) for item in after.items.values()]
    strange = [item for item in map(_strange, gone) if item is not None]
    result = Configuration(
        {(item.path, item.key): item for item in (*left, *strange, *kept)}, before.others, before.odd
    )
    return Remedy(tuple(lines), written(result, hidden=True), tuple(_untouched(left, strange, before)))


def _kept_back(item: Item) -> bool:
    """Whether what the device never shows is not said: a user that was read, say, who would come without a password."""
    hidden = MENUS[item.path].hidden
    return bool(hidden) and not hidden & item.said.keys()


def _scope(before: Configuration, after: Configuration) -> _Scope:
    ours = _NEIGHBOURS in after.items
    named = set(after.items) if ours else {*after.items, *before.items}
    # A port that is as RouterOS has it by itself is named where it is put into the bridge.
    ports = {key for path, key in named if path == ("interface", "bridge", "port")}
    return _Scope(frozenset({*named, *((path, key) for key in ports for path in (_ETHERNET, _SWITCH_PORT))}))


def _untouched(left: Iterable[Item], strange: Iterable[Item], before: Configuration) -> Iterator[str]:
    for item in (*left, *strange):
        yield f"/{' '.join(item.path)} {command(item) or ''}"
    yield from (f"/{' '.join(entry.path)} {entry.raw}" for entry in before.others)
    yield from (said for _, said in before.odd)


# ---- Names -----------------------------------------------------------------------------------------------------------


def _renamed(before: Configuration, after: Configuration) -> tuple[Configuration, list[str]]:
    """Interfaces whose name changes get it first: everything that names them follows by itself."""
    lines: list[str] = []
    theirs, ours = before.of(_BRIDGE), after.of(_BRIDGE)
    if len(theirs) == len(ours) == 1 and theirs[0].key != ours[0].key:
        new = ours[0].key[0]
        lines.append(f"/interface bridge set {theirs[0].found} {pairs({'name': new})}")
        before = before.renamed({theirs[0].key[0]: new})
    names = {}
    for path in (_ETHERNET, _VLAN):
        for key in _keys(before, after, path):
            old, new = _name(before, path, key), _name(after, path, key)
            if old and new and old != new:
                found = Item(path, key, {}, 0).found
                lines.append(f"/{' '.join(path)} set {found} {pairs({'name': new})}")
                names[old] = new
                before.items[path, key] = _with_name(before, path, key, new)
    return before.renamed(names), lines


def _keys(before: Configuration, after: Configuration, path: Path) -> Iterable[Key]:
    if path == _VLAN:
        return [item.key for item in after.of(path) if (path, item.key) in before.items]
    ports = {item.key for item in after.of(("interface", "bridge", "port"))}
    ours = {item.key for item in after.of(path)}
    return sorted(ours | (ports & {item.key for item in before.of(path)}))


def _name(of: Configuration, path: Path, key: Key) -> str:
    item = of.items.get((path, key))
    return (item.said.get("name") if item is not None else None) or defaults(path, key).get("name", "")


def _with_name(before: Configuration, path: Path, key: Key, name: str) -> Item:
    old = before.items.get((path, key)) or Item(path, key, {}, 0)
    said = {**old.said, "name": name}
    return old._replace(said={each: value for each, value in said.items() if defaults(path, key).get(each) != value})


def _narrowed(before: Configuration, after: Configuration, scope: _Scope) -> list[str]:
    """A line of several VLANs becomes that of one of them, or goes: no two lines may speak of the same VLAN.

    The one the switch is managed in if it is among them, so that nobody who works in it is cut off.
    """
    gone = [item for item in before.of(_VLANS) if (item.path, item.key) not in after.items and scope.spoken(item)]
    fresh = [item for item in after.of(_VLANS) if (item.path, item.key) not in before.items]
    fresh.sort(key=lambda item: item.key[0] not in item.said.get("tagged", "").split(","))
    becomes: dict[Key, Item] = {}
    removed = []
    for old in gone:
        wanted = [item.key for item in fresh if _meet(old.key, item.key)]
        if not wanted:
            continue
        del before.items[old.path, old.key]
        if left := [key for key in wanted if key not in becomes]:
            becomes[left[0]] = old
        else:
            removed.append(f"/{' '.join(_VLANS)} remove {old.found}")
    before.items |= {(_VLANS, key): old._replace(key=key) for key, old in becomes.items()}
    return [*removed, *(_setting(old, {"vlan-ids": key[1]}) for key, old in becomes.items())]


def _meet(one: Key, other: Key) -> bool:
    """Whether two lines of one bridge speak of the same VLAN."""
    return one[0] == other[0] and not _numbers(one[1]).isdisjoint(_numbers(other[1]))


def _numbers(text: str) -> frozenset[int]:
    spans = [part.split("-") for part in text.split(",")]
    known = [(int(span[0]), int(span[-1])) for span in spans if span[0].isdecimal() and span[-1].isdecimal()]
    return frozenset(number for first, last in known for number in range(first, min(last, 4094) + 1))


# ---- Lines -----------------------------------------------------------------------------------------------------------


def _set(before: Configuration, after: Configuration) -> Iterator[str]:
    for item in sorted(after.items.values(), key=lambda item: _ORDER[item.path]):
        if not MENUS[item.path].late:
            yield from _changed(before.items.get((item.path, item.key)), item, leave=_FILTERING)


def _late(before: Configuration, after: Configuration) -> Iterator[str]:
    for item in sorted(after.items.values(), key=lambda item: -_ORDER[item.path]):
        if MENUS[item.path].late:
            yield from _changed(before.items.get((item.path, item.key)), item)
    for item in after.of(_BRIDGE):
        old = before.items.get((item.path, item.key))
        if item.said.get("vlan-filtering") == "yes" and (old is None or old.said.get("vlan-filtering") != "yes"):
            yield f"/interface bridge set {item.found} vlan-filtering=yes"


def _changed(old: Item | None, new: Item, leave: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """What makes an item of one that is there, or of none; what `leave` says is for somebody else to say."""
    menu = MENUS[new.path]
    wanted = {name: value for name, value in new.said.items() if leave.get(name) != value}
    if old is None and menu.key and not menu.fixed and new.key != (DEFAULT,):
        yield f"/{' '.join(new.path)} add {pairs({**wanted, **new.named})}"
        return
    has = {} if old is None else old.said
    held = defaults(new.path, new.key)
    differs = {name: value for name, value in wanted.items() if has.get(name) != value and name not in menu.hidden}
    differs |= {name: held[name] for name in has if name in held and name not in new.said and name not in menu.hidden}
    if differs:
        yield _setting(new, differs)


def _taken(gone: Iterable[Item], *, late: bool) -> Iterator[str]:
    for item in gone:
        menu = MENUS[item.path]
        if menu.late is not late:
            continue
        if menu.key and not menu.fixed and item.key != (DEFAULT,):
            yield f"/{' '.join(item.path)} remove {item.found}"
            continue
        held = defaults(item.path, item.key)
        if known := {name: held[name] for name in item.said if name in held}:
            yield _setting(item, known)


def _setting(item: Item, said: Mapping[str, str]) -> str:
    menu = MENUS[item.path]
    away = " ".join(f"!{name}" for name, value in sorted(said.items()) if not value and name in menu.unset)
    kept = pairs({name: value for name, value in said.items() if value or name not in menu.unset})
    return " ".join(filter(None, (f"/{' '.join(item.path)} set", item.found, kept, away)))


def _unseen(before: Configuration, after: Configuration) -> Iterator[str]:
    """What a device never shows is written whenever something is: nobody can see whether it is as intended."""
    for item in after.items.values():
        hidden = {name: value for name, value in item.said.items() if name in MENUS[item.path].hidden}
        if hidden and (item.path, item.key) in before.items:
            yield _setting(item, hidden)


# ---- What is left ----------------------------------------------------------------------------------------------------


def _kept(item: Item, before: Configuration) -> Item:
    """An item as it will be: as intended, and what fosa does not know of it as it was."""
    old = before.items.get((item.path, item.key))
    return item if old is None else item._replace(said={**_unknown(old), **item.said})


def _strange(item: Item) -> Item | None:
    """What is left of an item that goes, where it cannot go altogether."""
    menu = MENUS[item.path]
    if menu.key and not menu.fixed and item.key != (DEFAULT,):
        return None
    unknown = _unknown(item)
    return item._replace(said=unknown) if unknown else None


def _unknown(item: Item) -> dict[str, str]:
    held = defaults(item.path, item.key)
    return {name: value for name, value in item.said.items() if name not in held}
