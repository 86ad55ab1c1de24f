"""Looking something up in the audit, the newest first."""

from __future__ import annotations

from collections.abc import Iterator

from api.audit.verbs import Search, Shown
from api.chain import Entry
from api.store.ledger import Ledger

__all__ = ["search"]

_WINDOW = 1000


def search(ledger: Ledger, wanted: Search) -> Shown:
    """What matches, at most `limit`; of more the newest."""
    found: list[Entry] = []
    for entry in _backwards(ledger):
        if wanted.since is not None and entry.at < wanted.since:
            break
        if not _matches(entry, wanted):
            continue
        if len(found) == wanted.limit:
            return Shown(entries=tuple(reversed(found)), more=True)
        found.append(entry)
    return Shown(entries=tuple(reversed(found)), more=False)


def _backwards(ledger: Ledger) -> Iterator[Entry]:
    end = ledger.last()[0]
    while end > 0:
        begin = max(0, end - _WINDOW)
        rows = ledger.entries(after=begin, limit=end - begin)
        for number, text, _hash in reversed(rows):
            if number <= end:
                yield Entry.model_validate_json(text)
        if not rows:
            return  # what came before was let go
        end = begin


def _matches(entry: Entry, wanted: Search) -> bool:
    deed = entry.deed
    return (
        (wanted.until is None or entry.at <= wanted.until)
        and wanted.who in {"", deed.who}
        and (not wanted.action or deed.action == wanted.action or deed.action.startswith(f"{wanted.action}."))
        and wanted.subject in deed.subject
    )
