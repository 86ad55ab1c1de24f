"""The desk's doorkeeper: by what somebody proves who he is, and whether he may."""

from __future__ import annotations

from contextlib import suppress

from api.desk.knock import Knock
from api.people.accounts import caller_of_uid
from api.people.model import Action, Caller
from api.people.permissions import permit
from api.people.registry import Registry
from api.people.sessions import caller_of_session
from api.people.tokens import caller_of_token, note_use
from inventory.errors import StoreError

__all__ = ["Door"]


class Door:
    """One office's, as `api.desk.knock.Doorkeeper` wants it."""

    def __init__(self, registry: Registry) -> None:
        """By the accounts of this registry."""
        self._registry = registry

    def identify(self, knock: Knock) -> Caller:
        """A token speaks for itself; the edge's reader needs a session; anybody else is who the kernel says he is."""
        ledger, now = self._registry.ledger, self._registry.now()
        if knock.token:
            caller = caller_of_token(ledger, knock.token, now)
            with suppress(StoreError):  # a full disk refuses nobody who only looks
                note_use(self._registry, caller)
            return caller
        if knock.address:
            return caller_of_session(ledger, knock.session, knock.address, now)
        return caller_of_uid(ledger, knock.peer.uid)

    def permit(self, caller: Caller, action: Action) -> None:
        """RefusedError unless there is anything he may do under this action, be it only on his own."""
        permit(caller, action)
