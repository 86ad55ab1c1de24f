"""The dead-man's sleep, in a process of its own whose clock on the wall is set by a day while it sleeps."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from templates.linux_gateway.gate.journal import Journal

TOKEN = "abcdefgh"
DAY_S = 86_400
SLEEPER = """
import sys, time
from pathlib import Path
from templates.linux_gateway.gate import deadman
from templates.linux_gateway.gate.journal import Journal

wall, set_at = time.time, time.monotonic() + 0.5
time.time = lambda: wall() + (float(sys.argv[2]) if time.monotonic() > set_at else 0.0)
journal = Journal(Path(sys.argv[1]))
deadman.sleep(journal, sys.argv[3])
print(time.monotonic(), time.time() - wall(), file=sys.stderr)
"""


@pytest.mark.parametrize("seconds", [DAY_S, -DAY_S])
def test_the_dead_man_wakes_when_his_time_is_over_whatever_the_clock_shows(tmp_path: Path, seconds: int) -> None:
    journal = Journal(tmp_path)
    (journal.candidates / TOKEN).mkdir()
    (journal.candidates / TOKEN / "journal.json").write_text(json.dumps({"seconds": 3}))
    journal.arm(TOKEN)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", SLEEPER, str(tmp_path), str(seconds), TOKEN],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    woken, ahead = map(float, done.stderr.split())
    until = float((journal.armed / TOKEN / "until").read_text())
    assert ahead == pytest.approx(seconds, abs=1)
    # Not before its time; and it did wake, long before the clock would have shown it.
    assert begun + 3 <= until <= woken
    assert journal.deadline(TOKEN) == pytest.approx(time.time() + until - time.monotonic(), abs=1)
