"""Who judges whether an armed device keeps the rules less well than before."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.archive.handlers import archive_of
from api.archive.model import Origin, OriginKind
from api.plans.model import Kind, Plan, RuleChange
from api.work.worse import Worse
from monitor.compliance.model import Result
from monitor.facts.read import intended_sections
from playbooks.drivers.cli.driver import RUNNING
from templates.render import render
from tests.api.plans.offices import Tried, tried

RULES = "kernel nftables"
FACTORY = "/interface bridge\nadd name=bridge\n/system identity\nset name=sw-b-3\n"
WIDE = RuleChange(rule="FW-01", asset="gw-b", before=Result.PASS, after=Result.FAIL)


@pytest.fixture
def office(tmp_path: Path) -> Tried:
    made = tried(tmp_path)
    made.add_flow(None)
    return made


def plan_of(office: Tried, kind: Kind, *caused: RuleChange) -> Plan:
    made = office.plan(office.propose("gw-b").plan.id)
    devices = tuple(device.model_copy(update={"base": ""}) for device in made.devices)
    return made.model_copy(update={"kind": kind, "caused": caused, "devices": devices})


def sections_of(office: Tried) -> dict[str, str]:
    """What a gateway runs, its kernel's rules among it; devices in memory know files only."""
    rendered = render(office.office, office.office.device("gw-b"), office.now.date())
    files = dict(intended_sections(rendered))
    return {**files, RULES: files["file /etc/nftables.conf"]}


def judged(office: Tried, plan: Plan, after: dict[str, str]) -> str:
    return str(Worse(office.context, archive_of(office.context))(plan)("gw-b", after) or "")


def widened(sections: dict[str, str], port: int = 9999) -> dict[str, str]:
    """A rule by which anybody reaches the gateway."""
    text = sections[RULES]
    place = text.index("policy drop;\n", text.index("chain input")) + len("policy drop;\n")
    return {**sections, RULES: text[:place] + f"\t\ttcp dport {port} accept\n" + text[place:]}


def test_a_rule_that_breaks_takes_a_change_back_but_leaves_the_way_back_open(office: Tried) -> None:
    plan = plan_of(office, Kind.PUSH)
    before = sections_of(office)
    archive_of(office.context).keep(
        "gw-b", before, None, Origin(kind=OriginKind.DRIFT, who="schedule:drift", why="seen")
    )
    worse = widened(before)
    assert judged(office, plan, before) == ""
    assert "FW-01" in judged(office, plan, worse)
    assert "FW-01" in judged(office, plan_of(office, Kind.PUSH, WIDE), worse)
    assert "FW-01" in judged(office, plan_of(office, Kind.UNDO), worse)
    assert judged(office, plan_of(office, Kind.UNDO, WIDE), worse) == ""


def test_what_fails_already_does_not_hide_that_it_fails_further(office: Tried) -> None:
    plan, well = plan_of(office, Kind.PUSH), sections_of(office)
    before = widened(well)
    archive_of(office.context).keep(
        "gw-b", before, None, Origin(kind=OriginKind.DRIFT, who="schedule:drift", why="seen")
    )
    further = WIDE.model_copy(update={"before": Result.FAIL})
    assert "FW-01" in judged(office, plan, widened(before, 9998))
    assert judged(office, plan_of(office, Kind.PUSH, further), widened(before, 9998)) == ""
    assert judged(office, plan, before) == ""
    assert judged(office, plan, well) == ""


def test_without_what_ran_before_nobody_can_tell(office: Tried) -> None:
    assert "not in the history" in judged(office, plan_of(office, Kind.PUSH), sections_of(office))


def test_what_an_exception_lets_be_is_not_worse(office: Tried) -> None:
    """A switch inspects no ARP: fine while nobody needs it, and let be by the inventory afterwards."""
    archive_of(office.context).keep(
        "sw-b-3", {RUNNING: FACTORY}, None, Origin(kind=OriginKind.DRIFT, who="schedule:drift", why="seen")
    )
    made = plan_of(office, Kind.PUSH)
    plan = made.model_copy(update={"devices": (made.devices[0].model_copy(update={"name": "sw-b-3"}),)})
    rendered = render(office.office, office.office.device("sw-b-3"), office.now.date())

    def said() -> str:
        judge = Worse(office.context, archive_of(office.context))(plan)
        return str(judge("sw-b-3", intended_sections(rendered)) or "")

    assert "L2-03" not in said()
    assert office.office.switching is not None
    strict = office.office.switching.model_copy(update={"waivers": ()})
    office.office = office.office.model_copy(update={"switching": strict})
    assert "L2-03" in said()
