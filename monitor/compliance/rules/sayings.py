"""What every family of rules says in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.sentence import Sentence
from monitor.compliance.model import Evidence, Result
from monitor.compliance.rule import Case, Judged

__all__ = ["failed", "passed", "settled", "silent"]


def failed(message: Sentence, *evidence: Evidence) -> Judged:
    """Something is not as it must be."""
    return Judged(Result.FAIL, message, evidence)


def passed(message: Sentence, evidence: Iterable[Evidence], sources: Iterable[str] = ()) -> Judged:
    """Everything that was looked at is in order; `sources` are the texts that were looked at."""
    return Judged(Result.PASS, message, tuple(evidence), tuple(sources))


def silent(case: Case) -> Judged:
    """The text that would tell is not there."""
    return Judged(Result.UNKNOWN, case.silence)


def settled(found: Iterable[Judged], otherwise: Judged) -> Iterator[Judged]:
    """What was found, or the one thing to say when nothing was."""
    listed = list(found)
    yield from listed or [otherwise]
