"""Sentences that are kept before anybody knows in which language they will be read."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from inventory import words
from inventory.model.base import Value

__all__ = ["Sentence", "say"]


class Sentence(Value):
    """A text of the catalogues and what fills its placeholders; `str()` speaks it in the language in use."""

    text: str
    """In English, as it stands in the sources: `N_("{device} does not answer")`."""
    values: dict[str, str] = Field(default_factory=dict)

    def __hash__(self) -> int:
        """Events with what they say are told apart by it; a mapping has none of its own."""
        return hash((self.text, frozenset(self.values.items())))

    def __str__(self) -> str:
        spoken = words.gettext(self.text)
        return spoken.format_map(self.values) if self.values else spoken


def say(text: str, **values: object) -> Sentence:
    """A sentence to be spoken later. `text` must have been marked with `noted`, imported as `N_`."""
    return Sentence(text=text, values={name: str(value) for name, value in values.items()}) if values else _plain(text)


@lru_cache(maxsize=1024)
def _plain(text: str) -> Sentence:
    """Sentences are frozen: one without placeholders is made once."""
    return Sentence(text=text)
