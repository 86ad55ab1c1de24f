"""Small values to be written into a store and read back."""

import datetime as dt

from inventory.sentence import say
from monitor.compliance.model import Basis, Coverage, Finding, Report, Result, Severity
from monitor.results import Event, Reason, State, Watched

__all__ = ["event", "picture", "report"]

_BEGAN = dt.datetime(2026, 3, 29, 0, 59, 58, 123456, tzinfo=dt.UTC)


def event(number: int, at: dt.datetime | None = None) -> Event:
    """An event that can be told from others by its number."""
    moment = at or _BEGAN + dt.timedelta(seconds=number)
    return Event(
        at=moment, subject=f"tunnel:t-{number}", before=State.UP, after=State.UNKNOWN, reason=Reason.UNREACHABLE
    )


def picture(number: int) -> Watched:
    """A picture that can be told from others by its round."""
    return Watched(
        office="pila",
        began=_BEGAN,
        at=_BEGAN + dt.timedelta(seconds=number),
        round=number,
        tunnels=(),
        links=(),
        devices=(),
        problems=('an "odd" problem: żółw\n\t\\',),
    )


def report(number: int) -> Report:
    """A report that can be told from others by its catalogue."""
    found = Finding(
        rule="VP-01",
        rule_version=1,
        severity=Severity.HIGH,
        asset="gw-k",
        result=Result.UNKNOWN,
        message=say("{device} does not answer", device="gw-k"),
    )
    return Report(
        office="pila",
        title="OPS Piła",
        made_at=_BEGAN + dt.timedelta(minutes=number),
        basis=(Basis.RUNNING, Basis.LIVE),
        catalogue=f"test {number}",
        profile="eu-bsi",
        findings=(found,),
        clauses=(),
        coverage=Coverage(assets_judged=0, assets_expected=3, devices_total=130, decided=0, pairs=1),
    )
