"""Looks at a standing practice office: are its tunnels up, does every packet meet the fate the inventory writes."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inventory.model import Office
from inventory.words import gettext as _
from lab import namespace, prober
from lab.matrix import Finding, Judgement, Result, denials, judge, probes
from lab.office import device_command
from lab.paths import LabPaths
from lab.peers import LOG_FILE
from lab.plan import topology_of

__all__ = ["Inspection", "Report"]

_LOG_S = 8.0
"""How long a denied packet's line may take to the log server's file."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, in one line, and everything that was not as it should be."""

    text: str
    findings: tuple[str, ...]


class Inspection:
    """Inspects one lab from outside, as root of the machine. Changes nothing in it."""

    def __init__(self, name: str, state: Path, office: Office) -> None:
        """`office`: the one the lab was built from."""
        self._name, self._state, self._office = name, state, office
        self._paths = LabPaths.of(name, state)
        self._topology = topology_of(office)

    def tunnels_up(self) -> frozenset[str]:
        """The tunnels that have an installed child SA on a gateway of ours."""
        up: set[str] = set()
        for device in self._office.gateways:
            argv = device_command(self._name, self._state, device.name, ["swanctl", "--list-sas"])
            listed = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False).stdout
            up |= set(re.findall(r"^  ([a-z][a-z0-9-]*): #\d+, reqid \d+, INSTALLED", listed, re.MULTILINE))
        return frozenset(up)

    def matrix(self) -> Report:
        """Send every probe of the zone matrix and hold its end, and its log line, against the inventory."""
        log = self._paths.device(self._office.network.log_server) / LOG_FILE.lstrip("/")
        begun = log.stat().st_size if log.exists() else 0
        results = prober.run(self._topology, self._paths.prefix, probes(self._office, self._topology, _today()))
        findings = self._judged(results, log, begun)
        kinds = Counter(finding.judgement for finding in findings)
        allowed = sum(result.probe.allowed for result in results)
        text = _("matrix: {allowed} allowed and {denied} denied probes, {wrong} not as written").format(
            allowed=allowed, denied=len(results) - allowed, wrong=len(findings) - kinds[Judgement.AS_WRITTEN]
        )
        wrong = [_in_words(finding) for finding in findings if _is_wrong(finding)]
        more = [_("and {n} more").format(n=len(wrong) - _SHOWN)] if len(wrong) > _SHOWN else []
        return Report(text, (*wrong[:_SHOWN], *more))

    def left(self) -> tuple[str, ...]:
        """What of the lab is still on the machine after it was taken down."""
        return tuple(self._left())

    def _judged(self, results: tuple[Result, ...], log: Path, begun: int) -> tuple[Finding, ...]:
        until = time.monotonic() + _LOG_S
        while True:
            findings = judge(results, denials(_lines(log, begun)))
            if not any(f.judgement is Judgement.UNLOGGED for f in findings) or time.monotonic() > until:
                return findings
            time.sleep(0.2)

    def _left(self) -> Iterator[str]:
        for name in namespace.existing(self._paths.prefix):
            yield _("network namespace {name}").format(name=name)
        if self._paths.folder.exists():
            yield str(self._paths.folder)
        for mount in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
            if str(self._paths.folder) in mount:
                yield _("mount {where}").format(where=mount.split()[1])


def _is_wrong(finding: Finding) -> bool:
    return finding.judgement is not Judgement.AS_WRITTEN


def _in_words(finding: Finding) -> str:
    texts = {
        Judgement.AS_WRITTEN: _("as written: {probe}"),
        Judgement.LEAK: _("denied, but it arrived: {probe}"),
        Judgement.BLOCKED: _("allowed, but it did not arrive: {probe}"),
        Judgement.UNLOGGED: _("denied, but not logged: {probe}"),
    }
    return f"{texts[finding.judgement].format(probe=finding.result.probe)} {finding.result.outcome.value}"


def _lines(log: Path, begun: int) -> list[str]:
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(begun)
        return file.read().decode("utf-8", "replace").splitlines()


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
