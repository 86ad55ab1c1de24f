"""Which rule can be decided of which platform, and what is missing where it cannot: data, and the one way to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.model import Platform
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

__all__ = ["TABLE", "Cell", "Collected", "cell"]


class Collected(StrEnum):
    """How far what is read of a platform decides a rule."""

    DECIDED = "decided"
    PARTLY = "partly"
    """It passes or fails, and says nothing of some part of what is asked for; or it often stays unknown."""
    NO_COLLECTOR = "no_collector"
    """Nothing is read that would tell: the rule is not checked."""
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Cell:
    """A rule on a platform."""

    collected: Collected
    why: Sentence | None = None
    """What is not decided, or why nothing is; always said but of what is decided."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule on gateways, and on switches with their exceptions."""

    gateway: Cell
    switch: Cell
    but: Mapping[Platform, Cell] = field(default_factory=dict)


_DECIDED = Cell(Collected.DECIDED)


def _partly(why: str) -> Cell:
    return Cell(Collected.PARTLY, say(why))


def _unread(why: str) -> Cell:
    return Cell(Collected.NO_COLLECTOR, say(why))


def _apart(why: str) -> Cell:
    return Cell(Collected.NOT_APPLICABLE, say(why))


_NO_TUNNELS = _apart(N_("tunnels end on gateways"))
_NO_FILTER = _apart(N_("what passes between zones passes a gateway, and is judged there"))
_NO_PORTS = _apart(N_("people's devices are plugged into switches"))
_NO_ACCOUNTS = _unread(N_("the accounts of a gateway and their passwords are not read"))
_NO_DAEMONS = _unread(N_("which services run on a gateway is not read"))
_NO_SESSIONS = _unread(N_("what a session on a gateway is shown, and when it ends, is not read"))
_ROOT = _partly(N_("root on a Junos console is in no login class: when its session ends does not stand in the text"))
_TLS_UNSAID = _partly(
    N_("whether the web server is on; which versions of TLS it speaks does not stand in the text of an AOS-CX switch")
)
_WEAK_OFF = _partly(
    N_(
        "the text of an ArubaOS-Switch names the algorithms that are off: which are left differs by release, and it"
        " stays unknown"
    )
)
_SOME_NAMED = _partly(
    N_("the text of RouterOS does not name key exchanges and MACs: a weak cipher fails it, else it stays unknown")
)
_HIDDEN_HASH = _partly(N_("AOS-CX shows a password encrypted, and not how it is hashed below that: it stays unknown"))
_NO_HASH = _partly(N_("RouterOS shows no password at all, nor how it is kept: it stays unknown"))
_PROVEN = _partly(
    N_(
        "by filter, routes and policies; with readings (--live), by listening on the lines and by drills of the last"
        " year (fosa drill)"
    )
)
_CONFIGURED = N_("by what is configured: whether it answers is not tried")

_ROWS: Mapping[str, _Row] = {
    **dict.fromkeys(("VP-01", "VP-02", "VP-03", "VP-04"), _Row(_DECIDED, _NO_TUNNELS)),
    "VP-07": _Row(_partly(N_("only with readings (--live)")), _NO_TUNNELS),
    "VP-08": _Row(_PROVEN, _NO_TUNNELS),
    "FW-01": _Row(_DECIDED, _NO_FILTER),
    "FW-02": _Row(_DECIDED, _NO_FILTER),
    "FW-08": _Row(_partly(N_("by the rules: no port is tried from outside")), _partly(_CONFIGURED)),
    "MG-01": _Row(_DECIDED, _partly(_CONFIGURED)),
    "MG-02": _Row(_NO_DAEMONS, _partly(_CONFIGURED), {Platform.ARUBA_AOSCX: _TLS_UNSAID}),
    "MG-03": _Row(
        _partly(N_("how many bits an RSA host key has stands in no configuration")),
        _partly(N_("by what the text names: how many bits an RSA host key has stands in no configuration")),
        {Platform.HP_PROCURVE: _WEAK_OFF, Platform.MIKROTIK_ROUTEROS: _SOME_NAMED},
    ),
    "MG-04": _Row(_DECIDED, _partly(N_("by what the text shows: no community is tried, and some users are not shown"))),
    "MG-05": _Row(_apart(N_("a gateway's firewall says it: FW-08")), _DECIDED),
    "MG-06": _Row(_NO_SESSIONS, _DECIDED, {Platform.JUNIPER_JUNOS: _ROOT}),
    "MG-07": _Row(_NO_SESSIONS, _partly(N_("another text than the inventory's is for a person to judge"))),
    "MG-08": _Row(_NO_DAEMONS, _partly(N_("by the services that fosa knows of on the platform"))),
    "MG-09": _Row(_NO_DAEMONS, _DECIDED),
    "ID-01": _Row(_NO_ACCOUNTS, _DECIDED),
    "ID-02": _Row(
        _NO_ACCOUNTS, _partly(N_("by names: no maker's password is tried, and RADIUS accounts are not seen"))
    ),
    "ID-04": _Row(_NO_ACCOUNTS, _partly(N_("by length; what a RADIUS server asks of passwords is not seen"))),
    "ID-06": _Row(_NO_ACCOUNTS, _partly(N_("of local accounts; what a RADIUS server does is not seen"))),
    "ID-07": _Row(
        _NO_ACCOUNTS,
        _partly(N_("of passwords: a key the device must show to others cannot be hashed")),
        {Platform.ARUBA_AOSCX: _HIDDEN_HASH, Platform.MIKROTIK_ROUTEROS: _NO_HASH},
    ),
    "ID-09": _Row(_NO_ACCOUNTS, _partly(N_("of local accounts; what a RADIUS server grants is not seen"))),
    "LG-01": _Row(
        _DECIDED, _partly(N_("by what is configured: whether logs arrive, and whether TLS could be had, is not known"))
    ),
    "TM-01": _Row(_DECIDED, _partly(_CONFIGURED)),
    "TM-02": _Row(
        _unread(N_("gateways ask for the time without keys: the inventory has none for them yet")),
        _partly(_CONFIGURED),
    ),
    "L2-01": _Row(_NO_PORTS, _partly(N_("by the inventory: for how long a port was unused is not counted"))),
    "L2-02": _Row(_NO_PORTS, _DECIDED),
    "L2-03": _Row(_NO_PORTS, _DECIDED),
    "L2-04": _Row(_NO_PORTS, _partly(N_("BPDU guard and storm control; root guard is not read"))),
    "L2-05": _Row(_NO_PORTS, _partly(N_("whether a fixed trunk still negotiates (DTP) is not read"))),
    "SEG-01": _Row(
        _unread(N_("which VLANs a gateway's ports carry is not read")),
        _partly(N_("by ports: which device stands behind one is not seen")),
    ),
}

TABLE: Mapping[str, Mapping[Platform, Cell]] = {
    rule: {platform: row.but.get(platform, row.switch if platform.switch else row.gateway) for platform in Platform}
    for rule, row in _ROWS.items()
}
"""By rule and platform."""


def cell(rule: str, platform: Platform) -> Cell:
    """How far a rule is decided on a platform; a rule of nobody's table is taken to decide."""
    return TABLE.get(rule, {}).get(platform, _DECIDED)
