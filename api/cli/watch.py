"""`fosa watch`: tunnels, lines and gateways as they are now, and as they change."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import DriverError
from inventory.model import Office
from inventory.secrets import SecretStore
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.cli.screens import Screen
    from monitor.results import Watched
    from monitor.watch import Keys

__all__ = ["watch"]


def watch(
    once: Annotated[
        bool, typer.Option("--once", help=_("Read everything once, show it and end; after 5 seconds at most."))
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(min=1, max=86400, metavar="N", help=_("End after so many seconds."), show_default=False),
    ] = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Show how tunnels, lines and gateways are. With --json: one object with --once, else one a line."""
    from monitor.watch import read_keys

    found = loaded(inventory)
    office = found.require()
    if not office.gateways:
        raise DriverError(_("the inventory has no device that fosa configures (none names a platform)"))
    keys = read_keys(office, SecretStore(found.folder))
    if once:
        return _exit_code(_show_once(office, keys, Output(as_json=as_json)))
    return _exit_code(_show(office, keys, seconds, as_json=as_json))


def _show_once(office: Office, keys: Keys, output: Output) -> Watched:
    from api.cli.rows import STYLES, rows
    from monitor.once import read_once

    watched = read_once(office, keys)
    for state, line in rows(watched):
        output.line(line, STYLES[state])
    output.result(watched.model_dump(mode="json"))
    return watched


def _show(office: Office, keys: Keys, seconds: float | None, *, as_json: bool) -> Watched:
    import asyncio
    from zoneinfo import ZoneInfo

    from api.cli.screens import screen

    shown = screen(ZoneInfo(office.calendar.timezone), as_json=as_json)
    try:
        return asyncio.run(_follow(office, keys, shown, seconds))
    finally:
        shown.close()


async def _follow(office: Office, keys: Keys, shown: Screen, seconds: float | None) -> Watched:
    import asyncio

    from monitor.watch import Listener, Watch

    running = Watch(office, keys, Listener(on_picture=shown.picture, on_events=shown.events))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await running.run()
    return running.picture()


def _exit_code(watched: Watched) -> Exit:
    """All tunnels up, some not, or no gateway to be reached."""
    if not any(device.state.works for device in watched.devices):
        return Exit.UNREACHABLE
    return Exit.DONE if all(tunnel.state.works for tunnel in watched.tunnels) else Exit.DIFFERENCE
