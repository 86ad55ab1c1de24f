"""Exceptions of the inventory: shown with the failure they let be, for as long as they hold, and never a pass."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from inventory.model import Office, Requirement
from inventory.sentence import say
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Finding, Report, Result
from monitor.compliance.report.shape import groups
from monitor.compliance.report.text import lines
from monitor.compliance.rollup import outcomes
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.table import RULES
from templates.switch.means import WHOLE, Extent, Means
from tests.monitor.compliance.cases import NOW, TODAY, failures
from tests.monitor.compliance.switches import excused, judged, read, switch
from tests.monitor.compliance.test_switch_rules import AMISS

DAY = dt.timedelta(days=1)


def _stormy(of: Office) -> tuple[Report, Finding]:
    report = judged(AMISS["no storm control"][0], of)
    (finding,) = failures(report)["L2-04"]
    return report, finding


def test_an_exception_is_told_with_its_reason_and_its_end_and_the_rule_still_fails() -> None:
    report, finding = _stormy(excused(Requirement.STORM_CONTROL, TODAY + DAY))
    assert finding.waived is not None
    assert (finding.waived.why, finding.waived.until) == ("is replaced in spring", TODAY + DAY)
    assert outcomes(report.findings)["L2-04", "sw-b-1"] is Result.FAIL
    told = [text for text, _style in lines(report, catalogue(), ZoneInfo("Europe/Warsaw"))]
    assert f"    exception until {TODAY + DAY}: is replaced in spring" in told


@pytest.mark.parametrize(
    ("requirement", "until", "device", "holds"),
    [
        (Requirement.STORM_CONTROL, TODAY, None, True),
        (Requirement.STORM_CONTROL, TODAY - DAY, None, False),
        (Requirement.STORM_CONTROL, TODAY, "sw-b-1", True),
        (Requirement.STORM_CONTROL, TODAY, "sw-b-2", False),
        (Requirement.BPDU_GUARD, TODAY, None, False),
    ],
)
def test_an_exception_holds_for_its_requirement_its_device_and_its_time(
    requirement: Requirement, until: dt.date, device: str | None, holds: bool
) -> None:
    assert (_stormy(excused(requirement, until, device))[1].waived is not None) is holds


def test_findings_with_and_without_an_exception_do_not_stand_together() -> None:
    report, finding = _stormy(excused(Requirement.STORM_CONTROL, TODAY))
    other = replace(finding, asset="sw-b-2", waived=None)
    both = report.model_copy(update={"findings": (finding, other)})
    assert sorted((group.assets, group.waived is not None) for group in groups(both)) == [
        (("sw-b-1",), True),
        (("sw-b-2",), False),
    ]


def test_an_exception_survives_the_reports_own_json() -> None:
    report, _finding = _stormy(excused(Requirement.STORM_CONTROL, TODAY))
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_a_requirement_the_platform_cannot_meet_at_all_is_not_met_rather_than_unknown() -> None:
    table = dict.fromkeys(Requirement, WHOLE) | {Requirement.LOCKOUT: Means(Extent.NONE, say("it has no lock-out"))}

    def judge(case: Case) -> Iterable[Judged]:
        return RULES["ID-06"].judge(replace(case, means=table))

    given = excused(Requirement.LOCKOUT, TODAY)
    subject = Subject(given.device("sw-b-1"), read(switch(lockout=None)))
    rules = {"ID-06": replace(RULES["ID-06"], judge=judge)}
    report = check(given, [subject], Question(Basis.INTENDED, NOW, TODAY), catalogue(), rules)
    (finding,) = report.findings
    assert (finding.result, str(finding.message)) == (Result.FAIL, "it has no lock-out")
    assert finding.waived is not None
