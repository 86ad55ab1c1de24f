"""Texts of switches that are read and judged: what each rule says of a text, and texts of every platform."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from inventory.load import load
from inventory.model import Office, Platform
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Report, Result
from monitor.facts.model import Facts
from monitor.facts.read import facts, intended_sections
from monitor.facts.switches import SWITCHES
from templates.render import render

__all__ = ["PLATFORMS", "UNUSUAL", "clash", "intended", "judged", "mess", "read", "said"]

ROOT = Path(__file__).parents[3]
UNUSUAL = ROOT / "tests/data/unusual"
"""By platform and case: texts that say the same, written as they usually are (`plain`) and otherwise."""
NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
PLATFORMS = tuple(SWITCHES)
_WORST = (Result.ERROR, Result.FAIL, Result.UNKNOWN, Result.PASS)
_DECIDED = {Result.ERROR, Result.PASS, Result.FAIL}


@cache
def _pila() -> Office:
    return load(ROOT / "inventory/examples/pila", NOW.date()).require()


def _name(platform: Platform) -> str:
    return next(device.name for device in _pila().devices if device.platform is platform)


@cache
def intended(platform: Platform) -> str:
    """What fosa would write to one of Piła's switches."""
    rendered = render(_pila(), _pila().device(_name(platform)), NOW.date())
    return next(iter(intended_sections(rendered).values()))


@cache
def mess(platform: Platform) -> str:
    """A switch somebody has looked after by hand for years."""
    (path,) = (ROOT / "tests/data" / platform.value).glob("mess.*")
    return path.read_text(encoding="utf-8")


def read(platform: Platform, text: str) -> Facts:
    """Read as the running text of that switch."""
    return facts(_name(platform), platform, Basis.RUNNING, {"running-config": text}, NOW)


def judged(found: Facts) -> Report:
    """What comes of facts of one of Piła's devices."""
    subject = Subject(_pila().device(found.asset), found)
    return check(_pila(), [subject], Question(Basis.RUNNING, NOW, NOW.date()), catalogue())


def said(platform: Platform, text: str) -> Mapping[str, Result]:
    """By rule, the worst it says: it failed itself, `fail`, `unknown`, `pass`, or nothing of such a device."""
    told: dict[str, set[Result]] = {}
    for finding in judged(read(platform, text)).findings:
        told.setdefault(finding.rule, set()).add(finding.result)
    return {
        rule: next((each for each in _WORST if each in results), Result.NOT_CHECKED) for rule, results in told.items()
    }


def clash(truth: Mapping[str, Result], told: Mapping[str, Result]) -> dict[str, tuple[Result, Result]]:
    """Rules that are decided both times, and not alike: a `pass` or a `fail` that is false."""
    pairs = {rule: (truth[rule], told[rule]) for rule in truth}
    return {rule: pair for rule, pair in pairs.items() if set(pair) <= _DECIDED and pair[0] is not pair[1]}
