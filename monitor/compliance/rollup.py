"""From findings to what they come to: a result for each rule on each asset, a status for each clause, the coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from monitor.compliance.catalogue.model import Catalogue, Clause
from monitor.compliance.model import ClauseClass, ClauseFinding, ClauseStatus, Finding, Result

__all__ = ["BAD", "DECIDED", "FINE", "clause_findings", "outcomes", "worst"]

FINE = frozenset({Result.PASS, Result.FIXED})
"""The only results that mean that something is in order."""
BAD = frozenset({Result.FAIL})
DECIDED = FINE | BAD
_SILENT = frozenset({Result.NOT_APPLICABLE, Result.NOT_SELECTED, Result.INFORMATIONAL})
"""Results that decide nothing and leave nothing open."""

_ORDER = (
    Result.FAIL,
    Result.ERROR,
    Result.UNKNOWN,
    Result.NOT_CHECKED,
    Result.PASS,
    Result.FIXED,
    Result.INFORMATIONAL,
    Result.NOT_APPLICABLE,
    Result.NOT_SELECTED,
)
"""The worst first: one failed part fails the whole, one open part leaves it open."""
_RANK = {result: rank for rank, result in enumerate(_ORDER)}


def worst(results: Iterable[Result]) -> Result:
    """What several parts come to. Of nothing at all nothing is known."""
    return min(results, key=_RANK.__getitem__, default=Result.UNKNOWN)


def outcomes(findings: Iterable[Finding]) -> dict[tuple[str, str], Result]:
    """What each rule comes to on each asset."""
    found: dict[tuple[str, str], Result] = {}
    for finding in findings:
        pair = finding.rule, finding.asset
        before = found.get(pair)
        if before is None or _RANK[finding.result] < _RANK[before]:
            found[pair] = finding.result
    return found


def clause_findings(
    catalogue: Catalogue,
    rules: Iterable[str],
    outcome: Mapping[tuple[str, str], Result],
    uncollected: Collection[tuple[str, str]] = (),
    *,
    of_devices: bool,
) -> tuple[ClauseFinding, ...]:
    """How each clause stands. `rules` are those fosa has; every other one that a clause names is missing.

    So is one that has nothing to go by on some device: `uncollected`, pairs of rule and asset; what it says of the
    others counts. Not `of_devices`: what was judged is only what would be pushed, and meets no clause yet.
    """
    told: dict[str, list[Result]] = {}
    for pair, result in outcome.items():
        if pair not in uncollected:
            told.setdefault(pair[0], []).append(result)
    partial = {rule for rule, _asset in uncollected}
    # A rule that no device of the office tells anything of is no better than one that fosa does not have.
    known = [rule for rule in rules if rule in told or rule not in partial]
    results = {rule: _over_assets(told.get(rule, ())) for rule in known}
    return tuple(_judge(clause, results, partial, of_devices=of_devices) for clause in catalogue.clauses)


def _over_assets(said: Collection[Result]) -> Result:
    """A rule over all assets; not checked where it has said nothing of any."""
    open_ones = [result for result in said if result not in _SILENT]
    if open_ones:
        return worst(open_ones)
    return worst(said) if said else Result.NOT_CHECKED


def _judge(
    clause: Clause, results: Mapping[str, Result], partial: Collection[str], *, of_devices: bool
) -> ClauseFinding:
    missing = tuple(rule for rule in clause.rules if rule not in results or rule in partial)
    ours = [rule for rule in clause.rules if rule in results]
    failed = tuple(rule for rule in ours if results[rule] in BAD)
    undecided = tuple(rule for rule in ours if results[rule] not in DECIDED | _SILENT)
    whole = of_devices and clause.decided_by is ClauseClass.MACHINE and not missing
    if failed:
        status = ClauseStatus.NOT_MET
    elif undecided or not any(results[rule] in FINE for rule in ours):
        status = ClauseStatus.NOT_ASSESSED
    else:
        status = ClauseStatus.MET if whole else ClauseStatus.PARTLY
    return ClauseFinding(clause=clause.id, status=status, failed=failed, undecided=undecided, missing=missing)
