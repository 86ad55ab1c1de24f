"""The desk's part in a backup: who makes one is permitted, and in the audit."""

from __future__ import annotations

from collections.abc import Mapping

from api.backup import verbs
from api.backup.verbs import Made
from api.chain import Deed
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Caller

__all__ = ["handlers"]


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of this package. The files are read by whoever asks: it takes the rights on them, too."""

    def tell(caller: Caller, action: str, subject: str, after: str = "") -> Nothing:
        context.ledger.write(
            Deed(who=caller.account, origin=caller.origin, action=action, subject=subject, after=after)
        )
        return Nothing()

    def begin(caller: Caller, _asked: Nothing) -> Nothing:
        return tell(caller, verbs.BEGIN.name, "everything")

    def done(caller: Caller, asked: Made) -> Nothing:
        return tell(caller, verbs.DONE.name, f"file {asked.name}", asked.sha256)

    return bound((verbs.BEGIN, begin), (verbs.DONE, done))
