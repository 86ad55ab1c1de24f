"""The table of permissions, held against one that is written out by hand: role x action x own or other."""

from __future__ import annotations

import pytest

from api.people.model import Action, Caller, Role
from api.people.permissions import PERMISSIONS, PERSONAL, ever, may, require
from inventory.errors import RefusedError
from inventory.words import speaking

# A row: action, then for each role what it may: "b" both, "o" only on one's own, "x" only on others', "-" nothing.
TABLE = """
            viewer operator approver officer auditor admin
see         b      b        b        b       b       b
propose     -      b        -        -       -       -
approve     -      -        x        -       -       -
withdraw    -      o        b        -       -       -
begin_now   -      b        -        -       -       -
stop        -      b        b        -       -       b
freeze      -      -        b        b       -       b
enrol       -      b        -        -       -       -
keys        -      -        -        -       -       b
people      -      -        -        -       -       b
prove       o      o        o        o       o       b
audit       o      o        o        b       b       b
backup      -      -        -        -       -       b
"""
MEANS = {"b": (True, True), "o": (True, False), "x": (False, True), "-": (False, False)}


def expected() -> dict[tuple[Action, Role], tuple[bool, bool]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return {(Action(row[0]), Role(role)): MEANS[cell] for row in rows for role, cell in zip(head, row[1:], strict=True)}


def caller(*roles: Role, scope: frozenset[Action] | None = None) -> Caller:
    return Caller(account="anna", roles=frozenset(roles), origin="socket uid 1000", scope=scope)


def test_the_table_is_the_one_written_by_hand() -> None:
    wanted = expected()
    assert set(wanted) == {(action, role) for action in Action for role in Role}
    found = {
        (action, role): (may(caller(role), action, own=True), may(caller(role), action, own=False))
        for action, role in wanted
    }
    assert found == wanted


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_who_may_goes_on_and_who_may_not_is_told_who_could(action: Action, role: Role, own: bool) -> None:
    if expected()[action, role][0 if own else 1]:
        require(caller(role), action, own=own)
        assert ever(caller(role), action)
        return
    with pytest.raises(RefusedError) as caught:
        require(caller(role), action, own=own)
    text = str(caught.value)
    rule = PERMISSIONS[action]
    assert f"anna may not do this ({action.value})" in text
    assert all(could in text for could in (rule.own if own and rule.own else rule.other))


def test_two_roles_are_worth_both() -> None:
    for action in Action:
        for own in (True, False):
            one_by_one = [may(caller(role), action, own=own) for role in (Role.OPERATOR, Role.APPROVER)]
            assert may(caller(Role.OPERATOR, Role.APPROVER), action, own=own) is any(one_by_one)


def test_nobody_has_both_hands_of_four_eyes_by_all_his_roles() -> None:
    assert not may(caller(*Role), Action.APPROVE, own=True)
    with pytest.raises(RefusedError, match="somebody else must, with the role approver"):
        require(caller(*Role), Action.APPROVE, own=True)


@pytest.mark.parametrize("action", Action)
def test_a_token_may_what_is_in_its_scope_and_nothing_that_takes_a_person(action: Action) -> None:
    everything = caller(*Role, scope=frozenset(Action))
    assert ever(everything, action) is (action not in PERSONAL)
    assert not ever(caller(*Role, scope=frozenset(Action) - {action}), action)
    with pytest.raises(RefusedError, match="its scope does not hold it"):
        require(caller(*Role, scope=frozenset()), action, own=False)
    # A scope adds nothing to what the roles permit.
    assert ever(caller(Role.VIEWER, scope=frozenset(Action)), action) is (
        ever(caller(Role.VIEWER), action) and action not in PERSONAL
    )


@pytest.mark.parametrize("action", Action)
def test_who_has_not_proved_who_he_is_may_nothing(action: Action) -> None:
    assert not ever(Caller.unproved("socket uid 0"), action)
    with pytest.raises(RefusedError, match="only for who has proved who he is"):
        require(Caller.unproved("socket uid 0"), action, own=True)


def test_a_refusal_can_be_said_in_polish() -> None:
    with speaking("pl"), pytest.raises(RefusedError, match="anna"):
        require(caller(Role.VIEWER), Action.KEYS, own=False)
