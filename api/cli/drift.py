"""`fosa drift`: where a device does not run what was approved, and both ways out of it."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import putback
from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.moment import when
from api.cli.options import AsJson, DeviceNames, Lang
from api.cli.output import Output
from inventory.errors import ConflictError, InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.archive.drifted import Drift, Look
    from api.archive.verbs import Drifted

__all__ = ["drift"]

_OLD = dt.timedelta(minutes=30)
"""Three rounds that were not made."""


def drift(
    devices: DeviceNames = None,
    last: Annotated[bool, typer.Option("--last", help=_("What the last look found; no device is asked."))] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help=_("Approve what the device runs."))] = False,
    put_back: Annotated[
        bool, typer.Option("--put-back", help=_("Propose a plan that puts back what was approved."))
    ] = False,
    found: Annotated[
        str,
        typer.Option(
            "--found", metavar="REVISION", help=_("With --adopt: what you have read and approve."), show_default=False
        ),
    ] = "",
    why: putback.Why = "",
    on_site: putback.OnSite = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Looks at once; the service looks by itself every ten minutes."""
    output, names = Output(as_json=as_json), devices or []
    if adopt and put_back:
        raise InputError(_("--adopt and --put-back exclude each other"))
    if not adopt and not put_back:
        return _look(names, output, last=last)
    if len(names) != 1 or not why:
        raise InputError(_("name one device, and --why"))
    return _adopt(names[0], found, why, output) if adopt else _put_back(names[0], why, on_site, output)


def _look(names: list[str], output: Output, *, last: bool) -> int:
    from api.archive import verbs
    from api.archive.drifted import Standing
    from api.archive.words import standing_text
    from api.desk.verb import Nothing

    answer = desk().call(verbs.DRIFT, Nothing()) if last else desk().call(verbs.LOOK, verbs.Which(devices=tuple(names)))
    looks = _chosen(answer, names)
    width = max(map(len, looks), default=0)
    for name, look in looks.items():
        output.line(f"{name:{width}}  {when(look.at)}  {standing_text(look)}")
    for each in answer.open:
        if not names or each.device in names:
            _show(each, output)
    if not looks:
        output.line(_("nobody has looked yet"))
    output.result(answer.model_dump(mode="json"))
    standings = {look.standing for look in looks.values()}
    if old := [name for name, look in looks.items() if dt.datetime.now(dt.UTC) - look.at > _OLD]:
        output.problem(
            _("not looked at for half an hour: {devices}; does fosa serve run?").format(devices=", ".join(old))
        )
    if Standing.UNREAD in standings or not looks or old:
        return Exit.FAILED
    return Exit.DONE if standings <= {Standing.SAME, Standing.CHANGING} else Exit.DIFFERENCE


def _chosen(answer: Drifted, names: list[str]) -> dict[str, Look]:
    looks = answer.round.devices if answer.round else {}
    return {name: look for name, look in looks.items() if not names or name in names}


def _show(drift: Drift, output: Output) -> None:
    output.line(_("=== {devices}").format(devices=drift.device), "bold")
    for sentence in drift.told:
        output.line(str(sentence))
    for diff in drift.diffs:
        output.line(f"--- {diff.section}", "bold")
        output.diff("\n".join(diff.lines))
    if drift.plan:
        output.line(_("plan {plan} puts it back").format(plan=drift.plan))
        return
    text = _("approve it: fosa drift {device} --adopt --found {found} --why TEXT")
    output.line(text.format(device=drift.device, found=drift.found[:10]))
    if drift.approved:
        output.line(_("or put it back: fosa drift {device} --put-back --why TEXT").format(device=drift.device))


def _adopt(device: str, found: str, why: str, output: Output) -> int:
    """What is approved must have been read: it is shown and asked for, or named."""
    from api.archive import verbs
    from api.cli.questions import asked
    from api.desk.verb import Nothing

    if not found:
        drifts = [each for each in desk().call(verbs.DRIFT, Nothing()).open if each.device == device]
        if not drifts:
            raise ConflictError(_("{device} has no open drift; fosa drift {device} looks again").format(device=device))
        if not sys.stdin.isatty():
            raise InputError(_("name what you have read: --found REVISION"))
        _show(drifts[0], output)
        typer.confirm(_("Approve this?"), abort=True, err=True)
        found = drifts[0].found
    revision = desk().call(verbs.ADOPT, asked(verbs.Adoption, device=device, found=found, why=why))
    output.line(_("{device}: {revision} is approved").format(device=device, revision=revision.short))
    if not revision.bundle:
        output.line(_("it cannot be put back later: it holds what is in none of fosa's files"))
    output.result(revision.model_dump(mode="json"))
    return Exit.DONE


def _put_back(device: str, why: str, on_site: str, output: Output) -> int:
    from api.archive import verbs
    from api.cli.questions import asked

    wish = asked(verbs.PutBack, device=device, why=why, on_site=on_site)
    putback.show(desk().call(verbs.PUT_BACK, wish), output)
    return Exit.DONE
