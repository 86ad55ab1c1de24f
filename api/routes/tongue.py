"""The language a program wants texts in."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Header, Query

from inventory.words import Language

__all__ = ["Spoken"]


def _language(
    lang: Annotated[
        Literal["pl", "en"] | None,
        Query(description="The language of texts; else as Accept-Language begins, else English."),
    ] = None,
    accept_language: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Language:
    if lang is not None:
        return lang
    return "pl" if (accept_language or "").strip().lower().startswith("pl") else "en"


Spoken = Annotated[Language, Depends(_language)]
"""The language as a parameter of a route."""
