"""Moments of a small watched office, for what shows them: all well, or as a test needs it."""

from __future__ import annotations

import datetime as dt

from inventory.sentence import say
from monitor.compliance.model import Basis, Coverage, Finding, Report, Result, Severity
from monitor.results import (
    Algorithms,
    DeviceReading,
    EndReading,
    LinkKind,
    LinkReading,
    Measured,
    ProbeKind,
    ProbeReading,
    ProbeResult,
    Proof,
    Reason,
    SaReading,
    State,
    TunnelReading,
    Watched,
)

__all__ = ["AT", "asked", "end", "measured", "probe", "report", "sa", "tunnel", "watched"]

AT = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
IKE = Algorithms(
    proposal="aes256gcm16-prfsha384-ecp384", encryption="aes256gcm16", integrity="", prf="prfsha384", group="ecp384"
)
CHILD = Algorithms(proposal="aes256gcm16", encryption="aes256gcm16")


def sa(received: int = 1000) -> SaReading:
    """An SA that stands."""
    return SaReading(
        ike_state="ESTABLISHED",
        ike_version=2,
        ike=IKE,
        child_state="INSTALLED",
        child=CHILD,
        local_networks=("10.8.0.0/16",),
        remote_networks=("10.8.16.0/20",),
        local_identity="gw-k.gops.example",
        remote_identity="gw-b.gops.example",
        established_s=60,
        received_bytes=received,
        sent_bytes=2000,
        received_packets=10,
        sent_packets=20,
        received_idle_s=0,
        sent_idle_s=0,
        ike_rekeys=1,
        child_rekeys=3,
    )


def end(device: str, state: State = State.UP, reading: SaReading | None = None) -> EndReading:
    """An end that reports an SA, or one that does not answer."""
    if state is State.UNKNOWN and reading is None:
        return EndReading(device=device, state=state, reason=Reason.NOT_READ_YET)
    reason = Reason.PROVEN if state is State.UP else Reason.STALE
    return EndReading(device=device, state=state, reason=reason, sa=reading or sa(), age_s=0.25)


def probe(state: State = State.UP, lost: int = 0) -> ProbeReading:
    """A probe of 300 requests."""
    return ProbeReading(
        name="k-b",
        target="10.8.16.1",
        state=state,
        reason=Reason.PROVEN if state is State.UP else Reason.NO_ANSWER,
        window_s=30,
        sent=300,
        lost=lost,
        rtt_s=0.012 if lost < 300 else None,
        jitter_s=0.0005 if lost < 300 else None,
        answer_age_s=0.1,
    )


MEASURED = (
    "mtu_bytes",
    "revocation_left_seconds",
    "left_days",
    "authentic",
    "ttl_seconds",
    "offset_seconds",
    "delay_seconds",
    "stratum",
    "asked_age_seconds",
    "standby_works",
)
"""What probes measure that is exported."""


def asked(kind: ProbeKind = ProbeKind.TCP, state: State = State.UP, *measured: Measured) -> ProbeResult:
    """What a probe of a channel found."""
    return ProbeResult(
        name=f"{kind}:csizs/ws.example.gov:443",
        kind=kind,
        subject="channel:csizs",
        target="203.0.113.5 port 443",
        state=state,
        cause=say("connects"),
        since=AT,
        age_s=None if state is State.UNKNOWN else 2.0,
        fresh_s=60.0,
        seconds=None if state is State.UNKNOWN else 0.02,
        measured=measured,
    )


def measured() -> ProbeResult:
    """What a probe found that measures whatever any of them measures."""
    return asked(ProbeKind.NTP, State.UP, *(Measured(name=name, value=1.0) for name in MEASURED))


def tunnel(
    name: str, state: State = State.UP, ends: tuple[EndReading, ...] | None = None, probed: ProbeReading | None = None
) -> TunnelReading:
    """A tunnel between gw-k and gw-b."""
    return TunnelReading(
        tunnel=name,
        state=state,
        reason=Reason.PROVEN if state is State.UP else Reason.NO_ANSWER,
        since=AT,
        proof=Proof.PROBE if probed else Proof.SA,
        ends=(end("gw-k"), end("gw-b")) if ends is None else ends,
        probe=probed,
    )


def watched(*tunnels: TunnelReading, probes: tuple[ProbeResult, ...] = ()) -> Watched:
    """A moment with these tunnels, a line that is up, one that is unknown, and two gateways, one of them down."""
    states = ((State.UP, Reason.PROVEN), (State.UNKNOWN, Reason.STALE))
    return Watched(
        office="test",
        began=AT - dt.timedelta(hours=1),
        at=AT,
        round=3600,
        tunnels=tunnels,
        links=tuple(
            LinkReading(
                link=f"{building}-isp",
                kind=LinkKind.WAN,
                device=f"gw-{building}",
                interface="wan0",
                state=state,
                reason=reason,
                since=AT,
                age_s=1,
            )
            for building, (state, reason) in zip("kb", states, strict=True)
        ),
        devices=(
            DeviceReading(device="gw-k", state=State.UP, reason=Reason.PROVEN, since=AT, age_s=0.5),
            DeviceReading(device="gw-b", state=State.DOWN, reason=Reason.UNREACHABLE, since=AT, age_s=9),
        ),
        probes=probes,
    )


def report(*found: tuple[Result, Severity], decided: int = 3, pairs: int = 4) -> Report:
    """A report with findings of these results and severities."""
    return Report(
        office="test",
        title="A test office",
        made_at=AT,
        basis=(Basis.RUNNING,),
        catalogue="test 0",
        profile="eu-bsi",
        findings=tuple(
            Finding(rule="VP-01", rule_version=1, severity=severity, asset="gw-k", result=result, message=say("Found."))
            for result, severity in found
        ),
        clauses=(),
        coverage=Coverage(assets_judged=2, assets_expected=2, devices_total=30, decided=decided, pairs=pairs),
    )
