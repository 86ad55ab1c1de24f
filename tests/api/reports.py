"""Reports of the example office with findings of every result."""

from __future__ import annotations

import datetime as dt
import hashlib

from inventory.sentence import say
from monitor.compliance.model import (
    Basis,
    ClauseFinding,
    ClauseStatus,
    Coverage,
    Evidence,
    Finding,
    Report,
    Result,
    Severity,
)

__all__ = ["MADE_AT", "report"]

MADE_AT = dt.datetime(2026, 11, 20, 12, 58, 40, tzinfo=dt.UTC)

_PASSED = (
    ("VP-01", Severity.CRITICAL),
    ("VP-02", Severity.CRITICAL),
    ("VP-03", Severity.CRITICAL),
    ("VP-04", Severity.HIGH),
    ("VP-07", Severity.CRITICAL),
    ("FW-01", Severity.CRITICAL),
    ("FW-02", Severity.HIGH),
    ("FW-08", Severity.CRITICAL),
    ("MG-01", Severity.CRITICAL),
    ("MG-03", Severity.HIGH),
    ("LG-01", Severity.HIGH),
)
_GATEWAYS = ("gw-k", "gw-b", "gw-c")


def report(*, failed: bool) -> Report:
    """The shipped office, undecided where no reading is; with `failed`, findings of every other result too."""
    findings = (*(_bad() if failed else ()), *_undecided(), *_passed(failed=failed))
    decided = sum(finding.result in {Result.PASS, Result.FAIL} for finding in findings)
    return Report(
        office="pila",
        title="Miejski Ośrodek Pomocy Społecznej w Pile",
        made_at=MADE_AT,
        basis=(Basis.RUNNING, Basis.LIVE),
        catalogue="fosa-pl 1",
        profile="eu-bsi",
        findings=findings,
        clauses=_clauses(failed=failed),
        coverage=Coverage(
            assets_judged=2 if failed else 3, assets_expected=3, devices_total=200, decided=decided, pairs=42
        ),
        problems=(say("{device} could not be read: no answer within 5 s", device="gw-b"),) if failed else (),
    )


def _passed(*, failed: bool) -> tuple[Finding, ...]:
    gateways = ("gw-k", "gw-c") if failed else _GATEWAYS
    return tuple(
        Finding(
            rule=rule,
            rule_version=1,
            severity=severity,
            asset=asset,
            result=Result.PASS,
            message=say("as the rule asks"),
            evidence=(_evidence("charon connections", None, ""),),
        )
        for rule, severity in _PASSED
        for asset in gateways
    )


def _undecided() -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule="VP-08",
            rule_version=1,
            severity=Severity.CRITICAL,
            asset=asset,
            result=Result.UNKNOWN,
            message=say("no drill has shown yet that nothing leaves in clear when the tunnel is gone"),
        )
        for asset in _GATEWAYS
    )


def _bad() -> tuple[Finding, ...]:
    typed_by_hand = _finding("FW-01", Severity.CRITICAL, Result.FAIL, "gw-k")
    community = _finding("MG-04", Severity.CRITICAL, Result.FAIL, "gw-c")
    time_source = _finding("TM-01", Severity.MEDIUM, Result.FAIL, "gw-c")
    others = [
        _finding(rule, Severity.HIGH, result, "gw-b")
        for rule, result in (
            ("LG-01", Result.ERROR),
            ("MG-03", Result.NOT_CHECKED),
            ("FW-02", Result.NOT_APPLICABLE),
            ("FW-08", Result.NOT_SELECTED),
            ("MG-01", Result.INFORMATIONAL),
            ("VP-04", Result.FIXED),
        )
    ]
    return (typed_by_hand, community, time_source, *others)


_TYPED = ("kernel nftables", 261, "tcp dport 9999 accept")
_WORDS = {
    "FW-01": (
        "tcp/9999 is let in from anywhere; no flow of the inventory grants that",
        "push the intended configuration, or write the flow into the inventory",
        _TYPED,
    ),
    "MG-04": (
        "a community is configured beside SNMPv3",
        "take the community out: SNMPv3 with authPriv alone may answer",
        ("file /etc/snmp/snmpd.conf", 12, "rocommunity <secret:5b1c0a7e>"),
    ),
    "TM-01": (
        "1 of 2 time sources answers; 2 are asked for",
        "ask why 192.0.2.124 does not answer, or name another source",
        ("time sources", 2, "192.0.2.124 unreachable"),
    ),
}


def _finding(rule: str, severity: Severity, result: Result, asset: str) -> Finding:
    message, fix, source = _WORDS.get(rule, ("the check could not be finished", "read the device again", _TYPED))
    return Finding(
        rule=rule,
        rule_version=1,
        severity=severity,
        asset=asset,
        result=result,
        message=say(message),
        fix=say(fix),
        evidence=(_evidence(*source),),
    )


def _evidence(source: str, line: int | None, text: str) -> Evidence:
    return Evidence(
        basis=Basis.RUNNING,
        source=source,
        line=line,
        text=text,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        read_at=MADE_AT - dt.timedelta(seconds=3),
    )


def _clauses(*, failed: bool) -> tuple[ClauseFinding, ...]:
    bad = ("FW-01",) if failed else ()
    return (
        ClauseFinding(clause="kri-19-2-7c", status=ClauseStatus.NOT_MET if bad else ClauseStatus.PARTLY, failed=bad),
        ClauseFinding(clause="rodo-32-1-a", status=ClauseStatus.PARTLY, missing=("CR-01", "CR-02")),
        ClauseFinding(clause="mswia2004-c-xii-1", status=ClauseStatus.NOT_ASSESSED, undecided=("VP-08",)),
        ClauseFinding(clause="kri-20-3", status=ClauseStatus.MET),
    )
