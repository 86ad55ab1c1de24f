"""What every family of rules says in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.model import Requirement
from inventory.sentence import Sentence
from monitor.compliance.model import Evidence, Result
from monitor.compliance.rule import Case, Judged
from templates.switch.means import Extent

__all__ = ["clean", "doubtful", "failed", "listed", "passed", "settled", "silent", "unsaid"]

_NAMED = 6


def failed(message: Sentence, *evidence: Evidence, requirement: Requirement | None = None) -> Judged:
    """Something is not as it must be; `requirement` says what an exception would have to let off."""
    return Judged(Result.FAIL, message, evidence, requirement=requirement)


def doubtful(message: Sentence, *evidence: Evidence) -> Judged:
    """What was read does not decide."""
    return Judged(Result.UNKNOWN, message, evidence)


def passed(message: Sentence, evidence: Iterable[Evidence], sources: Iterable[str] = ()) -> Judged:
    """Everything that was looked at is in order; `sources` are the texts that were looked at."""
    return Judged(Result.PASS, message, tuple(evidence), tuple(sources))


def clean(case: Case, message: Sentence, sources: Iterable[str]) -> Judged:
    """The same where it is the whole text that shows it: what is wrong stands nowhere in it."""
    return passed(message, map(case.whole, sources), sources)


def silent(case: Case) -> Judged:
    """The text that would tell is not there."""
    return Judged(Result.UNKNOWN, case.silence)


def unsaid(case: Case, requirement: Requirement) -> Judged:
    """A part that the text of a switch does not tell: not met where its platform cannot do it at all, else unknown."""
    means = case.means.get(requirement) if case.facts.sections else None
    if means is None or means.extent is not Extent.NONE or means.why is None:
        return silent(case)
    return failed(means.why, requirement=requirement)


def listed(names: Iterable[str]) -> str:
    """The first few of many names."""
    every = list(names)
    return ", ".join(every[:_NAMED]) + (", …" if len(every) > _NAMED else "")


def settled(found: Iterable[Judged], otherwise: Judged) -> Iterator[Judged]:
    """What was found, or the one thing to say when nothing was."""
    listed = list(found)
    yield from listed or [otherwise]
