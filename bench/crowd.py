"""Piła as it is watched when all is well, and many Piłas side by side: what `/metrics` is measured with."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from inventory.load import load
from inventory.sentence import say
from monitor.compliance.model import Basis, Coverage, Finding, Report, Result, Severity
from monitor.expected import unwatched
from monitor.results import (
    Algorithms,
    DeviceReading,
    EndReading,
    LinkReading,
    ProbeReading,
    Reason,
    SaReading,
    State,
    TunnelReading,
    Watched,
)

__all__ = ["OFFICE", "crowd", "judged"]

OFFICE = Path(__file__).parents[1] / "inventory" / "examples" / "pila"
_AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_IKE = Algorithms(proposal="aes256gcm16-prfsha384-ecp384", encryption="aes256gcm16", prf="prfsha384", group="ecp384")
_CHILD = Algorithms(proposal="aes256gcm16-ecp384", encryption="aes256gcm16", group="ecp384")


def crowd(devices: int) -> Watched:
    """At least so many watched gateways, in Piła's proportions of tunnels, ends and links, everything read and up."""
    pila = unwatched(load(OFFICE, _AT.date()).require(), _AT)
    copies = -(-devices // len(pila.devices))
    chance = random.Random(1)
    marks = [f"-{number}" for number in range(copies)] if copies > 1 else [""]
    return pila.model_copy(
        update={
            "round": 86_400,
            "tunnels": tuple(_tunnel(t, mark, chance) for mark in marks for t in pila.tunnels),
            "links": tuple(_link(link, mark) for mark in marks for link in pila.links),
            "devices": tuple(_device(device, mark) for mark in marks for device in pila.devices),
        }
    )


def judged(assets: int, rules: int = 14) -> Report:
    """A report with every rule passed on every asset."""
    passed = tuple(
        Finding(
            rule=f"R-{rule}",
            rule_version=1,
            severity=Severity.HIGH,
            asset=f"gw-{asset}",
            result=Result.PASS,
            message=say("As written."),
        )
        for asset in range(assets)
        for rule in range(rules)
    )
    pairs = assets * rules
    return Report(
        office="pila",
        title="Piła",
        made_at=_AT,
        basis=(Basis.LIVE,),
        catalogue="none",
        profile="eu-bsi",
        findings=passed,
        clauses=(),
        coverage=Coverage(
            assets_judged=assets, assets_expected=assets, devices_total=assets, decided=pairs, pairs=pairs
        ),
    )


def _tunnel(tunnel: TunnelReading, mark: str, chance: random.Random) -> TunnelReading:
    update: dict[str, object] = {
        "tunnel": tunnel.tunnel + mark,
        "state": State.UP,
        "reason": Reason.PROVEN,
        "ends": tuple(
            EndReading(
                device=end.device + mark, state=State.UP, reason=Reason.PROVEN, sa=_sa(chance), age_s=chance.random()
            )
            for end in tunnel.ends
        ),
        "probe": None if tunnel.probe is None else _probe(tunnel.probe, mark, chance),
    }
    return tunnel.model_copy(update=update)


def _probe(probe: ProbeReading, mark: str, chance: random.Random) -> ProbeReading:
    update = {
        "name": probe.name + mark,
        "state": State.UP,
        "reason": Reason.PROVEN,
        "window_s": 30.0,
        "sent": 300,
        "lost": chance.randrange(3),
        "rtt_s": 0.01 + chance.random() / 100,
        "jitter_s": chance.random() / 1000,
        "answer_age_s": chance.random() / 10,
    }
    return probe.model_copy(update=update)


def _sa(chance: random.Random) -> SaReading:
    return SaReading(
        ike_state="ESTABLISHED",
        ike_version=2,
        ike=_IKE,
        child_state="INSTALLED",
        child=_CHILD,
        local_networks=("10.64.0.0/16",),
        remote_networks=("10.64.16.0/20",),
        local_identity="gw-k.mops.example",
        remote_identity="gw-b.mops.example",
        established_s=3600,
        received_bytes=chance.randrange(10**12),
        sent_bytes=chance.randrange(10**12),
        received_packets=chance.randrange(10**9),
        sent_packets=chance.randrange(10**9),
        received_idle_s=0,
        sent_idle_s=0,
        ike_rekeys=chance.randrange(100),
        child_rekeys=chance.randrange(1000),
    )


def _link(link: LinkReading, mark: str) -> LinkReading:
    update = {"link": link.link + mark, "device": link.device + mark, "state": State.UP, "reason": Reason.PROVEN}
    return link.model_copy(update=update | {"age_s": 0.5})


def _device(device: DeviceReading, mark: str) -> DeviceReading:
    update = {"device": device.device + mark, "state": State.UP, "reason": Reason.PROVEN, "age_s": 0.5}
    return device.model_copy(update=update)
