"""What a change would change: running against intended, section by section. Pure, and on masked text only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from playbooks.drivers.base import Sections, fingerprint

__all__ = ["DevicePlan", "PlanGroup", "SectionDiff", "digests", "fingerprint", "group", "plan"]


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """The difference in one section, as the lines of a unified diff without its two file lines."""

    section: str
    lines: tuple[str, ...]

    @property
    def changes(self) -> tuple[str, ...]:
        """Only what is added and removed: the same on two devices whose surroundings differ."""
        return tuple(line for line in self.lines if line[0] in "+-")

    @property
    def added(self) -> int:
        """How many lines come."""
        return sum(line[0] == "+" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines go."""
        return sum(line[0] == "-" for line in self.lines)


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """What a push would do to a device: nothing, when `diffs` is empty."""

    device: str
    diffs: tuple[SectionDiff, ...]

    @property
    def changed(self) -> bool:
        """Whether anything would change."""
        return bool(self.diffs)

    @property
    def added(self) -> int:
        """How many lines come, over all sections."""
        return sum(diff.added for diff in self.diffs)

    @property
    def removed(self) -> int:
        """How many lines go, over all sections."""
        return sum(diff.removed for diff in self.diffs)


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """Devices with the same change; `diffs` are those of the first."""

    devices: tuple[str, ...]
    diffs: tuple[SectionDiff, ...]


def digests(sections: Sections) -> dict[str, str]:
    """Each section's SHA-256: enough to see which of them differ, without their texts."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sections.items()}


def plan(device: str, running: Sections, intended: Sections) -> DevicePlan:
    """The plan for a device, sections in the order of the intended ones, then those that would go."""
    names = [*intended, *(name for name in running if name not in intended)]
    pairs = ((name, running.get(name, ""), intended.get(name, "")) for name in names)
    diffs = (_diff(name, before, after) for name, before, after in pairs if before != after)
    return DevicePlan(device, tuple(diffs))


def _diff(section: str, before: str, after: str) -> SectionDiff:
    lines = unified_diff(_lines(before), _lines(after), lineterm="", n=2)
    return SectionDiff(section, tuple(line for number, line in enumerate(lines) if number > 1))


def _lines(text: str) -> Sequence[str]:
    # Only line feeds: a form feed inside a line is no end of it. A missing last one is a difference of its own.
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]} (no end of line)"]


def group(plans: Iterable[DevicePlan]) -> tuple[PlanGroup, ...]:
    """Devices whose added and removed lines are the same, in the order of the first; unchanged ones are left out."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[DevicePlan]] = {}
    for each in plans:
        if each.changed:
            key = tuple((diff.section, diff.changes) for diff in each.diffs)
            groups.setdefault(key, []).append(each)
    return tuple(PlanGroup(tuple(each.device for each in same), same[0].diffs) for same in groups.values())
