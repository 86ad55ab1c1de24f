"""MG: what a switch serves and tells beside its work."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Severity
from monitor.compliance.plugged import Plugged
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.ports import lacking, of_ports
from monitor.compliance.rules.sayings import clean, doubtful, failed, settled, silent
from monitor.facts.switch import PortMode, SwitchFacts, Web

__all__ = ["MG_02", "MG_08", "MG_09"]

# ---- MG-02 -----------------------------------------------------------------------------------------------------------

_TLS = frozenset({"1.2", "1.3"})


def _web_is_closed(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.web is None:
        yield silent(case)
        return
    message = N_("the web server is off, or speaks TLS 1.2 and later only")
    yield from settled(_web(case, switch.web), clean(case, say(message), switch.sources))


def _web(case: Case, web: Web) -> Iterator[Judged]:
    if web.http is None or web.https is None:
        yield doubtful(say(N_("the text does not say whether the web server is on")))
    if web.http is not None and web.http.value:
        message = say(N_("the web server answers without encryption"))
        yield failed(message, case.evidence(web.http.where), requirement=Requirement.SERVICES_OFF)
    if web.https is None or not web.https.value:
        return
    if web.tls is None:
        message = say(N_("the text does not say which versions of TLS the web server speaks"))
        yield doubtful(message, case.evidence(web.https.where))
    elif old := sorted(set(web.tls.value) - _TLS):
        message = say(N_("the web server speaks TLS {versions}"), versions=", ".join(old))
        yield failed(message, case.evidence(web.tls.where), requirement=Requirement.SERVICES_OFF)


MG_02 = Rule(
    id="MG-02",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("No web management in clear")),
    rationale=say(N_("A password typed into a page without encryption is read by whoever listens on the way.")),
    fix=say(N_("Switch the web server off (fosa push does).")),
    judge=_web_is_closed,
)

# ---- MG-08 -----------------------------------------------------------------------------------------------------------


def _nothing_unneeded(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.unneeded is None:
        yield silent(case)
        return
    found = (
        failed(
            say(N_("{service} is on, and no office switch needs it"), service=fact.value),
            case.evidence(fact.where),
            requirement=Requirement.SERVICES_OFF,
        )
        for fact in switch.unneeded
    )
    yield from settled(found, clean(case, say(N_("no service is on that is not needed")), switch.sources))


MG_08 = Rule(
    id="MG-08",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Services nobody needs are off")),
    rationale=say(N_("What does not run has no holes and needs no password.")),
    fix=say(N_("Switch the service off (fosa push does).")),
    judge=_nothing_unneeded,
)

# ---- MG-09 -----------------------------------------------------------------------------------------------------------


def _tells_no_stranger(case: Case) -> Iterator[Judged]:
    yield from of_ports(case, _telling, N_("the device tells of itself only on uplinks, and to telephones by LLDP"))


def _telling(case: Case, _switch: SwitchFacts) -> Iterator[Judged]:
    every = [one for one in case.plugged if not one.port.shut and not one.uplink]
    telling = [one for one in every if one.port.discovery - _useful(one)]
    message = N_("these ports tell whoever is plugged in what the device is: {ports}")
    yield from lacking(case, message, telling, Requirement.LLDP_LIMITED)


def _useful(one: Plugged) -> frozenset[str]:
    """A telephone learns its VLAN by LLDP, and an access point on a trunk is found by it."""
    wants = one.port.voice is not None or one.port.mode is PortMode.TRUNK
    return frozenset({"lldp"}) if wants else frozenset()


MG_09 = Rule(
    id="MG-09",
    version=1,
    severity=Severity.LOW,
    title=say(N_("CDP and LLDP only where they are useful")),
    rationale=say(N_("They tell the model and version of the device to every socket in the building.")),
    fix=say(N_("Switch them off on access ports (fosa push does).")),
    judge=_tells_no_stranger,
)
