"""Compiles the gettext catalogues, so that an editable install and a wheel both hold the .mo files."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # the plugin takes any builder's configuration
    """Writes NAME.mo beside every NAME.po."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Compile before the files of the wheel are collected."""
        for source in Path(self.root, "inventory", "locale").rglob("*.po"):
            with source.open("rb") as text:
                catalogue = read_po(text, locale=None, abort_invalid=True)
            with source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)
