"""What can be wrong with a store, and the sentence a person reads about each."""

from __future__ import annotations

from enum import StrEnum

from inventory.errors import StoreError, StoreGoneError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

__all__ = ["Trouble", "store_error"]


class Trouble(StrEnum):
    """What is wrong."""

    LOCKED = "locked"
    READ_ONLY = "read_only"
    FULL = "full"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    FOREIGN = "foreign"
    """There is something, but no store of ours."""
    DAMAGED = "damaged"
    NEWER = "newer"
    OLDER = "older"
    OTHER = "other"


_SENTENCES = {
    Trouble.LOCKED: N_("the store {place} is locked by another program; close what has it open"),
    Trouble.READ_ONLY: N_("the store {place} is read-only here; let this account write to it and to its folder"),
    Trouble.FULL: N_("no space is left for the store {place}; make room on its disk"),
    Trouble.GONE: N_(
        "there is no store {place}; put it back where it was, or leave it to fosa serve to begin a new one"
    ),
    Trouble.UNREACHABLE: N_("the store {place} cannot be reached: {detail}; see that it is there, and its server runs"),
    Trouble.REFUSED: N_("the store {place} refuses us: {detail}; give this account its rights to it"),
    Trouble.FOREIGN: N_("{place} holds something else than a store of fosa; name another place by FOSA_STORE"),
    Trouble.DAMAGED: N_("the store {place} is damaged: {detail}; put it aside and bring back a copy"),
    Trouble.NEWER: N_("the store {place} was written by a newer fosa (its schema is {detail}); use that one"),
    Trouble.OLDER: N_("the store {place} was written by an older fosa (its schema is {detail}); restart fosa serve"),
    Trouble.OTHER: N_("the store {place} does not work: {detail}"),
}


def store_error(trouble: Trouble, place: str, detail: object = "") -> StoreError:
    """The error that says so. Of `detail` one line is shown; it must hold no secret."""
    sentence = _sentence(trouble, place, detail)
    return StoreGoneError(sentence) if trouble is Trouble.GONE else StoreError(sentence)


def _sentence(trouble: Trouble, place: str, detail: object) -> Sentence:
    first = next((line.strip() for line in str(detail).splitlines() if line.strip()), "")
    return say(_SENTENCES[trouble], place=place, detail=first[:300])
