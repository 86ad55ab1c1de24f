"""What findings come to: nothing that is unknown ever turns into something fine."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.sentence import say
from monitor.compliance.catalogue.model import Catalogue, Certainty, Clause, Instrument, LegalStatus, Section, Spoken
from monitor.compliance.model import ClauseClass, ClauseStatus, Finding, Result, Severity
from monitor.compliance.rollup import DECIDED, FINE, clause_findings, outcomes, worst

SAID = Spoken(pl="tak", en="yes")
results = st.sampled_from(list(Result))


def _catalogue(decided_by: ClauseClass, *rules: str) -> Catalogue:
    clause = Clause(
        id="x-1",
        label="X 1",
        statement=SAID,
        decided_by=decided_by,
        severity=Severity.HIGH,
        rules=rules,
        certainty=Certainty.TO_BE_VERIFIED,
    )
    instrument = Instrument(id="x", title=SAID, published="Dz.U.", legal_status=LegalStatus.IN_FORCE, note=SAID)
    section = Section(instrument=instrument, clauses=(clause,))
    return Catalogue(name="x", version=1, draft=True, note=SAID, sections=(section,), wanted=())


def catalogue_of(*rules: str) -> Catalogue:
    """One clause that machines decide by these rules."""
    return _catalogue(ClauseClass.MACHINE, *rules)


def _finding(rule: str, asset: str, result: Result) -> Finding:
    return Finding(
        rule=rule, rule_version=1, severity=Severity.HIGH, asset=asset, result=result, message=say("as it is")
    )


def _status(decided_by: ClauseClass, have: tuple[str, ...], *said: tuple[str, str, Result]) -> ClauseStatus:
    findings = [_finding(*one) for one in said]
    catalogue = _catalogue(decided_by, "VP-01", "VP-02")
    return clause_findings(catalogue, have, outcomes(findings), of_devices=True)[0].status


@given(st.lists(results, min_size=1))
def test_parts_are_fine_only_when_none_of_them_is_open_or_failed(parts: list[Result]) -> None:
    if worst(parts) in FINE:
        assert not {Result.FAIL, Result.ERROR, Result.UNKNOWN, Result.NOT_CHECKED} & set(parts)


def test_of_nothing_nothing_is_known() -> None:
    assert worst(()) is Result.UNKNOWN


@given(st.lists(st.tuples(st.sampled_from(["gw-k", "gw-b"]), results)))
def test_a_clause_is_met_only_by_rules_that_all_passed(said: list[tuple[str, Result]]) -> None:
    status = _status(ClauseClass.MACHINE, ("VP-01", "VP-02"), *(("VP-01", asset, one) for asset, one in said))
    assert status is not ClauseStatus.MET


@pytest.mark.parametrize("decided_by", list(ClauseClass))
def test_only_a_clause_that_machines_decide_can_be_met(decided_by: ClauseClass) -> None:
    both = (("VP-01", "gw", Result.PASS), ("VP-02", "gw", Result.PASS))
    expected = ClauseStatus.MET if decided_by is ClauseClass.MACHINE else ClauseStatus.PARTLY
    assert _status(decided_by, ("VP-01", "VP-02"), *both) is expected


def test_what_would_be_pushed_meets_no_clause_yet() -> None:
    outcome = {("VP-01", "gw"): Result.PASS}
    found = clause_findings(_catalogue(ClauseClass.MACHINE, "VP-01"), ("VP-01",), outcome, of_devices=False)
    assert [clause.status for clause in found] == [ClauseStatus.PARTLY]


def test_a_rule_that_is_not_there_yet_leaves_a_clause_partly_met() -> None:
    assert _status(ClauseClass.MACHINE, ("VP-01",), ("VP-01", "gw", Result.PASS)) is ClauseStatus.PARTLY


def test_a_failed_rule_fails_the_clause_whatever_else_is_open() -> None:
    said = (("VP-01", "gw", Result.FAIL), ("VP-02", "gw", Result.UNKNOWN))
    assert _status(ClauseClass.PARTIAL, ("VP-01", "VP-02"), *said) is ClauseStatus.NOT_MET


@pytest.mark.parametrize("open_result", sorted(set(Result) - DECIDED))
def test_a_clause_without_any_decided_rule_is_not_assessed(open_result: Result) -> None:
    said = itertools.product(("VP-01", "VP-02"), ("gw",), (open_result,))
    assert _status(ClauseClass.MACHINE, ("VP-01", "VP-02"), *said) is ClauseStatus.NOT_ASSESSED


def test_a_rule_that_does_not_apply_leaves_a_clause_to_the_others() -> None:
    said = (("VP-01", "gw", Result.NOT_APPLICABLE), ("VP-02", "gw", Result.PASS))
    assert _status(ClauseClass.MACHINE, ("VP-01", "VP-02"), *said) is ClauseStatus.MET
