"""The firewall filter before the routing engine, as the access list it is for each way in to manage the device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from monitor.facts.juniper_junos.tree import Branch, Read
from monitor.facts.model import Service
from monitor.facts.switch import AccessEntry, AccessList
from monitor.facts.where import Where

__all__ = ["access_lists"]

_APPLIED = {"ssh": "vty", "telnet": "vty", "netconf": "vty", "http": "http", "https": "http", "snmp": "snmp"}
_PROTOCOLS = {"tcp": {"tcp", "6"}, "udp": {"udp", "17"}}
_NUMBERS = {"ftp": 21, "ssh": 22, "telnet": 23, "http": 80, "snmp": 161, "https": 443, "finger": 79, "ntp": 123}
_ENDS = frozenset({"accept", "discard", "reject"})
_UNDERSTOOD = frozenset({"source-address", "source-prefix-list", "protocol", "port", "destination-port", "tcp-initial"})
_NOTHING = Branch(1)


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of a filter."""

    name: str
    conditions: dict[str, Branch]
    actions: frozenset[str]
    where: Where


def access_lists(read: Read, services: Sequence[Service]) -> Iterator[AccessList]:
    """One list for each service that a filter on `lo0` stands before; without a filter there is none."""
    terms = list(_terms(read))
    where = read.around("interfaces", "lo0")
    if not terms:
        return
    for service in services:
        if service.name in _APPLIED:
            entries = tuple(_entries(read, terms, service))
            yield AccessList(f"lo0 {service.name}", entries, (_APPLIED[service.name],), where)


def _terms(read: Read) -> Iterator[_Term]:
    """Of all filters in the order they are asked."""
    path = ("interfaces", "lo0", "unit", "0", "family", "inet", "filter")
    for name in (*read.names(*path, "input"), *read.names(*path, "input-list")):
        # Without a family it is one of `inet` (Juniper: "firewall").
        said = {
            **read.names("firewall", "family", "inet", "filter", name, "term"),
            **read.names("firewall", "filter", name, "term"),
        }
        for term, branch in said.items():
            conditions = branch.below.get("from", _NOTHING).below
            actions = frozenset(branch.below.get("then", _NOTHING).below)
            yield _Term(term, conditions, actions, read.where(branch))


def _entries(read: Read, terms: Sequence[_Term], service: Service) -> Iterator[AccessEntry]:
    """What of the filter decides who reaches a service. Where it is not sure, more is let in, never less."""
    for term in terms:
        fits = _fits(term, service)
        if fits is False or "next" in term.actions or "tcp-established" in term.conditions:
            # `tcp-established` lets no new connection in.
            continue
        permits = not term.actions & {"discard", "reject"}
        sources = _sources(read, term)
        sure = fits is True and sources is not None and not set(term.conditions) - _UNDERSTOOD
        if permits or sure:
            yield AccessEntry(permits, sources or (), term.where)
        if sure and not sources:
            return


def _fits(term: _Term, service: Service) -> bool | None:
    """Whether a term is about a service; None: it may be."""
    protocols = term.conditions.get("protocol", _NOTHING).below
    if protocols and not _PROTOCOLS.get(service.protocol, {service.protocol}) & set(protocols):
        return False
    ports = {**term.conditions.get("port", _NOTHING).below, **term.conditions.get("destination-port", _NOTHING).below}
    if not ports:
        return True
    hits = [_holds(word, service.port) for word in ports]
    return True if True in hits else None if None in hits else False


def _holds(word: str, port: int) -> bool | None:
    first, _, last = word.partition("-")
    if first.isdecimal() and (last.isdecimal() or not last):
        return int(first[:9]) <= port <= int((last or first)[:9])
    return None if word not in _NUMBERS else _NUMBERS[word] == port


def _sources(read: Read, term: _Term) -> tuple[IPv4Network, ...] | None:
    """The networks of a term; empty: every address; None: they are not known."""
    said = dict(term.conditions.get("source-address", _NOTHING).below)
    for name, branch in term.conditions.get("source-prefix-list", _NOTHING).below.items():
        listed = read.names("policy-options", "prefix-list", name)
        if not listed or branch.below:
            return None
        said.update(listed)
    found = [_network(word) for word, branch in said.items() if "except" not in branch.below]
    if len(found) < len(said) or None in found:
        return None
    return tuple(network for network in found if network is not None)


def _network(word: str) -> IPv4Network | None:
    try:
        return IPv4Network(word, strict=False)
    except ValueError:
        return None
