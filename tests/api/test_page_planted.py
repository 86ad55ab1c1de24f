"""Whatever stands in the inventory, on a device or in a report comes to the page as text, never as markup."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TypeVar, cast

import pytest
from pydantic import BaseModel

from api.pages.board import Board, Seen
from api.pages.fragments import FRAGMENTS
from api.picture import Picture
from inventory.sentence import Sentence
from inventory.words import LANGUAGES, Language
from monitor.results import Event, Reason, State
from tests.api import stills
from tests.api.stills import Stills
from tests.api.test_page import Parsed, ask

PLANTED = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
_T = TypeVar("_T")
_KEPT = frozenset({"timezone", "sha256", "clause"})
"""Looked up or reckoned with: no text of anybody's."""


def plant(value: _T) -> _T:
    """The same value with something nasty behind every text in it that people may have written."""
    return cast("_T", _planted(value))


def _planted(value: object) -> object:
    if isinstance(value, Sentence):
        return Sentence(text="{planted}", values={"planted": PLANTED})
    if isinstance(value, BaseModel):
        changed = {name: _planted(getattr(value, name)) for name in type(value).model_fields if name not in _KEPT}
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(_planted(each) for each in value)
    # Enums are strings too, but closed sets.
    return f"{value}{PLANTED}" if type(value) is str else value


def planted(picture: Picture) -> Picture:
    """Names are planted the same everywhere, so that what refers to each other still does."""
    event = Event(at=picture.at, subject=f"nonsense{PLANTED}", before=State.UP, after=State.DOWN, reason=Reason.STALE)
    return replace(
        picture,
        office=plant(picture.office),
        watched=plant(picture.watched).model_copy(update={"problems": (PLANTED,)}),
        report=plant(picture.report),
        events=(event, *(plant(each) for each in picture.events)),
        store_problem=PLANTED,
        maintenance=PLANTED,
    )


@pytest.mark.parametrize("name", ["well", "broken", "cut_off", "unsure", "storeless", "maintained"])
def test_nothing_planted_becomes_an_element(name: str) -> None:
    pictures = stills.every()
    known = {tag for picture in pictures.values() for tag, _attributes in Parsed(ask("/", picture).text).elements}
    dirty = Parsed(ask("/?lang=en", planted(pictures[name])).text)
    assert {tag for tag, _attributes in dirty.elements} <= known
    assert sum(tag == "script" for tag, _attributes in dirty.elements) == 1
    assert not [attributes for _tag, attributes in dirty.elements if "onerror" in attributes]
    assert dirty.text.count("<script>alert('x')</script>") > 30
    assert "{{7*7}}" in dirty.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_that_is_sent_later_is_escaped_too(language: Language) -> None:
    async def sent() -> bytes:
        board = Board(Stills(planted(stills.broken())), language)
        async with board.following():
            await board.changed(Seen("", 0), 1)
            return board.since(Seen("", 0))

    told = json.loads(asyncio.run(sent()))
    assert set(told) == set(FRAGMENTS)
    for name, html in told.items():
        assert "<script" not in html, name
        assert "<img" not in html, name


def test_a_name_with_quotes_does_not_leave_its_attribute() -> None:
    page = Parsed(ask("/?lang=en", planted(stills.broken())).text)
    maps = [attributes for tag, attributes in page.elements if tag == "svg" and attributes.get("role") == "img"]
    assert all("onerror" in str(attributes["aria-label"]) for attributes in maps)
    assert all(set(attributes) == {"class", "viewbox", "role", "aria-label"} for attributes in maps)
