"""What is asked of a device, and what the answers make: pure, so that a recording can be decoded by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.sentence import Sentence
from monitor.snmp import barracuda, bridge, entity, host_resources, interfaces, lldp, printer, system, ups, vendors
from monitor.snmp.counting import Counting
from monitor.snmp.model import Figures
from monitor.snmp.values import Answers, Table, Value

__all__ = ["EVERYTHING", "FIXED", "OFTEN", "SIGNS", "Wanted", "decode", "figures"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for at one go."""

    scalars: tuple[str, ...]
    tables: tuple[Table, ...]


OFTEN = Wanted(
    (
        *(*system.OFTEN, *interfaces.SCALARS, entity.CHANGED, *host_resources.SCALARS),
        *(*bridge.OFTEN_SCALARS, *ups.OFTEN_SCALARS),
    ),
    (*(*interfaces.OFTEN, *host_resources.OFTEN, *entity.OFTEN, *printer.OFTEN, *ups.OFTEN, *barracuda.OFTEN),),
)
"""At every poll: what changes."""
FIXED = Wanted(
    (*system.SELDOM, *bridge.SELDOM_SCALARS, *ups.SELDOM_SCALARS, *vendors.SCALARS),
    (
        *(*interfaces.SELDOM, *host_resources.SELDOM, *entity.SELDOM, *printer.SELDOM, *bridge.SELDOM, *lldp.SELDOM),
        *barracuda.SELDOM,
    ),
)
"""Now and then, and after every sign that the device is another: names, kinds, VLANs, neighbours."""
EVERYTHING = (*OFTEN.tables, *FIXED.tables)
SIGNS = (*interfaces.SCALARS, entity.CHANGED)
"""Scalars whose change says that what is fixed may have changed."""


def decode(found: Mapping[str, Value]) -> Figures:
    """The figures of a device from everything it answers, by identifier; nothing is known of before."""
    return figures(Answers.of(found, EVERYTHING), Counting(), 0.0)


def figures(answers: Answers, counting: Counting, now: float, partial: Sequence[Sentence] = ()) -> Figures:
    """The figures of one poll. `counting` has seen the polls before; `now` is monotonic seconds."""
    said, uptime = system.system(answers), system.uptime(answers)
    ports = interfaces.seen_ports(answers)
    about = _identity(answers, said)
    return Figures(
        vendor=about.vendor,
        model=about.model,
        firmware=about.firmware,
        serial=about.serial,
        name=said.name,
        title=said.title,
        place=said.place,
        object_id=said.object_id,
        uptime_s=uptime,
        ports=counting.take(ports, uptime, now),
        neighbours=lldp.neighbours(answers, ports),
        vlans=bridge.vlans(answers),
        bridge=bridge.bridge(answers),
        loads=host_resources.loads(answers),
        storages=host_resources.storages(answers),
        printing=printer.printing(answers),
        supplies=printer.supplies(answers),
        ups=ups.ups(answers),
        batteries=ups.batteries(answers),
        sensors=(*entity.sensors(answers), *barracuda.sensors(answers)),
        tunnels=barracuda.tunnels(answers),
        services=barracuda.services(answers),
        sessions=barracuda.sessions(answers),
        partial=tuple(partial),
    )


def _identity(answers: Answers, said: system.System) -> ups.Identity:
    """The first who says it: the part's own MIB, then ENTITY-MIB, then what sysDescr tells."""
    box, power = entity.chassis(answers), ups.identity(answers)
    titled, printed = vendors.described(box.title), host_resources.printer_title(answers)
    model, firmware = vendors.described(said.title)
    maker = vendors.vendor(said.object_id)
    if printed.startswith("Generic "):
        printed = ""
    return ups.Identity(
        vendor=power.vendor or box.vendor or maker,
        model=power.model or box.model or printed or titled[0] or model or box.title or _plain(said.title),
        firmware=barracuda.release(answers)
        or power.firmware
        or box.firmware
        or titled[1]
        or firmware
        or vendors.firmware(answers),
        serial=power.serial or box.serial or printer.serial(answers) or vendors.serial(answers),
    )


def _plain(title: str) -> str:
    """A short description says the model and nothing else."""
    return title if len(title) <= 48 and "," not in title else ""
