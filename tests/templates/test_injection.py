"""No string of an inventory can add a line or a rule to an output, not even in an inventory nobody checked."""

import datetime as dt
import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from inventory.errors import RenderError
from inventory.model import Office
from inventory.model.base import Text
from templates.linux_gateway.programs import Programs
from templates.render import ManagerKeys, day_zero, render

Path = tuple[str | int, ...]
KEY = f"ssh-ed25519 {'A' * 68}"
MARK = "zqx"
"""Stands at both ends of every hostile text: if it is in an output, a part of the text got there."""

_HARMLESS = re.compile(r"[A-Za-z0-9._:/@+-]*")
"""One word in every language rendered here: it may change a value, never add one."""

tricks = st.sampled_from(
    ["\n", "\r", '"', "'", ";", "{", "}", "\\", "#", "$(x)", "`x`", "\n  accept\n", '" accept "', "\x85"]
)
hostile = st.one_of(tricks, st.text(min_size=1).filter(lambda text: not _HARMLESS.fullmatch(text)))
readable = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=80).filter(str.isprintable)

no_rush = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)


def _leaves(value: object, here: Path = ()) -> Iterator[Path]:
    """The paths of everything in an office that is no container: texts, and values of every other type."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), (*here, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, (*here, index))
    elif not isinstance(value, dict):
        yield here


def _with(value: Any, path: Path, new: object) -> Any:  # noqa: ANN401  any part of the tree
    """A copy with one value replaced and nothing validated."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        assert isinstance(head, str)
        return value.model_copy(update={head: _with(getattr(value, head), rest, new)})
    assert isinstance(head, int)
    return (*value[:head], _with(value[head], rest, new), *value[head + 1 :])


def _outputs(office: Office, today: dt.date) -> dict[tuple[str, str], str]:
    texts = {}
    for device in office.devices:
        if device.platform is None:
            continue
        for file in render(office, device, today).files:
            texts[device.name, file.path] = file.text
        texts[device.name, "day zero"] = day_zero(
            office, device, ManagerKeys(KEY, KEY), today=today, programs=Programs({}, {})
        )
    return texts


@no_rush
@given(data=st.data(), text=hostile)
def test_a_hostile_text_anywhere_is_refused_or_never_written(
    small: Office, today: dt.date, data: st.DataObject, text: str
) -> None:
    path = data.draw(st.sampled_from(list(_leaves(small))))
    assert _written(_with(small, path, f"{MARK}{text}{MARK}"), today) == [], path


def test_every_value_of_the_office_is_tried_with_every_trick(small: Office, today: dt.date) -> None:
    text = f'{MARK}\n" accept; }} # \\ $(x) @secret{{env:A}}@ {MARK}'
    for path in _leaves(small):
        assert _written(_with(small, path, text), today) == [], path


def _written(office: Office, today: dt.date) -> list[tuple[str, str]]:
    """The outputs that the mark got into; none of them when the office was refused."""
    try:
        return [where for where, output in _outputs(office, today).items() if MARK in output]
    except RenderError:
        return []


@no_rush
@given(data=st.data(), text=readable)
def test_a_text_for_people_is_never_rendered(small: Office, today: dt.date, data: st.DataObject, text: str) -> None:
    path = data.draw(st.sampled_from(list(_text_paths(small))))
    changed = Office.model_validate(_with(small, path, text).model_dump(by_alias=True))
    assert _outputs(changed, today) == _outputs(small, today)


def _text_paths(value: object, here: Path = ()) -> Iterator[Path]:
    """The paths of the fields whose declared type is Text."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            item = getattr(value, name)
            if item is not None and _is_text(field.rebuild_annotation()):
                yield (*here, name)
            else:
                yield from _text_paths(item, (*here, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _text_paths(item, (*here, index))


def _is_text(annotation: object) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return any(_is_text(part) for part in get_args(annotation))
    return annotation == Text


@pytest.mark.parametrize("key", ["", "ssh-ed25519", f"{KEY[:-1]}\ncommand", "ssh-rsa AAAA", f'x" {KEY}', f"\n{KEY}"])
def test_a_public_key_must_be_one(small: Office, today: dt.date, key: str) -> None:
    device = small.device("gw-h")
    try:
        text = day_zero(small, device, ManagerKeys(key, KEY), today=today, programs=Programs({}, {}))
    except RenderError as error:
        assert "public key" in str(error)  # noqa: PT017  either outcome is right for a key with a line behind it
    else:
        assert "command" not in text.split("SSH_ORIGINAL_COMMAND")[1].splitlines()[0]


@pytest.mark.parametrize("name", ["lo", "ipsec0", "wan0"])
def test_a_port_cannot_take_the_name_of_another_interface(small: Office, today: dt.date, name: str) -> None:
    device = small.device("gw-h")
    port = device.ports[3].model_copy(update={"name": name})
    changed = device.model_copy(update={"ports": (*device.ports[:3], port, *device.ports[4:])})
    with pytest.raises(RenderError, match=f"gw-h: port name {name}|gw-h: .*port name {name}"):
        render(small, changed, today)


def test_a_tunnel_cannot_be_an_order_to_read_another_file(small: Office, today: dt.date) -> None:
    with pytest.raises(RenderError, match="include"):
        render(_with(small, ("tunnels", 0, "name"), "include"), small.device("gw-h"), today)
