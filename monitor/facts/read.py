"""The one way in: the texts of a device, whatever its platform, as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from inventory.model import Platform
from monitor.compliance.model import Basis
from monitor.facts.model import Facts
from templates.render import Rendered

__all__ = ["facts", "intended_sections"]


def facts(
    asset: str, platform: Platform, basis: Basis, sections: Mapping[str, str], read_at: dt.datetime | None
) -> Facts:
    """What the sections of a device say. Running: as a driver fetches them; intended: of `intended_sections`.

    Never fails on a text: what is not understood is kept as unknown lines of its section.
    """
    raise NotImplementedError


def intended_sections(rendered: Rendered) -> Mapping[str, str]:
    """The texts a device should have, named as a fetched device names its files."""
    return {f"file {file.path}": file.text for file in rendered.files}
