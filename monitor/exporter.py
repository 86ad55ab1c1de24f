"""What fosa tells Prometheus: one table of metrics, written out for one moment."""

from __future__ import annotations

from monitor import series
from monitor.compliance.model import Report
from monitor.exposition import Kind, Metric, written
from monitor.results import Watched
from monitor.series import Scene

__all__ = ["METRICS", "exposition"]

_OFFICE = ("office",)
_TUNNEL = ("office", "tunnel")
_END = (*_TUNNEL, "end")
_LINK = ("office", "link", "kind")

METRICS: tuple[Metric[Scene], ...] = (
    Metric("fosa_build_info", Kind.GAUGE, ("version",), "1, labelled with the version of fosa.", series.build),
    Metric(
        "fosa_tunnel_up",
        Kind.GAUGE,
        _TUNNEL,
        "1 only while the tunnel is proven up by a fresh probe or reading, else 0; every expected tunnel is there.",
        series.tunnel_up,
    ),
    Metric(
        "fosa_tunnel_state",
        Kind.GAUGE,
        (*_END, "state"),
        "1 for the state (up, down, unknown) the tunnel is in as seen from this end, 0 for the others.",
        series.tunnel_state,
    ),
    Metric(
        "fosa_tunnel_reading_age_seconds",
        Kind.GAUGE,
        _END,
        "Age of the last reading of this end of the tunnel; +Inf when there was none.",
        series.tunnel_age,
    ),
    Metric(
        "fosa_tunnel_received_bytes_total",
        Kind.COUNTER,
        _END,
        "Bytes this end took out of the tunnel since the watch began, rekeyings passed over; none while unknown.",
        series.traffic(lambda sa: sa.received_bytes),
    ),
    Metric(
        "fosa_tunnel_sent_bytes_total",
        Kind.COUNTER,
        _END,
        "Bytes this end put into the tunnel since the watch began, rekeyings passed over; none while unknown.",
        series.traffic(lambda sa: sa.sent_bytes),
    ),
    Metric(
        "fosa_tunnel_received_packets_total",
        Kind.COUNTER,
        _END,
        "Packets this end took out of the tunnel since the watch began; none while unknown.",
        series.traffic(lambda sa: sa.received_packets),
    ),
    Metric(
        "fosa_tunnel_sent_packets_total",
        Kind.COUNTER,
        _END,
        "Packets this end put into the tunnel since the watch began; none while unknown.",
        series.traffic(lambda sa: sa.sent_packets),
    ),
    Metric(
        "fosa_tunnel_rekeys_total",
        Kind.COUNTER,
        (*_END, "sa"),
        "Rekeyings of the tunnel's IKE SA (sa=ike) and of its child (sa=child) that this end has seen.",
        series.rekeys,
    ),
    Metric(
        "fosa_tunnel_algorithms_info",
        Kind.GAUGE,
        (*_END, "sa", "proposal", "encryption", "integrity", "prf", "group"),
        "1, labelled with the algorithms negotiated for the IKE SA and for the child.",
        series.algorithms,
    ),
    Metric(
        "fosa_tunnel_differences",
        Kind.GAUGE,
        _TUNNEL,
        "In how many things the tunnel's ends differ from each other or from the inventory; none while no end is read.",
        series.differences,
    ),
    Metric(
        "fosa_probe_loss_ratio",
        Kind.GAUGE,
        _TUNNEL,
        "Share of the echo requests through the tunnel that were not answered, over the last half minute.",
        series.probed(series.loss),
    ),
    Metric(
        "fosa_probe_rtt_seconds",
        Kind.GAUGE,
        _TUNNEL,
        "Median round trip of the probes through the tunnel, over the last half minute.",
        series.probed(lambda probe: probe.rtt_s),
    ),
    Metric(
        "fosa_probe_jitter_seconds",
        Kind.GAUGE,
        _TUNNEL,
        "Mean change from one round trip to the next, over the last half minute.",
        series.probed(lambda probe: probe.jitter_s),
    ),
    Metric(
        "fosa_link_up",
        Kind.GAUGE,
        _LINK,
        "1 only while the gateway says that its line to the internet (kind=wan) or cable (kind=cable) is up.",
        series.link_up,
    ),
    Metric(
        "fosa_link_state",
        Kind.GAUGE,
        (*_LINK, "state"),
        "1 for the state (up, down, unknown) the link is in, 0 for the others.",
        series.link_state,
    ),
    Metric(
        "fosa_device_up",
        Kind.GAUGE,
        ("office", "device"),
        "1 only while the watched device answers, else 0.",
        series.device_up,
    ),
    Metric(
        "fosa_findings",
        Kind.GAUGE,
        ("office", "result", "severity"),
        "Findings of the newest check by result (the words of XCCDF) and severity; none before the first.",
        series.findings,
    ),
    Metric(
        "fosa_check_coverage_ratio",
        Kind.GAUGE,
        _OFFICE,
        "Share of the pairs of rule and device that the newest check could decide.",
        series.coverage,
    ),
    Metric(
        "fosa_check_timestamp_seconds",
        Kind.GAUGE,
        _OFFICE,
        "When the newest check was made, in seconds since 1970.",
        series.checked_at,
    ),
    Metric(
        "fosa_watch_up",
        Kind.GAUGE,
        _OFFICE,
        "1 while the watch has been heard of within the last 3 seconds, else 0, and all states are unknown.",
        series.watch_up,
    ),
    Metric(
        "fosa_watch_round_age_seconds",
        Kind.GAUGE,
        _OFFICE,
        "Since the watch was last heard of; +Inf when it never was.",
        series.round_age,
    ),
    Metric(
        "fosa_watch_rounds_total",
        Kind.COUNTER,
        _OFFICE,
        "Rounds of judging since the watch began.",
        series.rounds,
    ),
    Metric("fosa_store_up", Kind.GAUGE, _OFFICE, "1 while the store can be read, else 0.", series.store_up),
)
"""Every metric, in the order they are written. README has the same table."""


def exposition(watched: Watched, silent_s: float | None, report: Report | None, *, version: str, store_up: bool) -> str:
    """The metrics of one moment in Prometheus' text format (`monitor.exposition.CONTENT_TYPE`).

    `watched` has its ages brought up to now, and what has grown stale is unknown in it (`api.picture.Picture`).
    """
    scene = Scene(watched, silent_s, report, version, store_up)
    return "".join(written(metric, scene) for metric in METRICS)
