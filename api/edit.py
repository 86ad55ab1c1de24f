"""An edit of a file of the inventory, as it is shown before it is written."""

from __future__ import annotations

from api.dayzero.pin import Edit

__all__ = ["Edit"]
