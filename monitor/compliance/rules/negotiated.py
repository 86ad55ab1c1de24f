"""VP-07: what the two ends of a tunnel have really agreed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inventory.model import Tunnel
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Evidence, Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.proposals import Opinion, of_esp, of_group, of_ike
from monitor.compliance.rules.sayings import failed, passed
from monitor.differences import differences
from monitor.results import DifferenceKind, EndReading, SaReading

__all__ = ["VP_07"]

_ALGORITHMS = {DifferenceKind.IKE_ALGORITHMS: "IKE", DifferenceKind.CHILD_ALGORITHMS: "ESP"}


def _as_agreed(case: Case) -> Iterator[Judged]:
    tunnels = case.office.tunnels_of(case.device.name)
    if not tunnels:
        yield Judged(Result.NOT_APPLICABLE, say(N_("no tunnel ends here")))
    elif case.device.stands_by is not None:
        message = N_("it stands by: what was agreed on is judged with {device}, whichever of the two works")
        yield Judged(Result.NOT_APPLICABLE, say(message, device=case.device.stands_by))
    elif not case.with_live:
        yield Judged(Result.NOT_CHECKED, say(N_("no text tells what was agreed on: only a reading does")))
    else:
        for tunnel in tunnels:
            yield from _tunnel(case, tunnel)


def _tunnel(case: Case, tunnel: Tunnel) -> Iterator[Judged]:
    end, at = _reading(case, tunnel.name)
    if end is None or end.sa is None or at is None or not case.fresh(at, end.age_s or 0.0):
        message = N_("{tunnel}: there is no fresh reading of a security association")
        yield Judged(Result.UNKNOWN, say(message, tunnel=tunnel.name))
        return
    evidence = case.reading(f"charon list-sas {tunnel.name}", _shown(end.sa), at)
    if end.sa.ike is None or end.sa.child is None:
        yield Judged(Result.UNKNOWN, say(N_("{tunnel}: nothing is agreed on yet"), tunnel=tunnel.name), (evidence,))
        return
    # What is forbidden is no less so for being in no inventory: that is said, and not also the other.
    found = {**dict(_otherwise(case, tunnel, end.sa, evidence)), **dict(_below(case, tunnel, end.sa, evidence))}
    yield from found.values()
    if not found:
        message = N_("{tunnel}: {ike} and {esp}, inside the crypto profile and as the inventory says")
        yield passed(say(message, tunnel=tunnel.name, ike=end.sa.ike.proposal, esp=end.sa.child.proposal), (evidence,))


def _reading(case: Case, tunnel: str) -> tuple[EndReading | None, dt.datetime | None]:
    if case.live is None:
        return None, None
    ends = [reading.end for reading in case.live.tunnels or () if reading.tunnel == tunnel]
    return (ends[0] if ends else None), case.live.watched_at


def _below(case: Case, tunnel: Tunnel, sa: SaReading, evidence: Evidence) -> Iterator[tuple[str, Judged]]:
    """What the profile forbids, by protocol."""
    for protocol, proposal, opinion in _opinions(case, sa):
        if not opinion.good:
            message = N_("{tunnel}: {protocol} was agreed on as {proposal}, which the crypto profile {profile} forbids")
            said = say(message, tunnel=tunnel.name, protocol=protocol, proposal=proposal, profile=case.office.crypto)
            yield protocol, failed(said, evidence)


def _opinions(case: Case, sa: SaReading) -> Iterator[tuple[str, str, Opinion]]:
    if sa.ike is not None:
        yield "IKE", sa.ike.proposal, of_ike(sa.ike.proposal, case.profile)
    if sa.child is not None:
        yield "ESP", sa.child.proposal, of_esp(sa.child.proposal, case.profile)
    # A child that came up with its IKE SA has that one's keys, and shows no group before its first rekeying.
    if sa.child is not None and sa.child.group:
        yield "ESP", sa.child.proposal, of_group(sa.child.proposal, case.profile)


def _otherwise(case: Case, tunnel: Tunnel, sa: SaReading, evidence: Evidence) -> Iterator[tuple[str, Judged]]:
    """What the inventory does not offer, by protocol."""
    for difference in differences(tunnel, {case.device.name: sa}):
        if protocol := _ALGORITHMS.get(difference.kind):
            message = N_("{tunnel}: {protocol} was agreed on as {found}; the inventory says {expected}")
            said = say(
                message, tunnel=tunnel.name, protocol=protocol, found=difference.found, expected=difference.expected
            )
            yield protocol, failed(said, evidence)


def _shown(sa: SaReading) -> str:
    ike = sa.ike.proposal if sa.ike is not None else "-"
    child = sa.child.proposal if sa.child is not None else "-"
    return f"IKEv{sa.ike_version} {sa.ike_state} {ike}; ESP {sa.child_state or '-'} {child}"


VP_07 = Rule(
    id="VP-07",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("What was agreed on is inside the crypto profile")),
    rationale=say(N_("A configuration says what may be agreed on; only the security association says what was.")),
    fix=say(N_("Offer on both ends what the inventory says, then let the tunnel be agreed on anew.")),
    judge=_as_agreed,
)
