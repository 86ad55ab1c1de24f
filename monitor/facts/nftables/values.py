"""The values of a ruleset: addresses, ports, protocols and types as ranges of numbers, the rest as names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv6Address

from monitor.facts.space import WHOLE, Field, Names, Ranges, Values

__all__ = ["compared", "complement", "values_of"]

_PROTOCOLS = {
    "icmp": 1, "igmp": 2, "ipv4": 4, "tcp": 6, "udp": 17, "dccp": 33, "ipv6": 41, "gre": 47, "esp": 50, "ah": 51,
    "icmpv6": 58, "ipv6-icmp": 58, "ospf": 89, "vrrp": 112, "comp": 108, "sctp": 132, "udplite": 136,
}  # fmt: skip
_ICMP = {
    "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "echo-request": 8,
    "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
    "timestamp-request": 13, "timestamp-reply": 14, "info-request": 15, "info-reply": 16,
    "address-mask-request": 17, "address-mask-reply": 18,
}  # fmt: skip
_ICMP6 = {
    "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4,
    "echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131,
    "mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133, "nd-router-advert": 134,
    "nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137, "router-renumbering": 138,
    "ind-neighbor-solicit": 141, "ind-neighbor-advert": 142, "mld2-listener-report": 143,
}  # fmt: skip
_PORTS = {
    "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "http": 80,
    "kerberos": 88, "ntp": 123, "snmp": 161, "snmp-trap": 162, "ldap": 389, "https": 443, "microsoft-ds": 445,
    "isakmp": 500, "syslog": 514, "ldaps": 636, "ipsec-nat-t": 4500, "syslog-tls": 6514,
}  # fmt: skip
_WORDS = {
    Field.PROTOCOL: _PROTOCOLS,
    Field.ICMP_TYPE: _ICMP,
    Field.ICMP6_TYPE: _ICMP6,
    Field.SOURCE_PORT: _PORTS,
    Field.DESTINATION_PORT: _PORTS,
}
_FAMILIES = {"ipv4": "ipv4", "ipv6": "ipv6", "ip": "ipv4", "ip6": "ipv6", "0x0800": "ipv4", "0x86dd": "ipv6"}


def values_of(field: Field, words: Iterable[str]) -> Values | None:
    """Words as the values of a field; None when one of them is not understood."""
    if isinstance(WHOLE[field], Names):
        return _names(field, words)
    spans = [_span(field, word) for word in words]
    known = [span for span in spans if span is not None]
    return Ranges.of(known) if len(known) == len(spans) else None


def complement(field: Field, values: Values) -> Values:
    """Everything else the field may be."""
    whole = WHOLE[field]
    if isinstance(whole, Ranges) and isinstance(values, Ranges):
        return whole - values
    if isinstance(whole, Names) and isinstance(values, Names):
        return whole - values
    raise TypeError(f"{field} has values of another kind")


def compared(field: Field, operator: str, word: str) -> Values | None:
    """The numbers for which `OPERATOR WORD` holds; None for names, and what is not understood."""
    whole = WHOLE[field]
    if not isinstance(whole, Ranges):
        return None
    span = _span(field, word)
    if span is None or span[0] != span[1]:
        return None
    (least, most), number = whole.spans[0], span[0]
    first = {"<": least, "<=": least, ">": number + 1, ">=": number}[operator]
    last = {"<": number - 1, "<=": number, ">": most, ">=": most}[operator]
    return Ranges(((first, last),)) if first <= last else Ranges(())


def _names(field: Field, words: Iterable[str]) -> Names | None:
    bare = [word.strip('"') for word in words]
    if field is Field.FAMILY:
        bare = [_FAMILIES.get(word, "") for word in bare]
    whole = WHOLE[field]
    if not all(word and isinstance(whole, Names) and word in whole for word in bare):
        return None
    return Names(frozenset(bare))


@lru_cache(maxsize=8192)
def _span(field: Field, word: str) -> tuple[int, int] | None:
    try:
        if field in {Field.SOURCE, Field.DESTINATION}:
            return _addresses(word, _v4, 32)
        if field in {Field.SOURCE6, Field.DESTINATION6}:
            return _addresses(word, _v6, 128)
        if field not in _WORDS:
            # It has names, and no order: a range of them says nothing.
            return None
        number = _WORDS[field].get(word)
        if number is not None:
            return number, number
        first, dash, last = word.partition("-")
        span = _whole(first), _whole(last if dash else first)
    except ValueError:
        return None
    return span if Ranges((span,)).within(_numbers(field)) and span[0] <= span[1] else None


def _numbers(field: Field) -> Ranges:
    whole = WHOLE[field]
    return whole if isinstance(whole, Ranges) else Ranges(())


def _addresses(word: str, read: Callable[[str], int], bits: int) -> tuple[int, int] | None:
    """`10.0.0.0/8`, `10.0.0.1-10.0.0.9` or one address."""
    address, slash, length = word.partition("/")
    if slash:
        host = bits - _whole(length)
        if not 0 <= host <= bits:
            return None
        first = read(address) >> host << host
        return first, first | ((1 << host) - 1)
    first_word, dash, last_word = word.partition("-")
    first, last = read(first_word), read(last_word if dash else first_word)
    return (first, last) if first <= last else None


def _v4(word: str) -> int:
    parts = [_whole(part) for part in word.split(".")]
    if len(parts) != 4 or not all(0 <= part <= 255 for part in parts):
        raise ValueError(word)
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]


def _v6(word: str) -> int:
    return int(IPv6Address(word))


def _whole(word: str) -> int:
    if not re.fullmatch(r"0x[0-9a-fA-F]{1,32}|[0-9]{1,12}", word):
        raise ValueError(word)
    return int(word, 0) if word.startswith("0x") else int(word)
