"""What the process of the stand-ins is told: who stands where."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "CRL",
    "DICTIONARY",
    "OCSP",
    "OPERATION",
    "READY",
    "STAMPS",
    "Asking",
    "Host",
    "Order",
    "Resolver",
    "read",
    "written",
]

DICTIONARY = "/stand-in/dictionary"
OCSP, CRL, STAMPS = "/stand-in/ocsp", "/stand-in/list.crl", "/stand-in/time-stamp"
OPERATION = "ReadDictionary"
READY = b"ready\n"
"""What it says once everybody listens."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host of a platform, with TLS, that wants a client certificate."""

    namespace: str
    address: str
    port: int
    name: str
    credentials: Path
    """A folder: `MOOD.pem` is a certificate with its key; `fine.pem` for every mood that has none of its own."""
    believed: Path
    """Whose client certificates it takes."""
    registry: Path
    """A folder: what is known of revocations, and who stamps (`lab.standins.registry`)."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """Who answers for names."""

    namespace: str
    address: str
    names: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A domain system that reads the dictionary now and then, as its daily duty is."""

    namespace: str
    address: str
    port: int
    name: str
    certificate: Path
    believed: Path
    every_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Order:
    """All of them. `folder` holds their mood."""

    folder: Path
    hosts: tuple[Host, ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    asking: tuple[Asking, ...] = ()


def written(order: Order) -> bytes:
    """The order as a line."""
    return json.dumps(asdict(order), default=str).encode() + b"\n"


def read(line: str) -> Order:
    """The order of a line; its writer is ours. By hand: a process that only stands in need not be a large one."""
    said = json.loads(line)
    return Order(
        folder=Path(said["folder"]),
        hosts=tuple(Host(**_with_paths(host, "credentials", "believed", "registry")) for host in said["hosts"]),
        resolvers=tuple(Resolver(**resolver) for resolver in said["resolvers"]),
        asking=tuple(Asking(**_with_paths(asking, "certificate", "believed")) for asking in said["asking"]),
    )


def _with_paths(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**said, **{name: Path(said[name]) for name in names}}
