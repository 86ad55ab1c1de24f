"""Connections: as the file configures them, and as charon says it has loaded them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from monitor.facts.linux_gateway.tree import Node, read_listing, read_nested
from monitor.facts.model import Child, Connection, Ipsec, SharedKey, View
from monitor.facts.text import Text
from monitor.facts.where import Fact

__all__ = ["read_connections"]

T = TypeVar("T")

_CONNECTION = """
    version local_addrs remote_addrs local_port remote_port proposals vips aggressive pull dscp encap mobike dpd_delay
    dpd_timeout fragmentation childless send_certreq send_cert ocsp ppk_id ppk_required keyingtries unique reauth_time
    rekey_time over_time rand_time pools if_id_in if_id_out mediation mediated_by mediation_peer
"""
_AUTH = """
    round certs cert cacerts cacert pubkeys auth id eap_id aaa_id xauth_id groups cert_policy ca_id revocation class
    eap-type eap-vendor
"""
_CHILD = """
    ah_proposals esp_proposals sha256_96 local_ts remote_ts local-ts remote-ts rekey_time life_time rand_time
    rekey_bytes life_bytes rand_bytes rekey_packets life_packets rand_packets updown hostaccess mode policies
    policies_fwd_out dpd_action ipcomp inactivity reqid priority interface mark_in mark_in_sa mark_out set_mark_in
    set_mark_out if_id_in if_id_out label tfc_padding replay_window hw_offload copy_df copy_ecn copy_dscp
    start_action close_action
