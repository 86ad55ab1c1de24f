"""`fosa devices`: every device that is read by SNMP, as it answered last."""

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
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from inventory.model import Device, Office
    from monitor.snmp.model import Battery, Figures, Polled

__all__ = ["devices"]

_SUPPLIES = 3
_Row = tuple["Device", "Polled"]

DeviceName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help=_("One device, with all it says; a line for each when none is named."), show_default=False
    ),
]


def devices(
    name: DeviceName = None, inventory: InventoryFolder = None, as_json: AsJson = False, lang: Lang = None
) -> int:
    """Tell how the devices are that are read by SNMP, as the watch that runs here knows them.

    Printers, switches, power supplies and firewalls: state, model, firmware, ports, supplies, batteries.
    """
    from zoneinfo import ZoneInfo

    from api.cli.pictured import seen
    from monitor.results import State

    office = loaded(inventory).require()
    found = _rows(office, name, seen().polled)
    output, zone = Output(as_json=as_json), ZoneInfo(office.calendar.timezone)
    if name is None:
        _list(found, output, zone)
    else:
        _tell_all(*found[0], output, zone)
    output.result({"devices": [_view(office, *row) for row in found]})
    return Exit.DONE if all(polled.state is State.UP for _device, polled in found) else Exit.DIFFERENCE


def _rows(office: Office, name: str | None, told: Mapping[str, Polled]) -> list[_Row]:
    """Those that are expected to be polled, in the inventory's order, also where nothing was heard of them yet."""
    import datetime as dt

    from monitor.snmp.expected import expected_polls, unpolled

    now = dt.datetime.now(dt.UTC)
    polls = {poll.device: poll for poll in expected_polls(office)}
    if name is not None and name not in polls:
        text = _("{name} is no device that is read by SNMP; there are: {names}")
        raise SelectionError(text.format(name=name, names=", ".join(polls) or _("none")))
    wanted = polls if name is None else {name: polls[name]}
    return [(office.device(each), told.get(each) or unpolled(poll, now)) for each, poll in wanted.items()]


def _list(found: Sequence[_Row], output: Output, zone: ZoneInfo) -> None:
    from api.cli.rows import STYLES
    from monitor import words

    heads = (_("Device"), _("State"), _("Model"), _("Firmware"), _("Ports"), _("Supplies"), _("Batteries"), _("Asked"))
    lines = [
        (device.name, words.state(polled.state), *_said(device, polled.figures), _moment(polled, zone))
        for device, polled in found
    ]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    output.line(_aligned((*heads, _("Why")), widths), "bold")
    for (_device, polled), cells in zip(found, lines, strict=True):
        output.line(_aligned((*cells, _why(polled)), widths), STYLES[polled.state])


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, *cells[len(widths) :]]).rstrip()


def _said(device: Device, figures: Figures | None) -> tuple[str, str, str, str, str]:
    """Model, firmware, ports, supplies and batteries; as the inventory says where the device does not."""
    if figures is None:
        return " ".join(filter(None, (device.vendor, device.model))), device.firmware or "", "", "", ""
    model = " ".join(filter(None, (figures.vendor or device.vendor, figures.model or device.model)))
    return model, figures.firmware or device.firmware or "", _ports(figures), _supplies(figures), _batteries(figures)


def _ports(figures: Figures) -> str:
    """Those that are up, of those that a cable can be put into."""
    from monitor.snmp.series import ports, ports_up

    there = ports(figures)
    return "" if there is None else f"{ports_up(figures)}/{there}"


def _supplies(figures: Figures) -> str:
    """Those that somebody has to see to; else that there is enough."""
    from monitor.snmp.model import SupplyState

    wrong = [each for each in figures.supplies if each.state in {SupplyState.LOW, SupplyState.EMPTY}]
    if not wrong:
        return _("enough") if any(each.state is SupplyState.OK for each in figures.supplies) else ""
    words = {SupplyState.LOW: _("running low"), SupplyState.EMPTY: _("used up")}
    named = [
        f"{each.name} {words[each.state] if each.level_ratio is None else _percent(each.level_ratio)}"
        for each in wrong[:_SUPPLIES]
    ]
    return ", ".join(named) + (" …" if len(wrong) > _SUPPLIES else "")


def _batteries(figures: Figures) -> str:
    return ", ".join(filter(None, map(_battery, figures.batteries)))


def _battery(battery: Battery) -> str:
    words = [_percent(battery.charge_ratio)] if battery.charge_ratio is not None else []
    words += [_("{minutes} min").format(minutes=int(battery.left_s // 60))] if battery.left_s is not None else []
    words += [_("to be replaced")] if battery.replace else []
    return " ".join(words)


def _percent(ratio: float) -> str:
    return _("{percent} %").format(percent=f"{100 * ratio:.0f}")


def _moment(polled: Polled, zone: ZoneInfo) -> str:
    """When it was asked last, whether it answered or not."""
    return "" if polled.at is None else polled.at.astimezone(zone).strftime("%H:%M:%S")


def _why(polled: Polled) -> str:
    from monitor.results import State

    if polled.state is State.UP:
        return ""
    return "; ".join(map(str, polled.problems)) or str(polled.cause)


def _tell_all(device: Device, polled: Polled, output: Output, zone: ZoneInfo) -> None:
    """As on its page."""
    from api.cli.rows import STYLES
    from api.pages.sheet import sheet
    from monitor import words

    state = words.state(polled.state)
    output.line(f"{device.name}: {state} ({_why(polled) or polled.cause})", STYLES[polled.state])
    output.line(_("Asked") + f": {_moment(polled, zone) or '-'}")
    if polled.figures is None:
        return
    model, firmware, *_rest = _said(device, polled.figures)
    output.line(_("Model") + f": {' '.join(filter(None, (model, firmware)))}")
    shown = sheet(polled.figures)
    for what, value in shown.facts:
        output.line(f"{what}: {value}")
    for table in shown.tables:
        rows = [[cell if isinstance(cell, str) else cell.word for cell in row] for row in table.rows]
        widths = [max(map(len, column)) for column in zip(table.heads, *rows, strict=True)]
        output.line()
        output.line(table.title, "bold")
        for row in (list(table.heads), *rows):
            output.line("  " + _aligned(row, widths))


def _view(office: Office, device: Device, polled: Polled) -> dict[str, object]:
    """As /api/v1/devices tells it."""
    from api.routes.views import DeviceView, PolledView

    view = DeviceView.of(office, device, None, PolledView.of(polled, whole=True))
    return view.model_dump(mode="json", exclude={"reading"})
