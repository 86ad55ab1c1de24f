"""The git repository below the archive: one branch, one writer at a time, every object checked as it is read."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import shutil
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inventory.errors import StoreError
from inventory.sentence import say
from inventory.words import noted as N_

if TYPE_CHECKING:
    from dulwich.objects import Commit, ObjectID, ShaFile, Tree
    from dulwich.refs import Ref
    from dulwich.repo import Repo

__all__ = ["Commitment", "Repository"]

_BRANCH = b"refs/heads/main"
_FILE, _FOLDER = 0o100644, 0o040000
_Object = TypeVar("_Object", bound="ShaFile")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commit as the archive reads it."""

    id: str
    tree: str
    at: dt.datetime
    message: str


class Repository:
    """A bare repository that any git can read. StoreError for whatever is wrong with it; it is never repaired here."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self._path = path
        self._read: tuple[Commitment, ...] = ()
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def commits(self) -> tuple[Commitment, ...]:
        """All of them, the newest first. Those read once are not read again."""
        with self._lock, self._open() as repo:
            self._read = () if repo is None else _since(repo, _head(repo), self._read)
            return self._read

    def folder(self, commit: str, name: str) -> dict[str, bytes]:
        """The files below one folder of the tree of the commit with that id; none when it has no such folder."""
        with self._open() as repo:
            if repo is None:
                return {}
            entry = _entries(repo, _tree(repo, commit.encode())).get(name.encode())
            files = {} if entry is None else _entries(repo, entry[1].decode())
            return {path.decode(): _blob(repo, sha) for path, (_mode, sha) in files.items()}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else writes in here, from whatever process or thread."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            turn = self._path.with_suffix(".lock").open("w")
        except OSError as error:
            raise self.broken(error) from error
        with turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            # A writer that was killed, or had no room, leaves git's own locks behind. Only we have a right to any.
            for left in (self._path / f"{_BRANCH.decode()}.lock", *self._path.glob("objects/??/*.lock")):
                left.unlink(missing_ok=True)
            yield

    def commit(self, name: str, files: Mapping[str, bytes], *, message: str, who: str, at: dt.datetime) -> Commitment:
        """Replace one folder of the newest tree. Only inside `writing`. The branch moves last: a commit is whole."""
        self._make(at)
        with self._open() as repo:
            assert repo is not None  # noqa: S101  it has just been made
            head = _head(repo)
            tree = _with_folder(repo, head, name.encode(), files)
            made = _committed(tree, [head], message, who, at)
            repo.object_store.add_object(made)
            if not repo.refs.set_if_equals(_branch(), head, made.id):
                raise OSError("the branch has moved")
            return _commitment(made)

    def check(self) -> None:
        """Read everything there is; StoreError with the first fault."""
        self._read = ()
        seen: set[str] = set()
        for commit in self.commits():
            with self._open() as repo:
                if repo is None:
                    continue
                for _mode, sha in _entries(repo, commit.tree).values():
                    files = () if sha.decode() in seen else _entries(repo, sha.decode()).values()
                    for _file_mode, blob in files:
                        if blob.decode() not in seen:
                            _blob(repo, blob)
                            seen.add(blob.decode())
                    seen.add(sha.decode())

    def _make(self, at: dt.datetime) -> None:
        """Make it where there is none, with a first commit that keeps nothing: one without a branch has lost it."""
        from dulwich.objects import Tree
        from dulwich.repo import Repo

        if self._path.exists():
            return
        try:
            making = self._path.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            with Repo.init_bare(making, mkdir=True, default_branch=b"main") as repo:
                config = repo.get_config()
                config.set((b"core",), b"fsyncObjectFiles", b"true")
                config.write_to_path()
                first = _committed(tree := Tree(), [], "the history begins\n", "fosa", at)
                repo.object_store.add_object(tree)
                repo.object_store.add_object(first)
                repo.refs.set_if_equals(_branch(), None, first.id)
            making.rename(self._path)
        except OSError as error:
            raise self.broken(error) from error

    @contextmanager
    def _open(self) -> Iterator[Repo | None]:
        """None while there is none."""
        from dulwich import errors
        from dulwich.file import FileLocked
        from dulwich.repo import Repo

        faults = (OSError, LookupError, ValueError, TypeError, AssertionError, EOFError, StopIteration)
        of_git = (errors.FileFormatException, errors.ObjectFormatException, errors.NotGitRepository, FileLocked)
        try:
            if not self._path.exists():
                yield None
                return
            with Repo(str(self._path)) as repo:
                yield repo
        except (
            *faults,
            *of_git,
            zlib.error,
            struct.error,
            errors.ChecksumMismatch,
            errors.WrongObjectException,
        ) as error:
            raise self.broken(error) from error

    def broken(self, error: Exception) -> StoreError:
        """What to raise for a fault in it."""
        text = N_("the archive {path} cannot be used: {why}; put it back from a backup. Nothing was written.")
        return StoreError(say(text, path=self._path, why=str(error) or type(error).__name__))


def _branch() -> Ref:
    from dulwich.refs import Ref

    return Ref(_BRANCH)


def _head(repo: Repo) -> ObjectID:
    head = repo.refs.as_dict().get(_branch())
    if head is None:
        raise LookupError("its branch main is gone")
    return head


def _since(repo: Repo, head: ObjectID, known: tuple[Commitment, ...]) -> tuple[Commitment, ...]:
    """The commits from `head` back, without the first, which keeps nothing; the walk ends at the newest known."""
    from dulwich.objects import Commit

    found: list[Commitment] = []
    last = known[0].id.encode() if known else b""
    at: bytes = head
    while at != last:
        commit = _object(repo, at, Commit)
        if not commit.parents:
            return tuple(found)
        found.append(_commitment(commit))
        at = commit.parents[0]
    return (*found, *known) if found else known


def _object(repo: Repo, sha: bytes, kind: type[_Object]) -> _Object:
    """An object whose content is what its name says: git itself looks only at the checksum of the compression."""
    from dulwich.objects import ObjectID

    try:
        found = repo.object_store[ObjectID(sha)]
    except KeyError as error:
        raise LookupError(f"{sha.decode()} is missing") from error
    if not isinstance(found, kind):
        raise ValueError(f"{sha.decode()} is not a {kind.__name__}")  # noqa: TRY004  one fault among others of a file
    raw = found.as_raw_string()
    named = hashlib.sha1(found.type_name + b" %d\0" % len(raw) + raw, usedforsecurity=False)
    if named.hexdigest().encode() != sha:
        raise ValueError(f"{sha.decode()} has been altered")
    return found


def _tree(repo: Repo, commit: bytes) -> str:
    from dulwich.objects import Commit

    found = _object(repo, commit, Commit)
    return bytes(found.tree).decode()


def _entries(repo: Repo, tree: str) -> dict[bytes, tuple[int, bytes]]:
    from dulwich.objects import Tree

    return {path: (mode, sha) for path, mode, sha in _object(repo, tree.encode(), Tree).iteritems()}


def _blob(repo: Repo, sha: bytes) -> bytes:
    from dulwich.objects import Blob

    return _object(repo, sha, Blob).data


def _with_folder(repo: Repo, head: ObjectID, name: bytes, files: Mapping[str, bytes]) -> Tree:
    """The newest tree with one folder replaced, all of it in the repository."""
    from dulwich.objects import Blob, ObjectID, Tree

    folder, tree = Tree(), Tree()
    for file, data in sorted(files.items()):
        blob = Blob.from_string(data)
        repo.object_store.add_object(blob)
        folder.add(file.encode(), _FILE, blob.id)
    repo.object_store.add_object(folder)
    before = _entries(repo, _tree(repo, head))
    for path, (mode, sha) in sorted({**before, name: (_FOLDER, folder.id)}.items()):
        tree.add(path, mode, ObjectID(sha))
    repo.object_store.add_object(tree)
    return tree


def _committed(tree: Tree, parents: list[ObjectID], message: str, who: str, at: dt.datetime) -> Commit:
    from dulwich.objects import Commit

    commit = Commit()
    commit.tree, commit.parents = tree.id, parents
    commit.author = commit.committer = f"{who} <{who}>".encode()
    commit.author_time = commit.commit_time = int(at.timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding, commit.message = b"UTF-8", message.encode()
    return commit


def _commitment(commit: Commit) -> Commitment:
    at = dt.datetime.fromtimestamp(commit.commit_time, dt.UTC)
    return Commitment(commit.id.decode(), commit.tree.decode(), at, commit.message.decode())
