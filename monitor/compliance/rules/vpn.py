"""VP: what tunnels offer, what they have agreed on, and that nothing goes beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inventory.crypto import Profile
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.proposals import DEFAULT, Opinion, of_esp, of_group, of_ike
from monitor.compliance.rules.sayings import failed, passed, settled, silent
from monitor.facts.ipsec import Connection, Ipsec, View
from monitor.facts.where import Fact

__all__ = ["VP_01", "VP_02", "VP_03", "VP_04"]

Offer = tuple[str, tuple[Fact[str], ...] | None]
"""What offers, and its proposals; None where the text does not tell."""
Offers = Callable[[Connection], tuple[Offer, ...]]


def _connections(case: Case) -> Ipsec | Judged:
    """The connections of a device, or the one thing to say where there are none."""
    ipsec = case.facts.ipsec
    if ipsec is None:
        return silent(case)
    if ipsec.connections:
        return ipsec
    if case.office.tunnels_of(case.device.name):
        return Judged(Result.UNKNOWN, say(N_("the inventory has tunnels here, the device has no connection")))
    return Judged(Result.NOT_APPLICABLE, say(N_("no tunnel ends here")))


# ---- VP-01 -----------------------------------------------------------------------------------------------------------


def _version_2_only(case: Case) -> Iterator[Judged]:
    ipsec = _connections(case)
    if isinstance(ipsec, Judged):
        yield ipsec
    else:
        evidence = [case.evidence(connection.versions.where) for connection in ipsec.connections]
        message = say(N_("every connection speaks IKE version 2 only"))
        yield from settled(_older(case, ipsec), passed(message, evidence, ipsec.sources))
    if case.with_live:
        yield from _older_live(case)


def _older(case: Case, ipsec: Ipsec) -> Iterator[Judged]:
    for connection in ipsec.connections:
        versions = connection.versions
        if set(versions.value) != {2}:
            spoken = ", ".join(map(str, versions.value)) or "?"
            message = say(N_("{connection} speaks IKE version {versions}"), connection=connection.name, versions=spoken)
            yield failed(message, case.evidence(versions.where))
        if connection.aggressive is not None and connection.aggressive.value:
            message = say(N_("{connection} uses aggressive mode"), connection=connection.name)
            yield failed(message, case.evidence(connection.aggressive.where))


def _older_live(case: Case) -> Iterator[Judged]:
    """Only what is worse than the text said: which SAs there are is another rule's question."""
    for tunnel in (case.live.tunnels or ()) if case.live is not None else ():
        sa = tunnel.end.sa
        if sa is not None and sa.ike_version != 2 and case.live is not None:
            shown = f"{tunnel.tunnel}: IKEv{sa.ike_version} {sa.ike_state}"
            at = case.live.watched_at or case.live.read_at
            evidence = case.reading(f"charon list-sas {tunnel.tunnel}", shown, at)
            message = say(
                N_("{tunnel} was agreed on in IKE version {version}"), tunnel=tunnel.tunnel, version=sa.ike_version
            )
            yield failed(message, evidence)


VP_01 = Rule(
    id="VP-01",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("IKE version 2 only")),
    rationale=say(N_("IKE version 1 is deprecated (RFC 9395); its aggressive mode gives the shared key to guessers.")),
    fix=say(N_("Set version = 2 in every connection (fosa push does).")),
    judge=_version_2_only,
)

# ---- VP-02, VP-03, VP-04 ---------------------------------------------------------------------------------------------


def _ike_offers(connection: Connection) -> tuple[Offer, ...]:
    return ((connection.name, connection.proposals),)


def _esp_offers(connection: Connection) -> tuple[Offer, ...]:
    carrying = [child for child in connection.children if child.mode not in {"pass", "drop"}]
    return tuple((child.name, child.proposals) for child in carrying)


