"""A practice office of its own for the rows that need gateways, and the few things they do to it."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from table import FOSA, Answer, expect

from api.settings import Settings
from inventory.load import load
from lab import office as practice
from lab.inspection import Inspection
from tests.slots import lab_name

__all__ = [
    "NAME",
    "STATE",
    "changed_office",
    "console",
    "from_manager",
    "log_lines",
    "office_folder",
    "stopped_by",
    "until",
]

STATE = Settings.from_environ(os.environ).state


NAME = lab_name("fault")
"""No other table's, and no test's: several may run at once."""


@functools.cache
def office_folder() -> Path:
    """Build the office at first use, pushed to and in order; its inventory folder. Taken down at exit."""
    practice.down(NAME, STATE)
    atexit.register(practice.down, NAME, STATE)
    now = practice.up(Path(__file__).parents[2] / "inventory" / "examples" / "pila", NAME, STATE)
    folder = Path(now.office)
    office = load(folder).require()
    wanted, inspection = {tunnel.name for tunnel in office.tunnels}, Inspection(NAME, STATE, office)
    expect("tunnels that come up", holds=until(lambda: wanted <= inspection.tunnels_up(), 40))
    pushed = from_manager("push", "--yes", "--summary", "--carrier", "ssh", inventory=folder)
    expect("a first push that works", holds=pushed.code == 0, seen=pushed.text)
    return folder


def from_manager(*words: str, inventory: Path | None = None, timeout: float = 240) -> Answer:
    """Run fosa where the manager stands."""
    folder = inventory or office_folder()
    argv = practice.manager_command(NAME, STATE, [str(FOSA), *words])
    start = time.monotonic()
    environ = {**os.environ, "FOSA_LANG": "en", "FOSA_INVENTORY": str(folder)}
    done = subprocess.run(
        argv, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


def stopped_by(number: signal.Signals, when: str, *words: str, inventory: Path) -> Answer:
    """Run fosa where the manager stands and send it a signal when a line with `when` comes."""
    argv = practice.manager_command(NAME, STATE, [str(FOSA), *words])
    environ = {**os.environ, "FOSA_LANG": "en", "FOSA_INVENTORY": str(inventory)}
    start, said = time.monotonic(), []
    with subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        assert run.stdout is not None
        sent = False
        for line in run.stdout:
            said.append(line)
            if when in line and not sent:
                sent = True
                time.sleep(0.2)
                run.send_signal(number)
    expect(f"a line with {when!r}", holds=sent, seen="".join(said))
    return Answer(run.returncode, "".join(said), "", time.monotonic() - start)


def console(device: str, *words: str) -> str:
    """Run a command as root at a device's console and return what it wrote."""
    argv = practice.device_command(NAME, STATE, device, list(words))
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    expect(f"{words[0]} on {device} to work", holds=done.returncode == 0, seen=done.stderr)
    return done.stdout


def changed_office(file: str, old: str, new: str) -> Path:
    """A copy of the office's folder with one text replaced; gone at exit."""
    folder = Path(tempfile.mkdtemp(prefix="fosa-fault-")) / "office"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    shutil.copytree(office_folder(), folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if old not in text:
        sys.exit(f"{old!r} is no longer in {file}: the fault table must be mended")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def log_lines() -> str:
    """What the office's log server has written so far."""
    return console("log-k", "cat", "/var/log/office.log")


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait for something to become true."""
    limit = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > limit:
            return False
        time.sleep(0.3)
    return True
