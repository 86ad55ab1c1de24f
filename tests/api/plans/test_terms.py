"""Which ends of a tunnel must change at once, told from the gateways' own texts."""

from pathlib import Path

import pytest

from api.plans import verbs
from api.plans.laid import lay
from api.plans.model import Together
from api.plans.terms import apart
from api.work.course import order
from inventory.model import Office, Tunnel
from playbooks.reach import Compared
from templates.render import render
from tests.api.plans.offices import ANNA, MONDAY, Tried, normal, tried

BOTH = {("gw-b", "gw-k"), ("gw-k", "gw-b")}
FILE = "file /etc/swanctl/conf.d/fosa.conf"
SECRETS = """
secrets {
    ike-k-b {
        id-remote = gw-k.mops.example
        secret = <secret:0011223344556677>
    }
}
"""


@pytest.fixture
def there(tmp_path: Path) -> Tried:
    return tried(tmp_path)


def with_tunnel(office: Office, **update: object) -> Office:
    """The office with another k-b."""
    tunnels = (
        Tunnel.model_validate({**each.model_dump(), **update}) if each.name == "k-b" else each
        for each in office.tunnels
    )
    return office.model_copy(update={"tunnels": tuple(tunnels)})


def with_ends(office: Office, near: dict[str, object], far: dict[str, object]) -> Office:
    """The same, with other ends in K and B."""
    (tunnel,) = (each for each in office.tunnels if each.name == "k-b")
    changes = {"gw-k": near, "gw-b": far}
    return with_tunnel(office, ends=[{**end.model_dump(), **changes[end.device or ""]} for end in tunnel.ends])


def between(before: Office, after: Office) -> set[tuple[str, str]]:
    """Pairs of devices that would not understand each other, from one inventory to the next."""
    compared = [
        Compared(each.name, normal(render(before, each, MONDAY.date())), normal(render(after, each, MONDAY.date())))
        for each in before.managed
    ]
    return {each.pair for each in apart(after, after.managed, compared)}


IKE, MORE = "aes256-sha384-prfsha384-ecp521", "aes256gcm16-prfsha384-ecp384"
ESP, MORE_ESP = "aes256-sha384-ecp521", "aes256gcm16-ecp384"


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ({}, set()),
        ({"ike": [IKE]}, BOTH),
        ({"esp": [ESP]}, BOTH),
        # Either is offered: the ends agree whichever changes first.
        ({"ike": [IKE, MORE], "esp": [MORE_ESP, ESP]}, set()),
        # The group of the first child is never asked for; the next one's is, an hour later.
        ({"esp": ["aes256gcm16-ecp521"]}, BOTH),
        ({"authentication": {"kind": "psk", "psk": "file:secrets/k-b"}}, BOTH),
        ({"dpd_delay_s": 11, "esp_rekey_s": 1800}, set()),
    ],
)
def test_new_terms_that_the_other_end_does_not_hold_yet_must_come_at_once(
    there: Tried, update: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    assert between(there.office, with_tunnel(there.office, **update)) == expected


@pytest.mark.parametrize(
    ("near", "far", "expected"),
    [
        ({}, {"identity": "other.mops.example"}, BOTH),
        # What lies behind an end may grow; the two take the smaller of it.
        ({}, {"networks": ["10.64.16.0/20", "10.65.0.0/24"]}, set()),
        ({}, {"networks": ["10.65.0.0/24"]}, BOTH),
        # One end offers both, the other wants the new one: it must not be the first.
        ({"ike": [MORE, IKE]}, {"ike": [IKE]}, {("gw-b", "gw-k")}),
        ({"ike": [IKE]}, {"ike": [MORE, IKE]}, {("gw-k", "gw-b")}),
    ],
)
def test_each_end_is_held_against_what_the_other_still_says(
    there: Tried, near: dict[str, object], far: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    assert between(there.office, with_ends(there.office, near, far)) == expected


def test_a_tunnel_that_comes_or_goes_holds_nobody_up(there: Tried) -> None:
    without = there.office.model_copy(
        update={"tunnels": tuple(each for each in there.office.tunnels if each.name != "k-b")}
    )
    assert between(without, there.office) == between(there.office, without) == set()


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("", set()),
        ("    ike-k-b_previous {\n        id-remote = gw-k.mops.example\n        secret = <secret:77>\n    }\n", set()),
        (None, {("gw-b", "gw-k")}),
    ],
)
def test_a_shared_key_is_changed_at_once_unless_the_old_one_still_counts(
    there: Tried, new: str | None, expected: set[tuple[str, str]]
) -> None:
    office = with_tunnel(there.office, authentication={"kind": "psk", "psk": "file:secrets/k-b"})
    texts = {each.name: normal(render(office, each, MONDAY.date())) for each in office.managed}
    before = {**texts["gw-b"], FILE: texts["gw-b"][FILE].partition("\nsecrets {")[0] + SECRETS}
    after = (
        before[FILE].replace("0011", "8899")
        if new is None
        else before[FILE].replace("secrets {\n", f"secrets {{\n{new}")
    )
    compared = [
        Compared("gw-b", before, {**before, FILE: after}),
        Compared("gw-k", texts["gw-k"], texts["gw-k"]),
    ]
    assert {each.pair for each in apart(office, office.managed, compared)} == expected


