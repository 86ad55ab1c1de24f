"""The check in process: rules on facts, and texts of about 1,000 lines to a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bench.crowd import OFFICE
from bench.report import Figure, Row, measure, row
from inventory.load import load
from inventory.model import Device, Office
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.rules.table import RULES
from monitor.facts.read import facts, intended_sections
from templates.render import render

__all__ = ["judging"]

_NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_RUNS = 20


def judging() -> tuple[list[Row], list[Figure]]:
    """Times and rates for the hub's gateway of Piła, whose texts have more than 1,000 lines."""
    office = load(OFFICE, _NOW.date()).require()
    device = office.gateways[0]
    sections = intended_sections(render(office, device, _NOW.date()))
    lines = sum(len(text.splitlines()) for text in sections.values())
    told = _subject(device, sections)
    assert told.facts is not None
    reading = measure(lambda: _subject(device, sections), _RUNS)
    judged = measure(lambda: _check(office, told), _RUNS)
    whole = measure(lambda: _check(office, _subject(device, sections)), _RUNS)
    name = f"{device.name}, {lines:,} lines"
    rows = [
        row(f"{name}: text to facts", reading),
        row(f"{name}: facts to report, {len(RULES)} rules", judged),
        row(f"{name}: text to report", whole),
    ]
    return rows, [Figure("rules on facts", len(RULES) / rows[1].median_s, "rules per second")]


def _subject(device: Device, sections: Mapping[str, str]) -> Subject:
    assert device.platform is not None
    return Subject(device, facts(device.name, device.platform, Basis.INTENDED, sections, None))


def _check(office: Office, subject: Subject) -> object:
    return check(office, [subject], Question(Basis.INTENDED, _NOW, _NOW.date()), catalogue())
