"""Faults of a platform's host, as its stand-in has them."""

from __future__ import annotations

from dataclasses import replace

from blackbox import Question
from breaking import Fault
from line_faults import UNSEEN

from bench.acts import Act
from bench.stage import Standing
from lab.paths import LabPaths
from lab.standins.mood import Mood, set_mood

__all__ = ["ADDRESS", "FAULTS", "HOST", "set_to"]

HOST, ADDRESS = "ws.mpips.gov.pl", "192.0.2.80"
_PAGE = f"https://{ADDRESS}/stand-in/dictionary?wsdl"
_AT, _NAME = f"csizs/{HOST}:443", HOST.replace(".", r"\.")
_ALL = r"probe:(tls|client-certificate|certificate|revocation|soap|time-stamp):(csizs|portal)\b.*"
"""All its hosts show such a certificate, and nobody trusts them with anything then."""


def set_to(mood: Mood) -> Act:
    """What all stand-ins do wrong from now on."""

    def act(there: Standing) -> None:
        set_mood(LabPaths.of(there.name, there.state).folder / "stand-ins", mood)

    return act


_FINE = Fault(
    name="",
    breaks=set_to(Mood.FINE),
    mends=set_to(Mood.FINE),
    subject="",
    cause="",
    box=Question("platform", _PAGE),
    charon=UNSEEN,
)


def _fault(name: str, mood: Mood, subject: str, cause: str) -> Fault:
    return replace(_FINE, name=name, breaks=set_to(mood), subject=f"probe:{subject}", cause=cause)


FAULTS = (
    replace(
        _fault("platform answers HTTP 500", Mood.ERROR, "soap:csizs", "the host answers HTTP 500"),
        follows="probe:time-stamp:csizs",
    ),
    replace(
        _fault("platform slow", Mood.SLOW, "soap:csizs", "the service answers slowly"),
        states=("degraded",),
        follows=_ALL,
        limit_s=90,
    ),
    replace(
        _fault(
            "platform refuses our certificate",
            Mood.REFUSES,
            f"client-certificate:{_AT}",
            r"the host does not know who has issued our certificate \(unknown_ca\)",
        ),
        follows="probe:(soap|time-stamp):csizs",
        quick=True,
    ),
    replace(
        _fault("its certificate expired", Mood.EXPIRED, f"tls:{_AT}", rf"{_NAME} has ended on [-+:\dT]+"),
        follows=_ALL,
    ),
    replace(
        _fault("its certificate not valid yet", Mood.EARLY, f"tls:{_AT}", rf"{_NAME} is not valid before [-+:\dT]+"),
        follows=_ALL,
    ),
    replace(
        _fault(
            "its certificate of another name",
            Mood.MISNAMED,
            f"tls:{_AT}",
            rf"other\.{_NAME} is for other\.{_NAME}, and not for {_NAME}",
        ),
        follows=_ALL,
    ),
    replace(
        _fault(
            "its certificate revoked",
            Mood.REVOKED,
            f"revocation:{_AT}",
            rf"{_NAME} is revoked since [-:+\dT]+",
        ),
        follows=_ALL,
    ),
    replace(
        _fault(
            "revocation list out of date",
            Mood.STALE,
            f"revocation:{_AT}",
            r"the revocation list of .+ is out of date since [-:+\dT]+",
        ),
        follows=_ALL,
    ),
    replace(
        _fault(
            "time-stamp authority refuses",
            Mood.UNSTAMPED,
            "time-stamp:csizs",
            "the authority gives no stamp: rejection.*",
        ),
        box=None,
    ),
    replace(
        _fault(
            "DNS answers changed",
            Mood.MOVED,
            f"dns:csizs/{HOST}/10.64.1.10",
            r"leads to 192\.0\.2\.250; the firewalls let 192\.0\.2\.80 through",
        ),
        states=("degraded",),
        follows="probe:dns:.*",
        box=Question("names", "10.64.1.10"),
    ),
)
