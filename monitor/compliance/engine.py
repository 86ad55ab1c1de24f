"""The check: facts and readings of devices in, a report out. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from inventory.crypto import PROFILES
from inventory.model import Device, Office
from inventory.pairs import in_its_place
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.compliance.catalogue.model import Catalogue
from monitor.compliance.collected import Collected, cell
from monitor.compliance.grants import between_gateways, flow_grants
from monitor.compliance.model import Basis, Coverage, Evidence, Finding, Report, Result, Waived
from monitor.compliance.needs import needs
from monitor.compliance.plugged import planned, plugged
from monitor.compliance.rollup import DECIDED, clause_findings, outcomes
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.table import RULES
from monitor.compliance.spaces import Grant
from monitor.compliance.ways import ways
from monitor.facts.firewall import Hook
from monitor.facts.live import LiveFacts
from monitor.facts.model import Facts
from templates.platforms import MEANS

__all__ = ["Limits", "Question", "Subject", "check"]

ENOUGH = 0.9
"""The share of a text's lines that must be understood before a rule may pass by it."""
OWN = 0.75
"""Of a switch's text, before a rule may fail by it: of a text of another platform, whose words are in part the same, up
to six lines in ten are understood."""
_SILENT = frozenset({Result.NOT_APPLICABLE, Result.NOT_SELECTED})
_UNJUDGED = {Collected.NO_COLLECTOR: Result.NOT_CHECKED, Collected.NOT_APPLICABLE: Result.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Limits:
    """How old what was read may be, in seconds."""

    running_s: float = 24 * 3600
    live_s: float = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A device that is to be judged."""

    device: Device
    facts: Facts | None
    """None: its text could not be had."""
    live: LiveFacts | None = None
    problem: Sentence | None = None
    """Why there are no facts."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: on which basis, at which moment."""

    basis: Basis
    now: dt.datetime
    today: dt.date
    """Where the office is: flows end with a day."""
    limits: Limits = Limits()


def check(
    office: Office,
    subjects: Iterable[Subject],
    question: Question,
    catalogue: Catalogue,
    rules: Mapping[str, Rule] = RULES,
) -> Report:
    """Judge every subject by every rule, and every clause by what came of it."""
    listed = tuple(subjects)
    gateways = any(subject.device.gateway for subject in listed)
    flows = (*flow_grants(office, question.today), *between_gateways(office, question.today)) if gateways else ()
    findings: list[Finding] = []
    judged = 0
    for subject in listed:
        case = _case(office, subject, question, flows)
        judged += bool(case.facts.sections)
        for rule in rules.values():
            findings += _findings(rule, case, question.today)
    outcome = outcomes(findings)
    return Report(
        office=office.name,
        title=office.title,
        made_at=question.now,
        basis=(Basis.RUNNING, Basis.LIVE) if question.basis is Basis.LIVE else (question.basis,),
        catalogue=catalogue.label,
        profile=office.crypto,
        findings=tuple(findings),
        clauses=clause_findings(
            catalogue,
            rules,
            outcome,
            _uncollected(rules, listed),
            of_devices=question.basis is not Basis.INTENDED,
        ),
        coverage=_coverage(office, judged, outcome),
        problems=tuple(subject.problem for subject in listed if subject.problem is not None),
    )


def _uncollected(rules: Iterable[str], subjects: Iterable[Subject]) -> frozenset[tuple[str, str]]:
    """The pairs of rule and device of which nothing is read that would tell."""
    platforms = {subject.device.name: subject.device.platform for subject in subjects}
    return frozenset(
        (rule, name)
        for rule in rules
        for name, platform in platforms.items()
        if platform is not None and cell(rule, platform).collected is Collected.NO_COLLECTOR
    )


def _case(office: Office, subject: Subject, question: Question, flows: tuple[Grant, ...]) -> Case:
    facts, silence = _believed(subject, question)
    # Of one that stands by everything is asked that is asked of the other: it may have to work at any moment.
    office = in_its_place(office, subject.device.name)
    wanted = planned(subject.device)
    return Case(
        office=office,
        device=subject.device,
        basis=question.basis,
        now=question.now,
        profile=PROFILES[office.crypto],
        facts=facts,
        live=subject.live,
        live_limit_s=question.limits.live_s,
        ways=None if facts.firewall is None else ways(office, subject.device, facts.firewall),
        grants=(*needs(office, subject.device), *flows) if subject.device.gateway else (),
        silence=silence,
        wholes={
            section.name: Evidence(basis=facts.basis, source=section.name, sha256=section.sha256, read_at=facts.read_at)
            for section in facts.sections
        },
        understood={section.name: section.understood for section in facts.sections},
        planned=wanted,
        plugged=plugged(facts, wanted),
        means=MEANS.get(facts.platform, {}),
    )


def _believed(subject: Subject, question: Question) -> tuple[Facts, Sentence]:
    """The facts as far as they may be used, and what is to be said of those that may not."""
    name = subject.device.name
    if subject.facts is None:
        return _nothing(subject, question), subject.problem or say(N_("{device} was not read"), device=name)
    read_at = subject.facts.read_at
    if (unfit := next((each.unfit for each in subject.facts.sections if each.unfit is not None), None)) is not None:
        return _nothing(subject, question), unfit
    if subject.facts.basis is Basis.INTENDED:
        return subject.facts, say(N_("no file of {device} tells"), device=name)
    if read_at is None or abs((question.now - read_at).total_seconds()) > question.limits.running_s:
        return _nothing(subject, question), say(N_("what was read of {device} is too old"), device=name)
    if subject.facts.switch is not None and subject.facts.switch.ports == ():
        # Silence is not safety: an empty text, or the beginning of one, says nothing bad either.
        text = N_("what was read of {device} names none of its ports: it is not the whole text")
        return _nothing(subject, question), say(text, device=name)
    return subject.facts, say(N_("what was read of {device} does not tell"), device=name)


def _nothing(subject: Subject, question: Question) -> Facts:
    """Facts of which nothing is known."""
    assert subject.device.platform is not None  # noqa: S101  only managed devices are judged
    basis = Basis.INTENDED if question.basis is Basis.INTENDED else Basis.RUNNING
    return Facts(subject.device.name, subject.device.platform, basis, read_at=None)


def _findings(rule: Rule, case: Case, today: dt.date) -> list[Finding]:
    try:
        judged = [_as_understood(one, case) for one in _judged(rule, case)]
    except Exception as error:  # noqa: BLE001  one rule's failure must not stop the others
        judged = [Judged(Result.ERROR, say(N_("the rule itself failed: {error}"), error=repr(error)))]
    return [
        Finding(
            rule=rule.id,
            rule_version=rule.version,
            severity=rule.severity,
            asset=case.device.name,
            result=one.result,
            message=one.message,
            fix=_fix(rule, case) if one.result is Result.FAIL else None,
            evidence=one.evidence,
            waived=_waived(one, case, today) if one.result is Result.FAIL else None,
        )
        for one in judged
    ]


def _judged(rule: Rule, case: Case) -> Iterable[Judged]:
    """The rule's word, where the platform's texts can tell anything at all."""
    found = cell(rule.id, case.facts.platform)
    result = _UNJUDGED.get(found.collected)
    if result is None or found.why is None:
        return rule.judge(case)
    return (Judged(result, found.why),)


def _fix(rule: Rule, case: Case) -> Sentence:
    return rule.switch_fix if case.on_switch and rule.switch_fix is not None else rule.fix


def _waived(judged: Judged, case: Case, today: dt.date) -> Waived | None:
    """The exception that lets a failure be today: it stays one."""
    switching = case.office.switching
    if judged.requirement is None or switching is None or not case.on_switch:
        return None
    holding = [
        waiver
        for waiver in switching.waivers
        if waiver.requirement is judged.requirement
        and waiver.device in {None, case.device.name}
        and waiver.until >= today
    ]
    last = max(holding, key=lambda waiver: waiver.until, default=None)
    return None if last is None else Waived(requirement=last.requirement, why=last.why, until=last.until)


def _as_understood(judged: Judged, case: Case) -> Judged:
    """Too little understood or followed: what passed is not known; what failed has failed, but in a foreign text."""
    if judged.result is Result.FAIL and case.on_switch and case.understood:
        share = min(case.understood.values())
        return judged if share >= OWN else _little(judged, share)
    if judged.result is not Result.PASS or not judged.sources:
        return judged
    if (share := min([case.understood.get(source, 0.0) for source in judged.sources])) < ENOUGH:
        return _little(judged, share)
    hook = _unfollowed(judged, case)
    if hook is not None:
        message = say(N_("there are more ways through hook {hook} than can be followed"), hook=hook)
        return replace(judged, result=Result.UNKNOWN, message=message)
    return judged


def _little(judged: Judged, share: float) -> Judged:
    message = say(N_("only {percent} % of the lines it rests on were understood"), percent=int(share * 100))
    return replace(judged, result=Result.UNKNOWN, message=message)


def _unfollowed(judged: Judged, case: Case) -> Hook | None:
    """Whether it rests on the ways through a filter, and not all of them are known."""
    firewall = case.facts.firewall
    if case.ways is None or firewall is None or not set(judged.sources) & set(firewall.sources):
        return None
    return case.ways.unfollowed


def _coverage(office: Office, judged: int, outcome: Mapping[tuple[str, str], Result]) -> Coverage:
    itemised = {device.name for device in office.devices}
    return Coverage(
        assets_judged=judged,
        assets_expected=len(office.managed),
        devices_total=len(itemised) + sum(group.count for group in office.groups),
        decided=sum(result in DECIDED for result in outcome.values()),
        pairs=sum(result not in _SILENT for result in outcome.values()),
    )
