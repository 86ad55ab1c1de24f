"""A host key into the inventory's YAML: only the lines it concerns, everything else and every comment as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from yaml import MappingNode, SequenceNode

from inventory.edit import Edit
from inventory.errors import InputError
from inventory.folder import read
from inventory.model import Access
from inventory.plain import Value
from inventory.words import gettext as _
from inventory.yamlnode import Piece, behind, child, entries, root, scalar, spliced
from inventory.yamltext import parse

__all__ = ["Edit", "pin"]

_ROLES = ("read", "write")
_NEW = "access.yaml"


def pin(folder: Path, wanted: Access) -> Edit | None:
    """What to change so that both accounts of the device pin the host key of `wanted.read`; None: they do already.

    An entry that is there keeps everything else it says; one that is not is added. InputError when the file is written
    in a way that cannot be changed without touching more than that.
    """
    texts = {source.name: source.text for source in read(folder).sources}
    entries = {name: _access(text, name) for name, text in texts.items()}
    for name, listed in entries.items():
        if any(isinstance(entry, dict) and entry.get("device") == wanted.device for entry in listed):
            edit = Edit(folder, name, texts[name], _repinned(texts[name], wanted))
            return None if edit.after == edit.before else _checked(edit, wanted)
    home = next((name for name, listed in entries.items() if listed and _has_room(texts[name])), None)
    if home is not None:
        return _checked(Edit(folder, home, texts[home], _appended(texts[home], wanted)), wanted)
    name = _NEW if _NEW not in texts else f"access-{wanted.device}.yaml"
    head = "# How fosa reaches the devices; the host keys were compared at their consoles.\naccess:\n"
    return Edit(folder, name, texts.get(name), head + _entry(wanted, "  "))


def _access(text: str, name: str) -> list[Value]:
    value = parse(text, name).value
    listed = value.get("access") if isinstance(value, dict) else None
    return listed if isinstance(listed, list) else []


# ---- An entry that is there ------------------------------------------------------------------------------------------


def _repinned(text: str, wanted: Access) -> str:
    return spliced(text, _replacements(text, wanted.device, str(wanted.read.host_key)))


def _replacements(text: str, device: str, key: str) -> Iterator[Piece]:
    for entry in entries(text, "access"):
        if scalar(entry, "device") != device:
            continue
        for role in _ROLES:
            login = child(entry, role)
            if not isinstance(login, MappingNode) or not login.value:
                continue
            old = child(login, "host_key")
            if old is None:
                first = login.value[0][0].start_mark
                between = ", " if login.flow_style else "\n" + " " * first.column
                yield first.index, first.index, f"host_key: {key}{between}"
            else:
                start, end = old.start_mark.index, old.end_mark.index
                yield start, end, key if end > start else f" {key}"


# ---- An entry that is not --------------------------------------------------------------------------------------------


def _has_room(text: str) -> bool:
    return not _list(text).flow_style


def _appended(text: str, wanted: Access) -> str:
    listed = _list(text)
    return spliced(text, [behind(text, listed, _entry(wanted, " " * listed.start_mark.column))])


def _list(text: str) -> SequenceNode:
    top = root(text)
    listed = None if top is None else child(top, "access")
    assert isinstance(listed, SequenceNode)  # noqa: S101  asked for only where one was read
    return listed


def _entry(wanted: Access, indent: str) -> str:
    lines = [f"- device: {wanted.device}"]
    for role in _ROLES:
        login = getattr(wanted, role)
        port = [f"    port: {login.port}"] if login.port != 22 else []
        lines += [f"  {role}:", f"    address: {login.address}", *port, f"    user: {login.user}"]
        lines += [f"    host_key: {wanted.read.host_key}", f'    key: "{login.key}"']
    return "".join(f"{indent}{line}\n" for line in lines)


# ---- Whether it says what it should ----------------------------------------------------------------------------------


def _checked(edit: Edit, wanted: Access) -> Edit:
    """Whether it says exactly what it should: the same file with the two keys, or with one more entry."""
    before, after = parse(edit.before or "", edit.name), parse(edit.after, edit.name)
    if not after.faults and after.value == _expected(before.value, wanted):
        return edit
    message = _("{file} is written in a way fosa does not change by itself; put this into it:\n{entry}")
    raise InputError(message.format(file=edit.folder / edit.name, entry=_entry(wanted, "  ")))


def _expected(value: Value, wanted: Access) -> Value:
    assert isinstance(value, dict)  # noqa: S101  it has a list of accesses
    listed = value["access"]
    assert isinstance(listed, list)  # noqa: S101
    key = str(wanted.read.host_key)
    entries: list[Value] = []
    for entry in listed:
        if isinstance(entry, dict) and entry.get("device") == wanted.device:
            logins = {role: {**login, "host_key": key} for role in _ROLES if isinstance(login := entry.get(role), dict)}
            entries.append({**entry, **logins})
        else:
            entries.append(entry)
    if entries == listed and not any(isinstance(e, dict) and e.get("device") == wanted.device for e in listed):
        added = parse("access:\n" + _entry(wanted, "  "), "").value
        assert isinstance(added, dict)  # noqa: S101
        more = added["access"]
        assert isinstance(more, list)  # noqa: S101
        entries += more
    return {**value, "access": entries}
