"""What polling a device by SNMP finds, as frozen values.

Names come from the devices: they are sanitised and bounded (`monitor.snmp.values`). Base units: bytes, seconds, degrees
Celsius, volts, ratios of 1. None means that the device does not say.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from inventory.model.base import Value
from inventory.sentence import Sentence
from monitor.results import State

__all__ = [
    "Battery",
    "BatteryState",
    "Bridge",
    "Figures",
    "Load",
    "Neighbour",
    "Polled",
    "Port",
    "PortCounters",
    "PortState",
    "Printing",
    "Role",
    "Sensor",
    "SensorKind",
    "Storage",
    "Supply",
    "SupplyState",
    "Ups",
    "Vlan",
]


class PortState(StrEnum):
    """What a port is doing: what it should (`Port.enabled`) and what it does (IF-MIB ifAdminStatus, ifOperStatus)."""

    UP = "up"
    DOWN = "down"
    OTHER = "other"
    """testing, dormant, not present, a lower layer down."""
    UNKNOWN = "unknown"


class PortCounters(Value):
    """What went through a port: begins with what the device had counted, and only grows, whatever its counters do."""

    in_bytes: int
    out_bytes: int
    in_errors: int
    out_errors: int
    in_discards: int
    out_discards: int


class Port(Value):
    """An interface. It is known by its name: an index may change with each restart of the device."""

    name: str
    """ifName, else ifDescr, else `if7`; never twice in a device."""
    index: int
    title: str = ""
    """ifAlias: what somebody wrote at it."""
    enabled: bool | None
    state: PortState
    speed_bps: int | None = None
    counters: PortCounters | None = None
    in_bps: float | None = None
    """Over the time since the poll before; None at the first, and after a restart."""
    out_bps: float | None = None
    errors_grown: int | None = None
    """Errors of both directions since the poll before."""
    physical: bool = True
    """Whether a cable can be put into it, as far as ifType says."""


class Neighbour(Value):
    """Who is at the other end of a cable, as he says himself (LLDP)."""

    port: str
    """Ours, by `Port.name` where it can be told."""
    name: str
    """lldpRemSysName, else the chassis' identity."""
    chassis: str
    far_port: str
    title: str = ""
    """lldpRemSysDesc, shortened."""


class Vlan(Value):
    """A VLAN that the device knows (Q-BRIDGE)."""

    number: int
    name: str = ""


class Bridge(Value):
    """A switch as the bridge it is (BRIDGE-MIB)."""

    address: str = ""
    ports: int | None = None
    topology_changes: int | None = None
    topology_age_s: float | None = None


class Load(Value):
    """A processor."""

    name: str
    ratio: float


class Storage(Value):
    """Memory or a disk (HOST-RESOURCES)."""

    name: str
    memory: bool
    size_bytes: int
    used_bytes: int


class SupplyState(StrEnum):
    """How a consumable stands; of what collects waste, `empty` means that no room is left."""

    OK = "ok"
    LOW = "low"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Supply(Value):
    """A consumable of a printer."""

    name: str
    kind: str
    """The MIB's word: `toner`, `ink`, `opc`, `wasteToner`, `fuser`."""
    state: SupplyState
    level_ratio: float | None = None
    """Of what is left (of room, where waste is collected); None where the printer only says that there is some."""


class Printing(Value):
    """A printer at work."""

    status: str = ""
    """hrPrinterStatus in the MIB's word: `idle`, `printing`, `warmup`."""
    pages: int | None = None
    """Impressions in the device's life (prtMarkerLifeCount)."""
    errors: tuple[str, ...] = ()
    """hrPrinterDetectedErrorState in the MIB's words: `noPaper`, `jammed`."""
    alerts: tuple[str, ...] = ()
    """What it complains of, in its own words."""


class BatteryState(StrEnum):
    """upsBatteryStatus."""

    NORMAL = "normal"
    LOW = "low"
    DEPLETED = "depleted"
    UNKNOWN = "unknown"


class Battery(Value):
    """A battery."""

    name: str
    state: BatteryState
    charge_ratio: float | None = None
    left_s: float | None = None
    """How long it lasts under the load of the moment."""
    voltage: float | None = None
    temperature_c: float | None = None
    replace: bool = False
    """The device asks for a new one."""


class Ups(Value):
    """An uninterruptible power supply at work."""

    source: str = ""
    """Where its output comes from, in the MIB's word: `normal`, `battery`, `bypass`."""
    on_battery_s: float | None = None
    load_ratio: float | None = None
    input_v: float | None = None
    output_v: float | None = None
    alarms: int | None = None


class SensorKind(StrEnum):
    """What a sensor measures."""

    TEMPERATURE = "temperature"
    FAN = "fan"
    VOLTAGE = "voltage"
    POWER_SUPPLY = "power_supply"
    OTHER = "other"


class Sensor(Value):
    """A sensor, with what it says of itself."""

    name: str
    kind: SensorKind
    value: float | None
    unit: str = ""
    ok: bool | None = None
    """Whether the device finds it in order; None where it does not say."""


class Role(Value):
    """Something of the device's own that is up or down: a tunnel or a service of a firewall, a BGP neighbour."""

    name: str
    state: State
    said: str = ""
    """The MIB's word: `active`, `down-disabled`, `blocked`."""


class Figures(Value):
    """Everything one poll of a device has found."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    name: str = ""
    """sysName."""
    title: str = ""
    """sysDescr, on one line."""
    place: str = ""
    """sysLocation."""
    object_id: str = ""
    """sysObjectID: `1.3.6.1.4.1.9.1.1208`."""
    uptime_s: float | None = None
    ports: tuple[Port, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    vlans: tuple[Vlan, ...] = ()
    bridge: Bridge | None = None
    loads: tuple[Load, ...] = ()
    storages: tuple[Storage, ...] = ()
    printing: Printing | None = None
    supplies: tuple[Supply, ...] = ()
    ups: Ups | None = None
    batteries: tuple[Battery, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    tunnels: tuple[Role, ...] = ()
    services: tuple[Role, ...] = ()
    sessions: int | None = None
    """Sessions of a firewall at the moment."""
    partial: tuple[Sentence, ...] = ()
    """What could not be read to its end, and why; what is there all the same is true."""


class Polled(Value):
    """How a device stands by SNMP. Every expected device has one from the start: UNKNOWN until it is read."""

    device: str
    state: State
    """UP; DEGRADED answers, something is wrong; DOWN does not answer; UNKNOWN could not be asked, or is stale."""
    cause: Sentence
    """Why, to people; of several the gravest."""
    problems: tuple[Sentence, ...] = ()
    """All that is wrong, the gravest first."""
    since: dt.datetime
    """When it came into this state, or when the watch began."""
    at: dt.datetime | None = None
    """When it was last asked to the end; None before the first time."""
    fresh_s: float
    """Older than this it proves nothing."""
    seconds: float | None = None
    """How long the poll took."""
    figures: Figures | None = None
    """Of this poll; None unless the device answered."""
