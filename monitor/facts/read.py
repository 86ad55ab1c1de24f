"""The one way in: the texts of a device, whatever its platform, as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from inventory.model import Platform
from monitor.basis import Basis
from monitor.facts.fit import MARKS, unfit
from monitor.facts.linux_gateway.sections import read_gateway
from monitor.facts.model import Facts, Section
from monitor.facts.switches import SWITCHES
from monitor.facts.text import digest
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
    not among the facts' sections. Where one that is needed cannot be read at all (`fit`), the facts are that and why.
    """
    empty = Facts(asset, platform, basis, read_at)
    unread = {name: why for name, text in sections.items() if (why := unfit(platform, name, text)) is not None}
    plain = {name: "" if name in unread else _unmarked(text) for name, text in sections.items()}
    found = _READERS[platform](empty, plain)
    needed = [section.name for section in found.sections if section.name in unread]
    if needed:
        whole = (Section(name, digest(sections[name]), 1, (), unread[name]) for name in needed)
        return replace(empty, sections=tuple(whole))
    if any(len(plain[section.name]) < len(sections[section.name]) for section in found.sections):
        # Its hash is that of the text as it was read from the device.
        told = (replace(section, sha256=digest(sections[section.name])) for section in found.sections)
        return replace(found, sections=tuple(told))
    return found


def _unmarked(text: str) -> str:
    for mark in MARKS:
        text = text.removeprefix(mark)
    return text


def intended_sections(rendered: Rendered) -> Mapping[str, str]:
    """The texts a device should have, named as a fetched device names its files. Secrets stay references."""
    if rendered.platform.switch:
        return {file.path: file.text for file in rendered.files}
    return {f"file {file.path}": file.text for file in rendered.files}
