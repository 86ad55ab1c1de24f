"""What a gateway tells after it has listened at one of its lines, and whether anything left it that must not."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, ip_network

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.echo import canary
from monitor.errors import NonsenseError
from monitor.leak.heads import Head, heads
from monitor.results import State

__all__ = ["LISTENED_BYTES", "Listened", "Verdict", "judge", "listened"]

LISTENED_BYTES = 1 << 18
_LINES = 256
_ICMP = 1
_OWN_WORDS = N_("the gateway tells of listening in words of its own")


@dataclass(frozen=True, slots=True)
class Listened:
    """What was caught between the beginning and the end of listening."""

    networks: tuple[IPv4Network, ...]
    """Those whose addresses were looked for."""
    left: int
    """So many packets left the line meanwhile, of whatever kind."""
    dropped: int
    """So many went by unread: that others were not seen proves nothing."""
    whole: bool
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it proves."""

    state: State
    cause: Sentence
    leaked: tuple[Head, ...] = ()


def listened(told: bytes) -> Listened:
    """From the lines of `sniff` (templates/linux_gateway/gate). Raises NonsenseError."""
    rows = told.split(b"\n", _LINES)
    if len(rows) < 3 or rows[-1] or len(told) > LISTENED_BYTES:
        raise NonsenseError(say(N_("the gateway broke off while it was listening")))
    first, last = _object(rows[0]), _object(rows[-2])
    networks, left, dropped = first.get("networks"), last.get("left"), last.get("dropped")
    if not isinstance(networks, list) or not isinstance(left, int) or not isinstance(dropped, int):
        raise NonsenseError(say(_OWN_WORDS))
    try:
        pcap = base64.b64decode(str(last.get("pcap", "")), validate=True)
        found = tuple(network for each in networks if isinstance(network := ip_network(str(each)), IPv4Network))
    except (binascii.Error, ValueError) as error:
        raise NonsenseError(say(_OWN_WORDS)) from error
    return Listened(found, left, dropped, last.get("done") is True, tuple(heads(pcap)))


def judge(heard: Listened, expected: Iterable[IPv4Network]) -> Verdict:
    """Against the networks that must not leave in clear."""
    leaked = tuple(head for head in heard.heads if _is_leak(head, heard.networks))
    if leaked:
        return Verdict(State.DOWN, _said(leaked), leaked)
    if unseen := [each for each in expected if not any(each.subnet_of(network) for network in heard.networks)]:
        text = N_("its gateway does not look for {network}: its tunnels are configured otherwise")
        return Verdict(State.UNKNOWN, say(text, network=str(unseen[0])))
    if heard.dropped or not heard.whole:
        return Verdict(State.UNKNOWN, say(N_("packets went by unread, so that none was seen proves nothing")))
    if not heard.left:
        return Verdict(State.UNKNOWN, say(N_("nothing at all left the line meanwhile, which proves nothing")))
    return Verdict(State.UP, say(N_("nothing protected left the line in clear")))


def _said(leaked: Sequence[Head]) -> Sentence:
    return say(N_("leaves the line in clear: {packet} ({count} of the kind)"), packet=str(leaked[0]), count=len(leaked))


def _is_leak(head: Head, networks: Sequence[IPv4Network]) -> bool:
    """All that was caught is, but an echo request of somebody else's between public addresses."""
    alien = isinstance(head.source, IPv6Address) or head.protocol != _ICMP
    return alien or canary.holds(head.body) or _shows(head, networks)


def _shows(head: Head, networks: Sequence[IPv4Network]) -> bool:
    return any(address in network for address in (head.source, head.destination) for network in networks)


def _object(row: bytes) -> dict[str, object]:
    try:
        found = json.loads(row)
    except ValueError as error:
        raise NonsenseError(say(_OWN_WORDS)) from error
    if not isinstance(found, dict):
        raise NonsenseError(say(_OWN_WORDS))
    return found
