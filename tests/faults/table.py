"""A table of faults: each row breaks something for real and looks at what a person gets to read."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Answer", "ExpectationError", "Row", "expect", "fosa", "run_table"]

FOSA = Path(sys.executable).parent / "fosa"


class ExpectationError(AssertionError):
    """What a row expected and did not get."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        """Everything a person saw."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `quick` rows run in every test run; `check` returns the message a person got."""

    name: str
    check: Callable[[], str]
    quick: bool = False


def fosa(*words: str, cwd: Path | None = None, timeout: float = 120, **environ: str) -> Answer:
    """Run the real command."""
    start = time.monotonic()
    done = subprocess.run(
        [str(FOSA), *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FOSA_LANG": "en", **environ},
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


def expect(what: str, *, holds: bool, seen: object = "") -> None:
    """Fail the row, saying what was expected and what was seen."""
    if not holds:
        raise ExpectationError(f"expected {what}; seen: {seen}")


def run_table(rows: Sequence[Row]) -> int:
    """Run the rows asked for on the command line; the last line is `N passed, N failed`."""
    parser = argparse.ArgumentParser(description="Break things for real and read what comes.")
    parser.add_argument("rows", nargs="*", help="names of rows; all of them when none is named")
    parser.add_argument("--quick", action="store_true", help="only the rows that need a second")
    asked = parser.parse_args()
    chosen = [r for r in rows if (not asked.rows or r.name in asked.rows) and (r.quick or not asked.quick)]
    # A shell that starts a table in the background has it ignored, by all that the rows start, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    failed = 0
    for one in chosen:
        start = time.monotonic()
        try:
            message = one.check()
        except ExpectationError as error:
            failed += 1
            print(f"FAILED  {one.name}: {error}", flush=True)
        except Exception:  # noqa: BLE001  one broken row must not hide the others
            failed += 1
            print(f"FAILED  {one.name}:\n{traceback.format_exc()}", flush=True)
        else:
            print(f"ok      {one.name} ({time.monotonic() - start:.1f} s)\n        {message}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed", flush=True)
    return 1 if failed or not chosen else 0
