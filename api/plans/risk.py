"""What a change touches, read from the facts of what runs and what would run. Pure. When in doubt: touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from ipaddress import IPv4Address

from api.plans.model import Risk
from api.plans.switched import switch_risks
from inventory.model import Device, Office
from monitor.basis import Basis
from monitor.compliance.spaces import hosts
from monitor.facts.firewall import Firewall, Rule
from monitor.facts.read import facts
from monitor.facts.space import Field, Ranges, Values
from playbooks.drivers.base import Sections
from templates.linux_gateway.gate.managed import CERTIFICATE, NFTABLES, SSHD, SWANCTL
from templates.linux_gateway.text import LIVE, file_section

__all__ = ["risks"]

_NFTABLES, _SWANCTL = LIVE[NFTABLES], LIVE[SWANCTL]
_PARTS: dict[str, Risk] = {
    LIVE[SSHD]: Risk.MANAGEMENT_PATH,
    file_section(SSHD): Risk.MANAGEMENT_PATH,
    _SWANCTL: Risk.TUNNELS,
    file_section(SWANCTL): Risk.TUNNELS,
    file_section(CERTIFICATE): Risk.TUNNELS,
    _NFTABLES: Risk.POLICY,
    file_section(NFTABLES): Risk.POLICY,
}
_ROUTES = ("network", "route", "interface")
"""Words in a section's name that speak of how packets leave the device."""
_SSH, _IKE, _NATT, _ESP, _UDP, _TCP = 22, 500, 4500, 50, 17, 6
_EVERYWHERE = "0.0.0.0/0"
_EPHEMERAL = Ranges(((1024, 65535),))


@dataclass(frozen=True, slots=True)
class _Packets:
    """Traffic that must not be cut: between these hosts, in either direction."""

    near: Ranges | None
    """None: not known."""
    far: Ranges | None
    """None: anywhere."""
    protocol: int
    near_ports: Ranges | None = None
    """None: the protocol has none."""
    far_ports: Ranges | None = None


def risks(office: Office, device: Device, running: Sections, intended: Sections) -> tuple[Risk, ...]:
    """What a device's change touches, in the order of `Risk`."""
    of = _of_gateway if device.gateway else switch_risks
    found = of(office, device, running, intended)
    return tuple(risk for risk in Risk if risk in found)


def _of_gateway(office: Office, device: Device, running: Sections, intended: Sections) -> set[Risk]:
    changed = [name for name in {**running, **intended} if running.get(name) != intended.get(name)]
    found = {_PARTS.get(name, Risk.SERVICES) for name in changed}
    if any(word in name.lower() for name in changed for word in _ROUTES):
        found = found - {Risk.SERVICES} | {Risk.DEFAULT_ROUTE, Risk.MANAGEMENT_PATH}
    if _NFTABLES in changed:
        found.update(_of_rules(office, device, running, intended))
    if Risk.TUNNELS in found:
        found.update(_of_tunnels(office, device, running, intended))
    return found


# ---- Tunnels ---------------------------------------------------------------------------------------------------------


def _of_tunnels(office: Office, device: Device, running: Sections, intended: Sections) -> Iterator[Risk]:
    """A far building is managed through its tunnels; one that takes everything is the default route, too."""
    if device.building != office.device(office.network.manager).building:
        yield Risk.MANAGEMENT_PATH
    texts = (sections.get(_SWANCTL, "") for sections in (running, intended))
    if any(_EVERYWHERE in text for text in texts):
        yield Risk.DEFAULT_ROUTE


# ---- Rules of the packet filter --------------------------------------------------------------------------------------


def _of_rules(office: Office, device: Device, running: Sections, intended: Sections) -> Iterator[Risk]:
    gone, come = _lines(running.get(_NFTABLES, ""), intended.get(_NFTABLES, ""))
    sides = [_Side.of(device, running, gone), _Side.of(device, intended, come)]
    if any(side is None or side.frame for side in sides):
        yield from (Risk.MANAGEMENT_PATH, Risk.TUNNELS)
        return
    rules = [rule for side in sides if side is not None for rule in side.rules]
    if any(_meets(rule, packets) for packets in _management(office) for rule in rules):
        yield Risk.MANAGEMENT_PATH
    if any(_meets(rule, packets) for packets in _encrypted(office, device) for rule in rules):
        yield Risk.TUNNELS


