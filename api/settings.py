"""The only reader of the environment: state, inventory, store, accounts, language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import InputError
from inventory.words import Language
from inventory.words import gettext as _

__all__ = ["Settings", "language_of"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Paths are absolute."""

    state: Path
    """Everything fosa writes on its own machine lies below this folder."""
    inventory: Path
    """The office's folder when a command names none."""
    store: str
    """URL of the store: `sqlite:///PATH` or `postgresql+psycopg://...`."""
    edge_store: str
    """The same store as the edge opens it: for an account of the database that may only read."""
    watch_user: str
    """Account or number that the watch becomes when it is started as root; empty: `fosa-watch`, else a number."""
    edge_user: str
    """The same for the edge: `fosa-edge`, else a number."""
    work_user: str
    """The same for the work: `fosa-work`, else a number."""
    ledger: str
    """URL of the ledger, which the work writes: the store's server, or a file of its own."""
    work_store: str
    """URL of what the engine of durable changes keeps for itself."""
    executor: str
    """The name of this work among several on one database: stable, and no other's."""
    checkpoints: str
    """Folder off this machine (a mounted share) that the audit's checkpoints are written to as well; empty: none."""
    audit_days: int
    """How long the audit is kept."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """`FOSA_STATE` (else the XDG state folder), `FOSA_INVENTORY` (else the working folder), `FOSA_STORE` (else
        SQLite in the state folder), `FOSA_EDGE_STORE` (else the same), `FOSA_WATCH_USER`, `FOSA_EDGE_USER`,
        `FOSA_WORK_USER`, `FOSA_LEDGER` and `FOSA_WORK_STORE` (else the store's PostgreSQL, or SQLite in the state
        folder), `FOSA_EXECUTOR` (else `work`), `FOSA_CHECKPOINTS` (else none), `FOSA_AUDIT_DAYS` (else two years).
        """
        home = Path(environ.get("HOME") or "/root")
        xdg = Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state")
        state = Path(environ.get("FOSA_STATE") or xdg / "fosa").absolute()
        store = environ.get("FOSA_STORE") or f"sqlite:///{state}/store/fosa.db"
        server = None if store.startswith("sqlite") else store
        edge_store = environ.get("FOSA_EDGE_STORE") or store
        ledger = environ.get("FOSA_LEDGER") or server or f"sqlite:///{state}/ledger/ledger.db"
        return cls(
            state=state,
            inventory=Path(environ.get("FOSA_INVENTORY") or ".").absolute(),
            store=store,
            edge_store=edge_store,
            watch_user=environ.get("FOSA_WATCH_USER", ""),
            edge_user=environ.get("FOSA_EDGE_USER", ""),
            work_user=environ.get("FOSA_WORK_USER", ""),
            ledger=ledger,
            work_store=environ.get("FOSA_WORK_STORE") or server or f"sqlite:///{state}/work/work.db",
            executor=environ.get("FOSA_EXECUTOR") or "work",
            checkpoints=environ.get("FOSA_CHECKPOINTS", ""),
            audit_days=_days(environ.get("FOSA_AUDIT_DAYS", "")),
        )


def _days(text: str) -> int:
    """InputError for what is no number of days; less than a month would forget what is still being looked into."""
    if not text:
        return 731
    if not (text.isascii() and text.isdecimal()) or not 30 <= int(text) <= 36500:
        raise InputError(_("FOSA_AUDIT_DAYS must be a number of days from 30 to 36500"))
    return int(text)


def language_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """The language asked for by `--lang`, `FOSA_LANG` or the locale; English when none of them is one we have.

    Read before the commands are built, so that `--help` speaks it too.
    """
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return _known(argument.removeprefix("--lang="))
        if argument == "--lang" and position + 1 < len(arguments):
            return _known(arguments[position + 1])
    for name in ("FOSA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return _known(value)
    return "en"


def _known(value: str) -> Language:
    return "pl" if value[:2].lower() == "pl" else "en"
