"""What fosa ships of central platforms: one file each, read strictly, each fact with its source and its certainty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ValidationError

from inventory.errors import CatalogueError
from inventory.model.profile import Profile, Sourced
from inventory.words import gettext as _
from inventory.yamltext import parse

__all__ = ["names", "profile", "read"]

_SUFFIX = ".yaml"


@cache
def names() -> tuple[str, ...]:
    """The platforms there are profiles of."""
    found = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


@cache
def profile(name: str) -> Profile | None:
    """The profile of that name; None when there is none."""
    if name not in names():
        return None
    file = f"{name}{_SUFFIX}"
    return read(files(__package__).joinpath(file).read_text(encoding="utf-8"), file)


def read(text: str, file: str) -> Profile:
    """A profile from its text. CatalogueError names what cannot be taken as it is."""
    document = parse(text, file)
    if document.faults:
        raise CatalogueError("\n".join(map(str, document.faults)))
    try:
        # From JSON, because there strict means that text is text and a number is a number.
        found = Profile.model_validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        raise CatalogueError(f"{file}: {error}") from error
    known = {source.name for source in found.sources}
    for said in _sourced(found):
        if said.source not in known:
            raise CatalogueError(_("{file}: there is no source {name}").format(file=file, name=said.source))
    return found


def _sourced(value: object) -> Iterator[Sourced]:
    if isinstance(value, Sourced):
        yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _sourced(getattr(value, name))
    if isinstance(value, tuple):
        for item in value:
            yield from _sourced(item)
