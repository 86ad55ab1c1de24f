"""The words people read: gettext with a catalogue that is opened when a language other than English is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["Language", "gettext", "language", "ngettext", "use"]

Language = Literal["en", "pl"]

_LOCALE = Path(__file__).parent / "locale"
_current: tuple[Language, NullTranslations | None] = ("en", None)


def use(language: Language) -> None:
    """Speak this language from now on, in the whole process. Without its catalogue the texts stay English."""
    global _current  # noqa: PLW0603  one language for the whole process is what this module is for
    if language == "en":
        _current = (language, None)
        return
    from gettext import translation

    _current = (language, translation("fosa", _LOCALE, [language], fallback=True))


def language() -> Language:
    """The language in use."""
    return _current[0]


def gettext(message: str) -> str:
    """The message in the language in use. Fill placeholders afterwards, never before."""
    translations = _current[1]
    return message if translations is None else translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that goes with `n`."""
    translations = _current[1]
    if translations is None:
        return singular if n == 1 else plural
    return translations.ngettext(singular, plural, n)
