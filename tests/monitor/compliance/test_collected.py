"""The table of rules by platforms: whole, and as true as what the rules say."""

import pytest

from inventory.model import Platform
from monitor.compliance.collected import TABLE, Collected, cell
from monitor.compliance.model import ClauseStatus, Result
from monitor.compliance.rollup import clause_findings
from monitor.compliance.rules.table import RULES
from tests.monitor.compliance.cases import facts_of, judged, pila
from tests.monitor.compliance.switches import judged as judged_switch
from tests.monitor.compliance.switches import read
from tests.monitor.compliance.test_rollup import catalogue_of

UNJUDGED = {Collected.NO_COLLECTOR: Result.NOT_CHECKED, Collected.NOT_APPLICABLE: Result.NOT_APPLICABLE}


def test_every_rule_has_a_cell_for_every_platform() -> None:
    assert list(TABLE) == list(RULES)
    assert all(set(cells) == set(Platform) for cells in TABLE.values())


@pytest.mark.parametrize("rule", TABLE)
def test_what_is_not_decided_is_told_why(rule: str) -> None:
    for one in TABLE[rule].values():
        assert (one.why is None) is (one.collected is Collected.DECIDED)


def test_what_cannot_be_judged_is_said_with_the_tables_reason_and_the_rest_is_judged() -> None:
    reports = [judged(pila(), facts_of(pila(), "gw-b")), judged_switch(read())]
    for report, platform in zip(reports, (Platform.LINUX_GATEWAY, Platform.CISCO_IOS), strict=True):
        for finding in report.findings:
            one = cell(finding.rule, platform)
            if one.collected in UNJUDGED:
                assert (finding.result, finding.message) == (UNJUDGED[one.collected], one.why)
            elif finding.rule != "VP-07":
                assert finding.result in {Result.PASS, Result.INFORMATIONAL}


def test_a_rule_nobody_has_a_table_for_is_judged() -> None:
    assert cell("XX-01", Platform.CISCO_IOS).collected is Collected.DECIDED


@pytest.mark.parametrize(
    ("switch", "status"),
    [
        (None, ClauseStatus.NOT_ASSESSED),
        (Result.PASS, ClauseStatus.PARTLY),
        (Result.FAIL, ClauseStatus.NOT_MET),
        (Result.UNKNOWN, ClauseStatus.NOT_ASSESSED),
    ],
)
def test_a_clause_is_not_met_by_a_rule_that_some_device_has_nothing_to_go_by_for(
    switch: Result | None, status: ClauseStatus
) -> None:
    outcome = {("ID-01", "gw-b"): Result.NOT_CHECKED}
    if switch is not None:
        outcome["ID-01", "sw-b-1"] = switch
    (found,) = clause_findings(catalogue_of("ID-01"), ["ID-01"], outcome, {("ID-01", "gw-b")}, of_devices=True)
    assert (found.status, found.missing) == (status, ("ID-01",))
