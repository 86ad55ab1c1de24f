"""How a part begins and ends as a process: its language, one message for a foreseen fault, an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from api.settings import language_of
from inventory import words
from inventory.errors import FosaError, InputError

__all__ = ["BAD_INPUT", "begin"]

BAD_INPUT = 3
"""A part that ends so cannot work with what it was given: starting it again will not help."""


def begin(main: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> NoReturn:
    """Run a part and exit with what it came to."""
    # Whoever started us may have had signals blocked or ignored.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    words.use(language_of((), os.environ))
    try:
        sys.exit(main(arguments))
    except FosaError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(BAD_INPUT if isinstance(error, InputError) else 1)
