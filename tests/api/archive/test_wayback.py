"""History is read, compared, restored and undone; other devices' texts, and what nobody can bring back, are refused."""

import pytest

from api.archive import verbs
from api.archive.archive import KeptBundle
from api.archive.model import Origin, OriginKind, Revision
from api.plans.make import Wish, make
from api.plans.model import File, Kind, Plan
from api.plans.shelf import PLANS
from api.plans.verbs import Shown
from inventory.errors import ConflictError, InputError, SelectionError
from templates.render import render
from tests.api.archive.offices import ANNA, JAN, RULES, Standing


def with_line(office: Standing, name: str, line: str) -> KeptBundle:
    """What the inventory says, and a line more in the rules."""
    rendered = render(office.office, office.office.device(name), office.now.date())
    files = (
        File(path=file.path, mode=file.mode, text=file.text + (f"{line}\n" if file.path in RULES else ""))
        for file in rendered.files
    )
    return KeptBundle(tuple(files))


def pushed(office: Standing, number: int, *names: str) -> Plan:
    """A plan that adds a line to the rules of these devices, carried out."""
    bundles = {name: with_line(office, name, f"# change {number}") for name in names}
    devices = [office.office.device(name) for name in names]
    plan = make(office.context, devices, Wish(Kind.PUSH, "anna", f"Change {number}"), bundles)
    plan = plan.model_copy(update={"id": f"p-20261120-{number:04}"})
    office.carry_out(plan)
    office.later()
    return plan


def changes(plan: Plan) -> dict[str, list[str]]:
    return {
        device.name: [line for diff in device.diffs for line in diff.lines if line[0] in "+-"]
        for device in plan.devices
    }


def history(office: Standing, device: str = "") -> tuple[Revision, ...]:
    return office.ask(JAN, verbs.LIST, verbs.History(device=device)).revisions


def undo(office: Standing, device: str = "") -> Plan:
    return whole(office, office.ask(ANNA, verbs.UNDO, verbs.Undoing(device=device, why="it was wrong")))


def restore(office: Standing, device: str, revision: str) -> Plan:
    return whole(
        office, office.ask(ANNA, verbs.RESTORE, verbs.Restoration(device=device, revision=revision, why="as it was"))
    )


def whole(office: Standing, shown: Shown) -> Plan:
    """The plan as it lies in the ledger: people are shown it without its files."""
    kept = office.ledger.get(PLANS, shown.plan.id)
    assert kept is not None
    return kept.value


