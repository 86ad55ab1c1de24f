"""The files that bring a revision back, and the revision a change began from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.archive.archive import Archive, KeptBundle
from api.archive.marks import Lost, Pairs, files_of, loose, pairs
from api.archive.model import OriginKind, Revision
from inventory.errors import ConflictError, InputError
from inventory.words import gettext as _

__all__ = ["Undone", "files_for", "last_change"]

_LOOKED_AT = 20
"""Revisions whose files are asked what a masked line stands for."""


def files_for(archive: Archive, revision: Revision, ask: Callable[[], Pairs] = dict) -> KeptBundle:
    """The files that make its device run a revision: as they were given, or else turned back from the masked text.
    `ask` is what the device itself makes of today's files, asked when the archive does not know a masked line.

    InputError when it ran something that no file of ours brings back.
    """
    device = revision.device
    if kept := archive.bundle(device, revision.id):
        return kept
    sections = archive.text(device, revision.id)
    nearest = _nearest(archive, revision)
    if nearest is not None and (live := loose(sections, archive.text(device, nearest.id))):
        text = _("{revision} of {device} cannot be put back: its {section} was loaded by hand and is in no file")
        raise InputError(text.format(revision=revision.short, device=device, section=live))
    files = files_of(sections, known := _known(archive, device))
    if isinstance(files, Lost):
        files = files_of(sections, {**ask(), **known})
    if isinstance(files, Lost):
        text = _("{revision} of {device} cannot be put back: {why}")
        raise InputError(text.format(revision=revision.short, device=device, why=files.reason))
    return KeptBundle(files)


def _nearest(archive: Archive, revision: Revision) -> Revision | None:
    """The approved revision before it; where there is none, the first after it."""
    every = archive.revisions(revision.device)
    place = every.index(revision)
    older = (each for each in every[place + 1 :] if each.approved)
    newer = (each for each in reversed(every[:place]) if each.approved)
    return next(older, None) or next(newer, None)


def _known(archive: Archive, device: str) -> Pairs:
    known: dict[tuple[str, str], str] = {}
    with_files = [each for each in archive.revisions(device) if each.bundle][:_LOOKED_AT]
    for each in reversed(with_files):
        if bundle := archive.bundle(device, each.id):
            known |= pairs(archive.text(device, each.id), bundle)
    return known


@dataclass(frozen=True, slots=True)
class Undone:
    """A change, and what each of its devices ran before it."""

    plan: str
    before: tuple[Revision, ...]


def last_change(archive: Archive, device: str = "") -> Undone:
    """The last change of a device, or of the office. InputError when there is none, or nobody knows what ran before;
    ConflictError when somebody has approved another text since.
    """
    changes = [each for each in archive.revisions(device) if each.origin.kind is OriginKind.CHANGE]
    if not changes:
        text = _("no change of {device} is in the history") if device else _("no change is in the history")
        raise InputError(text.format(device=device))
    plan = changes[0].origin.plan
    return Undone(plan, tuple(_before(archive, each) for each in changes if each.origin.plan == plan))


def _before(archive: Archive, change: Revision) -> Revision:
    device, every = change.device, archive.revisions(change.device)
    if archive.approved(device) != change:
        text = _("{device} has been approved otherwise since {plan}; name a revision: fosa restore {device} REVISION")
        raise ConflictError(text.format(device=device, plan=change.origin.plan))
    older = every[every.index(change) + 1 :]
    # What the change itself has found is kept under its plan; without that, it found what was approved last.
    before = next((each for each in older if each.approved or each.origin.plan == change.origin.plan), None)
    if before is None:
        text = _("nothing is kept of what {device} ran before {plan}")
        raise InputError(text.format(device=device, plan=change.origin.plan))
    return before