@dataclass(frozen=True, slots=True)
class _Side:
    """What of a packet filter the changed lines of one side are."""

    rules: tuple[Rule, ...]
    """The rules that stand in them, and those that use a set that does."""
    frame: bool
    """Whether a chain comes, goes, or stands at another hook: everything that passes it may be meant."""

    @classmethod
    def of(cls, device: Device, sections: Sections, lines: frozenset[int]) -> _Side | None:
        """None where the text is no packet filter."""
        firewall = _firewall(device, sections)
        if firewall is None:
            return None
        rules = [rule for chain in firewall.chains.values() for rule in chain.rules]
        frames = {chain.base.where.line for chain in firewall.chains.values() if chain.base is not None}
        rows = sections[_NFTABLES].split("\n")
        found = (rule for line in lines for rule in _at(rules, rows, line))
        return cls(tuple(dict.fromkeys(found)), bool(frames & lines))


def _at(rules: list[Rule], rows: list[str], line: int) -> list[Rule]:
    """The rules a line belongs to: the one it stands in, or all that use its set."""
    if not rows[line - 1].strip():
        return []
    for number in range(line, 0, -1):
        words = rows[number - 1].split()
        if here := [rule for rule in rules if rule.where.line == number]:
            return here
        if words[:1] in (["set"], ["map"]) and len(words) > 1:
            used = re.compile(rf"@{re.escape(words[1])}(?![\w-])")
            return [rule for rule in rules if used.search(rule.where.text)]
        if words[:1] in (["chain"], ["table"]):
            break
    return []


def _firewall(device: Device, sections: Sections) -> Firewall | None:
    assert device.platform is not None  # noqa: S101  only managed devices are planned for
    return facts(device.name, device.platform, Basis.RUNNING, sections, None).firewall


def _lines(before: str, after: str) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the lines that go, and of those that come."""
    matcher = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    blocks = [block for block in matcher.get_opcodes() if block[0] != "equal"]
    gone = frozenset(line + 1 for block in blocks for line in range(block[1], block[2]))
    come = frozenset(line + 1 for block in blocks for line in range(block[3], block[4]))
    return gone, come


def _meets(rule: Rule, packets: _Packets) -> bool:
    """Whether a rule may decide on such packets, there or back."""
    there = {
        Field.SOURCE: packets.near,
        Field.DESTINATION: packets.far,
        Field.SOURCE_PORT: packets.near_ports,
        Field.DESTINATION_PORT: packets.far_ports,
    }
    back = {
        Field.SOURCE: packets.far,
        Field.DESTINATION: packets.near,
        Field.SOURCE_PORT: packets.far_ports,
        Field.DESTINATION_PORT: packets.near_ports,
    }
    protocol = Ranges(((packets.protocol, packets.protocol),))
    return any(
        all(_overlap(match.values, {**way, Field.PROTOCOL: protocol}.get(match.field)) for match in rule.matches)
        for way in (there, back)
    )


def _overlap(values: Values, asked: Ranges | None) -> bool:
    return asked is None or not isinstance(values, Ranges) or bool(values & asked)


def _management(office: Office) -> Iterator[_Packets]:
    """From the manager to each managed device: the near gateways carry what is for the far ones."""
    manager = office.device(office.network.manager).address
    near = None if manager is None else hosts([manager])
    for device in office.managed:
        places = {(device.address, _SSH)} if device.address is not None else set()
        if (access := office.access_to(device.name)) is not None:
            places |= {(login.address, login.port) for login in (access.read, access.write)}
        for address, port in sorted(places):
            yield _Packets(near, hosts([address]), _TCP, _EPHEMERAL, Ranges(((port, port),)))


def _encrypted(office: Office, device: Device) -> Iterator[_Packets]:
    """IKE and ESP between the ends of its tunnels."""
    own, ports = hosts(_outer(office, device)), Ranges(((_IKE, _IKE), (_NATT, _NATT)))
    yield _Packets(own, None, _UDP, ports, ports)
    yield _Packets(own, None, _ESP)


def _outer(office: Office, device: Device) -> Iterator[IPv4Address]:
    return (wan.address for wan in office.wans if wan.device == device.name and wan.address is not None)
