"""Plans of real gateways: what they say of themselves is compared, judged, and found to have moved."""

import datetime as dt
from pathlib import Path

import pytest

from api.desk.context import Context
from api.people.model import Caller, Role
from api.plans import verbs
from api.plans.due import due
from api.plans.handlers import handlers
from api.plans.model import PlanState, Risk
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.errors import ConflictError
from inventory.model import Changes, Flow, Hours, Office, Weekday
from monitor.compliance.model import Result
from tests.playbooks.standing import Standing

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

ANNA = Caller(account="anna", roles=frozenset({Role.OPERATOR}), origin="console")
EWA = Caller(account="ewa", roles=frozenset({Role.APPROVER}), origin="console")
_BY_HAND = "nft insert rule inet fosa input ip saddr 192.0.2.77 accept"


def desk(manager: Standing, folder: Path, office: Office | None = None) -> Context:
    ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db")
    ledger.migrate()
    settings = Settings.from_environ({"FOSA_STATE": str(folder)})
    return Context(
        settings=settings,
        office=office or manager.office,
        ledger=ledger,
        secrets=manager.secrets,
        driver=lambda device: manager.driver(device.name),
        clock=lambda: dt.datetime.now(dt.UTC),
        folder=folder,
    )


def proposed(context: Context, *devices: str) -> verbs.Proposed:
    answer = handlers(context)["plan.propose"].handle(ANNA, verbs.Proposal(devices=devices, why="a try"))
    assert isinstance(answer, verbs.Proposed)
    return answer


def approve(context: Context, shown: verbs.Shown) -> verbs.Stands:
    asked = verbs.Approving(plan=shown.plan.id, digest=shown.digest)
    answer = handlers(context)["plan.approve"].handle(EWA, asked)
    assert isinstance(answer, verbs.Stands)
    return answer


def always_open(office: Office) -> Office:
    hours = {day: Hours(begins=dt.time(0), ends=dt.time(23, 59, 59)) for day in Weekday}
    return office.model_copy(update={"changes": Changes(window=hours)})


def test_where_every_gateway_runs_what_it_should_there_is_no_plan(manager: Standing, tmp_path: Path) -> None:
    assert proposed(desk(manager, tmp_path)) == verbs.Proposed(shown=None)


def test_a_hole_made_by_hand_is_a_plan_that_fixes_it_and_expires_when_it_moves(
    manager: Standing, tmp_path: Path
) -> None:
    context = desk(manager, tmp_path)
    manager.console("gw-b", _BY_HAND)
    try:
        shown = proposed(context).shown
        assert shown is not None
        device = shown.plan.device("gw-b")
        assert [each.name for each in shown.plan.devices] == ["gw-b"]
        assert [diff.section for diff in device.diffs] == ["kernel nftables"]
        # What comes from that address may be IKE as well, and a far building is managed through its tunnel.
        assert device.risks == (Risk.MANAGEMENT_PATH, Risk.TUNNELS, Risk.POLICY)
        assert ("FW-01", Result.FAIL, Result.PASS) in {
            (each.rule, each.before, each.after) for each in shown.plan.fixed
        }
        assert shown.plan.caused == ()
        manager.console("gw-b", _BY_HAND.replace("77", "78"))
        with pytest.raises(ConflictError, match="gw-b runs something else than when the plan was made"):
            approve(context, shown)
        kept = context.ledger.get(PLANS, shown.plan.id)
        assert kept is not None
        assert kept.value.state is PlanState.EXPIRED
    finally:
        manager.console("gw-b", "nft -f /etc/nftables.conf")


def test_a_temporary_flow_is_approved_with_its_removal(manager: Standing, tmp_path: Path) -> None:
    end = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=3)
    flow = Flow.model_validate(
        {
            "name": "repair",
            "from": ["zone:ps@b"],
            "to": ["device:file-k"],
            "services": ["ssh"],
            "owner": "asi",
            "purpose": "a repair",
            "until": end,
        }
    )
    office = always_open(manager.office).model_copy(update={"flows": (*manager.office.flows, flow)})
    context = desk(manager, tmp_path, office)
    shown = proposed(context, "gw-b").shown
    assert shown is not None
    plan = shown.plan
    assert plan.removal == end
    assert plan.device("gw-b").risks == (Risk.POLICY,)
    (removed,) = plan.removes
    come = {line[1:] for diff in plan.device("gw-b").diffs for line in diff.lines if line[0] == "+"}
    gone = {line[1:] for diff in removed.diffs for line in diff.lines if line[0] == "-"}
    assert come == gone
    stands = approve(context, shown)
    assert stands.state is PlanState.APPROVED
    # On a day off it waits, and says so.
    assert due(context) == ((plan.id,) if stands.waits_for is None else ())
