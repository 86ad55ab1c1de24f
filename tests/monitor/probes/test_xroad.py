"""The health-check port of a security server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from monitor.probes import xroad
from monitor.probes.base import Outcome, Pace
from monitor.results import State
from tests.inventory.offices import broken, office_in
from tests.monitor.probes.listeners import LOOPBACK, answered, asked, speaking

REASON = "Fetching health check response timed out for: Authentication key OCSP status"


def told(status: int, body: str) -> Outcome:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} .\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()

    async def ask() -> Outcome:
        async with speaking(served) as port:
            target = xroad.SecurityServer(
                name="ss", subject="channel:ss", where="it", pace=Pace(60, 5), address=LOOPBACK, port=port, allowed=True
            )
            return await answered(xroad.PROBE, target)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("status", "body", "state", "cause"),
    [
        (200, "", State.UP, "the security server says that all is well"),
        (500, REASON, State.DOWN, f"the security server says: {REASON}"),
        (500, "", State.DOWN, "the security server says: ?"),
        (500, "a\nb\x1b[2J", State.DOWN, "the security server says: a·b·[2J"),
        (503, "", State.DEGRADED, "the security server is in maintenance, as somebody has told it"),
        (404, "", State.DOWN, "the host answers HTTP 404"),
    ],
)
def test_what_a_security_server_says_of_itself(status: int, body: str, state: State, cause: str) -> None:
    outcome = told(status, body)
    assert (outcome.state, str(outcome.cause)) == (state, cause)


@pytest.mark.parametrize(
    ("health", "cause"),
    [
        ("", "the inventory does not name the health-check port of the security server"),
        ("health: {device: app, port: 5588}", "no flow lets the manager go to app port 5588"),
    ],
)
def test_where_nothing_can_be_asked_nothing_is_known(tmp_path: Path, health: str, cause: str) -> None:
    text = broken("kind: https_mtls", f"kind: xroad_ss\n    {health}")
    (target,) = xroad.PROBE.targets(office_in(tmp_path, text).require())
    outcome = asked(xroad.PROBE, target)
    assert (outcome.state, str(outcome.cause)) == (State.UNKNOWN, cause)


def test_a_flow_opens_the_way(tmp_path: Path) -> None:
    text = broken("kind: https_mtls", "kind: xroad_ss\n    health: {device: app, port: 5588}")
    text = text.replace("tunnels:\n", "  - {name: health, from: ['device:adm'], to: ['device:app'], services: [health],"
                        " owner: ASI, purpose: Watch}\ntunnels:\n", 1)  # fmt: skip
    text = text.replace("flows:\n", "  - {name: health, ports: [tcp/5588]}\nflows:\n", 1)
    (target,) = xroad.PROBE.targets(office_in(tmp_path, text).require())
    assert (target.allowed, str(target.address)) == (True, "10.8.1.30")
