"""What an agent tells, as a configuration of snmpd: every value is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Device, PortMode

__all__ = ["User", "configuration", "printer_rows", "switch_rows", "ups_rows"]

_PRINTER, _UPS, _IF, _IFX = "1.3.6.1.2.1.43", "1.3.6.1.2.1.33.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
_FIRST_PORT = 1000
"""Above the interfaces that the agent's own system has."""


@dataclass(frozen=True, slots=True)
class User:
    """Who may ask, in version 3 with privacy; the words are snmpd's."""

    name: str
    auth: str
    priv: str
    authentication: str = "SHA-256"
    privacy: str = "AES"


def configuration(name: str, what: str, addresses: Sequence[IPv4Address], user: User, rows: Iterator[str]) -> str:
    """The whole file."""
    places = ",".join(f"udp:{address}:161" for address in addresses)
    lines = [
        f"agentAddress {places}",
        f'createUser {user.name} {user.authentication} "{user.auth}" {user.privacy} "{user.priv}"',
        f"rouser {user.name} priv",
        f"sysName {name}",
        f"sysDescr stand-in of a practice office for {what}, not a device",
        "dontLogTCPWrappersConnects yes",
    ]
    return "\n".join([*lines, *rows]) + "\n"


def printer_rows() -> Iterator[str]:
    """Printer-MIB (RFC 3805): a toner that is half full, a box for waste that has room, pages printed."""
    supplies = (("Black Toner", 3, 21, 3000, 1500), ("Waste Toner Box", 4, 4, 100, 80))
    for n, (name, sort, kind, most, level) in enumerate(supplies, 1):
        for column, value in ((4, sort), (5, kind), (8, most), (9, level)):
            yield f"override {_PRINTER}.11.1.1.{column}.1.{n} integer {value}"
        yield f'override {_PRINTER}.11.1.1.6.1.{n} octet_str "{name}"'
    yield f"override {_PRINTER}.10.2.1.4.1.1 counter 12345"
    yield f'override {_PRINTER}.5.1.1.17.1 octet_str "STAND-IN"'
    yield "override 1.3.6.1.2.1.25.3.5.1.1.1 integer 3"


def ups_rows() -> Iterator[str]:
    """UPS-MIB (RFC 1628): on mains, its batteries full."""
    yield f'override {_UPS}.1.1.0 octet_str "stand-in"'
    yield f'override {_UPS}.1.2.0 octet_str "UPS of a practice office"'
    numbers = {
        "2.1.0": 2,
        "2.2.0": 0,
        "2.3.0": 45,
        "2.4.0": 100,
        "2.5.0": 540,
        "2.7.0": 25,
        "3.3.1.3.1": 230,
        "4.1.0": 3,
        "4.4.1.2.1": 230,
        "4.4.1.5.1": 20,
    }
    for rest, value in numbers.items():
        yield f"override {_UPS}.{rest} integer {value}"
    yield f"override {_UPS}.6.1.0 uinteger 0"


def switch_rows(device: Device) -> Iterator[str]:
    """IF-MIB (RFC 2863): every port of the inventory; those in use are up."""
    number = _FIRST_PORT
    for ports in device.switch_ports:
        for name in ports.names:
            number += 1
            up = 2 if ports.mode is PortMode.UNUSED else 1
            yield f'override {_IF}.2.{number} octet_str "{name}"'
            yield f"override {_IF}.3.{number} integer 6"
            yield f"override {_IF}.5.{number} uinteger 1000000000"
            yield f"override {_IF}.7.{number} integer {up}"
            yield f"override {_IF}.8.{number} integer {up}"
            yield f"override {_IF}.10.{number} counter {number * 1000}"
            yield f"override {_IF}.16.{number} counter {number * 500}"
            yield f'override {_IFX}.1.{number} octet_str "{name}"'
            yield f"override {_IFX}.15.{number} uinteger 1000"
            if ports.label is not None:
                yield f'override {_IFX}.18.{number} octet_str "{ports.label}"'
