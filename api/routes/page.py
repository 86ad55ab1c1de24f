"""Lists in pages: bounded, with the total beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

__all__ = ["Page", "Window"]

LIMIT = 1000

_Item = TypeVar("_Item")


class Page(BaseModel, Generic[_Item]):
    """A part of a list."""

    total: int = Field(description="How many there are that fit the question.")
    offset: int
    items: tuple[_Item, ...]


class Window(BaseModel):
    """Which part is asked for."""

    limit: int
    offset: int

    def of(self, items: Sequence[_Item]) -> Page[_Item]:
        """That part of a list."""
        part = tuple(items[self.offset : self.offset + self.limit])
        return Page[_Item](total=len(items), offset=self.offset, items=part)


def _window(
    limit: Annotated[int, Query(ge=1, le=LIMIT, description="At most so many items.")] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many items to pass over.")] = 0,
) -> Window:
    return Window(limit=limit, offset=offset)


Asked = Annotated[Window, Depends(_window)]
"""The window as a parameter of a route."""
