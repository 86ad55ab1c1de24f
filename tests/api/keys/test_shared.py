"""Shared keys at the desk: their age, and two plans of which the second waits for the first."""

import datetime as dt

import pytest

from api.chain import Deed
from api.desk.verb import Nothing
from api.keys import verbs
from api.keys.handlers import daily
from api.keys.model import SharedKey
from api.plans.model import Kind, PlanState
from api.plans.shelf import PLANS
from api.plans.stamp import stamp
from api.store.ledger import Put
from inventory.errors import ConflictError, DriverError, InputError, SelectionError
from inventory.model import Authentication, AuthenticationKind
from playbooks.drivers.base import Failure, FailureKind
from templates.render import render
from tests.api.keys.office import Keyed
from tests.api.plans.offices import ANNA, normal

OLD, NEW = "file:secrets/k-b", "file:secrets/k-b.2"


def says(keyed: Keyed, psk: str, previous: str | None = None) -> None:
    """The inventory that was read says so of k-b."""
    shared = Authentication(kind=AuthenticationKind.PSK, psk=psk, previous=previous)
    office = keyed.tried.office
    tunnels = (office.tunnels[0].model_copy(update={"authentication": shared}), *office.tunnels[1:])
    keyed.tried.office = office.model_copy(update={"tunnels": tunnels})


def runs(keyed: Keyed, *devices: str) -> None:
    """Those gateways run what the inventory says."""
    office = keyed.tried.office
    for name in devices:
        bundle = render(office, office.device(name), keyed.tried.now.date())
        keyed.tried.drivers[name].running = normal(bundle)


@pytest.fixture
def shared(keyed: Keyed) -> Keyed:
    """k-b lives by a shared key, and does so on all gateways at its ends."""
    says(keyed, OLD)
    runs(keyed, "gw-k", "gw-b", "gw-k2")
    return keyed


def turn(keyed: Keyed, tunnel: str = "k-b") -> Nothing:
    wish = verbs.Turning(tunnel=tunnel, why="yearly", reference=NEW, inventory=stamp(keyed.tried.office))
    return keyed.ask(verbs.TURN, wish, ANNA)


def share(keyed: Keyed) -> verbs.Rotated:
    wish = verbs.Sharing(tunnel="k-b", why="yearly", inventory=stamp(keyed.tried.office))
    return keyed.ask(verbs.SHARE, wish, ANNA)


def known(keyed: Keyed) -> tuple[SharedKey, ...]:
    return keyed.ask(verbs.LIST, Nothing()).shared_keys


def test_a_key_is_changed_in_two_plans_and_the_second_waits_for_the_first(shared: Keyed) -> None:
    turn(shared)
    assert shared.tried.deeds()[-1] == "anna keys.turn tunnel k-b"
    says(shared, NEW, OLD)
    first = share(shared).shown.plan
    assert (first.kind, first.waves) == (Kind.ROTATE, (("gw-b",), ("gw-k2",), ("gw-k",)))
    for end, behind in (("gw-k", "gw-k, gw-b, gw-k2"), ("gw-b", "gw-b, gw-k2"), ("gw-k2", "gw-k2")):
        with pytest.raises(ConflictError, match=f"^{behind} do not have the keys of k-b"):
            turn(shared)
        runs(shared, end)
    turn(shared)
    says(shared, NEW)
    assert {device.name for device in share(shared).shown.plan.devices} == {"gw-b", "gw-k", "gw-k2"}


def test_a_plan_that_half_failed_is_made_again_for_the_rest(shared: Keyed) -> None:
    says(shared, NEW, OLD)
    runs(shared, "gw-b")
    assert [device.name for device in share(shared).shown.plan.devices] == ["gw-k", "gw-k2"]
    shared.tried.drivers["gw-b"].faults = {"fetch": Failure(FailureKind.UNREACHABLE, "no answer in time")}
    with pytest.raises(DriverError, match="gw-b"):
        share(shared)


def test_nothing_is_turned_while_a_change_of_the_tunnels_gateways_runs(shared: Keyed) -> None:
    says(shared, NEW, OLD)
    plan = share(shared).shown.plan
    runs(shared, "gw-k", "gw-b", "gw-k2")
    kept = shared.tried.ledger.get(PLANS, plan.id)
    assert kept is not None
    running = kept.value.model_copy(update={"state": PlanState.RUNNING})
    deed = Deed(who="work", origin="work", action="change.begin", subject=plan.id)
    shared.tried.ledger.write(deed, [Put(PLANS, plan.id, running, kept.version)])
    with pytest.raises(ConflictError, match="a change of gw-b, gw-k, gw-k2 is under way"):
        turn(shared)


def test_only_a_shared_key_of_two_gateways_of_ours_is_changed_so(shared: Keyed) -> None:
    with pytest.raises(SelectionError):
        turn(shared, "k-x")
    for other in ("k-c", "k-platform"):
        with pytest.raises(InputError, match="does not join two of your gateways by a shared key"):
            turn(shared, other)
    with pytest.raises(ConflictError, match="another inventory"):
        shared.ask(verbs.TURN, verbs.Turning(tunnel="k-b", why="x", reference=NEW, inventory="other"), ANNA)
    with pytest.raises(ConflictError, match="nothing to do"):
        share(shared)


def test_the_register_tells_how_old_a_shared_key_is(shared: Keyed) -> None:
    unknown = SharedKey(tunnel="k-b", reference=OLD)
    assert known(shared) == (unknown,)
    first = shared.tried.now
    daily(shared.tried.context, shared.holder)
    assert known(shared) == (unknown.model_copy(update={"since": first, "older": True}),)
    shared.tried.now += dt.timedelta(days=9)
    says(shared, NEW, OLD)
    daily(shared.tried.context, shared.holder)
    new = SharedKey(tunnel="k-b", reference=NEW, previous=OLD, since=shared.tried.now)
    assert known(shared) == (new,)
    deeds = len(shared.tried.deeds())
    shared.tried.now += dt.timedelta(days=1)
    daily(shared.tried.context, shared.holder)
    assert len(shared.tried.deeds()) == deeds
    says(shared, NEW)
    daily(shared.tried.context, shared.holder)
    assert known(shared) == (new.model_copy(update={"previous": None}),)
