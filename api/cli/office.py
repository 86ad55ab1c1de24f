"""Load the office a command works on, and say what is wrong with it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.moment import zone
from api.settings import Settings
from inventory.load import load

if TYPE_CHECKING:
    from inventory.load import Loaded

__all__ = ["folder_of", "loaded", "settings", "today"]


def settings() -> Settings:
    """The settings of this process."""
    return Settings.from_environ(os.environ)


def folder_of(given: Path | None) -> Path:
    """The inventory folder a command was given, or the default one."""
    return given.absolute() if given else settings().inventory


def today() -> dt.date:
    """Today where the office is, not where the machine's clock says."""
    return dt.datetime.now(zone()).date()


def loaded(given: Path | None) -> Loaded:
    """The office as loaded, with its faults; nothing is raised here."""
    return load(folder_of(given))
