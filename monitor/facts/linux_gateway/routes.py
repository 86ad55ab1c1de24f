"""Routes, rules and policies as `ip` writes them (iproute2: ip-route(8), ip-rule(8), ip-xfrm(8))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network

from monitor.facts.linux_gateway.policies import read_policies
from monitor.facts.routing import Chooser, Network, Route, Routing
from monitor.facts.text import Text
from monitor.facts.where import Where

__all__ = ["ROUTING", "read_routing"]

_ROUTES, _RULES = {4: "kernel routes", 6: "kernel routes6"}, {4: "kernel rules", 6: "kernel rules6"}
_POLICIES = "kernel policies"
ROUTING = (*_ROUTES.values(), *_RULES.values(), _POLICIES)
"""The sections it is read from; all of them, or nothing is known."""

_EVERYTHING: Mapping[int, Network] = {4: IPv4Network("0.0.0.0/0"), 6: IPv6Network("::/0")}
_TYPES = "unicast local broadcast multicast anycast unreachable prohibit blackhole throw nat"
_WITH_A_VALUE = """
    src pref mtu advmss weight expires initcwnd initrwnd congctl window rtt rttvar ssthresh reordering hoplimit
    quickack features realm realms nhid error fastopen_no_cookie rto_min tos scope
"""
_ALONE = "onlink linkdown dead pervasive offload trap notify rt_offload rt_trap rt_offload_failed cache nexthop"
_NARROWING = "fwmark iif oif tos dsfield ipproto sport dport uidrange realms tun_id"
_KINDS, _VALUED, _BARE, _MORE = (frozenset(words.split()) for words in (_TYPES, _WITH_A_VALUE, _ALONE, _NARROWING))
_NOWHERE = frozenset({"unreachable", "prohibit", "blackhole"})


def read_routing(texts: Mapping[str, Text]) -> Routing:
    """Of all the sections of `ROUTING`. What is not understood is among the odd lines of the answer, too."""
    routes = [route for family, name in _ROUTES.items() for route in _routes(texts[name], family)]
    choosers = [rule for family, name in _RULES.items() for rule in _rules(texts[name], family)]
    policies = read_policies(texts[_POLICIES])
    return Routing(
        routes=tuple(routes),
        choosers=tuple(choosers),
        policies=policies,
        odd=tuple(where for name in ROUTING for where in texts[name].unknown),
        sources=ROUTING,
    )


@dataclass(slots=True)
class _Said:
    """What a line of a table says so far."""

    values: dict[str, str] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)
    nexthops: list[str] = field(default_factory=list)


def _routes(text: Text, family: int) -> Iterator[Route]:
    for where in text.lines():
        words = where.text.replace("\\", " ").split()
        kind = words.pop(0) if words[0] in _KINDS else "unicast"
        network = _network(words.pop(0), family) if words else None
        said = _route(words)
        metric = said.values.get("metric", "0") if said is not None else ""
        leads = said is not None and (bool(said.interfaces) or kind in {*_NOWHERE, "throw"})
        if network is None or said is None or not leads or not metric.isdecimal():
            text.odd(where)
            continue
        yield Route(
            table=said.values.get("table", "main"),
            kind=kind,
            network=network,
            interfaces=() if kind in _NOWHERE else tuple(said.interfaces),
            nexthops=tuple(said.nexthops),
            protocol=said.values.get("proto", "boot"),
            metric=int(metric),
            where=where,
        )


def _route(words: list[str]) -> _Said | None:
    """What stands behind the network; None for a word nobody knows."""
    said, waiting = _Said(), iter(words)
    for word in waiting:
        if word in _BARE:
            continue
        value = next(waiting, "")
        if word == "via":
            said.nexthops.append(next(waiting, "") if value in {"inet", "inet6"} else value)
        elif word == "dev":
            said.interfaces.append(value)
        elif word in {"table", "proto", "metric"}:
            said.values[word] = value
        elif word not in _VALUED:
            return None
        elif word in {"mtu", "advmss", "hoplimit"} and value == "lock":
            next(waiting, "")
    return said


def _rules(text: Text, family: int) -> Iterator[Chooser]:
    for where in text.lines():
        rule = _rule(where, family)
        if rule is None:
            text.odd(where)
        else:
            yield rule


@dataclass(slots=True)
class _Asked:
    """What a rule asks for so far, and where it sends."""

    family: int
    ends: dict[str, Network] = field(default_factory=dict)
    narrowed: bool = False
    table: str | None = None
    least: int = -1

    def take(self, word: str, waiting: Iterator[str]) -> bool:
        """One word with what belongs to it; whether it is understood."""
        if word in _NOWHERE or word == "not":
            self.table = "" if word in _NOWHERE else self.table
            return True
        value = next(waiting, "")
        if word in {"from", "to"}:
            return value == "all" or self._end(word, value)
        if word in {"lookup", "table"}:
            self.table = value
        elif word in _MORE:
            self.narrowed = True
        elif word == "suppress_prefixlength" and value.isdecimal():
            self.least = int(value)
        else:
            return word in {"proto", "protocol"}
        return True

    def _end(self, word: str, value: str) -> bool:
        network = _network(value, self.family)
        if network is not None:
            self.ends[word] = network
        return network is not None


def _rule(where: Where, family: int) -> Chooser | None:
    priority, _colon, rest = where.text.partition(":")
    words, asked = rest.split(), _Asked(family)
    waiting = iter(words)
    if not all(asked.take(word, waiting) for word in waiting) or asked.table is None or not priority.isdecimal():
        return None
    if "not" in words:
        # What it asks for is what it leaves out: of the others anything may come.
        asked.ends, asked.narrowed = {}, True
    source, destination = asked.ends.get("from"), asked.ends.get("to")
    return Chooser(int(priority), family, source, destination, asked.narrowed, asked.table, asked.least, where)


def _network(word: str, family: int) -> Network | None:
    if word == "default":
        return _EVERYTHING[family]
    try:
        found = ip_network(word, strict=False)
    except ValueError:
        return None
    return found if found.version == family else None
