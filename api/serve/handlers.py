"""Everything the desk can be asked, gathered from the packages that answer."""

from __future__ import annotations

from api.accounts import handlers as people
from api.archive import handlers as archive
from api.audit import handlers as audit
from api.backup import handlers as backup
from api.dayzero import handlers as dayzero
from api.desk.context import Context
from api.desk.verb import Bound
from api.drills import handlers as drills
from api.keys import handlers as keys
from api.plans import handlers as plans
from api.work import handlers as work

__all__ = ["handlers"]


def handlers(context: Context) -> dict[str, Bound]:
    """Every verb with its handler, by name."""
    return {
        **people.handlers(context),
        **audit.handlers(context),
        **dayzero.handlers(context),
        **archive.handlers(context),
        **plans.handlers(context),
        **keys.handlers(context),
        **drills.handlers(context),
        **work.handlers(context),
        **backup.handlers(context),
    }
