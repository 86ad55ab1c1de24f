"""`fosa people`: who has an account, and what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.moment import when
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.cli.proving import accept, first, password, second_factor
from api.people.model import Role
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.accounts.verbs import Code, Person

__all__ = ["people"]

people = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

Roles = Annotated[
    list[Role] | None,
    typer.Option("--role", metavar="ROLE", help=_("What the account is for; may be given again."), show_default=False),
]
Uid = Annotated[
    int | None,
    typer.Option(
        "--uid", metavar="N", min=0, help=_("The person's account on this machine, by number."), show_default=False
    ),
]
AccountName = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@people.callback()
def everybody(context: typer.Context, as_json: AsJson = False, lang: Lang = None) -> int:
    """Without a command: everybody."""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from api.accounts.verbs import LIST
    from api.desk.verb import Nothing

    output = Output(as_json=as_json)
    found = desk().call(LIST, Nothing()).people
    width = max((len(person.account.name) for person in found), default=0)
    for person in found:
        output.line(f"{person.account.name:{width}}  {_state(person)}  {person.account.title}")
    output.result({"people": [person.model_dump(mode="json") for person in found]})
    return Exit.DONE


@people.command(help=_("Make an account; its person sets password and second factor by the code that is shown."))
def add(
    name: AccountName,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("Whom the name means."), show_default=False)],
    role: Roles = None,
    uid: Uid = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """The code is good for a day, once."""
    from api.accounts.verbs import ADD
    from api.cli.questions import asked
    from api.people.accounts import Newcomer

    newcomer = asked(Newcomer, name=name, title=title, roles=frozenset(role or ()), uid=uid)
    _show_code(name, desk().call(ADD, newcomer), Output(as_json=as_json))
    return Exit.DONE


@people.command(help=_("Change an account. What its roles no longer permit ends at once."))
def change(
    name: AccountName,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help=_("Whom the name means."), show_default=False)
    ] = None,
    role: Roles = None,
    uid: Uid = None,
    no_uid: Annotated[bool, typer.Option("--no-uid", help=_("No account of this machine is his any more."))] = False,
    disable: Annotated[bool, typer.Option("--disable", help=_("Let it do nothing; what it has done stays."))] = False,
    enable: Annotated[bool, typer.Option("--enable", help=_("Let it in again."))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Roles given replace those it had."""
    from api.accounts.verbs import CHANGE
    from api.cli.questions import asked
    from api.people.accounts import Alteration
    from inventory.errors import InputError

    if disable and enable:
        raise InputError(_("--disable and --enable exclude each other"))
    wish = asked(
        Alteration,
        name=name,
        title=title,
        roles=frozenset(role) if role else None,
        uid=uid,
        no_uid=no_uid,
        disabled=True if disable else False if enable else None,
    )
    output = Output(as_json=as_json)
    person = desk().call(CHANGE, wish)
    output.line(f"{name}  {_state(person)}  {person.account.title}")
    output.result(person.model_dump(mode="json"))
    return Exit.DONE


@people.command(help=_("Take password and second factor of an account away; new ones are set by the code shown."))
def reset(name: AccountName, as_json: AsJson = False, lang: Lang = None) -> int:
    """For who has lost them; his sessions end."""
    from api.accounts.verbs import RESET, Named
    from api.cli.questions import asked

    _show_code(name, desk().call(RESET, asked(Named, name=name)), Output(as_json=as_json))
    return Exit.DONE


people.command(help=_("Make the first account, an admin's. On the console, by root."))(first)
people.command(help=_("Set password and second factor by the code an admin has given you."))(accept)
people.command(help=_("Set your own password anew."))(password)
people.command("second-factor", help=_("Set your own second factor anew."))(second_factor)


def _show_code(name: str, code: Code, output: Output) -> None:
    output.line(_("{name} sets password and second factor by this code, once, until {until}:").format(
        name=name, until=f"{when(code.until)}"
    ))  # fmt: skip
    output.line(f"  {code.code}", "bold")
    output.line(_("there by: fosa people accept {name}, or on the page: /accept").format(name=name))
    output.result({"name": name, "code": code.code, "until": code.until})


def _state(person: Person) -> str:
    """What an account may, and how far it is proved."""
    account = person.account
    words = [" ".join(sorted(account.roles))]
    words += [f"uid {account.uid}"] if account.uid is not None else []
    words += [_("disabled")] if account.disabled else []
    if person.code_until is not None:
        words.append(_("code not used yet"))
    elif not person.password:
        words.append(_("no password"))
    elif not person.second_factor:
        words.append(_("no second factor"))
    return ", ".join(words)
