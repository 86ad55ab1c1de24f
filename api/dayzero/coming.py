"""Why a host key is pinned. Apart, because the command line needs it for its options."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Coming"]


class Coming(StrEnum):
    """Why a host key is pinned."""

    NEW = "new"
    """The device was not known before, or is enrolled again with the key it had."""
    REPLACED = "replaced"
    """Another box stands in the place of the old one."""
