"""The archive: every text a device was found with or given, who wanted it so, and the way back to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from pydantic import ValidationError

from api.archive.kept import Listed
from api.archive.leaks import leaks
from api.archive.model import Origin, Revision
from api.archive.repository import Commitment, Repository
from api.archive.seal import Seal
from api.plans.model import File
from inventory.errors import InputError, SecretError
from inventory.model.base import Value
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from playbooks.drivers.base import Bundle, Sections
from playbooks.drivers.bundle import sealed
from playbooks.plan import SectionDiff, plan
from templates.secret import references

__all__ = ["Archive", "KeptBundle"]

_BUNDLE = ".bundle"


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """The files of a device as they were given to it, secrets as placeholders."""

    files: tuple[File, ...]


class _Record(Value):
    """The last line of a commit's message."""

    device: str
    origin: Origin
    bundle: bool


class Archive:
    """The archive of one office. Any number of threads and processes may use it; StoreError when it is broken.

    A repository `archive.git` in the work's folder: one folder a device, one file a section, masked; beside them the
    device's files as they were given, closed under `archive.key`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        secrets: SecretStore | None = None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """Open nothing yet. With `secrets`, a text that holds one of those its files name is refused by its value."""
        self._repository, self._seal = Repository(folder / "archive.git"), Seal(folder / "archive.key")
        self._secrets, self._clock = secrets, clock
        self._parsed: dict[str, Revision] = {}

    # ---- Writing -----------------------------------------------------------------------------------------------------

    def keep(self, device: str, sections: Sections, bundle: Bundle | None, origin: Origin) -> Revision:
        """Keep what a device runs, and the files that made it so where they are known. Said twice it is kept once.

        SecretError, and nothing is kept, when a section holds what looks like a secret.
        """
        self._refuse_secrets(device, sections, bundle)
        with self._repository.writing():
            last = self.last(device)
            before = {} if last is None else self._folder(last)
            files = {_file(name): text.encode("utf-8", "replace") for name, text in sections.items()}
            if bundle is not None:
                files[_BUNDLE] = self._closed(device, sealed(bundle), before)
            if last is not None and before == files and _same(last.origin, origin):
                return last
            record = _Record(device=device, origin=origin, bundle=bundle is not None)
            message = f"{device}: {origin.kind}: {origin.why}\n\n{record.model_dump_json()}\n"
            made = self._repository.commit(
                quote(device, safe=""), files, message=message, who=origin.who, at=self._clock()
            )
        return _revision(made, record)

    def _refuse_secrets(self, device: str, sections: Sections, bundle: Bundle | None) -> None:
        if found := leaks(sections, self._known(bundle)):
            text = _("{device}: {place} holds what looks like a secret; nothing of it was kept")
            raise SecretError(text.format(device=device, place="; ".join(found[:5])))

    def _known(self, bundle: Bundle | None) -> tuple[str, ...]:
        """The secrets of a bundle that can be had here."""
        refs = {ref for file in (bundle.files if bundle else ()) for ref in references(file.text)}
        return tuple(value for ref in refs if (value := self._secret(ref)))

    def _secret(self, ref: str) -> str:
        try:
            return self._secrets.get(ref).get_secret_value() if self._secrets else ""
        except SecretError:
            # The look by form has been taken or will be; what cannot be had cannot be looked for.
            return ""

    def _closed(self, device: str, text: str, before: dict[str, bytes]) -> bytes:
        """The files closed; the same bytes as before when they are the same files."""
        kept = before.get(_BUNDLE)
        if kept is not None:
            return kept if self._seal.open(kept, device) == text else self._seal.close(text, device)
        if not any(revision.bundle for revision in self.revisions()):
            self._seal.make()
        return self._seal.close(text, device)

    # ---- Reading -----------------------------------------------------------------------------------------------------

    def revisions(self, device: str = "") -> tuple[Revision, ...]:
        """The revisions of a device, or of all, the newest first."""
        found = [self._revision(commit) for commit in self._repository.commits()]
        return tuple(revision for revision in found if not device or revision.device == device)

    def last(self, device: str) -> Revision | None:
        """The newest revision of a device."""
        return next(iter(self.revisions(device)), None)

    def approved(self, device: str) -> Revision | None:
        """The newest revision of a device that somebody has approved."""
        return next((revision for revision in self.revisions(device) if revision.approved), None)

    def revision(self, device: str, named: str) -> Revision:
        """The revision with that id, or the only one of the device whose id begins so; else InputError."""
        found = [each for each in self.revisions() if each.id.startswith(named.lower())] if named else []
        own = [each for each in found if each.device == device]
        if len(own) == 1:
            return own[0]
        if own:
            text = _("{named} may mean several revisions of {device}: {which}")
            which = ", ".join(each.short for each in own)
            raise InputError(text.format(named=named, device=device, which=which))
        if found:
            text = _("{named} is a revision of {other}, not of {device}; no device ever gets another one's text")
            raise InputError(text.format(named=named, other=found[0].device, device=device))
        text = _("{device} has no revision {named}; fosa history {device} lists them")
        raise InputError(text.format(named=named, device=device))

    def text(self, device: str, named: str) -> Sections:
        """The masked sections of a revision."""
        files = self._folder(self.revision(device, named))
        return {_section(file): data.decode() for file, data in files.items() if file != _BUNDLE}

    def diff(self, device: str, older: str, newer: str) -> tuple[SectionDiff, ...]:
        """What changed between two revisions of a device, section by section."""
        return plan(device, self.text(device, older), self.text(device, newer)).diffs

    def bundle(self, device: str, named: str) -> KeptBundle | None:
        """The files as they were given at a revision; None when it was found running, and nobody knows its files."""
        return self._files(self.revision(device, named))

    def _files(self, revision: Revision) -> KeptBundle | None:
        closed = self._folder(revision).get(_BUNDLE)
        if closed is None:
            return None
        files = json.loads(self._seal.open(closed, revision.device))["files"]
        return KeptBundle(tuple(File.model_validate(file) for file in files))

    def check(self) -> int:
        """Read everything that is kept; how many revisions. StoreError with the first thing that is not as it was
        written.
        """
        self._repository.check()
        revisions = self.revisions()
        for revision in revisions:
            if revision.bundle and self._files(revision) is None:
                raise self._repository.broken(ValueError(f"{revision.id} has lost its files"))
        return len(revisions)

    def tree(self, revision: Revision) -> str:
        """The hash of everything the archive held with a revision."""
        return next(each.tree for each in self._repository.commits() if each.id == revision.id)

    def roll(self) -> tuple[Listed, ...]:
        """Every revision by its hashes, the newest first."""
        commits = self._repository.commits()
        return tuple(Listed(id=each.id, device=self._revision(each).device, tree=each.tree) for each in commits)

    def _revision(self, commit: Commitment) -> Revision:
        if commit.id not in self._parsed:
            try:
                record = _Record.model_validate_json(commit.message.rstrip("\n").rpartition("\n")[2])
            except ValidationError as error:
                raise self._repository.broken(ValueError(f"{commit.id} is not a record of fosa")) from error
            self._parsed[commit.id] = _revision(commit, record)
        return self._parsed[commit.id]

    def _folder(self, revision: Revision) -> dict[str, bytes]:
        return self._repository.folder(revision.id, quote(revision.device, safe=""))


def _same(one: Origin, other: Origin) -> bool:
    return (one.kind, one.plan) == (other.kind, other.plan)


def _revision(commit: Commitment, record: _Record) -> Revision:
    return Revision(id=commit.id, device=record.device, at=commit.at, origin=record.origin, bundle=record.bundle)


def _file(section: str) -> str:
    """The name of a section's file: any name fits, and none is taken for ours or for a way out of the folder."""
    name = quote(section, safe=" ")
    return f"%2E{name[1:]}" if name.startswith(".") else name


def _section(file: str) -> str:
    return unquote(file)
