"""How somebody comes to his password and second factor: `fosa people first`, `accept`, `password`, `second-factor`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.office import settings
from api.cli.options import Lang
from api.cli.output import Output
from api.cli.questions import asked, hidden, terminal, typed
from api.people.model import Role
from inventory.errors import ConflictError, InputError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.accounts.verbs import Recovery
    from api.cli.console import Console
    from api.desk.client import Client
    from api.people.proving import Proving

__all__ = ["accept", "first", "password", "second_factor"]

_TRIES = 3


def first(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help=_("Whom the name means."), show_default=False)],
    role: Annotated[
        list[Role] | None,
        typer.Option(
            "--role", metavar="ROLE", help=_("What else than admin it is for; may be given again."), show_default=False
        ),
    ] = None,
    uid: Annotated[
        int | None,
        typer.Option(
            "--uid",
            metavar="N",
            min=0,
            help=_("The person's account on this machine. [default: who called sudo]"),
            show_default=False,
        ),
    ] = None,
    lang: Lang = None,
) -> int:
    """Only while nobody has an account. Works with and without a running service."""
    from api.accounts.verbs import FIRST, First
    from api.people.accounts import Newcomer

    terminal()
    mine = int(os.environ.get("SUDO_UID") or os.getuid())
    roles = frozenset({Role.ADMIN, *(role or ())})
    newcomer = asked(Newcomer, name=name, title=title, roles=roles, uid=mine if uid is None else uid)
    counter = _counter(name)
    codes = _proved(
        counter, name, _new_password(name), lambda proof: counter.call(FIRST, First(newcomer=newcomer, proving=proof))
    )
    _show_recovery(codes)
    Output(as_json=False).line(_("{name} is the first admin").format(name=name), "bold")
    return Exit.DONE


def accept(name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)], lang: Lang = None) -> int:
    """The name says which account the code is for; the code proves it."""
    from api.accounts.verbs import ACCEPT, Accept

    terminal()
    client = desk()
    code = typed(_("Code from the admin"))
    codes = _proved(
        client,
        name,
        _new_password(name),
        lambda proof: client.call(ACCEPT, asked(Accept, name=name, code=code, proving=proof)),
    )
    _show_recovery(codes)
    return Exit.DONE


def password(lang: Lang = None) -> int:
    """Sessions on the page end."""
    from api.accounts.verbs import PASSWORD, WHOAMI, NewPassword
    from api.desk.verb import Nothing

    terminal()
    client = desk()
    name = client.call(WHOAMI, Nothing()).account
    old = str(typer.prompt(_("Password so far (empty: none yet)"), default="", hide_input=True, show_default=False))
    client.call(PASSWORD, NewPassword(old=old, new=_new_password(name)))
    Output(as_json=False).line(_("{name} has a new password").format(name=name))
    return Exit.DONE


def second_factor(lang: Lang = None) -> int:
    """Recovery codes are new, too; sessions on the page end."""
    from api.accounts.verbs import FACTOR, WHOAMI, Factor
    from api.desk.verb import Nothing

    terminal()
    client = desk()
    name = client.call(WHOAMI, Nothing()).account
    secret = hidden(_("Password"))
    text = _("Code of the second factor so far, or a recovery code (empty: none yet)")
    current = str(typer.prompt(text, default="", show_default=False))
    codes = _proved(
        client, name, secret, lambda proof: client.call(FACTOR, asked(Factor, proving=proof, current=current))
    )
    _show_recovery(codes)
    return Exit.DONE


def _counter(name: str) -> Client | Console:
    """The desk; without a service the ledger itself, for whoever may write it."""
    from api.accounts.verbs import OFFER, Named

    client = desk()
    try:
        client.call(OFFER, asked(Named, name=name))
    except ServiceError:
        from api.cli.console import Console

        return Console(settings())
    return client


def _proved(counter: Client | Console, name: str, secret: str, send: Callable[[Proving], Recovery]) -> tuple[str, ...]:
    """Show a second factor, ask for a code of it, and send both; a mistyped code is asked for again."""
    from api.accounts.verbs import OFFER, Named
    from api.people.proving import Proving

    output = Output(as_json=False)
    offer = counter.call(OFFER, asked(Named, name=name))
    _show_factor(offer.uri, output)
    for left in range(_TRIES - 1, -1, -1):
        proof = Proving(password=secret, sealed=offer.sealed, code=typed(_("Code the authenticator shows")))
        try:
            return send(proof).codes
        except ConflictError:
            raise
        except InputError as error:
            if not left:
                raise
            output.problem(str(error))
    raise AssertionError


def _new_password(name: str) -> str:
    from api.people.passwords import check

    secret = hidden(_("New password"))
    check(secret, name)
    if hidden(_("The same again")) != secret:
        raise InputError(_("the two are not the same; nothing was changed"))
    return secret


def _show_factor(uri: str, output: Output) -> None:
    """As a picture for the telephone, and as text."""
    import segno

    output.line(_("Scan this with an authenticator, or type the text below it into one. It is shown this once."))
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    segno.make(uri, error="l").terminal(out=sys.stdout, border=2, compact=utf8)
    output.line(uri)


def _show_recovery(codes: tuple[str, ...]) -> None:
    output = Output(as_json=False)
    output.line(
        _("Recovery codes: each stands in for a lost second factor, once. Print them; they are shown this once.")
    )
    for code in codes:
        output.line(f"  {code}")
