"""Results, severities and statuses in the words people read."""

from __future__ import annotations

from inventory.words import gettext as _
from monitor.compliance.catalogue.model import Certainty, LegalStatus
from monitor.compliance.model import Basis, ClauseClass, ClauseStatus, Result, Severity, Waived

__all__ = ["basis", "certainty", "decided_by", "legal_status", "result", "severity", "status", "waived"]


def result(value: Result) -> str:
    """What a rule says."""
    return {
        Result.PASS: _("in order"),
        Result.FAIL: _("failed"),
        Result.ERROR: _("check went wrong"),
        Result.UNKNOWN: _("not known"),
        Result.NOT_APPLICABLE: _("does not apply"),
        Result.NOT_CHECKED: _("not checked"),
        Result.NOT_SELECTED: _("not selected"),
        Result.INFORMATIONAL: _("for information"),
        Result.FIXED: _("put right"),
    }[value]


def severity(value: Severity) -> str:
    """How bad it would be."""
    return {
        Severity.CRITICAL: _("critical"),
        Severity.HIGH: _("high"),
        Severity.MEDIUM: _("medium"),
        Severity.LOW: _("low"),
    }[value]


def status(value: ClauseStatus) -> str:
    """How a clause stands."""
    return {
        ClauseStatus.MET: _("met"),
        ClauseStatus.PARTLY: _("partly met"),
        ClauseStatus.NOT_MET: _("not met"),
        ClauseStatus.NOT_ASSESSED: _("not assessed"),
    }[value]


def basis(value: Basis) -> str:
    """What was judged."""
    return {
        Basis.INTENDED: _("what would be pushed"),
        Basis.RUNNING: _("what the devices run"),
        Basis.LIVE: _("what is happening on them"),
    }[value]


def decided_by(value: ClauseClass) -> str:
    """What can decide a clause."""
    return {
        ClauseClass.MACHINE: _("by machine"),
        ClauseClass.SCOPED: _("by machine, for the network's share"),
        ClauseClass.PARTIAL: _("by machine and a person's statement"),
        ClauseClass.ATTESTATION: _("by a person's statement"),
    }[value]


def legal_status(value: LegalStatus) -> str:
    """Whether an instrument binds."""
    return {
        LegalStatus.IN_FORCE: _("in force"),
        LegalStatus.RECOMMENDED: _("recommended, not law"),
        LegalStatus.REPEALED: _("repealed"),
    }[value]


def certainty(value: Certainty) -> str:
    """How far a clause was checked against its text."""
    return {
        Certainty.GIST_SEEN: _("the act was checked, this wording was not"),
        Certainty.TO_BE_VERIFIED: _("to be verified against the act"),
    }[value]


def waived(value: Waived) -> str:
    """That a failure is let be for now: it is no less one."""
    return _("exception until {until}: {why}").format(until=value.until.isoformat(), why=value.why)
