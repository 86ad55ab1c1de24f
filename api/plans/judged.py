"""What a plan would fix and cause: the rules' word on what runs, and on what would run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.plans.model import RuleChange
from api.plans.number import day_of
from api.plans.touched import Looked
from inventory.model import Device, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.collected import Collected, cell
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Result
from monitor.compliance.rollup import BAD, FINE, outcomes
from monitor.facts.read import facts
from playbooks.drivers.base import Sections

__all__ = ["Judgement", "judged"]

_OPEN = frozenset({Result.UNKNOWN, Result.ERROR, Result.NOT_CHECKED})
"""Results that never mean fine."""

_Pair = tuple[str, str]
"""A rule and a device."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules say of some texts."""

    outcomes: Mapping[_Pair, Result]
    wrong: Mapping[_Pair, frozenset[tuple[str, str]]]
    """The lines that failures rest on, each with its text's name; where there is none, the finding's own words."""
    excused: frozenset[_Pair]
    """Pairs whose failures the inventory lets be for now, every one of them."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Rules whose result would change, and what nobody could judge."""

    fixed: tuple[RuleChange, ...] = ()
    caused: tuple[RuleChange, ...] = ()
    unjudged: tuple[Sentence, ...] = ()
    excused: tuple[RuleChange, ...] = ()
    """Those of `caused` that fail by lines alone which the inventory lets be for now."""


def judged(office: Office, devices: Sequence[Looked], now: dt.datetime) -> Judgement:
    """The rules' word on the running and the intended text of each device.

    A rule that is fine now and would no longer be known to be fine counts as one the plan causes; so does one that
    fails already and would fail by a line it does not fail by now.
    """
    question = Question(Basis.RUNNING, now, day_of(office, now))
    before = _said(office, question, ((one.device, one.compared.running) for one in devices))
    after = _said(office, question, ((one.device, one.compared.intended) for one in devices))
    changes = tuple(_changes(before, after))
    caused = tuple(change for change in changes if change.after not in FINE)
    return Judgement(
        fixed=tuple(change for change in changes if change.after in FINE),
        caused=caused,
        excused=tuple(change for change in caused if (change.rule, change.asset) in after.excused),
        unjudged=tuple(_unjudged(after.outcomes, {one.device.name: one.device for one in devices})),
    )


def _said(office: Office, question: Question, texts: Iterable[tuple[Device, Sections]]) -> _Said:
    subjects = [_subject(device, sections, question.now) for device, sections in texts]
    findings = check(office, subjects, question, catalogue()).findings
    wrong: dict[_Pair, set[tuple[str, str]]] = {}
    failing: set[_Pair] = set()
    for finding in findings:
        pair = (finding.rule, finding.asset)
        if finding.result in BAD:
            lines = {(each.source, each.text) for each in finding.evidence if each.text}
            wrong.setdefault(pair, set()).update(lines or {("", str(finding.message))})
        if finding.result in {*BAD, *_OPEN} and finding.waived is None:
            failing.add(pair)
    found = {pair: frozenset(lines) for pair, lines in wrong.items()}
    return _Said(outcomes(findings), found, frozenset(found.keys() - failing))


def _subject(device: Device, sections: Sections, now: dt.datetime) -> Subject:
    assert device.platform is not None  # noqa: S101  only managed devices are planned for
    return Subject(device, facts(device.name, device.platform, Basis.RUNNING, sections, now))


def _changes(before: _Said, after: _Said) -> Iterator[RuleChange]:
    for pair, then in after.outcomes.items():
        now = before.outcomes.get(pair, Result.UNKNOWN)
        fixes = then in FINE and now not in FINE
        further = then in BAD and not after.wrong[pair] <= before.wrong.get(pair, frozenset())
        breaks = (then in BAD and now not in BAD) or further or (then in _OPEN and now in FINE)
        if fixes or breaks:
            yield RuleChange(rule=pair[0], asset=pair[1], before=now, after=then)


def _unjudged(after: Mapping[_Pair, Result], devices: Mapping[str, Device]) -> Iterator[Sentence]:
    """What a plan leaves open; not what nothing is ever read for."""
    for asset in dict.fromkeys(asset for _rule, asset in after):
        open_ = (rule for (rule, of), result in after.items() if of == asset and result in _OPEN)
        rules = sorted(rule for rule in open_ if not _never(rule, devices[asset]))
        if rules:
            message = N_("{device}: these rules cannot be judged beforehand: {rules}")
            yield say(message, device=asset, rules=", ".join(rules))


def _never(rule: str, device: Device) -> bool:
    platform = device.platform
    return platform is not None and cell(rule, platform).collected is Collected.NO_COLLECTOR
