"""What the privileged mode of the emulated IOS answers, beside configuring. Words: see each command."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.devices.cisco_ios.machine import Machine

__all__ = ["DONE", "execute"]

DONE = "\0"
"""Done without a word."""
_Answer = Callable[["Machine", "re.Match[str]", str], str]


def execute(device: Machine, text: str, user: str) -> str | None:
    """What is said to a command; None: there is none like it."""
    for pattern, answer in _COMMANDS:
        match = pattern.fullmatch(text)
        if match is not None:
            return answer(device, match, user) or DONE
    return DONE if not text else None


def _running(device: Machine, match: re.Match[str], _user: str) -> str:
    text = device.text()
    head = f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n!\n"
    return head + "! Last configuration change at 10:50:22 CET Sat Nov 21 2026\n!\n" + text if not match[1] else _piped(
        text, match[1], match[2]
    )  # fmt: skip


def _startup(device: Machine, _match: re.Match[str], _user: str) -> str:
    saved = device.box.saved
    return "startup-config is not present" if saved is None else f"Using {len(saved)} out of 524288 bytes\n{saved}"


def _piped(text: str, how: str, wanted: str) -> str:
    found = [line for line in text.split("\n") if re.search(wanted, line)]
    if how.startswith("e"):
        found = [line for line in text.split("\n") if not re.search(wanted, line)]
    return "\n".join(found)


def _version(device: Machine, _match: re.Match[str], _user: str) -> str:
    return (
        "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E, emulated by fosa\n"
        f"{device.hostname} uptime is 1 hour\ncisco WS-C2960X-48TS-L (APM86XXX) processor\n"
        "Processor board ID EMULATED\nConfiguration register is 0xF"
    )


def _archive(device: Machine, _match: re.Match[str], _user: str) -> str:
    if not device.archives:
        return "Archive feature not enabled"
    return "The maximum archive configurations allowed is 5.\nThere are currently 1 archive configurations saved."


def _pending(device: Machine, _match: re.Match[str], _user: str) -> str:
    if not device.archives:
        return "Archive feature not enabled"
    if not device.timer.pending:
        return "%No Rollback Confirmed Change pending"
    return (
        "Time configured(UTC): 10:50:22 UTC Sat Nov 21 2026\nTimer type: absolute timer\n"
        f"Timer value: {int(device.timer.seconds // 60)} min\nUser: {device.timer.user}"
    )


def _differences(device: Machine, match: re.Match[str], _user: str) -> str:
    texts = [device.disk.read(match[group]) for group in (1, 2)]
    if texts[0] is None or texts[1] is None:
        return "%Error opening file (No such file or directory)"
    lines = list(unified_diff(_said(texts[0]), _said(texts[1]), lineterm="", n=0))[2:]
    found = "\n".join(line for line in lines if line[0] in "+-")
    return f"!Contextual Config Diffs:\n{found or '!No changes were found'}"


def _incremental(device: Machine, match: re.Match[str], _user: str) -> str:
    text, running = device.disk.read(match[1]), device.text().split("\n")
    if text is None:
        return f"%Error opening {match[1]} (No such file or directory)"
    if "end" not in text.split("\n"):
        return "%Error: the utility returned error 5"
    lines = [line for line in _said(text) if line not in running]
    return "!List of Commands:\n" + "\n".join([*lines, "end"]) + ("" if lines else "\n!No changes were found")


def _said(text: str) -> Sequence[str]:
    return [line for line in text.split("\n") if line.strip() and not line.startswith("!") and line != "end"]


def _copy(device: Machine, match: re.Match[str], _user: str) -> str:
    text = device.disk.read(match[1])
    if text is None:
        return f"%Error opening {match[1]} (No such file or directory)"
    if re.fullmatch(r"(?:nvram:)?startup-config", match[2]):
        return _save(device, match, _user)
    device.disk.write(match[2], text)
    return f"{len(text)} bytes copied in 0.123 secs"


def _save(device: Machine, _match: re.Match[str], _user: str) -> str:
    if not device.mischief.forgets:
        device.save()
    return "Building configuration...\n[OK]"


def _replace(device: Machine, match: re.Match[str], user: str) -> str:
    """Source: Cisco, `configure replace`; the words NAPALM looks for are in napalm/ios/ios.py, commit_config."""
    text = device.disk.read(match[1])
    if text is None:
        return f"%Error opening {match[1]} (No such file or directory)"
    if match[2] is not None:
        if not device.archives:
            return "%Please turn config archive on"
        device.arm(int(match[2]), user)
    bad = device.replace(text)
    if bad:
        device.timer.disarm()
        return "Failed to apply: " + "\n".join(bad) + "\nThe original configuration has been successfully restored."
    return "Total number of passes: 1\nRollback Done\n"


def _confirm(device: Machine, _match: re.Match[str], _user: str) -> str:
    if not device.timer.pending:
        return "%No Rollback Confirmed Change pending"
    device.timer.disarm()
    return ""


def _revert(device: Machine, _match: re.Match[str], _user: str) -> str:
    if not device.timer.pending:
        return "%No Rollback Confirmed Change pending"
    device.timer.fire()
    return "Rollback Confirmed Change: rolling to:flash:fosa-archive\n\nTotal number of passes: 1\nRollback Done"


def _users(device: Machine, _match: re.Match[str], _user: str) -> str:
    """Source: Cisco, SNMP command reference, `show snmp user`: never with a key."""
    said = []
    for name, line in device.snmp.items():
        words = line.split(" ")
        said.append(
            f"User name: {name}\nEngine ID: 800000090300EMULATED\nstorage-type: nonvolatile\t active\n"
            f"Authentication Protocol: {words[6].upper()}\nPrivacy Protocol: {words[9].upper()}{words[10]}\n"
            f"Group-name: {words[3]}\n"
        )
    return "\n".join(said)


_COMMANDS: tuple[tuple[re.Pattern[str], _Answer], ...] = tuple(
    (re.compile(pattern), answer)
    for pattern, answer in (
        (r"sh(?:ow)? run(?:ning-config)?(?: \| (i\w*|e\w*) (.+))?", _running),
        (r"sh(?:ow)? start(?:up-config)?", _startup),
        (r"sh(?:ow)? ver(?:sion)?", _version),
        (r"show archive", _archive),
        (r"show archive config rollback timer", _pending),
        (r"show archive config differences (\S+) (\S+)", _differences),
        (r"show archive config incremental-diffs (\S+)(?: ignorecase)?", _incremental),
        (r"show snmp user", _users),
        (r"dir ?(\S*)", lambda device, match, _user: device.disk.listed(match[1])),
        (r"verify /md5 (\S+)", lambda device, match, _user: device.disk.digest(match[1])),
        (r"more (\S+)", lambda device, match, _user: device.disk.read(match[1]) or "%Error opening file"),
        (r"delete /force (\S+)", lambda device, match, _user: device.disk.delete(match[1]) or ""),
        (r"copy (\S+) (\S+)", _copy),
        (r"wr(?:ite)?(?: mem(?:ory)?)?", _save),
        (r"configure replace (\S+)(?: force)?(?: revert trigger error)?(?: (?:revert )?timer (\d+))?", _replace),
        (r"configure confirm", _confirm),
        (r"configure revert now", _revert),
        (r"term(?:inal)? (?:width \d+|no mon(?:itor)?)", lambda _device, _match, _user: ""),
    )
)
