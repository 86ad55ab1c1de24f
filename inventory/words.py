"""The words people read: gettext with a catalogue that is opened when a language other than English is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["LANGUAGES", "Language", "gettext", "language", "ngettext", "noted", "speaking", "use"]

Language = Literal["en", "pl"]
LANGUAGES: tuple[Language, ...] = ("pl", "en")

_LOCALE = Path(__file__).parent / "locale"
_process: Language = "en"
_here: ContextVar[Language | None] = ContextVar("language", default=None)


def use(language: Language) -> None:
    """Speak this language from now on, in the whole process. Without its catalogue the texts stay English."""
    global _process  # noqa: PLW0603  one language for the whole process is what this function is for
    _process = language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak this language in here, and only in this thread or task: a page is read in its reader's language."""
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def language() -> Language:
    """The language in use."""
    return _here.get() or _process


def gettext(message: str) -> str:
    """The message in the language in use. Fill placeholders afterwards, never before."""
    translations = _catalogue(language())
    return message if translations is None else translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that goes with `n`."""
    translations = _catalogue(language())
    if translations is None:
        return singular if n == 1 else plural
    return translations.ngettext(singular, plural, n)


def noted(message: str) -> str:
    """The message as it is: noted for the catalogues, spoken later by whoever shows it (`inventory.sentence`)."""
    return message


@cache
def _catalogue(language: Language) -> NullTranslations | None:
    if language == "en":
        return None
    from gettext import translation

    return translation("fosa", _LOCALE, [language], fallback=True)
