"""`fosa replace`: another box in the place of an old one."""

from __future__ import annotations

from api.cli.enrol import Console, DeviceName, From, Out, Wish, Yes, run
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.dayzero.verbs import Coming

__all__ = ["replace"]


def replace(
    device: DeviceName,
    out: Out = None,
    console: Console = False,
    source: From = None,
    yes: Yes = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """As `fosa enrol`, for a name that another box had: its pinned key goes only when the new one has been compared."""
    wish = Wish(device, Coming.REPLACED, out, source, console=console, yes=yes)
    return run(loaded(inventory), Output(as_json=as_json), wish)
