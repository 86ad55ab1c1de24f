"""Whether the inventory can be read: systemd asks before it has a part read it anew.

python -m api.serve.sound
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from api.serve.part import begin
from api.settings import Settings
from inventory.load import load

__all__ = ["main"]


def main(_arguments: Sequence[str]) -> int:
    """0 when it can be; InventoryError when it cannot."""
    load(Settings.from_environ(os.environ).inventory).require()
    return 0


if __name__ == "__main__":
    begin(main, sys.argv[1:])
