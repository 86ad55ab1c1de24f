"""`fosa audit`: what was done and read, by whom; and the proof that the record of it is whole."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.moment import local, zone
from api.cli.options import AsJson, Lang, group
from api.cli.output import Output
from inventory.errors import InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.archive.mentioned import Mention
    from api.audit.checkpoint import Checkpoint
    from api.audit.verify import Row, Verdict
    from api.chain import Entry
    from api.desk.client import Client
    from inventory.sentence import Sentence

__all__ = ["audit"]

audit = typer.Typer(callback=group, invoke_without_command=True, rich_markup_mode=None)


Since = Annotated[
    dt.datetime | None,
    typer.Option(
        "--since", metavar="DATE", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help=_("Not before."), show_default=False
    ),
]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help=_("By this account."), show_default=False)]
On = Annotated[
    str,
    typer.Option("--subject", metavar="TEXT", help=_("On what: a plan, a device, an account."), show_default=False),
]
What = Annotated[
    str,
    typer.Option("--action", metavar="NAME", help=_("plan.approve, or plan for all of its kind."), show_default=False),
]
Exported = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help=_("An exported audit; without it the office's own."), show_default=False),
]
Held = Annotated[
    Path | None,
    typer.Option("--checkpoints", metavar="FILE", help=_("Checkpoints kept off the machine."), show_default=False),
]
Keys = Annotated[
    list[Path] | None,
    typer.Option(
        "--key", metavar="FILE", help=_("The public key they are signed by; may be given again."), show_default=False
    ),
]


@audit.command(help=_("Show what was done and read, and what was refused; the newest last."))
def show(
    since: Since = None,
    who: Who = "",
    subject: On = "",
    action: What = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=5000, help=_("How many at most."))] = 50,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Everybody may see what is said of himself; the rest takes the right to the audit."""
    from api.audit.verbs import SHOW, Search
    from api.cli.questions import asked

    begin = since.replace(tzinfo=zone()) if since else None
    found = desk().call(SHOW, asked(Search, since=begin, who=who, subject=subject, action=action, limit=limit))
    output = Output(as_json=as_json)
    for entry in found.entries:
        output.line(_line(entry), "" if entry.deed.result == "done" else "red")
    if found.more:
        output.line(_("there is more: --limit, --since"))
    output.result({"entries": [entry.model_dump(mode="json") for entry in found.entries], "more": found.more})
    return Exit.DONE


@audit.command(help=_("Prove that no record was changed, taken out, put in or cut off; name the first that was."))
def verify(
    file: Exported = None, checkpoints: Held = None, key: Keys = None, as_json: AsJson = False, lang: Lang = None
) -> int:
    """Exit code 1 when it is not whole."""
    from api.audit.checkpoint import public_keys
    from api.audit.files import read
    from api.audit.verify import verify as verified

    rows, own, given = _exported(file) if file else _office()
    held = read(_there(checkpoints)) if checkpoints else own
    texts = [_there(one).read_text(encoding="ascii", errors="replace") for one in key] if key else [given]
    told: list[Mention] = []
    verdict = verified(_noted(rows, told), held, public_keys(texts))
    if verdict.finding is None and not file:
        verdict = _with_history(verdict, told)
    output = Output(as_json=as_json)
    _tell(verdict, output)
    if file:
        output.line(_("An exported audit is not held against the history; without FILE it is."))
    if verdict.finding is None and not (checkpoints and key):
        output.line(_("Only --checkpoints and --key kept elsewhere prove it against whoever rules the machine."))
    output.result({"whole": verdict.finding is None, **verdict.model_dump(mode="json")})
    return Exit.DONE if verdict.finding is None else Exit.FAILED


@audit.command(help=_("Write the whole audit into a file that can be verified elsewhere."))
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Lines of JSON, closed by a fresh checkpoint. Nothing is overwritten."""
    from api.audit.export import Heading, lines
    from api.audit.verbs import CHECKPOINT, HEAD
    from api.desk.verb import Nothing

    client, output = desk(), Output(as_json=as_json)
    end = client.call(CHECKPOINT, Nothing())
    for hindrance in end.hindrances:
        output.problem(str(hindrance))
    head = client.call(HEAD, Nothing())
    last = end.checkpoint.number
    held = [one for one in _checkpoints(client) if one.number <= last]
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.writelines(lines(Heading(office=head.office, key=head.key), held, _rows(client, last)))
    except OSError as error:
        raise InputError(_("{file}: cannot be written: {why}").format(file=file, why=error.strerror)) from error
    output.line(_("{file}: the audit up to record {n}").format(file=file, n=last))
    output.result({"file": str(file), "last": last})
    return Exit.DONE


def _office() -> tuple[Iterator[Row], tuple[Checkpoint, ...], str]:
    """The office's own audit. Its checkpoints come first: what is written meanwhile must not look cut off."""
    from api.audit.verbs import HEAD
    from api.desk.verb import Nothing

    client = desk()
    held = tuple(_checkpoints(client))
    head = client.call(HEAD, Nothing())
    return _rows(client, head.last), held, head.key


def _noted(rows: Iterator[Row], told: list[Mention]) -> Iterator[Row]:
    """The rows as they come; what they tell of revisions is put aside."""
    from api.archive.mentioned import mentions

    for row in rows:
        yield row
        # Whoever verifies has taken it for sound when he asks for the next one.
        told += mentions(row[0], row[1])


def _with_history(verdict: Verdict, told: list[Mention]) -> Verdict:
    """Held against the archive, too: it is whole, and has every revision the audit tells of."""
    from api.archive.mentioned import first_lost
    from api.archive.verbs import CHECK, ROLL
    from api.audit.verify import Fault, Finding
    from api.desk.verb import Nothing

    client = desk()
    if (checked := client.call(CHECK, Nothing())).fault:
        lost: tuple[int, Sentence] | None = verdict.last + 1, checked.fault
    else:
        lost = first_lost(told, client.call(ROLL, Nothing()).revisions)
    if lost is None:
        return verdict
    return verdict.model_copy(update={"finding": Finding(fault=Fault.HISTORY, number=lost[0], text=lost[1])})


def _exported(file: Path) -> tuple[Iterator[Row], tuple[Checkpoint, ...], str]:
    from api.audit.export import opened

    found = opened(file)
    return found.rows, found.checkpoints, found.heading.key


def _rows(client: Client, last: int) -> Iterator[Row]:
    from api.audit.verbs import READ, From

    after = 0
    while after < last:
        rows = client.call(READ, From(after=after)).rows
        if not rows:
            return
        yield from (row for row in rows if row[0] <= last)
        after = rows[-1][0]


def _checkpoints(client: Client) -> Iterator[Checkpoint]:
    from api.audit.verbs import CHECKPOINTS, From

    count = 0
    while found := client.call(CHECKPOINTS, From(after=count)).checkpoints:
        yield from found
        count += len(found)


def _tell(verdict: Verdict, output: Output) -> None:
    if verdict.finding is not None:
        output.line(str(verdict.finding.text), "red")
        output.line(_("up to record {n} it is whole").format(n=max(verdict.finding.number - 1, 0)))
        return
    text = _("whole: records {first} to {last}; checkpoints that hold: {n}, the newest of record {proved}")
    said = text.format(first=verdict.first, last=verdict.last, n=verdict.checkpoints, proved=verdict.proved_to)
    output.line(said, "green")


def _line(entry: Entry) -> str:
    deed = entry.deed
    at = f"{local(entry.at):%Y-%m-%d %H:%M:%S}"
    detail = "  ".join(f"{name}: {text}" for name, text in deed.detail.items())
    words = [f"{entry.number:>6}", at, f"{deed.who} ({deed.origin})", deed.action, deed.subject, deed.result, detail]
    return "  ".join(word for word in words if word)


def _there(file: Path) -> Path:
    if not file.is_file():
        raise InputError(_("{file}: there is no such file").format(file=file))
    return file