@dataclass(frozen=True, slots=True)
class _Offered:
    """A rule over every proposal that is offered: one weak one is enough, whatever stands before it."""

    offers: Offers
    opinion: Callable[[str, Profile], Opinion]
    incomplete: str
    """What is said of a proposal that does not name all it needs."""
    good: str
    """What is said when there is nothing against any of them."""

    def __call__(self, case: Case) -> Iterator[Judged]:
        ipsec = _connections(case)
        if isinstance(ipsec, Judged):
            yield ipsec
            return
        told = [offer for connection in ipsec.in_view(View.CONFIGURED) for offer in self.offers(connection)]
        found = [*_untold(case, ipsec), *(judged for offer in told for judged in self._judge(case, *offer))]
        yield from found
        if all(judged.result is Result.INFORMATIONAL for judged in found):
            evidence = [case.evidence(fact.where) for _name, facts in told for fact in facts or ()]
            yield passed(say(self.good, profile=case.office.crypto), evidence, ipsec.sources)

    def _judge(self, case: Case, name: str, facts: tuple[Fact[str], ...] | None) -> Iterator[Judged]:
        if facts is None:
            yield Judged(Result.UNKNOWN, say(N_("the text does not tell what {name} offers"), name=name))
        for fact in facts or ():
            evidence = case.evidence(fact.where)
            if fact.value == DEFAULT:
                message = N_("{name} offers whatever list its daemon has built in, which is wider than any profile")
                yield failed(say(message, name=name), evidence)
            else:
                yield from self._proposal(case, name, fact, self.opinion(fact.value, case.profile))

    def _proposal(self, case: Case, name: str, fact: Fact[str], opinion: Opinion) -> Iterator[Judged]:
        evidence = case.evidence(fact.where)
        said = {"name": name, "proposal": fact.value, "profile": case.office.crypto}
        if opinion.outside:
            message = N_("{name} offers {proposal}: {outside} is not allowed by the crypto profile {profile}")
            yield failed(say(message, **said, outside=", ".join(opinion.outside)), evidence)
        elif opinion.incomplete:
            yield failed(say(self.incomplete, **said), evidence)
        elif opinion.tolerated:
            message = N_("{name} offers {proposal}: {tolerated} is below the crypto profile {profile}, only tolerated")
            sentence = say(message, **said, tolerated=", ".join(opinion.tolerated))
            yield Judged(Result.INFORMATIONAL, sentence, (evidence,))


def _untold(case: Case, ipsec: Ipsec) -> Iterator[Judged]:
    """The running daemon does not tell its proposals: what is loaded and stands in no file cannot be judged."""
    configured = {connection.name for connection in ipsec.in_view(View.CONFIGURED)}
    for connection in ipsec.in_view(View.LOADED):
        if connection.name not in configured:
            message = N_("{connection} is loaded and stands in no file: what it offers is not known")
            yield Judged(Result.UNKNOWN, say(message, connection=connection.name), (case.evidence(connection.where),))


_LACKS = N_("{name} offers {proposal}, which lacks an algorithm that it needs")
_NO_SECRECY = N_("{name} offers {proposal}, which names no key exchange group: there is no forward secrecy")
_INSIDE = N_("every proposal is inside the crypto profile {profile}")
_SECRET = N_("every ESP proposal names a key exchange group of the crypto profile {profile}")

VP_02 = Rule(
    id="VP-02",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("IKE proposals inside the crypto profile")),
    rationale=say(N_("A weak proposal that is also offered is the one an attacker makes both ends agree on.")),
    fix=say(N_("Offer only what the office's crypto profile allows (fosa push does).")),
    judge=_Offered(_ike_offers, of_ike, _LACKS, _INSIDE),
)
VP_03 = Rule(
    id="VP-03",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("ESP proposals inside the crypto profile")),
    rationale=say(N_("This is what encrypts people's data on the way between buildings.")),
    fix=say(N_("Offer only what the office's crypto profile allows (fosa push does).")),
    judge=_Offered(_esp_offers, of_esp, _LACKS, _INSIDE),
)
VP_04 = Rule(
    id="VP-04",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Forward secrecy in every tunnel")),
    rationale=say(N_("Without a key exchange of its own, one stolen key opens everything that was ever recorded.")),
    fix=say(N_("Name a key exchange group of the crypto profile in every ESP proposal (fosa push does).")),
    judge=_Offered(_esp_offers, of_group, _NO_SECRECY, _SECRET),
)
