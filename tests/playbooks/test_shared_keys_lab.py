"""A shared key of a real tunnel changed while it is used: at every step the two ends agree, or the step is undone."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.dayzero.written import write
from api.desk.context import Context
from api.keys import verbs
from api.keys.handlers import handlers
from api.keys.newsecret import make
from api.keys.rewritten import next_reference, rewritten
from api.people.model import Caller, Role
from api.plans.model import Plan
from api.plans.shelf import PLANS
from api.plans.stamp import stamp
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.course import Restored
from inventory.errors import ConflictError
from inventory.load import load
from inventory.model import Authentication, AuthenticationKind
from lab import office as lab_office
from lab.inspection import Inspection
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Failed, Order, change
from playbooks.verify import expected_tunnels
from templates.secret import fill
from tests.playbooks.network import network_of
from tests.playbooks.pinging import pinging
from tests.playbooks.standing import SWANCTL, Standing, changed, pushed, running
from tests.slots import lab_name

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

ANNA = Caller(account="anna", roles=frozenset({Role.OPERATOR}), origin="console")
TWO = Path(__file__).parents[1] / "data/lab/two/office.yaml"
OLD = "file:secrets/k-b"


@pytest.fixture(scope="module")
def sharing(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Two buildings whose tunnel lives by a shared key, the test on the manager's host. Nothing else was pushed yet."""
    source, name = tmp_path_factory.mktemp("office"), lab_name("psk")
    text = TWO.read_text() + f'    # By a shared key.\n    authentication: {{kind: psk, psk: "{OLD}"}}\n'
    (source / "office.yaml").write_text(text)
    status = lab_office.up(source, name, state)
    try:
        folder = Path(status.office)
        there = Standing(name, state, load(folder).require(), folder)
        _first_keys(there)
        with network_of(status.node(status.manager).namespace):
            yield there
    finally:
        lab_office.down(name, state)


def _first_keys(there: Standing) -> None:
    """Day 0 cannot bring a shared key: somebody types it in."""
    for device in there.office.gateways:
        text = fill(there.bundle(device.name).file(SWANCTL).text, there.secrets.get)
        there.console(device.name, f"cat >{SWANCTL} <<'END'\n{text}END\nswanctl --load-all --noprompt")
    inspection, until = Inspection(there.name, there.state, there.office), time.monotonic() + 40
    while "k-b" not in inspection.tunnels_up():
        assert time.monotonic() < until, "not up"
        time.sleep(0.2)


@pytest.fixture
def context(sharing: Standing, tmp_path: Path) -> Iterator[Context]:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    ledger.migrate()
    yield Context(
        settings=Settings.from_environ({"FOSA_STATE": str(tmp_path)}),
        office=sharing.office,
        ledger=ledger,
        secrets=sharing.secrets,
        driver=lambda device: sharing.driver(device.name),
        clock=lambda: dt.datetime.now(dt.UTC),
        folder=tmp_path / "work",
    )
    ledger.close()


def turned(context: Context, there: Standing, wanted: Authentication) -> Context:
    """The inventory changed, the desk asked before, and read anew."""
    edit = rewritten(there.folder, "k-b", wanted)
    now = stamp(context.office)
    asked = verbs.Turning(tunnel="k-b", why="yearly", reference=str(wanted.psk), inventory=now)
    handlers(context)["keys.turn"].handle(ANNA, asked)
    return replace(context, office=write(edit))


def planned(context: Context) -> Plan:
    asked = verbs.Sharing(tunnel="k-b", why="yearly", inventory=stamp(context.office))
    answer = handlers(context)["keys.share"].handle(ANNA, asked)
    assert isinstance(answer, verbs.Rotated)
    kept = context.ledger.get(PLANS, answer.shown.plan.id)
    assert kept is not None
    return kept.value


def carry_out(plan: Plan, there: Standing) -> None:
    drivers = {device.name: there.driver(device.name) for device in plan.devices}
    tunnels = expected_tunnels(there.office, there.office.device("gw-b"))
    orders = [[Order(name, plan.device(name), tunnels) for name in wave] for wave in plan.waves]
    outcomes = change(orders, Direct(Actor(drivers)))
    assert outcomes == {device.name: Changed() for device in plan.devices}


def keys_on(there: Standing, device: str) -> list[str]:
    """The sections of its shared keys, in order: by the last one it proves itself."""
    said = there.console(device, f"sed -n '/^secrets/,$p' {SWANCTL} | grep -o 'ike-[^ ]*'")
    return said.split()


def test_both_ends_change_their_key_while_the_tunnel_is_used(
    sharing: Standing, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    new = next_reference(sharing.folder, OLD)
    make(sharing.folder, new, OLD)
    far = sharing.office.device("gw-b").address
    assert far is not None
    with pinging(far) as echoes:
        both = turned(context, sharing, Authentication(kind=AuthenticationKind.PSK, psk=new, previous=OLD))
        plan = planned(both)
        assert plan.waves == (("gw-b",), ("gw-k",))
        too_early = verbs.Turning(tunnel="k-b", why="now", reference=new, inventory=stamp(both.office))
        with pytest.raises(ConflictError, match="do not have the keys of k-b"):
            handlers(both)["keys.turn"].handle(ANNA, too_early)
        carry_out(plan, sharing)
        assert echoes.come_again()
        assert keys_on(sharing, "gw-b") == ["ike-k-b", "ike-k-b_previous"]
        assert keys_on(sharing, "gw-k") == ["ike-k-b_previous", "ike-k-b"]
        with capsys.disabled():
            print(f"\nrotation of k-b's shared key: {echoes.lost} of {echoes.sent} echoes not back yet")  # noqa: T201
        one = turned(both, sharing, Authentication(kind=AuthenticationKind.PSK, psk=new))
        last = planned(one)
        carry_out(last, sharing)
        assert echoes.come_again()
    assert keys_on(sharing, "gw-b") == keys_on(sharing, "gw-k") == ["ike-k-b"]
    with capsys.disabled():
        print(f"with its end: {echoes.lost} of {echoes.sent} echoes lost, one every 10 ms")  # noqa: T201
    with pytest.raises(ConflictError, match="nothing to do"):
        planned(one)
    for secret in (sharing.secrets.get(ref).get_secret_value() for ref in (OLD, new)):
        told = [plan.model_dump_json(), last.model_dump_json(), *(entry[1] for entry in context.ledger.entries())]
        told += [text for name in ("gw-b", "gw-k") for text in running(sharing.driver(name)).values()]
        assert secret not in "".join(told)


def test_a_wrong_key_on_one_end_is_taken_back(sharing: Standing) -> None:
    make(sharing.folder, "file:secrets/wrong", OLD)
    there = replace(sharing, office=load(sharing.folder).require())
    order, psk = there.order("gw-b"), there.office.tunnels[0].authentication.psk
    bundle = changed(there.bundle("gw-b"), SWANCTL, lambda text: text.replace(str(psk), "file:secrets/wrong"))
    outcome = pushed(replace(order, bundle=bundle), there.driver("gw-b"), 12, patience=5)
    assert isinstance(outcome, Failed)
    assert outcome.restored is Restored.YES
