"""Devices as polls find them, each with as much to say as one of its kind has."""

from __future__ import annotations

import datetime as dt

from inventory.sentence import say
from monitor.results import State
from monitor.snmp.model import (
    Battery,
    BatteryState,
    Bridge,
    Figures,
    Load,
    Neighbour,
    Polled,
    Port,
    PortCounters,
    PortState,
    Printing,
    Role,
    Sensor,
    SensorKind,
    Storage,
    Supply,
    SupplyState,
    Ups,
    Vlan,
)
from tests.monitor.moments import AT

__all__ = ["Role", "firewall", "polled", "printer", "silent", "switch", "ups"]

_COUNTERS = PortCounters(in_bytes=1000, out_bytes=2000, in_errors=3, out_errors=1, in_discards=5, out_discards=2)


def polled(device: str, figures: Figures | None, state: State = State.UP, cause: str = "answers") -> Polled:
    """A device, ten seconds after it was polled."""
    return Polled(
        device=device,
        state=state,
        cause=say(cause),
        problems=(say(cause),) if state is State.DEGRADED else (),
        since=AT - dt.timedelta(hours=2),
        at=AT - dt.timedelta(seconds=10),
        fresh_s=175.0,
        seconds=0.25,
        figures=figures,
    )


def silent(device: str) -> Polled:
    """A device that does not answer."""
    return polled(device, None, State.DOWN, "no answer")


def switch(ports: int = 48, prefix: str = "GigabitEthernet1/0/") -> Figures:
    """A stack of switches; its first port is up."""
    return Figures(
        vendor="Cisco",
        model="WS-C2960X-48TS-L",
        firmware="15.2(7)E4",
        serial="FOC0000X0AA",
        name="sw-k-1",
        title="Cisco IOS Software",
        place="K, room 3",
        uptime_s=86_400.0,
        ports=(
            *(_port(f"{prefix}{number}", number) for number in range(1, ports + 1)),
            _port("Vlan1", 4096).model_copy(update={"physical": False}),
        ),
        neighbours=(Neighbour(port=f"{prefix}{ports}", name="gw-k", chassis="02:00:00:00:00:01", far_port="lan0"),),
        vlans=(Vlan(number=1, name="default"), Vlan(number=20, name="ps")),
        bridge=Bridge(address="02:00:00:00:00:02", ports=ports, topology_changes=3, topology_age_s=7200.0),
        loads=(Load(name="CPU 1", ratio=0.25), Load(name="CPU 2", ratio=0.75)),
        storages=(Storage(name="Processor", memory=True, size_bytes=400, used_bytes=100),),
        sensors=tuple(
            Sensor(name=f"Switch {n}", kind=SensorKind.TEMPERATURE, value=40.0 + n, unit="celsius", ok=True)
            for n in range(4)
        ),
    )


def _port(name: str, index: int) -> Port:
    return Port(
        name=name,
        index=index,
        title="desk" if index % 2 else "",
        enabled=True,
        state=PortState.UP if index % 4 else PortState.DOWN,
        speed_bps=1_000_000_000,
        counters=_COUNTERS,
        in_bps=1_000.0,
        out_bps=2_000_000.0,
        errors_grown=0,
    )


def printer(*levels: float) -> Figures:
    """A printer of colours with its own sensors and two network cards."""
    supplies = levels or (0.5, 0.4, 0.05, 0.9, 0.8, 0.8, 0.8, 0.8, 0.7, 0.6, 0.99)
    return Figures(
        vendor="Brother",
        model="MFC-L9570CDW",
        firmware="ZA",
        uptime_s=600.0,
        ports=(_port("eth0", 1), _port("wlan0", 2)),
        loads=(Load(name="CPU", ratio=0.1),),
        storages=(Storage(name="RAM", memory=True, size_bytes=100, used_bytes=50),),
        sensors=(Sensor(name="fuser", kind=SensorKind.TEMPERATURE, value=180.0),),
        printing=Printing(status="idle", pages=12_345, alerts=("Toner low",)),
        supplies=tuple(
            Supply(
                name="Toner", kind="toner", state=SupplyState.OK if level > 0.1 else SupplyState.LOW, level_ratio=level
            )
            for level in supplies
        ),
    )


def ups() -> Figures:
    """A UPS with two batteries that gives its power from them."""
    return Figures(
        vendor="APC",
        model="Smart-UPS 1500",
        firmware="UPS 09.3",
        uptime_s=600.0,
        ports=(_port("eth0", 1), _port("eth1", 2)),
        ups=Ups(source="battery", on_battery_s=60.0, load_ratio=0.35, input_v=0.0, output_v=230.0, alarms=1),
        batteries=tuple(
            Battery(
                name="battery",
                state=BatteryState.NORMAL,
                charge_ratio=0.9,
                left_s=1800.0,
                voltage=27.0,
                temperature_c=25.0,
            )
            for _ in range(2)
        ),
    )


def firewall() -> Figures:
    """A firewall of another maker, with tunnels of its own."""
    return Figures(
        vendor="Barracuda",
        model="F80",
        firmware="8.3.1",
        ports=(_port("p1", 1), _port("p2", 2)),
        tunnels=(
            Role(name="to-b", state=State.UP, said="active"),
            Role(name="to-b", state=State.DOWN, said="down"),
        ),
        services=(Role(name="VPN", state=State.UP, said="started"),),
        sessions=321,
    )
