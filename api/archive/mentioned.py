"""Which revisions the audit tells of, and the first of them that the archive does not have as it was told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.archive.kept import Listed
from api.chain import Entry
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

__all__ = ["Mention", "first_lost", "mentions"]

_SUBJECT = "device "
_NAMING = {
    "archive.keep": (),
    "device.adopt": (),
    "drift.adopt": ("revision",),
    "drift.gone": ("approved",),
    "drift.move": ("found", "approved"),
    "drift.open": ("found", "approved"),
}
"""Actions, and where in their detail revisions stand. Without any it is the digest of what was made."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A record of the audit that tells of a revision."""

    number: int
    device: str
    revision: str
    tree: str
    """Empty where only its name was told."""


def mentions(number: int, text: str) -> Iterator[Mention]:
    """What one sound record tells of, given as it lies in the chain."""
    # Most records tell of none, and reading one takes as long as verifying it.
    if f'"{_SUBJECT}' not in text:
        return
    deed = Entry.model_validate_json(text).deed
    places = _NAMING.get(deed.action)
    if places is None or not deed.subject.startswith(_SUBJECT):
        return
    device = deed.subject.removeprefix(_SUBJECT)
    named = [deed.detail.get(place, "") for place in places] if places else [deed.after]
    yield from (Mention(number, device, each, deed.detail.get("tree", "")) for each in named if each)


def first_lost(told: Iterable[Mention], roll: Iterable[Listed]) -> tuple[int, Sentence] | None:
    """The first record that tells of what the archive does not have, and what to say of it."""
    known = {each.id: each for each in roll}
    for mention in told:
        found = known.get(mention.revision)
        names = {"n": mention.number, "revision": mention.revision[:10], "device": mention.device}
        if found is None or found.device != mention.device:
            return mention.number, say(
                N_("record {n} tells of revision {revision} of {device}, which the history does not have"), **names
            )
        if mention.tree and found.tree != mention.tree:
            return mention.number, say(
                N_("record {n} tells of revision {revision} of {device}, which holds something else in the history"),
                **names,
            )
    return None
