"""Offices to judge: what would be pushed to their gateways, as it is or changed by hand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from yaml import safe_load

from inventory.load import load
from inventory.model import Office, Platform
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Finding, Report, Result
from monitor.facts.live import LiveFacts
from monitor.facts.model import Facts
from monitor.facts.read import facts, intended_sections
from templates.render import render
from tests.monitor.compliance.roads import roads

__all__ = [
    "CHARON",
    "CHRONY",
    "NFT",
    "NOW",
    "RSYSLOG",
    "SNMP",
    "SSH",
    "TODAY",
    "ULOGD",
    "Changed",
    "facts_of",
    "failures",
    "judged",
    "lines",
    "of",
    "pila",
    "running",
    "small",
    "texts_of",
]

ROOT = Path(__file__).parents[3]
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()

NFT = "file /etc/nftables.conf"
CHARON = "file /etc/swanctl/conf.d/fosa.conf"
SSH = "file /etc/ssh/sshd_config"
SNMP = "file /etc/snmp/snmpd.conf"
RSYSLOG = "file /etc/rsyslog.conf"
CHRONY = "file /etc/chrony/chrony.conf"
ULOGD = "file /etc/ulogd.conf"


@dataclass(frozen=True, slots=True)
class Changed:
    """A text of a device in which one piece was replaced by hand."""

    source: str
    old: str
    new: str


@cache
def pila() -> Office:
    """Piła."""
    return load(ROOT / "inventory/examples/pila").require()


@cache
def small() -> Office:
    """Two buildings with the rare cases."""
    text = (ROOT / "tests/data/linux_gateway/small/office.yaml").read_text(encoding="utf-8")
    return Office.model_validate(safe_load(text))


def texts_of(office: Office, device: str) -> dict[str, str]:
    """What would be pushed to a device, by source."""
    return _texts(office.name, device)


@cache
def _texts(name: str, device: str) -> dict[str, str]:
    office = next(office for office in (pila(), small()) if office.name == name)
    return dict(intended_sections(render(office, office.device(device), TODAY)))


def facts_of(office: Office, device: str, *changes: Changed) -> Facts:
    """What would be pushed to a device, with changes."""
    texts = dict(texts_of(office, device))
    for change in changes:
        assert change.old in texts[change.source], change
        texts[change.source] = texts[change.source].replace(change.old, change.new, 1)
    platform = office.device(device).platform
    assert platform is not None
    return facts(device, platform, Basis.INTENDED, texts, None)


def running(read: Facts, read_at: dt.datetime = NOW) -> Facts:
    """The same as if it had been read of the device, whose tunnels are up."""
    if read.routing is not None or not read.sections or read.platform is not Platform.LINUX_GATEWAY:
        return replace(read, basis=Basis.RUNNING, read_at=read_at)
    office = next(office for office in (pila(), small()) if any(each.name == read.asset for each in office.devices))
    told = facts(read.asset, read.platform, Basis.RUNNING, roads(office, read.asset), read_at)
    sections = (*read.sections, *told.sections)
    return replace(read, basis=Basis.RUNNING, read_at=read_at, routing=told.routing, sections=sections)


def judged(office: Office, read: Facts | None, device: str = "gw-b", live: LiveFacts | None = None) -> Report:
    """The report on one device; with readings when there are some."""
    basis = Basis.INTENDED if read is None else read.basis
    subject = Subject(office.device(device), read, live)
    return check(office, [subject], Question(Basis.LIVE if live else basis, NOW, TODAY), catalogue())


def failures(report: Report) -> dict[str, list[Finding]]:
    """What failed, by rule."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.result is Result.FAIL:
            found.setdefault(finding.rule, []).append(finding)
    return found


def lines(findings: Iterable[Finding]) -> list[str]:
    """The text of the first line each finding points to."""
    return [finding.evidence[0].text if finding.evidence else "" for finding in findings]


def of(report: Report, rule: str) -> list[Finding]:
    """What one rule said."""
    return [finding for finding in report.findings if finding.rule == rule]
