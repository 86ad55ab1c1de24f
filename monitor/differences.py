"""How the two ends of a tunnel differ from each other, and each of them from the inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from inventory.crypto import Part, parts
from inventory.model import Tunnel, TunnelEnd
from monitor.results import Algorithms, Difference, DifferenceKind, SaReading
from monitor.sas import carries, established

__all__ = ["differences"]

_INVENTORY = "inventory"
_IKE_VERSION = 2
_Row = tuple[DifferenceKind, str, str]
"""What differs, what was found, what was expected."""


def differences(tunnel: Tunnel, seen: Mapping[str, SaReading]) -> tuple[Difference, ...]:
    """Every difference of what stands; `seen` are the fresh readings by device. Nothing is said of what is down."""
    found = [
        Difference(kind=kind, device=device, against=_INVENTORY, found=was, expected=wanted)
        for device, sa in seen.items()
        for kind, was, wanted in _from_inventory(tunnel, device, sa)
    ]
    if len(seen) == 2:
        (one, mine), (other, theirs) = seen.items()
        found += [
            Difference(kind=kind, device=one, against=other, found=was, expected=wanted)
            for kind, was, wanted in _from_each_other(mine, theirs)
        ]
    return tuple(found)


def _from_inventory(tunnel: Tunnel, device: str, sa: SaReading) -> Iterator[_Row]:
    near, far = tunnel.end_of(device), tunnel.far_end_of(device)
    if near is None or far is None or not established(sa):
        return
    if sa.ike_version != _IKE_VERSION:
        yield DifferenceKind.VERSION, f"IKEv{sa.ike_version}", f"IKEv{_IKE_VERSION}"
    yield from _unequal(
        DifferenceKind.IDENTITY,
        _arrow(sa.local_identity, sa.remote_identity),
        _arrow(near.identity, far.identity),
    )
    yield from _outside(DifferenceKind.IKE_ALGORITHMS, sa.ike, near.ike or tunnel.ike)
    if carries(sa):
        yield from _outside(DifferenceKind.CHILD_ALGORITHMS, sa.child, near.esp or tunnel.esp)
        yield from _unequal(
            DifferenceKind.NETWORKS, _selectors(sa.local_networks, sa.remote_networks), _wanted(near, far)
        )


def _from_each_other(mine: SaReading, theirs: SaReading) -> Iterator[_Row]:
    if not (established(mine) and established(theirs)):
        return
    if mine.ike_version != theirs.ike_version:
        yield DifferenceKind.VERSION, f"IKEv{mine.ike_version}", f"IKEv{theirs.ike_version}"
    yield from _unequal(
        DifferenceKind.IDENTITY,
        _arrow(mine.local_identity, mine.remote_identity),
        _arrow(theirs.remote_identity, theirs.local_identity),
    )
    yield from _unlike(DifferenceKind.IKE_ALGORITHMS, mine.ike, theirs.ike)
    if carries(mine) and carries(theirs):
        yield from _unlike(DifferenceKind.CHILD_ALGORITHMS, mine.child, theirs.child)
        yield from _unequal(
            DifferenceKind.NETWORKS,
            _selectors(mine.local_networks, mine.remote_networks),
            _selectors(theirs.remote_networks, theirs.local_networks),
        )


def _unequal(kind: DifferenceKind, found: str, expected: str) -> Iterator[_Row]:
    if found != expected:
        yield kind, found, expected


def _outside(kind: DifferenceKind, negotiated: Algorithms | None, proposals: Iterable[str]) -> Iterator[_Row]:
    if negotiated is not None and not any(_within(negotiated.proposal, proposal) for proposal in proposals):
        yield kind, negotiated.proposal, ", ".join(proposals)


# Every second of every tunnel, and hardly ever anything new.
@lru_cache(maxsize=1024)
def _within(negotiated: str, proposal: str) -> bool:
    """Whether each negotiated algorithm is one that was offered.

    A child that came up with its IKE SA has no group yet; a proposal that names no prf means its integrity algorithm's.
    """
    offered, taken = parts(proposal), parts(negotiated)
    if Part.PRF not in offered:
        taken.pop(Part.PRF, None)
    return all(names <= offered.get(part, frozenset()) for part, names in taken.items())


def _unlike(kind: DifferenceKind, mine: Algorithms | None, theirs: Algorithms | None) -> Iterator[_Row]:
    """The ends are read one after the other: between them a child may have had its first rekeying, and so a group."""
    if mine is None or theirs is None:
        return
    if mine.group and theirs.group:
        yield from _unequal(kind, mine.proposal, theirs.proposal)
    elif (mine.encryption, mine.integrity, mine.prf) != (theirs.encryption, theirs.integrity, theirs.prf):
        yield kind, mine.proposal, theirs.proposal


def _wanted(near: TunnelEnd, far: TunnelEnd) -> str:
    return _selectors(map(str, near.networks), map(str, far.networks))


def _selectors(local: Iterable[str], remote: Iterable[str]) -> str:
    return _arrow(", ".join(sorted(local)), ", ".join(sorted(remote)))


def _arrow(near: str, far: str) -> str:
    return f"{near} - {far}"
