"""Guessing made slow: who fails again and again waits longer and longer, whether or not the account exists."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from api.people.model import Account, Caller
from api.people.registry import Registry, deed
from api.people.shelf import ACCOUNTS, ATTEMPTS, PROOFS, Attempts, Proof
from api.store.ledger import Kept, Put
from inventory.errors import ConflictError, RefusedError
from inventory.words import gettext as _

__all__ = [
    "ACCOUNT_FORGETS",
    "FREE_BY_ACCOUNT",
    "FREE_BY_ORIGIN",
    "LONGEST_WAIT",
    "ORIGIN_FORGETS",
    "Trial",
    "wait_after",
]

FREE_BY_ACCOUNT, FREE_BY_ORIGIN = 5, 20
"""Failures in a row that cost nothing. From then on the waits double: 1 s, 2 s, 4 s ..."""
LONGEST_WAIT = dt.timedelta(minutes=15)
ACCOUNT_FORGETS, ORIGIN_FORGETS = dt.timedelta(hours=24), dt.timedelta(hours=1)
"""Without another failure for so long, counting begins anew."""
_BUCKETS = 4096
"""Names and origins that may be made up share this many counters, so that nobody fills the ledger with them."""
_TRIES = 20


def wait_after(failures: int, free: int) -> dt.timedelta:
    """How long one waits after so many failures in a row."""
    over = failures - free
    return dt.timedelta(0) if over <= 0 else min(dt.timedelta(seconds=2 ** min(over - 1, 20)), LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class _Counter:
    key: str
    free: int
    forgets: dt.timedelta
    kept: Kept[Attempts] | None

    def barred(self, now: dt.datetime) -> bool:
        # A clock that was set back must not keep anybody out for longer than a guess ever costs.
        return self.kept is not None and now < self.kept.value.barred_until <= now + LONGEST_WAIT

    def failed(self, now: dt.datetime) -> Put[Attempts]:
        recent = self.kept is not None and now - self.kept.value.last_at < self.forgets
        failures = (self.kept.value.failures if self.kept and recent else 0) + 1
        noted = Attempts(failures=failures, last_at=now, barred_until=now + wait_after(failures, self.free))
        return Put(ATTEMPTS, self.key, noted, self._version)

    def cleared(self) -> Put[Attempts]:
        """Written with the success: a failure noted meanwhile is a conflict, so no guess runs beside the count."""
        return Put(ATTEMPTS, self.key, None, self._version)

    @property
    def _version(self) -> int:
        return self.kept.version if self.kept else 0


@dataclass(frozen=True, slots=True)
class Trial:
    """Somebody who says he is an account, about to prove it."""

    registry: Registry
    caller: Caller
    """As he came; not proved."""
    action: str
    name: str
    account: Kept[Account] | None
    """None when there is none, or it is disabled: to be treated as a wrong password, and to take as long."""
    proof: Kept[Proof] | None
    _by_account: _Counter
    _by_origin: _Counter

    @classmethod
    def of(cls, registry: Registry, caller: Caller, action: str, name: str) -> Trial:
        """Look everything up. RefusedError when this origin has failed too often, whoever it says it is."""
        ledger = registry.ledger
        account = ledger.get(ACCOUNTS, name)
        standing = account if account and not account.value.disabled else None
        whose = f"account {name}" if account else f"stranger {_bucket(name)}"
        by_account = _Counter(whose, FREE_BY_ACCOUNT, ACCOUNT_FORGETS, ledger.get(ATTEMPTS, whose))
        place = f"origin {_bucket(caller.origin)}"
        by_origin = _Counter(place, FREE_BY_ORIGIN, ORIGIN_FORGETS, ledger.get(ATTEMPTS, place))
        trial = cls(
            registry,
            caller,
            action,
            name,
            standing,
            ledger.get(PROOFS, name) if standing else None,
            by_account,
            by_origin,
        )
        if by_origin.barred(registry.now()):
            raise trial.refusal()
        return trial

    @property
    def barred(self) -> bool:
        """Whether even the right answer is not taken now; it must be found wrong as slowly as any."""
        return self._by_account.barred(self.registry.now())

    def failed(self) -> RefusedError:
        """Count the failure, put it into the audit, and give what to raise. While barred nothing is counted."""
        if self.barred:
            return self.refusal()
        trial = self
        for _turn in range(_TRIES):
            now = self.registry.now()
            # What is no account is not repeated: people type passwords where the name belongs.
            subject = f"account {self.name}" if self.account else "account ?"
            told = deed(self.caller, self.action, subject, result="refused")
            try:
                self.registry.ledger.write(told, [trial._by_account.failed(now), trial._by_origin.failed(now)])
            except ConflictError:
                trial = Trial.of(self.registry, self.caller, self.action, self.name)
            else:
                break
        return self.refusal()

    def cleared(self) -> Put[Attempts]:
        """Written with the success. The origin stays counted: an own account is no way to clear it."""
        return self._by_account.cleared()

    @staticmethod
    def refusal() -> RefusedError:
        """The one answer to every failure: it tells nobody which accounts there are."""
        text = _(
            "name, password or code is wrong; after several failures even the right ones are not taken for a while"
        )
        return RefusedError(text)


def _bucket(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % _BUCKETS
