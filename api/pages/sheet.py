"""One device as it was read last: what it is, and tables of all that it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.pages.figures import DASH, bits, count, measure, octets, share
from api.pages.signs import Shape, Sign, of_state
from api.pages.times import lasting
from inventory.words import gettext as _
from monitor.results import State
from monitor.snmp.model import (
    Battery,
    BatteryState,
    Figures,
    Neighbour,
    Port,
    PortState,
    Role,
    Sensor,
    SensorKind,
    Storage,
    Supply,
    SupplyState,
)

__all__ = ["Cell", "Sheet", "Table", "sheet"]

_PORTS = 1000
Cell = str | Sign


@dataclass(frozen=True, slots=True)
class Table:
    """Its first column names the row."""

    name: str
    """Of its place on the page."""
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown of the figures of a device."""

    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    """Only those that have rows."""


def sheet(figures: Figures) -> Sheet:
    """In the language in use."""
    tables = (
        _supplies(figures.supplies),
        _batteries(figures.batteries),
        _roles("tunnels", _("Tunnels of its own"), figures.tunnels),
        _roles("services", _("Services"), figures.services),
        _ports(figures.ports),
        _neighbours(figures.neighbours),
        _sensors(figures.sensors),
        _storages(figures.storages),
        Table(
            "vlans",
            _("VLANs"),
            (_("Number"), _("Name")),
            tuple((str(vlan.number), vlan.name) for vlan in figures.vlans),
        ),
    )
    return Sheet(tuple(_facts(figures)), tuple(table for table in tables if table.rows))


def _facts(figures: Figures) -> Iterator[tuple[str, str]]:
    plain = (
        (_("Firmware"), figures.firmware),
        (_("Serial number"), figures.serial),
        (_("Calls itself"), figures.name),
        (_("Describes itself"), figures.title),
        (_("Says that it stands"), figures.place),
    )
    yield from ((name, value) for name, value in plain if value)
    if figures.uptime_s is not None:
        yield _("Runs for"), lasting(figures.uptime_s)
    for load in figures.loads:
        yield _("Load of {processor}").format(processor=load.name), share(load.ratio)
    if figures.sessions is not None:
        yield _("Sessions"), count(figures.sessions)
    if figures.bridge is not None and figures.bridge.topology_changes is not None:
        yield _("Changes of the spanning tree"), count(figures.bridge.topology_changes)
    yield from _printing(figures)
    yield from _power(figures)


def _printing(figures: Figures) -> Iterator[tuple[str, str]]:
    printing = figures.printing
    if printing is None:
        return
    if printing.pages is not None:
        yield _("Pages printed"), count(printing.pages)
    if printing.alerts:
        yield _("It says"), "; ".join(printing.alerts)


def _power(figures: Figures) -> Iterator[tuple[str, str]]:
    ups = figures.ups
    if ups is None:
        return
    if ups.source:
        sources = {"normal": _("the mains"), "battery": _("the battery"), "bypass": _("the mains, past the device")}
        yield _("Power comes from"), sources.get(ups.source, ups.source)
    if ups.load_ratio is not None:
        yield _("Load"), share(ups.load_ratio)
    if ups.input_v is not None:
        yield _("Input"), measure(ups.input_v, "V")
    if ups.output_v is not None:
        yield _("Output"), measure(ups.output_v, "V")


def _supplies(supplies: Sequence[Supply]) -> Table:
    signs = {
        SupplyState.OK: Sign(Shape.UP, _("enough")),
        SupplyState.LOW: Sign(Shape.HEED, _("running low")),
        SupplyState.EMPTY: Sign(Shape.DOWN, _("used up")),
        SupplyState.UNKNOWN: of_state(State.UNKNOWN),
    }
    rows = ((each.name, signs[each.state], _share(each.level_ratio)) for each in supplies)
    return Table("supplies", _("Supplies"), (_("Supply"), _("State"), _("Left")), tuple(rows))


def _batteries(batteries: Sequence[Battery]) -> Table:
    heads = (_("Battery"), _("State"), _("Charge"), _("Lasts"), _("Voltage"), _("Temperature"))
    return Table("batteries", _("Batteries"), heads, tuple(map(_battery, batteries)))


