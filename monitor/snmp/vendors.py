"""Who made a device, which one it is and what runs on it, where no MIB of its own says so."""

from __future__ import annotations

import re

from monitor.snmp.values import Answers, text

__all__ = ["SCALARS", "described", "firmware", "serial", "vendor"]

_ENTERPRISES = {
    9: "Cisco",
    11: "HP",
    43: "3Com",
    171: "D-Link",
    236: "Samsung",
    253: "Xerox",
    318: "APC",
    367: "Ricoh",
    476: "Vertiv",
    534: "Eaton",
    641: "Lexmark",
    674: "Dell",
    705: "Eaton",
    850: "Tripp Lite",
    890: "Zyxel",
    1248: "Epson",
    1347: "Kyocera",
    1602: "Canon",
    2011: "Huawei",
    2435: "Brother",
    2636: "Juniper",
    3808: "CyberPower",
    4526: "Netgear",
    8072: "Net-SNMP",
    10704: "Barracuda",
    11863: "TP-Link",
    12356: "Fortinet",
    14988: "MikroTik",
    18334: "Konica Minolta",
    25506: "H3C",
    41112: "Ubiquiti",
    47196: "Aruba",
}
"""IANA's private enterprise numbers of makers that such offices have."""
_ENTERPRISE = re.compile(r"1\.3\.6\.1\.4\.1\.([0-9]{1,9})(\.|\Z)")

_PATTERNS = (
    # Cisco IOS: `Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.0(2a)EX5, RELEASE ...`
    re.compile(r"Cisco IOS Software.{0,10}, (?P<model>[\w-]{1,30}) Software.{0,60}Version (?P<firmware>[^, ]{1,40})"),
    # HP JetDirect: `HP ETHERNET MULTI-ENVIRONMENT,SN:...,FN:...,SVCID:...,PID:HP LaserJet MFP M130nw`
    re.compile(r"HP ETHERNET MULTI-ENVIRONMENT.{0,120}PID:(?P<model>.{1,64})"),
    # MikroTik: `RouterOS 6.40.5 (stable) on RB952Ui-5ac2nD`, or `RouterOS CRS326-24G-2S+`
    re.compile(r"RouterOS (?P<firmware>[0-9][\w.]{0,20})(?: \([\w-]{1,20}\))? on (?P<model>\S{1,40})"),
    re.compile(r"RouterOS (?P<model>[A-Za-z]\S{1,40})"),
    # ArubaOS-Switch: `HP J9145A 2910al-24G Switch, revision W.15.14.0012, ROM W.14.06`
    re.compile(r"(?P<model>(?:HP|HPE|Aruba|ProCurve)\b[^,]{1,60}), revision (?P<firmware>[\w.]{1,30})"),
    # Juniper: `Juniper Networks, Inc. ex2300-24t Ethernet Switch, kernel JUNOS 18.1R3.3, ...`
    re.compile(r"Juniper Networks, Inc\. (?P<model>\S{1,40}) .{0,60}JUNOS (?P<firmware>[^, ]{1,30})"),
    # Brother and others: `..., Firmware Ver.1.14  (14.11.06),...`
    re.compile(r"(?i)firmware ver(?:sion)?[. :]{1,2}(?P<firmware>[\w.]{1,30})"),
    # APC: `APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.7.2 ...`
    re.compile(r"APC Web/SNMP Management Card.{0,40}PF:(?P<firmware>\S{1,20})"),
    # ArubaOS-CX says nothing but its version: `PL.10.10.0002`
    re.compile(r"\A(?P<firmware>[A-Z]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\w{0,8})\Z"),
)

_FIRMWARES = (
    "1.3.6.1.4.1.1602.1.1.1.4.0",
    "1.3.6.1.4.1.18334.1.1.1.1.6.1.0",
    "1.3.6.1.4.1.14988.1.1.4.4.0",
    "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.5.0",
)
_SERIALS = (
    "1.3.6.1.4.1.14988.1.1.7.3.0",
    "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1.0",
    "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0",
)
SCALARS = (*_FIRMWARES, *_SERIALS)
"""Canon, Konica Minolta, MikroTik and HP, Brother: no public MIB of theirs was read; walks of devices show it there."""


def vendor(object_id: str) -> str:
    """The maker by sysObjectID; empty where it is not one we know."""
    match = _ENTERPRISE.match(object_id)
    return "" if match is None else _ENTERPRISES.get(int(match[1]), "")


def described(title: str) -> tuple[str, str]:
    """Model and firmware as sysDescr has them; empty where they are not to be told."""
    for pattern in _PATTERNS:
        if match := pattern.search(title[:400]):
            found = match.groupdict()
            return (found.get("model") or "").strip(), (found.get("firmware") or "").strip()
    return "", ""


def firmware(answers: Answers) -> str:
    """Of a maker's own subtree."""
    return _first(answers, _FIRMWARES)


def serial(answers: Answers) -> str:
    """Of a maker's own subtree."""
    return _first(answers, _SERIALS)


def _first(answers: Answers, places: tuple[str, ...]) -> str:
    for oid in places:
        value = answers.scalars.get(oid)
        if isinstance(value, bytes) and value[:1] == b"\x01":
            value = value[2:]  # HP puts the number of a character set before its texts.
        if said := text(value, 40):
            return said
    return ""
