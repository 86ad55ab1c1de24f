"""The command `fosa`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from api.cli.exits import Exit
from api.settings import language_of
from inventory import words

# Third-party plugins of pydantic are looked for at its import, which costs a start 30 ms; fosa has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__all__ = ["main", "run"]


def main() -> None:
    """The console script: run the words of the command line and exit with what they came to."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every foreseen failure is one message on standard error."""
    words.use(language_of(arguments, os.environ))
    from api.cli.commands import run_command

    try:
        return run_command(list(arguments))
    except KeyboardInterrupt:
        print(words.gettext("interrupted"), file=sys.stderr)  # noqa: T201
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has stopped; what Python still holds must not fail a second time at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED
