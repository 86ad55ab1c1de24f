"""`fosa token`: how programs prove that they act for you."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.people.model import Action
from inventory.words import gettext as _

__all__ = ["token"]

token = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

Everybody = Annotated[bool, typer.Option("--everybody", help=_("Those of the others too; for an admin."))]


@token.callback()
def mine(context: typer.Context, everybody: Everybody = False, as_json: AsJson = False, lang: Lang = None) -> int:
    """Without a command: the list."""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from api.accounts.verbs import TOKEN_LIST, Whose

    output = Output(as_json=as_json)
    found = desk().call(TOKEN_LIST, Whose(everybody=everybody)).tokens
    for one in found:
        used = _("last used on {day}").format(day=one.used_on) if one.used_on else _("never used")
        until = _("until {day}").format(day=one.until.date())
        output.line(f"{one.id}  {one.account}  {', '.join(one.scope)}  {until}  {used}  {one.title}")
    if not found:
        output.line(_("no tokens"))
    output.result({"tokens": [one.model_dump(mode="json") for one in found]})
    return Exit.DONE


@token.command(help=_("Make a token that acts for you within a scope. It is shown this once."))
def add(
    title: Annotated[str, typer.Argument(metavar="TITLE", help=_("What it is for."), show_default=False)],
    scope: Annotated[
        list[Action],
        typer.Option("--scope", metavar="ACTION", help=_("What it may do; may be given again."), show_default=False),
    ],
    days: Annotated[
        int, typer.Option("--days", metavar="N", help=_("How long it is good; 365 at most."), show_default=False)
    ],
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Programs give it as `Authorization: Bearer`, commands take it from FOSA_TOKEN."""
    from api.accounts.verbs import TOKEN_ADD
    from api.cli.questions import asked
    from api.people.tokens import Wanted

    output = Output(as_json=as_json)
    issued = desk().call(TOKEN_ADD, asked(Wanted, title=title, scope=frozenset(scope), days=days))
    output.line(issued.token)
    output.line(_("good until {day}; it is not shown again").format(day=issued.until.date()))
    output.result({"id": issued.id, "token": issued.token, "until": issued.until})
    return Exit.DONE


@token.command(help=_("End a token, at once."))
def end(
    id_: Annotated[str, typer.Argument(metavar="ID", show_default=False)], as_json: AsJson = False, lang: Lang = None
) -> int:
    """One's own; an admin ends anybody's."""
    from api.accounts.verbs import TOKEN_END, TokenId
    from api.cli.questions import asked

    output = Output(as_json=as_json)
    desk().call(TOKEN_END, asked(TokenId, id=id_))
    output.line(_("the token {id} is ended").format(id=id_))
    output.result({"id": id_, "ended": True})
    return Exit.DONE
