"""Devices on loopback as they are polled in tests, and a switch for the agent to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Address

from inventory.model import SnmpVersion
from monitor.snmp.expected import Credential, ExpectedPoll, Manner
from monitor.snmp.session import Keyring
from tests.monitor.snmp.agent import Counter, Counter64, Oid, Ticks, Value

__all__ = ["KEYS", "MANNER", "expected", "switch"]

KEYS = Keyring({"file:community": "public", "file:auth": "authentic-1234", "file:priv": "secluded-1234"})
MANNER = Manner(period_s=60.0, timeout_s=0.5, poll_s=20.0, repetitions=25, most_repetitions=50, rate=None)
_OLD = Credential(SnmpVersion.V2C, community="file:community")


def expected(port: int, credential: Credential = _OLD, manner: Manner = MANNER, **changed: object) -> ExpectedPoll:
    """A device that answers there."""
    poll = ExpectedPoll("sw-b-1", IPv4Address("127.0.0.1"), port, credential, manner)
    return replace(poll, **changed)  # type: ignore[arg-type]  # fields by name


def switch(
    ports: int, uptime_s: int = 1000, octets: int = 10**10, names: Mapping[int, str] | None = None
) -> dict[str, Value]:
    """A switch with so many ports: system group, ifTable and ifXTable, each whole."""
    table: dict[str, Value] = {
        "1.3.6.1.2.1.1.1.0": "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.0(2a)EX5, RELEASE",
        "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.9.1.1208"),
        "1.3.6.1.2.1.1.3.0": Ticks(100 * uptime_s),
        "1.3.6.1.2.1.1.5.0": "sw-b-1",
        "1.3.6.1.2.1.2.1.0": ports,
    }
    for index in range(1, ports + 1):
        name = (names or {}).get(index, f"Gi1/0/{index}")
        said: dict[int, Value] = {2: name, 3: 6, 7: 1, 8: 1 if index % 2 else 2, 14: Counter(index)}
        for column in range(1, 23):
            table[f"1.3.6.1.2.1.2.2.1.{column}.{index}"] = said.get(column, Counter(0))
        wide: dict[int, Value] = {1: name, 6: Counter64(octets), 10: Counter64(octets), 15: 1000, 18: f"desk {index}"}
        for column in range(1, 20):
            table[f"1.3.6.1.2.1.31.1.1.1.{column}.{index}"] = wide.get(column, Counter(0))
    return table
