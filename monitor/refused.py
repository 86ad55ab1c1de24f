"""What came over the network and was not taken, counted by protocol and by what was wrong with it.

One ledger for a process, as a process has one memory: whoever refuses an answer stands far from whoever tells of it.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from threading import Lock

from inventory.model.base import Value
from monitor.errors import Flaw, NonsenseError

__all__ = ["FLAWS", "Protocol", "Refused", "checked", "refuse", "refused"]


class Protocol(StrEnum):
    """How it came."""

    SNMP = "snmp"
    SNMP_TRAP = "snmp_trap"
    IKE = "ike"
    VICI = "vici"
    GATE = "gate"
    """What a gateway's read account says, other than charon's words."""
    NTP = "ntp"
    DNS = "dns"
    TLS = "tls"
    CERTIFICATE = "certificate"
    OCSP = "ocsp"
    CRL = "crl"
    TIME_STAMP = "time_stamp"
    HTTP = "http"
    SOAP = "soap"
    FTPS = "ftps"


FLAWS: dict[Protocol, tuple[Flaw, ...]] = {
    Protocol.SNMP: (Flaw.MALFORMED, Flaw.UNASKED, Flaw.ENDLESS, Flaw.TOO_MUCH),
    Protocol.SNMP_TRAP: (Flaw.MALFORMED, Flaw.STRANGER, Flaw.UNPROVEN, Flaw.TOO_MUCH),
    Protocol.IKE: (Flaw.MALFORMED, Flaw.UNASKED, Flaw.TOO_MUCH),
    Protocol.VICI: (Flaw.MALFORMED, Flaw.UNASKED, Flaw.TOO_MUCH),
    Protocol.GATE: (Flaw.MALFORMED, Flaw.TOO_MUCH),
    Protocol.NTP: (Flaw.MALFORMED, Flaw.UNASKED),
    Protocol.DNS: (Flaw.MALFORMED, Flaw.UNASKED),
    Protocol.TLS: (Flaw.MALFORMED, Flaw.TOO_MUCH),
    Protocol.CERTIFICATE: (Flaw.MALFORMED,),
    Protocol.OCSP: (Flaw.MALFORMED, Flaw.UNASKED, Flaw.UNPROVEN),
    Protocol.CRL: (Flaw.MALFORMED, Flaw.UNASKED, Flaw.UNPROVEN),
    Protocol.TIME_STAMP: (Flaw.MALFORMED, Flaw.UNPROVEN),
    Protocol.HTTP: (Flaw.MALFORMED, Flaw.TOO_MUCH),
    Protocol.SOAP: (Flaw.MALFORMED,),
    Protocol.FTPS: (Flaw.MALFORMED, Flaw.TOO_MUCH),
}
"""What each can be refused for: so many series there are, whatever comes."""


class Refused(Value):
    """How many answers of a protocol were refused for one reason since the process began."""

    protocol: Protocol
    flaw: Flaw
    count: int


_counts: Counter[tuple[Protocol, Flaw]] = Counter()
_counting = Lock()
"""FTPS is spoken in threads."""


def refuse(protocol: Protocol, flaw: Flaw) -> None:
    """Count one more."""
    with _counting:
        _counts[protocol, flaw] += 1


def refused() -> tuple[Refused, ...]:
    """Everything that was refused at least once, in the order of `FLAWS`."""
    with _counting:
        found = dict(_counts)
    return tuple(
        Refused(protocol=protocol, flaw=flaw, count=found[protocol, flaw])
        for protocol, flaws in FLAWS.items()
        for flaw in flaws
        if (protocol, flaw) in found
    )


@contextlib.contextmanager
def checked(protocol: Protocol) -> Iterator[None]:
    """Count what is refused inside by NonsenseError, which goes on."""
    try:
        yield
    except NonsenseError as error:
        if error.flaw is not None:
            refuse(protocol, error.flaw)
        raise
