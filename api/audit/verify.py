"""Whether the chain is whole: the first record that is broken, missing or foreign, and a tail cut off. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from api.audit.checkpoint import Checkpoint, signed
from api.chain import BEGINNING, Entry, entry_hash
from inventory.model.base import Value
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = ["FORGET", "Fault", "Finding", "Row", "Verdict", "verify"]

FORGET = "audit.forget"
"""The deed of letting go; its detail `from` is the first record that is kept."""

Row = tuple[int, str, str]
"""An entry as it lies: its number, its JSON, its hash."""


class Fault(StrEnum):
    """What can be wrong with a chain."""

    BROKEN = "broken"
    """A record does not have the hash that is kept with it, or is none at all."""
    MISSING = "missing"
    """A number is left out."""
    FOREIGN = "foreign"
    """A record does not follow the one before it: it was put in, or put elsewhere."""
    REWRITTEN = "rewritten"
    """A record is not the one a checkpoint was made of: everything from somewhere on was made anew."""
    CUT_OFF = "cut_off"
    """The newest records are gone: a checkpoint knows of more."""
    FORGED = "forged"
    """A checkpoint is not signed by any of the keys."""
    UNPROVED = "unproved"
    """There is no checkpoint at all to hold the chain against."""
    HISTORY = "history"
    """The archive is not whole, or does not have a revision that the audit tells of."""


class Finding(Value):
    """The first thing wrong."""

    fault: Fault
    number: int
    """Of the record, or of the first one that is gone."""
    text: Sentence


class Verdict(Value):
    """What became of a verification."""

    first: int
    """The first record's number; 0 when there is none."""
    last: int
    checkpoints: int
    """How many held."""
    proved_to: int
    """Up to this record checkpoints prove that nothing was made anew; what comes after proves only itself."""
    finding: Finding | None = None


@dataclass(slots=True)
class _Walk:
    """How far one has come."""

    proofs: Mapping[int, str]
    first: int = 0
    last: int = 0
    hash: str = BEGINNING
    held: int = 0
    proved_to: int = 0
    forgotten: set[int] = field(default_factory=set)
    """From which records on the audit itself says that it is kept."""

    def verdict(self, finding: Finding | None = None) -> Verdict:
        return Verdict(
            first=self.first, last=self.last, checkpoints=self.held, proved_to=self.proved_to, finding=finding
        )


def verify(rows: Iterable[Row], checkpoints: Sequence[Checkpoint], keys: Mapping[str, Ed25519PublicKey]) -> Verdict:
    """Walk the chain from its first record and hold it against the checkpoints.

    A chain that does not begin with record 1 needs a checkpoint of the record before its first: its forgotten part
    ended there. And the audit itself must say that this part was let go (`FORGET`).
    """
    walk = _Walk({checkpoint.number: checkpoint.hash for checkpoint in checkpoints})
    for bad in _bad_checkpoints(checkpoints, keys):
        return walk.verdict(bad)
    for row in rows:
        if wrong := _step(walk, row):
            return walk.verdict(wrong)
    return walk.verdict(_wrong_ends(walk))


def _wrong_ends(walk: _Walk) -> Finding | None:
    if walk.first > 1 and walk.first not in walk.forgotten:
        text = say(
            N_("the records before {n} are gone, and the audit does not say that their time was over"), n=walk.first
        )
        return Finding(fault=Fault.MISSING, number=1, text=text)
    if (newest := max(walk.proofs, default=0)) > walk.last:
        text = say(N_("the records from {n} to {last} are gone: the chain was cut off"), n=walk.last + 1, last=newest)
        return Finding(fault=Fault.CUT_OFF, number=walk.last + 1, text=text)
    if walk.last and not walk.proofs:
        text = say(N_("there is no checkpoint: nothing proves that the chain was not made anew as a whole"))
        return Finding(fault=Fault.UNPROVED, number=walk.last, text=text)
    return None


def _bad_checkpoints(checkpoints: Sequence[Checkpoint], keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Finding]:
    seen: dict[int, str] = {}
    for one in checkpoints:
        if not signed(one, keys):
            text = say(N_("the checkpoint of record {n} is not signed by any key given"), n=one.number)
            yield Finding(fault=Fault.FORGED, number=one.number, text=text)
        if seen.setdefault(one.number, one.hash) != one.hash:
            text = say(N_("two checkpoints of record {n} say different things: the chain was made anew"), n=one.number)
            yield Finding(fault=Fault.REWRITTEN, number=one.number, text=text)


def _step(walk: _Walk, row: Row) -> Finding | None:
    """One record on; what is wrong with it."""
    number, text, mark = row
    if not walk.last and number > 1 and number - 1 in walk.proofs:
        walk.last, walk.hash = number - 1, walk.proofs[number - 1]
        walk.held, walk.proved_to = 1, number - 1
    if number > walk.last + 1:
        gap = say(N_("record {n} is missing: record {next} comes next"), n=walk.last + 1, next=number)
        return Finding(fault=Fault.MISSING, number=walk.last + 1, text=gap)
    try:
        entry = Entry.model_validate_json(text)
    except ValueError:
        return Finding(fault=Fault.BROKEN, number=number, text=say(N_("record {n} cannot be read"), n=number))
    if finding := _wrong(walk, number, entry, mark):
        return finding
    if entry.deed.action == FORGET:
        walk.forgotten.add(int(entry.deed.detail.get("from", "0")))
    walk.first, walk.last, walk.hash = walk.first or number, number, mark
    if number in walk.proofs:
        walk.held, walk.proved_to = walk.held + 1, number
    return None


def _wrong(walk: _Walk, number: int, entry: Entry, mark: str) -> Finding | None:
    if entry_hash(entry) != mark:
        changed = say(N_("record {n} was changed after it was written"), n=number)
        return Finding(fault=Fault.BROKEN, number=number, text=changed)
    if entry.number != number or number <= walk.last or entry.previous != walk.hash:
        strange = say(N_("record {n} does not follow the one before it"), n=number)
        return Finding(fault=Fault.FOREIGN, number=number, text=strange)
    if walk.proofs.get(number, mark) != mark:
        anew = say(N_("record {n} is not the one its checkpoint was made of: the chain was made anew"), n=number)
        return Finding(fault=Fault.REWRITTEN, number=number, text=anew)
    return None
