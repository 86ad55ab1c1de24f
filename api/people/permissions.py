"""The table of who may do what, and whether a caller may. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.people.model import NOBODY, Action, Caller, Role
from inventory.errors import RefusedError
from inventory.words import gettext as _

__all__ = ["PERMISSIONS", "PERSONAL", "Rule", "ever", "may", "require"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which roles permit an action. One of them is enough."""

    own: frozenset[Role]
    """On what is one's own: one's plan, token or account, or what the audit says of oneself."""
    other: frozenset[Role]
    """On anybody else's, and on what is nobody's."""


def _rule(*roles: Role, own: frozenset[Role] | None = None) -> Rule:
    """`roles` may on everybody's; on one's own too, unless `own` says otherwise."""
    return Rule(frozenset(roles) if own is None else own, frozenset(roles))


_ALL = frozenset(Role)

PERMISSIONS: Mapping[Action, Rule] = {
    Action.SEE: _rule(*Role),
    Action.PROPOSE: _rule(Role.OPERATOR),
    # Four eyes. An office of one person sets its plans otherwise (Plan.four_eyes).
    Action.APPROVE: _rule(Role.APPROVER, own=frozenset()),
    Action.WITHDRAW: _rule(Role.APPROVER, own=frozenset({Role.OPERATOR, Role.APPROVER})),
    Action.BEGIN_NOW: _rule(Role.OPERATOR),
    # Whoever sees that something goes wrong takes it back: stopping only ever restores what ran before.
    Action.STOP: _rule(Role.OPERATOR, Role.APPROVER, Role.ADMIN),
    Action.FREEZE: _rule(Role.APPROVER, Role.OFFICER, Role.ADMIN),
    Action.ENROL: _rule(Role.OPERATOR),
    Action.KEYS: _rule(Role.ADMIN),
    Action.PEOPLE: _rule(Role.ADMIN),
    Action.PROVE: _rule(Role.ADMIN, own=_ALL),
    Action.AUDIT: _rule(Role.OFFICER, Role.AUDITOR, Role.ADMIN, own=_ALL),
    Action.BACKUP: _rule(Role.ADMIN),
}

PERSONAL = frozenset({Action.APPROVE, Action.KEYS, Action.PEOPLE, Action.PROVE, Action.BACKUP})
"""What only a person may do: no token's scope holds it. A program neither approves nor makes itself more powerful."""


def may(caller: Caller, action: Action, *, own: bool) -> bool:
    """Whether the caller's roles permit the action, and his token too when he came by one."""
    rule = PERMISSIONS[action]
    return _in_scope(caller, action) and not caller.roles.isdisjoint(rule.own if own else rule.other)


def ever(caller: Caller, action: Action) -> bool:
    """Whether there is anything he may do it to, be it only his own."""
    return may(caller, action, own=True) or may(caller, action, own=False)


def require(caller: Caller, action: Action, *, own: bool) -> None:
    """Go on only if he may; RefusedError names the action and who could."""
    if not may(caller, action, own=own):
        raise RefusedError(_refusal(caller, action, own=own))


def _in_scope(caller: Caller, action: Action) -> bool:
    return caller.scope is None or (action in caller.scope and action not in PERSONAL)


def _refusal(caller: Caller, action: Action, *, own: bool) -> str:
    if caller.account == NOBODY:
        return _("{action}: only for who has proved who he is").format(action=action.value)
    if not _in_scope(caller, action):
        text = _("{who} may not do this ({action}) by this token: its scope does not hold it")
        return text.format(who=caller.account, action=action.value)
    rule = PERMISSIONS[action]
    if own and not rule.own:
        text = _("{who} may not do this ({action}) with what is his own: somebody else must, with the role {roles}")
    else:
        text = _("{who} may not do this ({action}): it takes the role {roles}; an admin gives it (fosa people change)")
    roles = sorted(rule.own if own and rule.own else rule.other)
    either = _("or")
    return text.format(who=caller.account, action=action.value, roles=f" {either} ".join(roles))
