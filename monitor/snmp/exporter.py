"""What fosa tells Prometheus of polled devices: one table of metrics."""

from __future__ import annotations

from monitor.exposition import Kind, Metric
from monitor.snmp import series
from monitor.snmp.sight import Sight

__all__ = ["METRICS", "SHARED"]

_DEVICE = ("office", "device")

SHARED: tuple[Metric[Sight], ...] = (
    Metric("fosa_device_up", Kind.GAUGE, _DEVICE, "As in monitor.exporter.", series.up),
    Metric("fosa_device_state", Kind.GAUGE, (*_DEVICE, "state"), "As in monitor.exporter.", series.state),
)
"""What gateways, which are followed, have as well: their lines stand below those of the same name there."""

METRICS: tuple[Metric[Sight], ...] = (
    Metric(
        "fosa_device_info",
        Kind.GAUGE,
        (*_DEVICE, "kind", "building", "vendor", "model", "firmware"),
        "1, labelled with what a polled device is: as it says itself, else as the inventory says.",
        series.info,
    ),
    Metric(
        "fosa_device_poll_timestamp_seconds",
        Kind.GAUGE,
        _DEVICE,
        "When the device was last polled to the end, answered or not, in seconds since 1970.",
        series.polled_at,
    ),
    Metric(
        "fosa_device_poll_duration_seconds",
        Kind.GAUGE,
        _DEVICE,
        "How long the last poll took; none while the device does not answer.",
        series.poll_seconds,
    ),
    Metric(
        "fosa_device_uptime_seconds",
        Kind.GAUGE,
        _DEVICE,
        "Since the device was started, as it says.",
        series.told(lambda figures: figures.uptime_s),
    ),
    Metric(
        "fosa_device_ports",
        Kind.GAUGE,
        _DEVICE,
        "Ports of a device that a cable can be put into, where there are several.",
        series.told(series.ports),
    ),
    Metric("fosa_device_ports_up", Kind.GAUGE, _DEVICE, "Those of them that are up.", series.told(series.ports_up)),
    Metric(
        "fosa_device_port_errors_total",
        Kind.COUNTER,
        _DEVICE,
        "Errors at those ports, both ways, all ports together.",
        series.told(series.counted(lambda port: port.in_errors + port.out_errors)),
    ),
    Metric(
        "fosa_device_port_discards_total",
        Kind.COUNTER,
        _DEVICE,
        "Packets those ports threw away though nothing was wrong with them, both ways, all ports together.",
        series.told(series.counted(lambda port: port.in_discards + port.out_discards)),
    ),
    Metric(
        "fosa_device_uplink_received_bytes_total",
        Kind.COUNTER,
        (*_DEVICE, "port"),
        "Bytes that came in at the port towards the manager, as the inventory knows it.",
        series.uplink(lambda port: port.in_bytes),
    ),
    Metric(
        "fosa_device_uplink_sent_bytes_total",
        Kind.COUNTER,
        (*_DEVICE, "port"),
        "Bytes that went out at the port towards the manager, as the inventory knows it.",
        series.uplink(lambda port: port.out_bytes),
    ),
    Metric(
        "fosa_device_load_ratio", Kind.GAUGE, _DEVICE, "Mean load of the device's processors.", series.told(series.load)
    ),
    Metric(
        "fosa_device_memory_used_ratio",
        Kind.GAUGE,
        _DEVICE,
        "Share of the device's memory that is in use.",
        series.told(series.memory),
    ),
    Metric(
        "fosa_device_temperature_celsius",
        Kind.GAUGE,
        _DEVICE,
        "What the hottest of the device's sensors says.",
        series.told(series.temperature),
    ),
    Metric(
        "fosa_device_printed_pages_total",
        Kind.COUNTER,
        _DEVICE,
        "Pages a printer has printed in its life.",
        series.told(lambda figures: figures.printing.pages if figures.printing else None),
    ),
    Metric(
        "fosa_device_supply_level_ratio",
        Kind.GAUGE,
        (*_DEVICE, "supply"),
        "What is left of a printer's supply (of room, where waste is collected); the nine that have least left.",
        series.supply_levels,
    ),
    Metric(
        "fosa_device_supplies_low",
        Kind.GAUGE,
        _DEVICE,
        "How many of a printer's supplies are low or used up; none where it does not say of any.",
        series.told(series.supplies_low),
    ),
    Metric(
        "fosa_device_on_battery",
        Kind.GAUGE,
        _DEVICE,
        "1 while a UPS gives its power from its battery, else 0.",
        series.of_ups(lambda ups: int(ups.source == "battery") if ups.source else None),
    ),
    Metric(
        "fosa_device_output_load_ratio",
        Kind.GAUGE,
        _DEVICE,
        "Share of what a UPS can give that is taken.",
        series.of_ups(lambda ups: ups.load_ratio),
    ),
    Metric(
        "fosa_device_input_volts",
        Kind.GAUGE,
        _DEVICE,
        "Voltage at the input of a UPS.",
        series.of_ups(lambda ups: ups.input_v),
    ),
    Metric(
        "fosa_device_battery_charge_ratio",
        Kind.GAUGE,
        (*_DEVICE, "battery"),
        "How full a battery is.",
        series.battery_charges,
    ),
    Metric(
        "fosa_device_battery_left_seconds",
        Kind.GAUGE,
        (*_DEVICE, "battery"),
        "How long a battery lasts under the load of the moment, as it says.",
        series.battery_left,
    ),
    Metric(
        "fosa_device_tunnel_up",
        Kind.GAUGE,
        (*_DEVICE, "tunnel"),
        "1 only while a firewall that fosa does not configure says that its tunnel is up, else 0.",
        series.roles(lambda figures: figures.tunnels),
    ),
    Metric(
        "fosa_device_service_up",
        Kind.GAUGE,
        (*_DEVICE, "service"),
        "1 only while a firewall says that its service runs, else 0.",
        series.roles(lambda figures: figures.services),
    ),
    Metric(
        "fosa_device_sessions",
        Kind.GAUGE,
        _DEVICE,
        "Sessions a firewall keeps at the moment.",
        series.told(lambda figures: figures.sessions),
    ),
)
"""Every metric of polled devices alone, in the order they are written. README has the same table."""
