"""What the watch of the example office may have read, by name and state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from monitor.results import (
    Algorithms,
    DeviceReading,
    Difference,
    DifferenceKind,
    EndReading,
    LinkKind,
    LinkReading,
    ProbeReading,
    Proof,
    Reason,
    SaReading,
    State,
    TunnelReading,
    Watched,
)

__all__ = ["AT", "GATEWAYS", "LINKS", "TUNNELS", "watched"]

AT = dt.datetime(2026, 11, 20, 13, 3, 22, tzinfo=dt.UTC)
BEGAN = dt.datetime(2026, 11, 20, 8, 5, 0, tzinfo=dt.UTC)
BROKE = dt.datetime(2026, 11, 20, 13, 0, 4, tzinfo=dt.UTC)

Said = Mapping[str, tuple[State, Reason]]
"""State and reason by name; what is not named is up."""

TUNNELS = {"k-b": ("gw-k", "gw-b"), "k-c": ("gw-k", "gw-c"), "k-platform": ("gw-k",)}
"""The ends that are ours."""
LINKS = {"k-isp1": "gw-k", "b-isp1": "gw-b", "c-isp1": "gw-c"}
GATEWAYS = ("gw-k", "gw-b", "gw-c")

_TARGETS = {"k-b": "10.64.16.1", "k-c": "10.64.32.1"}
_NETWORKS = {"gw-k": ("10.64.0.0/16",), "gw-b": ("10.64.16.0/20",), "gw-c": ("10.64.32.0/20",)}
_UP = (State.UP, Reason.PROVEN)


def watched(tunnels: Said | None = None, links: Said | None = None, devices: Said | None = None) -> Watched:
    """Everything that is expected of the example office, each in the state that is asked for."""
    devices = devices or {}
    return Watched(
        office="pila",
        began=BEGAN,
        at=AT,
        round=17_904,
        tunnels=tuple(_tunnel(name, (tunnels or {}).get(name, _UP), devices) for name in TUNNELS),
        links=tuple(_link(name, (links or {}).get(name, _UP)) for name in LINKS),
        devices=tuple(_device(name, devices.get(name, _UP)) for name in GATEWAYS),
    )


def _since(state: State) -> dt.datetime:
    return BEGAN if state is State.UP else BROKE


def _device(name: str, said: tuple[State, Reason]) -> DeviceReading:
    state, reason = said
    return DeviceReading(device=name, state=state, reason=reason, since=_since(state), age_s=_age(reason))


def _link(name: str, said: tuple[State, Reason]) -> LinkReading:
    state, reason = said
    return LinkReading(
        link=name,
        kind=LinkKind.WAN,
        device=LINKS[name],
        interface="wan0",
        state=state,
        reason=reason,
        since=_since(state),
        age_s=_age(reason),
    )


def _tunnel(name: str, said: tuple[State, Reason], devices: Said) -> TunnelReading:
    state, reason = said
    return TunnelReading(
        tunnel=name,
        state=state,
        reason=reason,
        since=_since(state),
        proof=Proof.PROBE if name in _TARGETS else Proof.SA,
        ends=tuple(_end(name, device, said, devices.get(device, _UP)) for device in TUNNELS[name]),
        probe=_probe(name, said) if name in _TARGETS else None,
        differences=() if state is State.UP else _differences(name),
    )


def _end(tunnel: str, device: str, said: tuple[State, Reason], device_said: tuple[State, Reason]) -> EndReading:
    """An end whose gateway cannot be asked is unknown; where nothing comes through, its SA may still stand."""
    state, reason = said
    if device_said[0] is not State.UP:
        return EndReading(device=device, state=State.UNKNOWN, reason=device_said[1], age_s=198.0)
    if reason is Reason.NOT_READ_YET:
        return EndReading(device=device, state=state, reason=reason)
    if reason is Reason.NO_SA:
        return EndReading(device=device, state=state, reason=reason, age_s=0.7)
    stands = reason is Reason.FAR_END_SILENT
    return EndReading(
        device=device,
        state=State.UP if stands else state,
        reason=Reason.PROVEN if stands else reason,
        sa=_sa(tunnel, device),
        age_s=_age(reason),
    )


def _age(reason: Reason) -> float | None:
    return {Reason.NOT_READ_YET: None, Reason.STALE: 12.9, Reason.UNREACHABLE: 198.0}.get(reason, 0.5)


def _sa(tunnel: str, device: str) -> SaReading:
    far = next((end for end in TUNNELS[tunnel] if end != device), "")
    return SaReading(
        ike_state="ESTABLISHED",
        ike_version=2,
        ike=Algorithms(
            proposal="aes256gcm16-prfsha384-ecp384", encryption="aes256gcm16", prf="prfsha384", group="ecp384"
        ),
        child_state="INSTALLED",
        child=Algorithms(proposal="aes256gcm16-ecp384", encryption="aes256gcm16", group="ecp384"),
        local_networks=_NETWORKS[device],
        remote_networks=_NETWORKS.get(far, ("192.0.2.96/28",)),
        local_identity=f"{device}.mops.example",
        remote_identity=f"{far}.mops.example" if far else "gw.platform.example",
        established_s=17_902,
        received_bytes=48_112_640,
        sent_bytes=1_310_720_000,
        received_packets=152_004,
        sent_packets=1_201_338,
        received_idle_s=0,
        sent_idle_s=0,
        ike_rekeys=0,
        child_rekeys=4,
    )


def _probe(name: str, said: tuple[State, Reason]) -> ProbeReading:
    state, reason = said
    lost = {State.UP: 0, State.DOWN: 300, State.UNKNOWN: 0}[state]
    sent = 0 if reason is Reason.NOT_READ_YET else 300
    answered = sent > lost
    return ProbeReading(
        name=name,
        target=_TARGETS[name],
        state=state,
        reason=Reason.NO_ANSWER if state is State.DOWN else reason,
        window_s=30.0,
        sent=sent,
        lost=lost,
        rtt_s=0.0121 if answered else None,
        jitter_s=0.0008 if answered else None,
        answer_age_s={State.UP: 0.1, State.DOWN: 198.2, State.UNKNOWN: None}[state],
    )


def _differences(name: str) -> tuple[Difference, ...]:
    if name != "k-b":
        return ()
    return (
        Difference(
            kind=DifferenceKind.CHILD_ALGORITHMS,
            device="gw-k",
            against="inventory",
            found="aes128gcm16-ecp256",
            expected="aes256gcm16-ecp384",
        ),
    )