OLD, NEW = "file:secrets/k-b", "file:secrets/k-b.2"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # The end that changes first may; undone, neither may go first in that order.
        ({"psk": OLD}, {"psk": NEW, "previous": OLD}, {("gw-k", "gw-b")}),
        ({"psk": NEW, "previous": OLD}, {"psk": NEW}, {("gw-k", "gw-b")}),
        ({"psk": NEW, "previous": OLD}, {"psk": OLD}, {("gw-b", "gw-k")}),
        ({"psk": NEW}, {"psk": NEW, "previous": OLD}, {("gw-b", "gw-k")}),
        ({"psk": OLD}, {"psk": NEW}, BOTH),
    ],
)
def test_of_a_rotation_only_the_end_that_is_rendered_for_it_goes_first(
    there: Tried, before: dict[str, object], after: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    old, new = (with_tunnel(there.office, authentication={"kind": "psk", **keys}) for keys in (before, after))
    assert between(old, new) == expected


def test_what_an_end_does_not_change_does_not_break_anything(there: Tried) -> None:
    """Whatever stands on the other end, and be it nothing we understand."""
    office = with_tunnel(there.office, dpd_delay_s=11)
    old, new = (
        {each.name: normal(render(one, each, MONDAY.date())) for each in one.managed} for one in (there.office, office)
    )
    strange = {FILE: old["gw-k"][FILE].replace("proposals = aes256gcm16-prfsha384-ecp384", "proposals = default")}
    compared = [Compared("gw-b", old["gw-b"], new["gw-b"]), Compared("gw-k", strange, new["gw-k"])]
    assert apart(office, office.managed, compared) == apart(office, office.managed, compared[:1]) == ()
    assert lay(office, office.gateways, compared).waves == (("gw-c",), ("gw-b",), ("gw-k2",), ("gw-k",))


def test_a_plan_tells_which_ends_change_at_once_and_why(there: Tried) -> None:
    there.office = with_tunnel(there.office, ike=[IKE])
    shown = there.propose(why="better proposals")
    assert shown.plan.waves == (("gw-k2",), ("gw-k", "gw-b"))
    assert shown.plan.together == (Together(tunnel="k-b", devices=("gw-b", "gw-k")),)
    assert shown.plan.mates("gw-k") == {"gw-b"}
    assert shown.plan.mates("gw-c") == frozenset()
    alone = there.ask(ANNA, verbs.PROPOSE, verbs.Proposal(devices=("gw-b",), why="one end")).shown
    assert alone is not None
    assert alone.plan.together == ()


def test_the_change_of_a_plan_is_told_who_goes_with_whom(there: Tried) -> None:
    there.office = with_tunnel(there.office, ike=[IKE])
    plan = there.plan(there.propose().plan.id)
    assert [order(plan, name).mates for name in ("gw-b", "gw-k")] == [{"gw-k"}, {"gw-b"}]
    alone = plan.model_copy(update={"together": ()})
    assert alone.digest != plan.digest
    assert order(alone, "gw-k").mates == frozenset()
