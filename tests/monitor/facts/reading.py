"""Sections of texts read as those of gw-k."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from templates.linux_gateway.text import FILES

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def files(golden: Path, name: str) -> dict[str, str]:
    """The sections of rendered files."""
    return {f"file {file.path}": (golden / name / Path(file.path).name).read_text() for file in FILES}


def intended(sections: Mapping[str, str]) -> Facts:
    return facts("gw-k", Platform.LINUX_GATEWAY, Basis.INTENDED, sections, None)


def running(sections: Mapping[str, str]) -> Facts:
    return facts("gw-k", Platform.LINUX_GATEWAY, Basis.RUNNING, sections, NOW)
