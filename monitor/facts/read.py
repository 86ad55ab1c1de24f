"""The one way in: the texts of a device, whatever its platform, as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.linux_gateway.sections import read_gateway
from monitor.facts.model import Facts
from monitor.facts.switches import SWITCHES
from templates.render import Rendered

__all__ = ["facts", "intended_sections"]

_READERS: dict[Platform, Callable[[Facts, Mapping[str, str]], Facts]] = {
    Platform.LINUX_GATEWAY: read_gateway,
    **SWITCHES,
}


def facts(
    asset: str, platform: Platform, basis: Basis, sections: Mapping[str, str], read_at: dt.datetime | None
) -> Facts:
    """What the sections of a device say. Running: as a driver fetches them; intended: of `intended_sections`.

    Never fails on a text: what is not understood is kept as unknown lines of its section. A section nobody needs is
    not among the facts' sections.
    """
    return _READERS[platform](Facts(asset, platform, basis, read_at), sections)


def intended_sections(rendered: Rendered) -> Mapping[str, str]:
    """The texts a device should have, named as a fetched device names its files. Secrets stay references."""
    if rendered.platform.switch:
        return {file.path: file.text for file in rendered.files}
    return {f"file {file.path}": file.text for file in rendered.files}
