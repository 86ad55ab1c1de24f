"""The process that owns a lab: builds it, keeps its devices alive, and takes it down when told to end.

    python -m lab.keeper NAME STATE INVENTORY LANGUAGE DESCRIPTOR...

Started by `lab.office.up` only, with the lab already owned by the descriptors.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from inventory import words
from inventory.errors import FosaError
from inventory.words import gettext as _
from lab.build import build, unbuild
from lab.dayzero import day_zero
from lab.paths import LabPaths, Phase, Status, write_status

__all__ = ["main"]

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class _EndError(Exception):
    """Somebody asked the keeper to end while it was building."""


def main(argv: list[str]) -> int:
    """Keep one lab until a signal ends it. 0: taken down when asked; 1: it could not be built."""
    name, state, source, language, *descriptors = argv
    words.use("pl" if language == "pl" else "en")
    for descriptor in descriptors:
        # The devices must not inherit the ownership: it says that this process lives.
        os.set_inheritable(int(descriptor), False)
    paths = LabPaths.of(name, Path(state))
    for number in _ENDING:
        signal.signal(number, _interrupt)
    try:
        practice = build(paths, Path(source), day_zero, lambda step: _tell(paths, Phase.BUILDING, step))
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    except _EndError:
        return 0
    except FosaError as error:
        _tell(paths, Phase.FAILED, str(error))
        return 1
    except Exception as error:  # noqa: BLE001  whoever waits for this process must hear of every end it can come to
        traceback.print_exc()
        _tell(paths, Phase.FAILED, _("internal fault: {why} (details: {log})").format(why=repr(error), log=paths.log))
        return 1
    write_status(paths, practice.status(Phase.READY, _("up")))
    signal.sigwait(_ENDING)
    unbuild(practice)
    return 0


def _tell(paths: LabPaths, phase: Phase, step: str) -> None:
    write_status(paths, Status(paths.name, phase, os.getpid(), step))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise _EndError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
