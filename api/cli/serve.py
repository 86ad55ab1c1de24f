"""`fosa serve`: the page, the API and the metrics of an office, and the watch behind them."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from api.cli.office import folder_of, settings
from api.cli.options import InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["PORT", "Port", "serve"]

PORT = 8064

Port = Annotated[int, typer.Option("--port", min=1, max=65535, metavar="PORT", help=_("The port of the page."))]


def serve(
    port: Port = PORT,
    bind: Annotated[
        str, typer.Option("--bind", metavar="ADDRESS", help=_("A loopback address: others come by ssh -L."))
    ] = "127.0.0.1",
    inventory: InventoryFolder = None,
    lang: Lang = None,
) -> int:
    """Started as root, watch, edge and work become accounts of their own."""
    from dataclasses import replace
    from ipaddress import ip_address

    from api.serve.served import Door, Wish
    from api.serve.served import serve as run

    try:
        loopback = ip_address(bind).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        text = _("{bind} is no loopback address; fosa serves this machine only: come from elsewhere by ssh -L")
        raise InputError(text.format(bind=bind))
    wish = Wish(replace(settings(), inventory=folder_of(inventory)), Door(bind, port))
    return run(wish, os.environ, Output(as_json=False).line)