def _battery(battery: Battery) -> tuple[Cell, ...]:
    sign = {
        BatteryState.NORMAL: Sign(Shape.UP, _("in order")),
        BatteryState.LOW: Sign(Shape.HEED, _("running low")),
        BatteryState.DEPLETED: Sign(Shape.DOWN, _("depleted")),
        BatteryState.UNKNOWN: of_state(State.UNKNOWN),
    }[battery.state]
    return (
        battery.name,
        Sign(Shape.HEED, _("to be replaced")) if battery.replace else sign,
        _share(battery.charge_ratio),
        DASH if battery.left_s is None else lasting(battery.left_s),
        DASH if battery.voltage is None else measure(battery.voltage, "V"),
        DASH if battery.temperature_c is None else measure(battery.temperature_c, "°C"),
    )


def _roles(name: str, title: str, roles: Sequence[Role]) -> Table:
    rows = ((each.name, of_state(each.state), each.said) for each in roles)
    return Table(name, title, (_("Name"), _("State"), _("It says")), tuple(rows))


def _ports(ports: Sequence[Port]) -> Table:
    heads = (_("Port"), _("State"), _("Speed"), _("In"), _("Out"), _("Errors"), _("Discarded"))
    return Table("ports", _("Ports"), heads, tuple(map(_port, ports[:_PORTS])))


def _port(port: Port) -> tuple[Cell, ...]:
    counters = port.counters
    return (
        f"{port.name} ({port.title})" if port.title and port.title != port.name else port.name,
        _port_sign(port),
        DASH if not port.speed_bps or port.state is not PortState.UP else bits(port.speed_bps),
        _passed(port.in_bps, None if counters is None else counters.in_bytes),
        _passed(port.out_bps, None if counters is None else counters.out_bytes),
        DASH if counters is None else count(counters.in_errors + counters.out_errors),
        DASH if counters is None else count(counters.in_discards + counters.out_discards),
    )


def _port_sign(port: Port) -> Sign:
    """A port that nothing is plugged into is nobody's fault."""
    if port.enabled is False:
        return Sign(Shape.NONE, _("switched off"))
    return {
        PortState.UP: of_state(State.UP),
        PortState.DOWN: Sign(Shape.NONE, _("no link")),
        PortState.OTHER: Sign(Shape.NONE, _("waiting")),
        PortState.UNKNOWN: of_state(State.UNKNOWN),
    }[port.state]


def _passed(rate: float | None, total: int | None) -> str:
    if total is None:
        return DASH
    return octets(total) if rate is None else f"{bits(rate)}, {octets(total)}"


def _neighbours(neighbours: Sequence[Neighbour]) -> Table:
    rows = ((each.port or DASH, each.name, each.far_port, each.title) for each in neighbours)
    return Table(
        "neighbours", _("Neighbours"), (_("Port"), _("Neighbour"), _("Its port"), _("Describes itself")), tuple(rows)
    )


def _sensors(sensors: Sequence[Sensor]) -> Table:
    return Table("sensors", _("Sensors"), (_("Sensor"), _("State"), _("Value")), tuple(map(_sensor, sensors)))


def _sensor(sensor: Sensor) -> tuple[Cell, ...]:
    units = {SensorKind.TEMPERATURE: "°C", SensorKind.VOLTAGE: "V"}
    value = DASH if sensor.value is None else measure(sensor.value, units.get(sensor.kind, sensor.unit))
    if sensor.ok is None:
        return sensor.name, Sign(Shape.NONE, _("not judged")), value
    return sensor.name, Sign(Shape.UP, _("in order")) if sensor.ok else Sign(Shape.DOWN, _("not in order")), value


def _storages(storages: Sequence[Storage]) -> Table:
    heads = (_("Storage"), _("Size"), _("In use"))
    return Table("storages", _("Memory and disks"), heads, tuple(map(_storage, storages)))


def _storage(storage: Storage) -> tuple[Cell, ...]:
    used = DASH if storage.size_bytes <= 0 else share(min(1.0, storage.used_bytes / storage.size_bytes))
    return storage.name, octets(storage.size_bytes), used


def _share(ratio: float | None) -> str:
    return DASH if ratio is None else share(ratio)