def test_a_change_keeps_what_it_found_and_what_it_made(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    pushed(office, 2, "gw-b")
    kinds = [(each.origin.kind, each.origin.plan, each.origin.who) for each in history(office, "gw-b")]
    assert kinds == [
        (OriginKind.CHANGE, "p-20261120-0002", "anna"),
        (OriginKind.CHANGE, "p-20261120-0001", "anna"),
        (OriginKind.DRIFT, "p-20261120-0001", "schedule:change"),
    ]
    listed = office.ask(JAN, verbs.LIST, verbs.History(device="gw-b", limit=1))
    assert (len(listed.revisions), listed.more) == (1, 2)
    assert "schedule:change archive.keep device gw-b" in office.deeds()


def test_two_texts_are_compared(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    pushed(office, 2, "gw-b")
    newest, older, _first = history(office, "gw-b")
    compared = office.ask(JAN, verbs.DIFF, verbs.Comparison(device="gw-b", older=older.short, newer=newest.short))
    assert [line for diff in compared.diffs for line in diff.lines if line[0] in "+-"] == ["-# change 1", "+# change 2"]
    office.type_in("gw-b")
    now = office.ask(JAN, verbs.DIFF, verbs.Comparison(device="gw-b"))
    assert (now.older, now.newer) == (newest.id, verbs.RUNNING)
    assert [line for diff in now.diffs for line in diff.lines if line[0] in "+-"] == ["+# typed by hand"]
    shown = office.ask(JAN, verbs.SHOW, verbs.Whole(device="gw-b", revision=older.short))
    assert "# change 1" in shown.sections[RULES]


def test_a_device_without_history_says_so(office: Standing) -> None:
    with pytest.raises(InputError, match="nobody has approved anything for gw-b yet"):
        office.ask(JAN, verbs.DIFF, verbs.Comparison(device="gw-b"))
    with pytest.raises(SelectionError):
        history(office, "gw-x")
    with pytest.raises(InputError, match="no change of gw-b is in the history"):
        undo(office, "gw-b")
    with pytest.raises(InputError, match="no change is in the history"):
        undo(office)


def test_a_revision_is_restored_by_a_plan(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    pushed(office, 2, "gw-b")
    _newest, older, _first = history(office, "gw-b")
    plan = restore(office, "gw-b", older.short)
    assert (plan.kind, plan.author, plan.follows) == (Kind.RESTORE, "anna", "p-20261120-0001")
    assert changes(plan) == {"gw-b": ["-# change 2", "+# change 1"]}
    assert f"anna plan.restore plan {plan.id}" in office.deeds()


def test_another_devices_text_is_never_given(office: Standing) -> None:
    pushed(office, 1, "gw-b", "gw-k")
    (of_k,) = [each for each in history(office, "gw-k") if each.approved]
    with pytest.raises(InputError, match="is a revision of gw-k, not of gw-b"):
        restore(office, "gw-b", of_k.short)
    assert office.ledger.list(PLANS) == ()


def test_what_runs_already_needs_no_plan(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    with pytest.raises(ConflictError, match="nothing to do: gw-b already runs"):
        restore(office, "gw-b", history(office, "gw-b")[0].short)


def test_the_last_change_is_undone_on_all_its_devices(office: Standing) -> None:
    pushed(office, 1, "gw-b", "gw-c")
    pushed(office, 2, "gw-b", "gw-k")
    plan = undo(office)
    assert (plan.kind, plan.follows) == (Kind.UNDO, "p-20261120-0002")
    assert changes(plan) == {"gw-k": ["-# change 2"], "gw-b": ["-# change 2", "+# change 1"]}
    assert changes(undo(office, "gw-c")) == {"gw-c": ["-# change 1"]}


def test_undoing_an_undoing_does_it_again(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    before = dict(office.drivers["gw-b"].running)
    office.carry_out(undo(office))
    office.later()
    assert dict(office.drivers["gw-b"].running) != before
    office.carry_out(undo(office))
    assert dict(office.drivers["gw-b"].running) == before


def test_a_change_brings_back_what_it_really_found(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    office.type_in("gw-b")
    pushed(office, 2, "gw-b")
    assert changes(undo(office)) == {"gw-b": ["-# change 2", "+# change 1", "+# typed by hand"]}


def test_what_was_approved_otherwise_since_is_not_undone(office: Standing) -> None:
    pushed(office, 1, "gw-b")
    office.type_in("gw-b")
    adopted = Origin(kind=OriginKind.ADOPTION, who="ewa", why="it is right")
    office.archive.keep("gw-b", office.drivers["gw-b"].running, None, adopted)
    with pytest.raises(ConflictError, match="gw-b has been approved otherwise since p-20261120-0001"):
        undo(office)


def test_what_is_in_no_file_cannot_be_put_back(office: Standing) -> None:
    files = dict(office.drivers["gw-b"].running)
    origin = Origin(kind=OriginKind.ADOPTION, who="ewa", why="day 0")
    office.archive.keep("gw-b", {"kernel nftables": "table a\n", **files}, None, origin)
    drift = Origin(kind=OriginKind.DRIFT, who="schedule:drift", why="")
    made = office.archive.keep("gw-b", {"kernel nftables": "table a\ntable b\n", **files}, None, drift)
    with pytest.raises(InputError, match="its kernel nftables was loaded by hand and is in no file"):
        restore(office, "gw-b", made.short)
    assert office.ledger.list(PLANS) == ()
