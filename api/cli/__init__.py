"""The command `fosa`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from api.cli.exits import Exit
from api.settings import language_of
from inventory import words

__all__ = ["main", "run"]


def main() -> None:
    """The console script: run the words of the command line and exit with what they came to."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every foreseen failure is one message on standard error."""
    words.use(language_of(arguments, os.environ))
    from api.cli.run import run_command  # noqa: PLC0415  the help texts are made on import, in the language just set

    try:
        return run_command(list(arguments))
    except KeyboardInterrupt:
        print(words.gettext("interrupted"), file=sys.stderr)  # noqa: T201
        return Exit.INTERRUPTED
