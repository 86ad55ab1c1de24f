"""History and drift of real gateways: masked texts are kept, a hand's work is found, and the way back leads back."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.archive import verbs
from api.archive.drifted import DRIFTS, Drift
from api.archive.drifted import Standing as How
from api.archive.handlers import archive_of, handlers
from api.archive.keeper import Keeper
from api.desk.context import Context
from api.people.model import Caller, Role
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.errors import ConflictError, InputError
from playbooks.act import Actor, Direct
from playbooks.change import Changed, change
from playbooks.order import Order
from playbooks.verify import Verify, expected_tunnels
from tests.playbooks.standing import Standing

SNMPD = "/etc/snmp/snmpd.conf"
pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

ANNA = Caller(account="anna", roles=frozenset({Role.OPERATOR, Role.APPROVER}), origin="console")


@pytest.fixture
def context(manager: Standing, tmp_path: Path) -> Iterator[Context]:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    ledger.migrate()
    yield Context(
        settings=Settings.from_environ({"FOSA_STATE": str(tmp_path)}),
        office=manager.office,
        ledger=ledger,
        secrets=manager.secrets,
        driver=lambda device: manager.driver(device.name),
        clock=lambda: dt.datetime.now(dt.UTC),
        folder=tmp_path / "work",
    )
    ledger.close()


def looked(context: Context) -> How:
    found = handlers(context)["drift.look"].handle(ANNA, verbs.Which(devices=("gw-b",)))
    assert isinstance(found, verbs.Drifted)
    assert found.round is not None
    return found.round.devices["gw-b"].standing


def drift(context: Context) -> Drift:
    kept = context.ledger.get(DRIFTS, "gw-b")
    assert kept is not None
    return kept.value


def adopt(context: Context) -> None:
    asked = verbs.Adoption(device="gw-b", found=drift(context).found, why="as it was found")
    handlers(context)["drift.adopt"].handle(ANNA, asked)


def test_a_rule_typed_by_hand_is_found_and_put_back(manager: Standing, context: Context) -> None:
    assert looked(context) is How.UNAPPROVED
    adopt(context)
    assert looked(context) is How.SAME
    manager.console("gw-b", "nft add rule inet fosa input ip saddr 192.0.2.77 accept")
    assert looked(context) is How.DRIFTED
    found = [line for diff in drift(context).diffs for line in diff.lines if line[0] in "+-"]
    assert found == ["+\t\tip saddr 192.0.2.77 accept"]
    wish = verbs.Restoration(device="gw-b", revision=drift(context).found, why="never")
    with pytest.raises(InputError, match="its kernel nftables was loaded by hand and is in no file"):
        handlers(context)["plan.restore"].handle(ANNA, wish)
    handlers(context)["drift.put_back"].handle(ANNA, verbs.PutBack(device="gw-b", why="not ours"))
    carry_out(context, manager)
    assert looked(context) is How.SAME
    assert archive_of(context).revisions("gw-b")[0].origin.who == "anna"
    archive_of(context).check()


def carry_out(context: Context, manager: Standing) -> None:
    """The one plan there is."""
    (kept,) = context.ledger.list(PLANS)
    plan, keeper = kept.value, Keeper(archive_of(context), context.ledger)
    (device,) = plan.devices
    order = Order("gw-b", device, expected_tunnels(manager.office, manager.office.device("gw-b")), base=device.base)
    actor = Actor(
        {"gw-b": manager.driver("gw-b")},
        30,
        Verify(patience=10),
        on_backup=lambda order, sections: keeper.found(plan, order, sections),
        on_confirmed=lambda order, sections: keeper.confirmed(plan, order, sections),
    )
    assert change([[order]], Direct(actor)) == {"gw-b": Changed()}


def test_a_masked_text_brings_its_secrets_back(manager: Standing, context: Context) -> None:
    """The file that is edited holds the keys of the SNMP user: only their hashes are in what was read."""
    assert "@secret{" in manager.bundle("gw-b").file(SNMPD).text
    looked(context)
    adopt(context)
    manager.console("gw-b", f"echo '# by hand' >> {SNMPD}")
    assert looked(context) is How.DRIFTED
    wish = verbs.Restoration(device="gw-b", revision=drift(context).found, why="to what it runs")
    with pytest.raises(ConflictError, match="nothing to do: gw-b already runs"):
        handlers(context)["plan.restore"].handle(ANNA, wish)
    manager.console("gw-b", f"sed -i '/^# by hand$/d' {SNMPD}")
    assert looked(context) is How.SAME
