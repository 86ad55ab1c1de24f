"""The two programs that day 0 puts on a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["Programs", "programs"]


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder each: file name -> text."""

    gate: Mapping[str, str]
    lines: Mapping[str, str]


def programs() -> Programs:
    """Those of this version."""
    return Programs(gate=_sources("gate"), lines=_sources("lines"))


def _sources(name: str) -> dict[str, str]:
    folder = files("templates").joinpath("linux_gateway", name)
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".py")}
