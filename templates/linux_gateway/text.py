"""What is known of this platform's files and texts: paths, modes, units, sections, and how texts are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from templates.linux_gateway.gate.managed import CERTIFICATE, CHRONY, NFTABLES, RSYSLOG, SNMPD, SSHD, SWANCTL, ULOGD

__all__ = ["FILES", "KEPT", "LIVE", "SECTIONS", "ManagedFile", "file_section", "managed_file", "normal"]


@dataclass(frozen=True, slots=True)
class ManagedFile:
    """One file fosa writes, and what has to be told when it changes."""

    path: str
    mode: int
    template: str
    unit: str | None
    """The service unit to reload; None: the file is loaded by a tool of its own."""
    section: str | None
    """The section of a fetched device that says what this file has done to the running device; None: only the file."""


FILES = (
    ManagedFile(NFTABLES, 0o644, "nftables.conf.j2", None, "kernel nftables"),
    ManagedFile(SWANCTL, 0o600, "swanctl.conf.j2", None, "charon connections"),
    ManagedFile(SSHD, 0o644, "sshd_config.j2", "ssh", "sshd effective"),
    ManagedFile(CHRONY, 0o644, "chrony.conf.j2", "chrony", None),
    ManagedFile(ULOGD, 0o644, "ulogd.conf.j2", "ulogd2", None),
    ManagedFile(RSYSLOG, 0o644, "rsyslog.conf.j2", "rsyslog", None),
    ManagedFile(SNMPD, 0o600, "snmpd.conf.j2", "snmpd", None),
)
"""In the order they are applied: first what can lock a door, last what only tells."""

KEPT = (ManagedFile(CERTIFICATE, 0o644, "", None, "charon connections"),)
"""Stay as they are unless a change brings another; no template makes them."""

LIVE = {file.path: file.section for file in FILES if file.section is not None}
"""By path, the section that says what a file has done to the running device."""


def file_section(path: str) -> str:
    """The section of a fetched gateway that is this file."""
    return f"file {path}"


SECTIONS = (*LIVE.values(), *(file_section(file.path) for file in FILES))
"""The sections of a fetched gateway, in the order a person reads them."""

_COUNTER = re.compile(r"\bcounter packets \d+ bytes \d+")


def managed_file(path: str) -> ManagedFile:
    """The file of that path; KeyError when fosa does not write it."""
    for file in FILES:
        if file.path == path:
            return file
    raise KeyError(path)


def normal(text: str) -> str:
    """The text without what changes by itself or says nothing: counters, trailing space, blank ends."""
    quiet = _COUNTER.sub("counter", text.replace("\r\n", "\n"))
    lines = "\n".join(line.rstrip() for line in quiet.split("\n")).strip("\n")
    return lines + "\n" if lines else ""
