"""The values of compliance: a rule's findings, a clause's status, a report. Rule results use the words of XCCDF 1.2."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from inventory.model.base import Value
from inventory.sentence import Sentence
from monitor.basis import Basis

__all__ = [
    "Basis",
    "ClauseClass",
    "ClauseFinding",
    "ClauseStatus",
    "Coverage",
    "Evidence",
    "Finding",
    "Report",
    "Result",
    "Severity",
    "Waived",
]


class Result(StrEnum):
    """The nine words of XCCDF 1.2. Only `pass` and `fixed` mean fine."""

    PASS = "pass"  # noqa: S105  a result, no password
    FAIL = "fail"
    ERROR = "error"
    """The check itself went wrong."""
    UNKNOWN = "unknown"
    """There is no fresh reading, or what was read was not understood."""
    NOT_APPLICABLE = "notapplicable"
    NOT_CHECKED = "notchecked"
    """No collector for it yet."""
    NOT_SELECTED = "notselected"
    INFORMATIONAL = "informational"
    FIXED = "fixed"


class Severity(StrEnum):
    """How bad a failed rule is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_STRICT = ConfigDict(extra="forbid")
"""Of what there are dozens a device: a report is made of them, and checks them where it is read from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was read: where, when, and by what it can be recognised again."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    basis: Basis
    source: str
    """A section of a device's text (`file /etc/snmp/snmpd.conf`) or a reading (`tunnel k-b seen from gw-k`)."""
    line: int | None = None
    """In the source, from 1."""
    text: str = ""
    """The line or value, secrets masked."""
    sha256: str
    """Of the whole masked source."""
    read_at: dt.datetime | None
    """None for intended text: it was not read from a device."""


class Waived(Value):
    """That a failure is known and let be for now. It stays a failure."""

    requirement: str
    """What of a hardened device is let off, in the inventory's word: `storm_control`."""
    why: str
    until: dt.date
    """The last day it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of one asset, or of one part of it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    rule: str
    rule_version: int
    severity: Severity
    asset: str
    result: Result
    message: Sentence
    """What was found, and what was asked for."""
    fix: Sentence | None = None
    evidence: tuple[Evidence, ...] = ()
    waived: Waived | None = None
    """Only of a failure: the exception the inventory makes of it today."""


class ClauseClass(StrEnum):
    """What can decide a clause: a machine, a machine for its share, a machine and a statement, a statement only."""

    MACHINE = "machine"
    SCOPED = "scoped"
    PARTIAL = "partial"
    ATTESTATION = "attestation"


class ClauseStatus(StrEnum):
    """How a clause stands. One that also speaks of people is at best `partly` met until somebody attests the rest."""

    MET = "met"
    PARTLY = "partly"
    """What machines can tell is in order; a statement, or a rule that is not there yet, is missing."""
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    """A rule it needs has no fresh reading."""


class ClauseFinding(Value):
    """One clause of law and what the rules it needs have said."""

    clause: str
    status: ClauseStatus
    failed: tuple[str, ...] = ()
    """Rules that failed."""
    undecided: tuple[str, ...] = ()
    """Rules without a fresh reading."""
    missing: tuple[str, ...] = ()
    """Rules the catalogue names that fosa does not have yet, or not for every platform of the office."""


class Coverage(Value):
    """How much was judged. Shown beside every score."""

    assets_judged: int
    assets_expected: int
    """Managed devices of the inventory."""
    devices_total: int
    """Devices of the inventory, counts of groups included."""
    decided: int
    """Pairs of rule and asset that came to pass or fail."""
    pairs: int
    """All applicable pairs."""


class Report(Value):
    """One run of the check."""

    office: str
    title: str
    made_at: dt.datetime
    basis: tuple[Basis, ...]
    catalogue: str
    """Name and version of the catalogue."""
    profile: str
    """The crypto profile it was judged by."""
    findings: tuple[Finding, ...]
    clauses: tuple[ClauseFinding, ...]
    coverage: Coverage
    problems: tuple[Sentence, ...] = ()
    """Devices that could not be read, and why."""
