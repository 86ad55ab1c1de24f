"""How certificates and the delivery of revocation lists are shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from api.cli.exits import Exit
from api.cli.moment import local
from api.cli.output import Output
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.keys.model import Due, SharedKey
    from api.keys.verbs import Delivery, Register

__all__ = ["delivered", "row_of", "show"]

_FEW_DAYS = 30


def show(register: Register, output: Output, *, everything: bool = False) -> int:
    """The table; the exit code tells whether something wants to be done."""
    from api.keys.model import Level

    rows = [row for row in register.certificates if everything or row.level is not Level.GONE]
    wanted = any(row.level in {Level.SOON, Level.URGENT, Level.OVER} for row in rows)
    for row in rows:
        output.line(*row_of(row))
    if register.lists is None:
        output.line(_("no authority yet: fosa keys authority"), "yellow")
    else:
        text = _("revocation lists: number {number} today, signed until {last}")
        low = register.lists.days < _FEW_DAYS
        output.line(text.format(number=register.lists.number, last=register.lists.last), "yellow" if low else "")
        if low:
            output.line(_("sign the next ones: fosa keys renew"), "yellow")
        wanted = wanted or low
    for key in register.shared_keys:
        output.line(*_shared(key))
        if key.previous is not None:
            text = _("both ends take the previous key of {tunnel}, too: fosa rotate {tunnel} --finish")
            output.line(text.format(tunnel=key.tunnel), "yellow")
            wanted = True
    for bad in register.unreadable:
        output.problem(f"{bad.device}: {bad.path}: {bad.why}")
    for device, why in register.unread.items():
        output.problem(f"{device}: {why}")
    wanted = wanted or bool(register.unreadable or register.unread)
    output.result(register.model_dump(mode="json"))
    return Exit.DIFFERENCE if wanted else Exit.DONE


def row_of(row: Due) -> tuple[str, str]:
    """A line of the table and its colour."""
    from api.keys.model import Level

    words = {
        Level.FINE: (_("good"), ""),
        Level.SOON: (_("soon"), "yellow"),
        Level.URGENT: (_("urgent"), "red"),
        Level.OVER: (_("over"), "red"),
        Level.REVOKED: (_("revoked"), "dim"),
        Level.GONE: (_("replaced"), "dim"),
    }
    one, (word, style) = row.certificate, words[row.level]
    name = ", ".join(one.identities) or one.subject
    until = _("until {day} ({days} days)").format(day=one.not_after.date(), days=row.days)
    return f"{word:10} {one.where:12} {until:32} {name}  {one.serial}", style


def _shared(key: SharedKey) -> tuple[str, str]:
    """A line about a shared key and its colour."""
    if key.since is None:
        since = _("of unknown age")
    else:
        day = local(key.since).date()
        days = max(0, (dt.datetime.now(dt.UTC) - key.since).days)
        text = _("since before {day} ({days} days)") if key.older else _("since {day} ({days} days)")
        since = text.format(day=day, days=days)
    word = _("shared") if key.previous is None else _("changing")
    return f"{word:10} {key.tunnel:12} {since:32} {key.reference}", "" if key.previous is None else "yellow"


def delivered(delivery: Delivery, output: Output) -> int:
    """Which gateways have today's list; the exit code tells whether all of them do."""
    text = _("revocation list {number} is on: {devices}")
    output.line(text.format(number=delivery.number, devices=", ".join(delivery.delivered) or "-"))
    for device, why in delivery.failed.items():
        output.problem(f"{device}: {why}")
    output.result(delivery.model_dump(mode="json"))
    return Exit.FAILED if delivery.failed else Exit.DONE
