"""An edit of a file of the inventory, as it is shown before it is written."""

from __future__ import annotations

from inventory.edit import Edit

__all__ = ["Edit"]
