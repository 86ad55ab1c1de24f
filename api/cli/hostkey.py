"""The host key a device offers, held against what its console says: one of them alone is nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.cli.output import Output
from inventory.errors import ConflictError, InputError, RefusedError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from inventory.model import Access, Login

__all__ = ["compared"]

_AT_CONSOLE = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
_TRIES = 3


def compared(access: Access, source: Path | None, output: Output) -> str:
    """The host key that the device offers, when it is the one at its console; RefusedError else.

    What the console says is in the file `source`, or typed in.
    """
    from api.dayzero.fingerprint import fingerprint

    if source is None and not sys.stdin.isatty():
        raise InputError(_("nobody is there to type the fingerprint in: bring it in a file, with --from FILE"))
    said = _from_file(source) if source is not None else None
    key = _offered((access.write, access.read))
    said = said or _from_console(access.device, output)

    if said != fingerprint(key):
        message = _(
            "{device}: the network offers the host key {offered}, its console says {said}. Nothing was changed. Either"
            " it was read wrongly, or something stands between here and {device}: do not go on before you know which"
        )
        raise RefusedError(message.format(device=access.device, offered=fingerprint(key), said=said))
    output.line(_("{device}: the host key is the one at its console: {key}").format(device=access.device, key=said))
    return key


def _offered(logins: tuple[Login, ...]) -> str:
    from api.dayzero.offered import offered

    places = {(login.address, login.port): login for login in logins}
    keys = {offered(login) for login in places.values()}
    if len(keys) > 1:
        raise ConflictError(_("the addresses of the two accounts offer different host keys: they are two machines"))
    return keys.pop()


def _from_console(device: str, output: Output) -> str:
    from api.dayzero.fingerprint import given

    output.problem(_("On the console of {device}: {command}").format(device=device, command=_AT_CONSOLE))
    for left in reversed(range(_TRIES)):
        try:
            # The offered one is not shown: who sees it first only says yes.
            return given(typer.prompt(_("The fingerprint it shows"), err=True))
        except InputError as error:
            if not left:
                raise
            output.problem(str(error))
    raise AssertionError


def _from_file(path: Path) -> str:
    from api.dayzero.fingerprint import TEXT_LIMIT, given

    try:
        with path.open("rb") as file:
            text = file.read(TEXT_LIMIT).decode(errors="replace")
    except OSError as error:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=error.strerror)) from error
    try:
        return given(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