"""
_CONNECTION_KEYS, _AUTH_KEYS, _CHILD_KEYS = (frozenset(words.split()) for words in (_CONNECTION, _AUTH, _CHILD))
_SECTIONS = frozenset({"connections", "secrets", "pools", "authorities"})
_END = re.compile(r"(local|remote)(-?[A-Za-z0-9_-]*)")
_CLASSES = {"public key": "pubkey", "pre-shared key": "psk"}
_VERSIONS = {"0": (1, 2), "1": (1,), "2": (2,), "IKEv1": (1,), "IKEv2": (2,), "IKEv1/2": (1, 2)}
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def read_connections(configured: Text | None, loaded: Text | None) -> Ipsec | None:
    """All connections of both views; None when neither can be told."""
    found: list[Connection] = []
    keys: tuple[SharedKey, ...] = ()
    views = set()
    if configured is not None:
        whole = read_nested(configured)
        for node in (node for node in whole.every() if node.name not in _SECTIONS):
            configured.odd(node.where)
        for fact in whole.values.values():
            configured.odd(fact.where)
        found += _connections(configured, _below(whole, "connections"), View.CONFIGURED)
        keys = tuple(_shared_keys(_below(whole, "secrets")))
        views.add(View.CONFIGURED)
    if loaded is not None and loaded.text.startswith("("):
        loaded.odd(loaded.where(1))
    elif loaded is not None:
        found += _connections(loaded, read_listing(loaded).every(), View.LOADED)
        views.add(View.LOADED)
    sources = tuple(text.source for text in (configured, loaded) if text is not None)
    return Ipsec(tuple(found), frozenset(views), keys, sources) if views else None


def _below(node: Node, name: str) -> Iterable[Node]:
    return node.nodes[name].every() if name in node.nodes else ()


def _connections(text: Text, nodes: Iterable[Node], view: View) -> Iterator[Connection]:
    for node in nodes:
        _known(text, node, _CONNECTION_KEYS)
        ends = [(match[1], below) for below in node.every() if (match := _END.fullmatch(below.name))]
        for below in node.every():
            if below.name != "children" and not _END.fullmatch(below.name):
                text.odd(below.where)
        yield Connection(
            name=node.name,
            view=view,
            versions=_versions(text, node),
            proposals=_proposals(node, view, "proposals"),
            aggressive=_read(text, node, "aggressive", _yes),
            local_addresses=node.words("local_addrs"),
            remote_addresses=node.words("remote_addrs"),
            local_auth=_auth(text, (end for side, end in ends if side == "local")),
            remote_auth=_auth(text, (end for side, end in ends if side == "remote")),
            local_identity=next((e.values["id"] for side, e in ends if side == "local" and "id" in e.values), None),
            remote_identity=next((e.values["id"] for side, e in ends if side == "remote" and "id" in e.values), None),
            rekey_s=_read(text, node, "rekey_time", _seconds),
            reauth_s=_read(text, node, "reauth_time", _seconds),
            children=tuple(_child(text, child, view) for child in _below(node, "children")),
            where=node.where,
        )


def _child(text: Text, node: Node, view: View) -> Child:
    _known(text, node, _CHILD_KEYS)
    mode = node.values.get("mode")
    return Child(
        name=node.name,
        mode=mode.value.lower() if mode is not None else "tunnel",
        local_networks=_networks(node, "local"),
        remote_networks=_networks(node, "remote"),
        proposals=_proposals(node, view, "esp_proposals", "ah_proposals"),
        rekey_s=_read(text, node, "rekey_time", _seconds),
        life_s=_read(text, node, "life_time", _seconds),
        rekey_bytes=_read(text, node, "rekey_bytes", _bytes),
        where=node.where,
    )


def _known(text: Text, node: Node, words: frozenset[str]) -> None:
    for key, fact in node.values.items():
        if key not in words:
            text.odd(fact.where)


def _versions(text: Text, node: Node) -> Fact[tuple[int, ...]]:
    """strongSwan answers both versions where nothing is said."""
    said = node.values.get("version")
    if said is None:
        return Fact((1, 2), node.where)
    if said.value not in _VERSIONS:
        text.odd(said.where)
    return Fact(_VERSIONS.get(said.value, (1, 2)), said.where)


def _proposals(node: Node, view: View, *keys: str) -> tuple[Fact[str], ...] | None:
    """In the order offered. The file's silence means the daemon's own list; the daemon itself tells nothing."""
    said = tuple(
        Fact(word.lower(), node.values[key].where) for key in keys if key in node.values for word in node.words(key)
    )
    return said or (None if view is View.LOADED else (Fact("default", node.where),))


def _auth(text: Text, ends: Iterable[Node]) -> tuple[Fact[str], ...]:
    found = []
    for end in ends:
        _known(text, end, _AUTH_KEYS)
        said = end.values.get("auth") or end.values.get("class") or Fact("pubkey", end.where)
        found.append(Fact(_CLASSES.get(said.value, said.value.lower()), said.where))
    return tuple(found)


def _networks(node: Node, side: str) -> Fact[tuple[str, ...]] | None:
    for key in (f"{side}_ts", f"{side}-ts"):
        if key in node.values:
            return Fact(node.words(key), node.values[key].where)
    return None


def _read(text: Text, node: Node, key: str, read: Callable[[str], T | None]) -> Fact[T] | None:
    said = node.values.get(key)
    if said is None:
        return None
    value = read(said.value)
    if value is None:
        text.odd(said.where)
        return None
    return Fact(value, said.where)


def _yes(value: str) -> bool | None:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(value.lower())


def _amount(value: str, units: dict[str, int]) -> int | None:
    found = re.fullmatch(r"([0-9]{1,18})\s*([a-zA-Z]?)", value)
    return int(found[1]) * units[found[2].lower()] if found is not None and found[2].lower() in units else None


def _seconds(value: str) -> int | None:
    return _amount(value, _UNITS)


def _bytes(value: str) -> int | None:
    return _amount(value, _SIZES)


def _shared_keys(nodes: Iterable[Node]) -> Iterator[SharedKey]:
    for node in nodes:
        secret = node.values.get("secret")
        if node.name.startswith("ike") and secret is not None:
            identities = tuple(fact.value for key, fact in node.values.items() if key.startswith("id"))
            yield SharedKey(node.name, secret.value, identities, secret.where)
