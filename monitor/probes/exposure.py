"""Which ports of our own lines take a connection from outside: none, or only those that the inventory is told of.

From the manager, through its own gateway, to the other buildings' lines: what one's own peer sees. A port that is open
to strangers is open to it, too, unless the far gateway refuses its peer what it allows others.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import IPv4Address

from inventory.model import Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.ike.algorithms import transforms
from monitor.ike.message import PORT, SPI_BYTES, sa_init
from monitor.ike.talk import Talk
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.probes.lines import Outside, OwnLine, own_lines
from monitor.results import Measured, ProbeKind, State

__all__ = ["PORTS", "PROBE", "Line", "look"]

_PACE = Pace(period_s=24 * 3600.0, timeout_s=60.0, again_s=600.0)
_AT_ONCE = 4
_CONNECT_S = 2.0
_GAP_S = 0.05
_ANY = transforms("aes256gcm16-prfsha384-ecp384") or ()
PORTS = (
    *(21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 161, 179, 389, 443, 445, 465, 515, 587, 631, 636, 691),
    *(801, 807, 843, 902, 993, 995, 1080, 1194, 1433, 1521, 1701, 1723, 2049, 2222, 2323, 3128, 3260, 3306, 3389),
    *(4000, 4443, 4500, 4786, 5000, 5060, 5432, 5555, 5900, 5985, 5986, 6379, 6514, 7547, 8000, 8080, 8081, 8291),
    *(8443, 8728, 8729, 8888, 9000, 9090, 9100, 9200, 9443, 10000, 10051, 11211, 27017),
)
"""What is looked for on the internet day and night: management, printing, files, databases, tunnels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Target):
    """A line, and the ports to be tried."""

    address: IPv4Address
    ports: tuple[int, ...]
    ike: int = PORT


def _targets(office: Office) -> Iterator[Line]:
    outside = Outside(office)
    for line in own_lines(office):
        wanted = sorted({*PORTS, *_own_ports(office, line)})
        ports = tuple(port for port in wanted if outside.may_ask(line, "tcp", port))
        if ports:
            yield Line(
                name=f"{line.device.name}/{line.wan.name}",
                subject=f"device:{line.device.name}",
                where=f"{line.address}, {len(ports)} TCP ports",
                pace=_PACE,
                address=line.address,
                ports=ports,
            )


def _own_ports(office: Office, line: OwnLine) -> Iterator[int]:
    """Where its own daemons listen inside, whatever number management was moved to."""
    access = office.access_to(line.device.name)
    if access is not None:
        yield from (access.read.port, access.write.port)


async def _ask(target: Line, _secrets: Secrets) -> Outcome:
    return await look(target)


async def look(target: Line) -> Outcome:
    """Try each port, a few at a time. A port that refuses is as closed as one that is silent.

    Silence of all of them is only believed of a line whose IKE answers.
    """
    slots = asyncio.Semaphore(_AT_ONCE)
    tried = await asyncio.gather(*(_tried(target, port, slots) for port in target.ports))
    found = [port for port, told in zip(target.ports, tried, strict=True) if told is _Told.OPEN]
    refused = _Told.REFUSED in tried
    listed = ", ".join(map(str, found[:16]))
    if not found and not refused and not await _answers(target):
        cause = say(N_("nothing there answers at all, so it is not known whether a port is open"))
        return Outcome(state=State.UNKNOWN, cause=cause, sent=f"TCP SYN to {target.where}, IKE_SA_INIT")
    return Outcome(
        state=State.DOWN if found else State.UP,
        cause=say(N_("open to the outside: TCP port {ports}"), ports=listed) if found else say(N_("no port is open")),
        sent=f"TCP SYN to {target.where}",
        received=f"SYN and ACK from port {listed}" if found else "",
        measured=(Measured(name="open_ports", value=len(found)),),
    )


class _Told(Enum):
    """What a port answers."""

    OPEN = auto()
    REFUSED = auto()
    NOTHING = auto()


async def _tried(target: Line, port: int, slots: asyncio.Semaphore) -> _Told:
    async with slots:
        await asyncio.sleep(_GAP_S)
        try:
            async with asyncio.timeout(_CONNECT_S):
                _reader, writer = await asyncio.open_connection(str(target.address), port)
        except ConnectionRefusedError:
            return _Told.REFUSED
        except OSError:
            return _Told.NOTHING
        writer.close()
        return _Told.OPEN


async def _answers(target: Line) -> bool:
    """Whether its IKE says anything, be it no."""
    query = sa_init(os.urandom(SPI_BYTES), os.urandom(288), (_ANY,))
    try:
        talk = await Talk.open(target.address, target.ike)
    except OSError:
        return False
    try:
        return await talk.answered(query) is not None
    except OSError:
        return False
    finally:
        talk.close()


PROBE = Probe(ProbeKind.EXPOSURE, _targets, _ask)
