"""What a plan would do to the rules: told in the same words on the command line and on the page."""

import datetime as dt

import pytest

from api.cli.output import Output
from api.cli.planned import show_plan
from api.pages.planned import plan_view
from api.pages.times import Clock
from api.plans.model import Plan, RuleChange
from api.plans.verbs import Shown
from inventory.words import Language, speaking
from monitor.compliance.model import Result
from tests.api.work.plans import plan

FURTHER = RuleChange(rule="FW-01", asset="gw-b", before=Result.FAIL, after=Result.FAIL)
NEWLY = RuleChange(rule="FW-02", asset="gw-b", before=Result.PASS, after=Result.UNKNOWN)
RIGHT = RuleChange(rule="MG-01", asset="gw-b", before=Result.FAIL, after=Result.PASS)


def judged() -> Plan:
    found = {"fixed": (RIGHT,), "caused": (FURTHER, NEWLY)}
    return plan("p-20261123-0001", [["gw-b"]]).model_copy(update=found)


@pytest.mark.parametrize(
    ("language", "further", "newly"),
    [
        ("en", "FW-01 on gw-b: failed already, and then by other lines", "in order becomes not known"),
        (
            "pl",
            "FW-01 na gw-b: już nieprawidłowo, a wtedy także z innych wierszy",
            "było w porządku, będzie nie wiadomo",
        ),
    ],
)
def test_the_page_says_what_the_command_line_says(
    capsys: pytest.CaptureFixture[str], language: Language, further: str, newly: str
) -> None:
    told = Shown(plan=judged(), digest="0" * 64)
    with speaking(language):
        view = plan_view(told, Clock("Europe/Warsaw", dt.datetime.now(dt.UTC)))
        show_plan(told, Output(as_json=False))
    lines = capsys.readouterr().out.splitlines()
    assert isinstance(view["caused"], list)
    assert isinstance(view["fixed"], list)
    assert {*view["caused"], *view["fixed"]} <= set(lines)
    assert [text in said for text, said in zip((further, newly), view["caused"], strict=True)] == [True, True]
    assert "MG-01" in view["fixed"][0]
