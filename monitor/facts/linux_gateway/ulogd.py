"""The file of the daemon that writes logged packets to the system's log."""

from __future__ import annotations

from monitor.facts.model import PacketLog
from monitor.facts.text import Text
from monitor.facts.where import Where

__all__ = ["read_ulogd"]

_Settings = dict[str, list[tuple[str, Where]]]


def read_ulogd(text: Text) -> tuple[PacketLog, ...]:
    """The netlink groups whose packets reach syslog, and under which facility."""
    parts: dict[str, _Settings] = {}
    part = parts.setdefault("global", {})
    for where in text.lines("#;"):
        name, equals, value = where.text.partition("=")
        if where.text.startswith("[") and where.text.endswith("]"):
            part = parts.setdefault(where.text[1:-1].strip(), {})
        elif equals:
            part.setdefault(name.strip().lower(), []).append((value.strip().strip('"'), where))
        else:
            text.odd(where)
    stacks = [value for value, _ in parts["global"].get("stack", [])]
    return tuple(log for stack in stacks for log in _of_stack(stack, parts, text))


def _of_stack(stack: str, parts: dict[str, _Settings], text: Text) -> list[PacketLog]:
    """`nflog5:NFLOG,base:BASE,...,log:SYSLOG`: the instances a packet goes through."""
    plugins = [(name.strip(), kind.strip()) for name, _, kind in (item.partition(":") for item in stack.split(","))]
    facilities = [_last(parts, name, "facility", "LOG_KERN") for name, kind in plugins if kind == "SYSLOG"]
    found = []
    for name in (name for name, kind in plugins if kind == "NFLOG"):
        group, where = _last(parts, name, "group", "0")
        line = where or next((line for value, line in parts["global"]["stack"] if value == stack), text.where(1))
        if group.isascii() and group.isdecimal() and len(group) < 6:
            found += [PacketLog(int(group), said.removeprefix("LOG_").lower(), line) for said, _ in facilities]
        else:
            text.odd(line)
    return found


def _last(parts: dict[str, _Settings], name: str, key: str, default: str) -> tuple[str, Where | None]:
    said = parts.get(name, {}).get(key)
    return said[-1] if said else (default, None)
