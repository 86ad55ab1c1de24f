"""What a gateway is given for a drill: all it has by the inventory, but for one connection."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.errors import InputError
from inventory.words import gettext as _
from playbooks.drivers.base import Bundle, BundleFile
from templates.linux_gateway.tunnels_file import PATH, without_connection
from templates.render import RenderedFile

__all__ = ["without"]


@dataclass(frozen=True, slots=True)
class _Files:
    files: tuple[BundleFile, ...]


def without(bundle: Bundle, tunnel: str) -> Bundle:
    """The firewall and the routes stay as they are: it is they that are tried. InputError where there is none such."""
    files = tuple(_left(file, tunnel) for file in bundle.files)
    if all(before.text == after.text for before, after in zip(bundle.files, files, strict=True)):
        raise InputError(_("there is no connection {name} to take away").format(name=tunnel))
    return _Files(files)


def _left(file: BundleFile, tunnel: str) -> BundleFile:
    if file.path != PATH:
        return file
    return RenderedFile(file.path, file.mode, without_connection(file.text, tunnel))
