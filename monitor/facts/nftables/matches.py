"""Conditions on what a packet is: `ip saddr 10.0.0.0/8`, `ct state vmap {...}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.facts.firewall import Action, Verdict
from monitor.facts.nftables.draft import Branch
from monitor.facts.nftables.reader import Reader
from monitor.facts.nftables.sets import Entry, entries
from monitor.facts.nftables.values import compared, complement, values_of
from monitor.facts.space import Field, Names, Ranges, Values

__all__ = ["HEADS", "match", "verdict_of"]

_V4, _V6 = Names(frozenset({"ipv4"})), Names(frozenset({"ipv6"}))


def _protocol(number: int) -> Mapping[Field, Values]:
    return {Field.PROTOCOL: Ranges(((number, number),))}


Key = tuple[Field, Mapping[Field, Values]]
"""A field, and what must hold for a packet to have it."""

_KEYS: dict[tuple[str, str], Key] = {
    ("ip", "saddr"): (Field.SOURCE, {Field.FAMILY: _V4}),
    ("ip", "daddr"): (Field.DESTINATION, {Field.FAMILY: _V4}),
    ("ip", "protocol"): (Field.PROTOCOL, {Field.FAMILY: _V4}),
    ("ip6", "saddr"): (Field.SOURCE6, {Field.FAMILY: _V6}),
    ("ip6", "daddr"): (Field.DESTINATION6, {Field.FAMILY: _V6}),
    ("icmp", "type"): (Field.ICMP_TYPE, {Field.FAMILY: _V4, **_protocol(1)}),
    ("icmpv6", "type"): (Field.ICMP6_TYPE, {Field.FAMILY: _V6, **_protocol(58)}),
    ("meta", "nfproto"): (Field.FAMILY, {}),
    ("meta", "protocol"): (Field.FAMILY, {}),
    ("ether", "type"): (Field.FAMILY, {}),
    ("meta", "l4proto"): (Field.PROTOCOL, {}),
    ("meta", "pkttype"): (Field.PACKET_KIND, {}),
    ("ct", "state"): (Field.STATE, {}),
    ("th", "sport"): (Field.SOURCE_PORT, {}),
    ("th", "dport"): (Field.DESTINATION_PORT, {}),
}
for _head, _number in {"tcp": 6, "udp": 17, "dccp": 33, "sctp": 132, "udplite": 136}.items():
    _KEYS[_head, "sport"] = (Field.SOURCE_PORT, _protocol(_number))
    _KEYS[_head, "dport"] = (Field.DESTINATION_PORT, _protocol(_number))
_INTERFACES = {
    "iifname": Field.IN_INTERFACE,
    "iif": Field.IN_INTERFACE,
    "oifname": Field.OUT_INTERFACE,
    "oif": Field.OUT_INTERFACE,
}
for _head, _field in _INTERFACES.items():
    _KEYS["meta", _head] = (_field, {})

_ORDERS = frozenset({"<", ">", "<=", ">="})
_OPERATORS = _ORDERS | {"!=", "==", "!"}
_VERDICTS = {action.value: action for action in Action}


HEADS = frozenset(head for head, _ in _KEYS) | frozenset(_INTERFACES)
"""The words such conditions begin with."""


def _key(reader: Reader) -> Key | None:
    """The key that comes: one or two words. Nothing is taken when it is no key of ours."""
    head = reader.peek()
    if head in _INTERFACES:
        reader.at += 1
        return _INTERFACES[head], {}
    following = reader.tokens[reader.at + 1][0] if reader.at + 1 < len(reader.tokens) else ""
    key = _KEYS.get((head, following))
    reader.at += 2 if key else 0
    return key


def match(reader: Reader) -> bool:
    """A condition on fields: `ip saddr 10.0.0.0/8`, `iifname . tcp dport { "lan" . 22 }`, `ct state vmap {...}`."""
    start = reader.at
    keys = []
    while key := _key(reader):
        keys.append(key)
        if not reader.has("."):
            break
    if not keys or reader.tokens[reader.at - 1][0] == ".":
        reader.at = start
        return False
    for _, needs in keys:
        for name, needed in needs.items():
            reader.draft.ask(name, needed)
    if reader.has("vmap"):
        return _branches(reader, keys, _elements(reader), start, mapped=True)
    if len(keys) > 1:
        return _concatenation(reader, keys, start)
    values = _values(reader, keys[0][0], start)
    if values is not None:
        reader.draft.ask(keys[0][0], values)
    return True


def _elements(reader: Reader) -> Sequence[Entry] | None:
    """The elements of braces or of a named set; None for a set that changes by itself, or is not there.

    Those of a named set are told by the rule that uses it.
    """
    if reader.peek() == "{":
        return tuple(entries(reader.braces()))
    name = reader.take()
    found = reader.sets.get(name[1:]) if name.startswith("@") else None
    if found is None or found.changes:
        return None
    return tuple(entry._replace(line=reader.line) for entry in found.entries)


def _values(reader: Reader, name: Field, start: int) -> Values | None:
    """What a single key is compared with; None, and a note in the draft, when that cannot be told."""
    values: Values | None
    operator = reader.take() if reader.peek() in _OPERATORS else "=="
    word = reader.peek()
    if word == "{" or word.startswith("@"):
        found = _elements(reader)
        if found is None and word[1:] in reader.sets:
            reader.draft.also.append(reader.text(start))
            return None
        values = None if found is None else values_of(name, (" ".join(entry.parts) for entry in found))
    elif operator in _ORDERS:
        values = compared(name, operator, reader.take())
    else:
        values = values_of(name, _listed(reader))
    if values is None:
        reader.draft.unknown.append(reader.text(start))
        return None
    return complement(name, values) if operator in {"!=", "!"} else values


def _listed(reader: Reader) -> list[str]:
    """`established,related`, or one word."""
    words = [reader.take()]
    while reader.has(","):
        words.append(reader.take())
    return words


def _concatenation(reader: Reader, keys: Sequence[Key], start: int) -> bool:
    """Several keys at once. "Not among" stays a condition without a field: it cuts no box out of the space."""
    negated = reader.has("!=")
    if reader.peek() == "{" or reader.peek().startswith("@"):
        found = _elements(reader)
        if negated or found is None:
            reader.draft.also.append(reader.text(start))
            return True
        return _branches(reader, keys, found, start, mapped=False)
    return False


def _branches(reader: Reader, keys: Sequence[Key], found: Sequence[Entry] | None, start: int, *, mapped: bool) -> bool:
    """A rule for each element. Only one such condition a rule: a second one is kept as not understood."""
    if found is None or reader.draft.branches is not None:
        reader.draft.unknown.append(reader.text(start))
        return True
    branches = []
    for entry in found:
        verdict = verdict_of(entry.mapped)
        values = [values_of(key[0], (part,)) for key, part in zip(keys, entry.parts, strict=False)]
        known = {key[0]: value for key, value in zip(keys, values, strict=False) if value is not None}
        if (
            len(known) < len(keys)
            or len(entry.parts) != len(keys)
            or (mapped and verdict is None and entry.mapped != ("continue",))
        ):
            reader.draft.unknown.append(" . ".join(entry.parts))
        branches.append(Branch(known, verdict, entry.line))
    reader.draft.branches = branches
    return True


def verdict_of(words: Sequence[str]) -> Verdict | None:
    """`accept`, `jump NAME`; None for `continue` and what is no verdict."""
    action = _VERDICTS.get(words[0]) if words else None
    if action is None:
        return None
    return Verdict(action, words[1] if action in {Action.JUMP, Action.GOTO} and len(words) > 1 else "")
