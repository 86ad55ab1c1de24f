"""What may stand in a device's configuration, and how lists of it are written. Pure; no value gets past `typed`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range
from textwrap import wrap
from typing import Protocol

from inventory.words import gettext as _

__all__ = [
    "NAMES",
    "Fragment",
    "UnsafeValueError",
    "braces",
    "comma",
    "elements",
    "label",
    "quoted",
    "spans",
    "typed",
    "whole_text",
]

NAMES = ("braces", "comma", "elements", "label", "quoted", "spans")
"""The filters templates may use."""

_SAFE = re.compile(r"[A-Za-z0-9/][A-Za-z0-9._:/@+-]{0,254}")
"""No space, quote, brace, bracket, semicolon, backslash, `#`, `$`, `%`, `*` or line break: one word in every language
rendered here, whether it stands bare or in quotes."""

_ELEMENTS_WIDTH = 100
_LABEL_LENGTH = 25
"""Two labels fit into a log prefix of 63 characters."""


class UnsafeValueError(ValueError):
    """A value that may not stand in a configuration."""

    def __init__(self, value: object) -> None:
        super().__init__(
            _("a value of type {type} may not stand in a configuration: {value}").format(
                type=type(value).__name__, value=repr(value)[:80]
            )
        )


class Fragment(str):
    """Text made here out of typed values: the one kind of string that may hold spaces, quotes and braces."""

    __slots__ = ()


class _Span(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


def typed(value: object) -> str:
    """The text of a value of a known type; UnsafeValueError for everything else."""
    if isinstance(value, Fragment):
        return value
    if type(value) is int or isinstance(value, IPv4Address | IPv6Address):
        return str(value)
    if isinstance(value, IPv4Network | IPv6Network):
        return str(value) if value.num_addresses > 1 else str(value.network_address)
    if isinstance(value, str) and _SAFE.fullmatch(value):
        return str(value)
    raise UnsafeValueError(value)


def braces(values: Iterable[object]) -> Fragment:
    """An nftables value: the one value as it is, several as a set. Nothing at all is refused.

    Networks that touch are one value: nft itself joins them, but lists the set of one that results with braces the
    first time and without once that listing has been loaded: a restored firewall would differ from what it was.
    """
    listed = list(values)
    joined = _joined([value for value in listed if isinstance(value, IPv4Network)])
    return joined if joined and len(listed) > 1 else _set([typed(value) for value in listed])


def quoted(values: Iterable[object]) -> Fragment:
    """As `braces`, each value in quotes: interface names."""
    return _set([f'"{typed(value)}"' for value in values])


def spans(ports: Iterable[_Span]) -> Fragment:
    """As `braces`, for ranges of ports."""
    return _set([str(p.first) if p.first == p.last else f"{p.first}-{p.last}" for p in ports])


def comma(values: Iterable[object]) -> Fragment:
    """Values with commas between them."""
    return Fragment(", ".join(typed(value) for value in values))


def elements(values: Iterable[object]) -> Fragment:
    """The elements of a named nftables set, over several lines where one is too short."""
    lines = wrap(", ".join(typed(value) for value in values), _ELEMENTS_WIDTH, break_on_hyphens=False)
    if not lines:
        raise UnsafeValueError(())
    if len(lines) == 1:
        return Fragment(f"{{ {lines[0]} }}")
    return Fragment("\n".join(["{", *(" " * 12 + line for line in lines), " " * 8 + "}"]))


def label(name: str) -> Fragment:
    """A name cut to what a log prefix has room for."""
    return Fragment(typed(name)[:_LABEL_LENGTH])


def whole_text(text: str, *, end: str) -> Fragment:
    """A whole file to be embedded in a script as a here-document that ends with the line `end`."""
    if end in text.splitlines() or "\0" in text:
        raise UnsafeValueError(text)
    return Fragment(text)


def _joined(networks: list[IPv4Network]) -> Fragment | None:
    """The networks as one network or range, or None where there are gaps or single addresses only."""
    if all(network.num_addresses == 1 for network in networks):
        return None
    ordered = sorted(networks)
    first, last = ordered[0].network_address, ordered[0].broadcast_address
    for network in ordered:
        if int(network.network_address) > int(last) + 1:
            return None
        last = max(last, network.broadcast_address)
    whole = list(summarize_address_range(first, last))
    return Fragment(whole[0]) if len(whole) == 1 else Fragment(f"{first}-{last}")


def _set(texts: list[str]) -> Fragment:
    if not texts:
        # An empty match would be a rule for everybody.
        raise UnsafeValueError(())
    return Fragment(texts[0] if len(texts) == 1 else "{ " + ", ".join(texts) + " }")
