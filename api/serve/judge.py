"""The process that judges once: an order on standard input, a report on standard output.

    python -m api.serve.judge --parent PROCESS

Started by the watch, with the watch's account and no right beyond it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from api.held import HeldSecrets
from api.judging import Seen, judge_office
from api.serve.judging import Order
from api.serve.part import begin
from api.serve.privileges import die_with, drop
from monitor.basis import Basis

__all__ = ["main"]

_POLITE = 10
"""Whatever it takes to read a thousand lines of rules, the probes come first."""


def main(arguments: Sequence[str]) -> int:
    """Judge, and say what came of it."""
    parser = argparse.ArgumentParser(prog="judge")
    parser.add_argument("--parent", type=int, default=0)
    asked = parser.parse_args(arguments)
    drop(None)
    die_with(asked.parent)
    os.nice(_POLITE)
    order = Order.model_validate_json(sys.stdin.buffer.read())
    logins = {access.device: access.read for access in order.office.access}
    keys = {login.key: order.keys[name] for name, login in logins.items() if name in order.keys}
    secrets = HeldSecrets({**keys, **order.switches})
    report = judge_office(order.office, order.office.managed, secrets, Basis.LIVE, Seen(order.watched, order.drills))
    sys.stdout.write(report.model_dump_json())
    return 0


if __name__ == "__main__":
    begin(main, sys.argv[1:])
