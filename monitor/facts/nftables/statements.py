"""Everything in a rule that is no condition on a field: verdicts, logs, rates, and conditions no field is there for."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.facts.firewall import Limit, Log
from monitor.facts.nftables.matches import HEADS, verdict_of
from monitor.facts.nftables.reader import Reader
from monitor.facts.nftables.tokens import unquoted

__all__ = ["STATEMENTS"]

_ENDINGS = frozenset(
    {"accept", "drop", "reject", "return", "jump", "goto", "continue", "counter", "log", "comment", "limit"}
)


def _verdict(reader: Reader) -> bool:
    words = [reader.take()]
    if words[0] in {"jump", "goto"}:
        words.append(reader.take())
    if words[0] in {"reject", "queue"}:
        _until(reader, frozenset({"comment"}))
    reader.draft.verdict = verdict_of(words)
    return True


def _until(reader: Reader, stop: frozenset[str]) -> None:
    while reader.peek() and reader.peek() not in stop:
        if reader.peek() == "{":
            reader.braces()
        else:
            reader.at += 1


_LOG_WORDS = frozenset({"level", "snaplen", "queue-threshold"})


def _log(reader: Reader) -> bool:
    reader.at += 1
    prefix, group = "", None
    line = reader.line
    while word := reader.peek():
        if word in {"prefix", "group"}:
            reader.at += 1
            said = reader.take()
            prefix = unquoted(said) if word == "prefix" else prefix
            group = int(said) if word == "group" and re.fullmatch("[0-9]{1,9}", said) else group
        elif word in _LOG_WORDS:
            reader.at += 2
        elif word == "flags":
            reader.at += 1
            _flags(reader)
        else:
            break
    draft = reader.draft
    draft.log = Log(prefix, group, draft.limit is not None, reader.where(line))
    return True


def _flags(reader: Reader) -> None:
    """`flags all`, `flags tcp sequence,options`."""
    if reader.take() in {"tcp", "ip"}:
        reader.at += 1
    while reader.has(","):
        reader.at += 1


def _counter(reader: Reader) -> bool:
    reader.at += 1
    if reader.has("name"):
        reader.at += 1
    while reader.peek() in {"packets", "bytes"}:
        reader.at += 2
    return True


def _limit(reader: Reader) -> bool:
    """`limit rate over 50/second burst 200 packets`, `quota until 10 mbytes`, `limit name "x"`."""
    start = reader.at
    reader.at += 1
    known = reader.peek() in {"rate", "name"} or reader.tokens[start][0] == "quota"
    over = False
    while reader.peek() and (reader.at == start + 1 or not _begins(reader.peek())):
        over |= reader.take() == "over"
    draft = reader.draft
    draft.limit = Limit.OVER if over else Limit.WITHIN
    draft.also.append(reader.text(start))
    return known


def _comment(reader: Reader) -> bool:
    reader.at += 1
    reader.draft.comment = unquoted(reader.take())
    return True


def _notrack(reader: Reader) -> bool:
    reader.at += 1
    reader.draft.untracks = True
    return True


def _translation(reader: Reader) -> bool:
    start = reader.at
    reader.at += 1
    _until(reader, _ENDINGS)
    reader.draft.translation = reader.text(start)
    return True


def _put(reader: Reader) -> bool:
    """`add @set { ... }`, `update @set { ... }`: what is put where changes no verdict of this rule."""
    reader.at += 2
    if reader.peek() == "{":
        if any(word in {"limit", "quota", "ct"} for word, _ in reader.braces()):
            reader.draft.also.append("a rate for each element")
        return True
    return False


def _fib(reader: Reader) -> bool:
    """`fib saddr . oif type local`: what the routing table says."""
    start = reader.at
    reader.at += 2
    while reader.has("."):
        reader.at += 1
    result = reader.take()
    return _finish(reader, start) if result in {"oif", "oifname", "type"} else False


def _finish(reader: Reader, start: int) -> bool:
    """Take the one value that ends a condition without a field."""
    while reader.peek() in {"!=", "==", "<", ">", "<=", ">=", "!"}:
        reader.at += 1
    if reader.peek() == "{":
        reader.braces()
    else:
        reader.at += 1
    reader.draft.also.append(reader.text(start))
    return reader.at <= len(reader.tokens)


def _other(reader: Reader) -> bool:
    """A condition no field is there for (`tcp flags syn / syn,rst`), or a value that is set (`meta mark set 1`)."""
    start = reader.at
    reader.at += 2
    if reader.peek() != "set":
        _until_next(reader)
    if reader.peek() == "set":
        _until(reader, _ENDINGS)
        return True
    reader.draft.also.append(reader.text(start))
    return True


def _until_next(reader: Reader) -> None:
    """At least one value, then up to a word that begins something else."""
    taken = 0
    while reader.peek() and reader.peek() != "set" and (not taken or not _begins(reader.peek())):
        if reader.peek() == "{":
            reader.braces()
        else:
            reader.at += 1
        taken += 1


def _begins(word: str) -> bool:
    return word in STATEMENTS or word in HEADS


STATEMENTS: dict[str, Callable[[Reader], bool]] = {
    **dict.fromkeys(("accept", "drop", "continue", "return", "jump", "goto", "reject", "queue"), _verdict),
    "log": _log,
    "counter": _counter,
    "limit": _limit,
    "quota": _limit,
    "comment": _comment,
    "notrack": _notrack,
    **dict.fromkeys(("snat", "dnat", "masquerade", "redirect", "tproxy"), _translation),
    **dict.fromkeys(("add", "update", "delete"), _put),
    "fib": _fib,
    **dict.fromkeys(
        (
            *("ip", "ip6", "tcp", "udp", "th", "sctp", "dccp", "udplite", "icmp", "icmpv6", "meta", "ct", "ether"),
            *("vlan", "arp", "esp", "ah", "comp", "igmp", "socket", "rt", "ipsec", "exthdr", "numgen", "osf"),
            *("@th", "@nh", "@ll", "@ih"),
        ),
        _other,
    ),
}
"""By the word each begins with."""
