"""The faults of an office that is watched and served. Needs root.

A clock that jumps is no row: nobody's clock is set for a test. Tests give the judge and the store such clocks.
"""

from __future__ import annotations

import os
import sys

import parts
import stores
from table import run_table

if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("needs root: it builds a practice office")
    sys.exit(run_table((*stores.ROWS, *parts.ROWS)))
