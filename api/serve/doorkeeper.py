"""Who stands at the desk: a token, a session of the page, or the account of the machine says so."""

from __future__ import annotations

from api.desk.knock import Knock
from api.people import sessions, tokens
from api.people.accounts import caller_of_uid
from api.people.model import Action, Caller
from api.people.permissions import ever, require
from api.people.registry import Registry

__all__ = ["People"]


class People:
    """The desk's doorkeeper, by what the ledger knows of people."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def identify(self, knock: Knock) -> Caller:
        """By the strongest he shows; what he shows is never made up for by something else."""
        registry = self._registry
        if knock.token:
            caller = tokens.caller_of_token(registry.ledger, knock.token, registry.now())
            tokens.note_use(registry, caller)
            return caller
        if knock.address:
            caller = sessions.caller_of_session(registry.ledger, knock.session, knock.address, registry.now())
            sessions.seen(registry, caller, knock.session)
            return caller
        return caller_of_uid(registry.ledger, knock.peer.uid)

    def permit(self, caller: Caller, action: Action) -> None:
        """Whose it is, the handler looks at: here it is enough that there is anything he may do it to."""
        if not ever(caller, action):
            require(caller, action, own=False)
