"""The clock daemon's file."""

from __future__ import annotations

from monitor.facts.model import Service, TimeServer, Timing
from monitor.facts.text import Text
from monitor.facts.where import Where

__all__ = ["read_chrony"]

_SOURCES = frozenset({"server", "pool", "peer", "refclock"})
_ELSEWHERE = frozenset({"include", "confdir", "sourcedir"})
_KNOWN = """
    acquisitionport allow authselectmode bindacqaddress bindacqdevice bindaddress bindcmdaddress bindcmddevice
    binddevice clientloglimit cmdallow cmddeny cmdport cmdratelimit combinelimit corrtimeratio deny driftfile
    dscp dumpdir dumponexit fallbackdrift hwclockfile hwtimestamp initstepslew keyfile leapseclist leapsecmode
    leapsectz local lock_all log logbanner logchange logdir mailonchange makestep manual maxchange maxclockerror
    maxdistance maxdrift maxjitter maxntsconnections maxsamples maxslewrate maxupdateskew minsamples minsources
    nocerttimecheck noclientlog nosystemcert ntpsigndsocket ntsaeads ntscachedir ntsdumpdir ntsntpserver ntsport
    ntsprocesses ntsratelimit ntsrefresh ntsrotate ntsservercert ntsserverkey ntstrustedcerts opencommands
    pidfile port ptpport ratelimit refresh reselectdist rtcautotrim rtcdevice rtcfile rtconutc rtcsync
    sched_priority smoothtime stratumweight tempcomp user
"""
_WORDS = frozenset(_KNOWN.split())


def read_chrony(text: Text) -> tuple[Timing, tuple[Service, ...]]:
    """Its sources of time, and NTP where it answers anybody."""
    servers, elsewhere = [], []
    said: dict[str, list[tuple[str, Where]]] = {}
    for where in text.lines("#!;%"):
        words = where.text.split()
        key = words[0].lower()
        if key in _SOURCES and len(words) > 1:
            servers.append(TimeServer(words[1], key, _authenticated(words[2:]), where))
        elif key in _ELSEWHERE:
            elsewhere.append(where)
        elif key in _WORDS:
            said.setdefault(key, []).append((" ".join(words[1:]), where))
        else:
            text.odd(where)
    return Timing(tuple(servers), tuple(elsewhere), (text.source,)), tuple(_services(said))


def _authenticated(options: list[str]) -> bool:
    """By NTS, or by a key that is named; key 0 is none."""
    key = options[options.index("key") + 1 :][:1] if "key" in options else []
    return "nts" in options or (bool(key) and key != ["0"])


def _services(said: dict[str, list[tuple[str, Where]]]) -> list[Service]:
    """Without `allow` it answers nobody; `port 0` closes it."""
    port, where = said.get("port", [("123", None)])[-1]
    if "allow" not in said or not port.isdecimal() or int(port[:5]) == 0:
        return []
    bound = said.get("bindaddress", [("", where or said["allow"][0][1])])
    return [Service("ntp", "udp", address, int(port[:5]), line) for address, line in bound]
