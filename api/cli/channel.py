"""`fosa channel`: how the ways to platforms are, and by when something is owed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import SelectionError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inventory.load import Loaded
    from inventory.model import Office
    from monitor.channel import ChannelReading
    from monitor.results import Watched

__all__ = ["channel"]

ChannelName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help=_("One channel, hop by hop; all of them when none is named."), show_default=False
    ),
]


def channel(
    name: ChannelName = None, inventory: InventoryFolder = None, as_json: AsJson = False, lang: Lang = None
) -> int:
    """Tell of each way to a platform whether it is secure, healthy, and asked every day; by when it is owed next.

    What a running watch knows is told; without one the platform is looked at once.
    """
    from zoneinfo import ZoneInfo

    from api.cli.pictured import newest
    from monitor.channel import judge_channel

    found = loaded(inventory)
    office = found.require()
    names = _chosen(office, name)
    watched = newest() or _own(found, names)
    readings = [judge_channel(office, office.channel(each), watched) for each in names]
    output, zone = Output(as_json=as_json), ZoneInfo(office.calendar.timezone)
    for reading in readings:
        _tell(reading, output, zone)
        if name is not None:
            _tell_all(reading, output)
    output.result({"at": watched.at.isoformat(), "channels": [each.model_dump(mode="json") for each in readings]})
    return _exit_code(readings)


def _chosen(office: Office, name: str | None) -> tuple[str, ...]:
    known = tuple(each.name for each in office.channels)
    if name is None:
        return known
    if name not in known:
        text = _("there is no channel {name}; there are: {names}")
        raise SelectionError(text.format(name=name, names=", ".join(known) or _("none")))
    return (name,)


def _own(found: Loaded, names: tuple[str, ...]) -> Watched:
    from inventory.secrets import SecretStore
    from monitor.once import read_channels
    from monitor.watch import read_keys

    office = found.require()
    return read_channels(office, read_keys(office, SecretStore(found.folder)), names)


def _tell(reading: ChannelReading, output: Output, zone: ZoneInfo) -> None:
    from api.cli.rows import STYLES
    from monitor.channel_words import verdict
    from monitor.hops import worst

    state, _cause = worst((each.state, each.cause) for each in reading.aspects)
    output.line(verdict(reading, zone), STYLES[state])


def _tell_all(reading: ChannelReading, output: Output) -> None:
    """Every hop, every aspect that is not well, every service that has to work."""
    from api.cli.rows import STYLES
    from monitor import words
    from monitor.channel_words import aspect, hop
    from monitor.results import State

    for each in reading.hops:
        output.line(f"  {hop(each.hop)}: {words.state(each.state)} ({each.cause})", STYLES[each.state])
    for one in reading.aspects:
        if one.state is not State.UP:
            output.line(f"  {aspect(one)}: {one.cause}", STYLES[one.state])
    for service in reading.services:
        if service.wanted:
            output.line(f"  {service.title}: {words.state(service.state)} ({service.cause})", STYLES[service.state])
        else:
            output.line(f"  {service.title}: {service.cause}", "dim")


def _exit_code(readings: list[ChannelReading]) -> Exit:
    """Everything known to be well, or not."""
    from monitor.results import State

    well = all(each.state is State.UP for reading in readings for each in reading.aspects)
    return Exit.DONE if well else Exit.DIFFERENCE
