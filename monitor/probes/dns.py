"""Whether the office's resolvers lead to the platforms' hosts: to the addresses that the firewalls let through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from inventory.model import Office
from inventory.policy import NOT_PUBLIC
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard
from monitor.probes.datagrams import exchange
from monitor.probes.shown import unasked
from monitor.probes.ways import Ways
from monitor.refused import Protocol, refuse
from monitor.results import Measured, ProbeKind, State

if TYPE_CHECKING:
    from dns.message import QueryMessage

__all__ = ["PROBE", "Name"]

_PORT = 53
_PATIENCE_S = 4.0
_TIMEOUT_S = 10.0
_PAYLOAD_BYTES = 1232
"""What goes over every path in one piece (dnsflagday.net/2020)."""
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Target):
    """A host's name, asked of one resolver."""

    host: str
    resolver: IPv4Address
    pinned: frozenset[IPv4Address]
    allowed: bool
    """Whether a flow leads to the resolver."""
    port: int = _PORT


@dataclass(frozen=True, slots=True)
class _Found:
    """What a resolver said, as far as it goes."""

    code: str
    addresses: frozenset[IPv4Address] = frozenset()
    alias: str = ""
    """The name that the addresses are of, where it is another one."""
    ttl_s: int = 0
    authentic: bool = False
    """Whether the resolver says that it has checked signatures (RFC 6840, section 5.8); who trusts it, trusts that."""


def _targets(office: Office) -> Iterator[Name]:
    ways = Ways(office)
    for resolver in office.network.resolvers:
        own = any(resolver in prefix for prefix in office.prefixes)
        pace = Pace(period_s=60.0, timeout_s=_TIMEOUT_S, own=own, turn=3)
        allowed = ways.lead_to(resolver, "udp", _PORT)
        for channel in office.channels:
            for host in dict.fromkeys(endpoint.name for endpoint in channel.endpoints):
                ends = (endpoint.pinned for endpoint in channel.endpoints if endpoint.name == host)
                yield Name(
                    name=f"{channel.name}/{host}/{resolver}",
                    subject=f"channel:{channel.name}",
                    where=f"{host} of {resolver}",
                    pace=pace,
                    host=host,
                    resolver=resolver,
                    pinned=frozenset(address for pinned in ends for address in pinned),
                    allowed=allowed,
                )


async def _ask(target: Name, _secrets: Secrets) -> Outcome:
    if not target.allowed:
        return unasked(say(N_("no flow lets the manager ask the resolver {address}"), address=target.resolver))
    begun = time.monotonic()
    said = await _message(target)
    if isinstance(said, Sentence):
        return Outcome(state=State.DOWN, cause=said, sent=f"A {target.where}")
    found = _found(said)
    state, cause = _judged(target, found)
    return Outcome(
        state=state,
        cause=cause,
        sent=f"A {target.where}",
        received=heard(
            f"{found.code} {found.alias} {_listed(found.addresses)} TTL {found.ttl_s}{' AD' if found.authentic else ''}"
        ),
        seconds=time.monotonic() - begun,
        measured=(
            Measured(name="ttl_seconds", value=float(found.ttl_s)),
            Measured(name="authentic", value=float(found.authentic)),
        )
        if found.addresses
        else (),
    )


async def _message(target: Name) -> QueryMessage | Sentence:
    """The answer, or why there is none that can be believed. Raises OSError."""
    import dns.flags
    import dns.message

    query = dns.message.make_query(target.host + ".", "A", use_edns=0, payload=_PAYLOAD_BYTES)
    # Says that we understand the answer's AD, and asks for nothing more (RFC 6840, section 5.7).
    query.flags |= dns.flags.AD
    wire = query.to_wire()
    came = await exchange(target.resolver, target.port, wire, lambda data: parse(query, data), _PATIENCE_S)
    if came.answer is None:
        if came.doubted:
            return say(N_("what came from there is no answer to the question; datagrams: {count}"), count=came.doubted)
        return say(N_("no answer within {seconds} s"), seconds=f"{_PATIENCE_S:g}")
    if not came.answer.flags & dns.flags.TC:
        return came.answer
    return parse(query, await _whole(target, wire)) or say(N_("what came over TCP is no answer to the question"))


def parse(query: QueryMessage, data: bytes) -> QueryMessage | None:
    """The answer to a question; None for whatever else came, which is counted."""
    import dns.exception
    import dns.message

    try:
        said = dns.message.from_wire(data)
    except (dns.exception.DNSException, ValueError):
        refuse(Protocol.DNS, Flaw.MALFORMED)
        return None
    if isinstance(said, dns.message.QueryMessage) and query.is_response(said):
        return said
    refuse(Protocol.DNS, Flaw.UNASKED)
    return None


async def _whole(target: Name, wire: bytes) -> bytes:
    """The same question over TCP, for an answer too long for a datagram (RFC 7766)."""
    reader, writer = await asyncio.open_connection(str(target.resolver), target.port)
    try:
        writer.write(len(wire).to_bytes(2, "big") + wire)
        await writer.drain()
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
    except asyncio.IncompleteReadError:
        return b""
    finally:
        writer.close()


def _found(said: QueryMessage) -> _Found:
    import dns.exception
    import dns.flags
    import dns.rcode

    code = said.rcode()
    if code != dns.rcode.NOERROR:
        return _Found(dns.rcode.to_text(code))
    try:
        chain = said.resolve_chaining()
    except dns.exception.DNSException:
        return _Found("a chain of names without an end")
    if chain.answer is None:
        return _Found("NODATA")
    return _Found(
        code="NOERROR",
        addresses=frozenset(IPv4Address(each.address) for each in chain.answer),
        alias=str(chain.canonical_name) if chain.cnames else "",
        ttl_s=chain.minimum_ttl,
        authentic=bool(said.flags & dns.flags.AD),
    )


def _judged(target: Name, found: _Found) -> tuple[State, Sentence]:
    if found.code == "NXDOMAIN":
        return State.DOWN, say(N_("the resolver says that there is no such name"))
    if not found.addresses:
        return State.DOWN, say(N_("the resolver gives no address: {code}"), code=found.code)
    inner = {each for each in found.addresses - target.pinned if any(each in network for network in NOT_PUBLIC)}
    if inner:
        return State.DOWN, say(N_("leads to {addresses}, which is no public address"), addresses=_listed(inner))
    if not target.pinned:
        return State.UP, say(N_("leads somewhere; the inventory pins no address to hold it against"))
    if found.addresses != target.pinned:
        text = N_("leads to {found}; the firewalls let {pinned} through")
        return State.DEGRADED, say(text, found=_listed(found.addresses), pinned=_listed(target.pinned))
    return State.UP, say(N_("leads to the pinned addresses"))


def _listed(addresses: Iterable[IPv4Address]) -> str:
    names = [str(address) for address in sorted(addresses)]
    return ", ".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")


PROBE = Probe(ProbeKind.DNS, _targets, _ask)
