"""The faults of the first line: inventory, gateways, pushes, the practice office itself."""

from __future__ import annotations

import os
import sys

import gateways
import inventories
from table import run_table

if __name__ == "__main__":
    rows = (*inventories.ROWS, *(gateways.ROWS if os.geteuid() == 0 else ()))
    sys.exit(run_table(rows))
