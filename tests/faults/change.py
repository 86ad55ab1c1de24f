"""The faults of a change: whoever makes it is killed, what it needs is taken away, two want it at once.

With `--kills N [--seed S]`: so many random kills in a row over random changes, instead of the table.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import absent
import changing
import clocks
import kills
import shutting
import taking_away
import taking_over
from table import run_table

if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked, rest = parser.parse_known_args()
    if asked.kills:
        sys.exit(kills.random_kills(asked.kills, asked.seed))
    sys.argv[1:] = rest
    rows = (
        *kills.ROWS,
        *clocks.ROWS,
        *changing.ROWS,
        *taking_away.ROWS,
        *taking_over.ROWS,
        *shutting.ROWS,
        *absent.ROWS,
    )
    sys.exit(run_table(rows if os.geteuid() == 0 else kills.QUICK))
