"""The desk itself: who asks is found out, whether he may is looked up, the handler answers, the audit is told."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from api.chain import Deed
from api.desk.knock import Doorkeeper, Knock
from api.desk.refusals import Refusals
from api.desk.verb import Bound
from api.people.model import NOBODY, Action, Caller
from api.store.ledger import Ledger
from inventory.errors import InputError, RefusedError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["FOLLOW", "Desk"]

FOLLOW = "follow"
"""What following a change is called in the audit; no verb may be called so."""
# Never a field that could hold a password or a code: what was asked is not copied into the audit as a whole.
_SUBJECTS = ("plan", "change", "device", "tunnel", "account", "token", "id", "name", "subject")


class Desk:
    """Answers for one office. Its methods block; any number of threads may call them."""

    def __init__(self, bound: Mapping[str, Bound], doorkeeper: Doorkeeper, ledger: Ledger) -> None:
        self._bound, self._doorkeeper, self._ledger = bound, doorkeeper, ledger
        self._refusals = Refusals(ledger)

    def knows(self, name: str) -> bool:
        """Whether there is such a verb."""
        return name in self._bound

    def ask(self, knock: Knock, name: str, body: bytes) -> Value:
        """The answer to a verb that is known. Raises what the handler raises; InputError for a question of another
        shape, RefusedError for somebody who may not ask.
        """
        bound = self._bound[name]
        verb = bound.verb
        asked = _parsed(verb.asked, body)
        subject = _subject(asked)
        if verb.unproved:
            return bound.handle(self._whoever(knock), asked)
        caller = self._admit(knock, verb.action, Deed(who=NOBODY, origin=knock.origin, action=name, subject=subject))
        try:
            answer = bound.handle(caller, asked)
        except RefusedError as error:
            self._refusals.tell(_deed(caller, name, subject), str(error))
            raise
        if not verb.writes:
            self._ledger.write(_deed(caller, name, subject))
        return answer

    def follow(self, knock: Knock, subject: str) -> None:
        """Say who is going to follow a change; RefusedError when he may not."""
        deed = Deed(who=NOBODY, origin=knock.origin, action=FOLLOW, subject=_line(subject))
        caller = self._admit(knock, Action.SEE, deed)
        self._ledger.write(_deed(caller, FOLLOW, deed.subject))

    def _whoever(self, knock: Knock) -> Caller:
        try:
            return self._doorkeeper.identify(knock)
        except RefusedError:
            return Caller.unproved(knock.origin)

    def _admit(self, knock: Knock, action: Action, deed: Deed) -> Caller:
        try:
            caller = self._doorkeeper.identify(knock)
            deed = deed.model_copy(update={"who": caller.account, "origin": caller.origin})
            self._doorkeeper.permit(caller, action)
        except RefusedError as error:
            self._refusals.tell(deed, str(error))
            raise
        return caller


def _deed(caller: Caller, action: str, subject: str) -> Deed:
    return Deed(who=caller.account, origin=caller.origin, action=action, subject=subject)


def _parsed(kind: type[Value], body: bytes) -> Value:
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        # Without what was given: it may be a password.
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            _("the question is not understood: {where}: {why}").format(where=where, why=first["msg"])
        ) from None


def _subject(asked: Value) -> str:
    for name in _SUBJECTS:
        value = getattr(asked, name, None)
        if isinstance(value, str) and value:
            return _line(f"{name} {value}")
    return ""


def _line(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:120]
