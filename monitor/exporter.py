"""What fosa tells Prometheus: one table of metrics, written out for one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor import series
from monitor.compliance.model import Report
from monitor.duty import AGE
from monitor.exposition import Format, Kind, Metric, header, written
from monitor.results import Watched
from monitor.series import Scene
from monitor.snmp.exporter import METRICS as DEVICES

__all__ = ["METRICS", "exposed", "exposition", "parts"]

_OFFICE = ("office",)
_TUNNEL = ("office", "tunnel")
_END = (*_TUNNEL, "end")
_PROBE = ("office", "kind", "probe")
_MEASURED = ("office", "probe")
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
        "fosa_tunnel_degraded",
        Kind.GAUGE,
        _TUNNEL,
        "1 while the tunnel works, and not as it should (loss, differences, IKE unanswered, set up again and again).",
        series.tunnel_degraded,
    ),
    Metric(
        "fosa_tunnel_cause_info",
        Kind.GAUGE,
        (*_TUNNEL, "state", "reason"),
        "1, labelled with the state of the tunnel and the reason for it.",
        series.tunnel_cause,
    ),
    Metric(
        "fosa_tunnel_setups",
        Kind.GAUGE,
        _END,
        "How often within the last hour the tunnel was set up anew, rekeyings left out; none while unknown.",
        series.tunnel_setups,
    ),
    Metric(
        "fosa_tunnel_state",
        Kind.GAUGE,
        (*_END, "state"),
        "1 for the state (up, degraded, down, unknown) the tunnel is in as seen from this end, 0 for the others.",
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
        "1 for the state (up, degraded, down, unknown) the link is in, 0 for the others.",
        series.link_state,
    ),
    Metric(
        "fosa_device_up",
        Kind.GAUGE,
        ("office", "device"),
        "1 only while the watched device answers, else 0; every device that is followed or polled is there.",
        series.device_up,
    ),
    Metric(
        "fosa_device_state",
        Kind.GAUGE,
        ("office", "device", "state"),
        "1 for the state (up, degraded, down, unknown) the device is in, 0 for the others.",
        series.device_state,
    ),
    Metric(
        "fosa_probe_state",
        Kind.GAUGE,
        (*_PROBE, "state"),
        "1 for the state (up, degraded, down, unknown) the probe found, 0 for the others; each expected one is there.",
        series.probe_state,
    ),
    Metric(
        "fosa_probe_duration_seconds",
        Kind.GAUGE,
        _PROBE,
        "How long the probe's last answer took; none while unknown.",
        series.probe_seconds,
    ),
    Metric(
        "fosa_probe_age_seconds",
        Kind.GAUGE,
        _PROBE,
        "Age of the probe's last answer or silence; +Inf before the first.",
        series.probe_age,
    ),
    Metric(
        "fosa_probe_certificate_left_seconds",
        Kind.GAUGE,
        _MEASURED,
        "Until the first of the certificates the probe saw ends; below 0 afterwards.",
        series.measured("left_days", times=86_400),
    ),
    Metric(
        "fosa_probe_revocation_left_seconds",
        Kind.GAUGE,
        _MEASURED,
        "Until what is known of revocations is out of date: the OCSP answer, or the list.",
        series.measured("revocation_left_seconds"),
    ),
    Metric(
        "fosa_probe_path_mtu_bytes",
        Kind.GAUGE,
        _MEASURED,
        "The longest packet that goes through the tunnel without being cut up.",
        series.measured("mtu_bytes"),
    ),
    Metric(
        "fosa_probe_asked_age_seconds",
        Kind.GAUGE,
        _MEASURED,
        "Since a platform that is to be asked every working day last answered a domain system; none when it never did.",
        series.measured(AGE),
    ),
    Metric(
        "fosa_channel_state",
        Kind.GAUGE,
        ("office", "channel", "aspect", "state"),
        "1 for the state (up, degraded, down, unknown) of an aspect (secure, healthy, duty) of a channel, else 0.",
        series.channel_state,
    ),
    Metric(
        "fosa_depends_on_info",
        Kind.GAUGE,
        ("office", "subject", "on"),
        "1 for everything that a device or tunnel does not work without, by the inventory, the nearest only.",
        series.depends_on,
    ),
    Metric(
        "fosa_explained_info",
        Kind.GAUGE,
        ("office", "subject", "cause"),
        "1 for each failure that follows from another one; the cause itself has none, nor has what works.",
        series.explained,
    ),
    Metric(
        "fosa_probe_standby_works",
        Kind.GAUGE,
        _MEASURED,
        "1 while the gateway that stands by works, 0 while the first one does; none while neither is known to.",
        series.measured("standby_works"),
    ),
    Metric(
        "fosa_probe_clock_offset_seconds",
        Kind.GAUGE,
        _MEASURED,
        "By how much the clock that was asked is ahead of this machine's; none while it cannot be gone by.",
        series.measured("offset_seconds"),
    ),
    Metric(
        "fosa_probe_clock_delay_seconds",
        Kind.GAUGE,
        _MEASURED,
        "How long the question for the time and its answer were under way.",
        series.measured("delay_seconds"),
    ),
    Metric(
        "fosa_probe_clock_stratum",
        Kind.GAUGE,
        _MEASURED,
        "How many servers away from a reference the clock is, by its own account.",
        series.measured("stratum"),
    ),
    Metric(
        "fosa_probe_dns_ttl_seconds",
        Kind.GAUGE,
        _MEASURED,
        "How long the resolver's answer may be kept.",
        series.measured("ttl_seconds"),
    ),
    Metric(
        "fosa_probe_dns_authentic",
        Kind.GAUGE,
        _MEASURED,
        "1 where the resolver says that it has checked the answer's signatures (DNSSEC), else 0.",
        series.measured("authentic"),
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
    Metric(
        "fosa_refused_answers_total",
        Kind.COUNTER,
        ("office", "protocol", "reason"),
        "What came over the network and was not taken, by protocol and by what was wrong with it.",
        series.refused,
    ),
    Metric(
        "fosa_traps_total",
        Kind.COUNTER,
        _OFFICE,
        "SNMP notifications that were proven to come from a device; the others are among the refused.",
        series.traps,
    ),
    Metric("fosa_store_up", Kind.GAUGE, _OFFICE, "1 while the store can be read, else 0.", series.store_up),
)
"""Every metric, in the order they are written. README has the same table."""


def exposition(watched: Watched, silent_s: float | None, report: Report | None, *, version: str, store_up: bool) -> str:
    """The metrics of one moment in Prometheus' text format (`monitor.exposition.CONTENT_TYPE`).

    `watched` has its ages brought up to now, and what has grown stale is unknown in it (`api.picture.Picture`).
    """
    return exposed(Scene(watched, silent_s, report, version, store_up))


def exposed(scene: Scene) -> str:
    """The same of a scene, which may know more."""
    return "".join(written(metric, scene) for metric in METRICS)


def parts(scene: Scene, devices: Mapping[str, Iterable[bytes]], form: Format) -> Iterator[bytes]:
    """The same with polled devices, to be put together: `devices` is `monitor.snmp.texts.DeviceTexts.lines`."""
    for metric in METRICS:
        yield written(metric, scene, form).encode()
        yield from devices.get(metric.name, ())
    for own in DEVICES:
        yield header(own, form).encode()
        yield from devices.get(own.name, ())
