"""Faults of fosa itself: what Prometheus sees when nobody watches any more."""

from __future__ import annotations

import os
import signal

from breaking import Fault
from line_faults import UNSEEN

from bench.acts import Act, then
from bench.processes import below

__all__ = ["FAULTS"]


_SILENT = r"failing the watch has been silent for \d+ s"


def _signal(number: signal.Signals) -> Act:
    return lambda there: os.kill(below(there.server)["watcher"], number)


def _supervisor(number: signal.Signals) -> Act:
    return lambda there: os.kill(there.server, number)


FAULTS = (
    Fault(
        name="fosa's watch hangs",
        breaks=_signal(signal.SIGSTOP),
        mends=_signal(signal.SIGCONT),
        subject="watch",
        cause=_SILENT,
        follows=".*",
        charon=UNSEEN,
    ),
    Fault(
        name="fosa's watch killed, and nobody begins it again",
        breaks=then(_supervisor(signal.SIGSTOP), _signal(signal.SIGKILL)),
        mends=_supervisor(signal.SIGCONT),
        subject="watch",
        cause=_SILENT,
        follows=".*",
        charon=UNSEEN,
    ),
)
"""While it is silent everything is unknown, and nothing is shown as up. Begun again by its supervisor it is back before
anybody could see that it was gone."""
