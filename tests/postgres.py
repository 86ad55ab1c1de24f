"""A PostgreSQL server of our own: as nobody, in a temporary folder, on a Unix socket only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.unpacked import as_installed

__all__ = ["Postgres"]

_BIN = "/usr/lib/postgresql/15/bin"
# It refuses to run as root.
_NOBODY = 65534
_AS_NOBODY = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
_UNSAFE_AND_FAST = ("-c", "fsync=off", "-c", "shared_buffers=8MB", "-c", "max_connections=20")


class Postgres:
    """Needs root. `start` may follow `stop` or `kill`; `remove` ends it for good."""

    def __init__(self, state: Path) -> None:
        """Make the cluster in a folder that nobody may enter: the tests' own temporary folders are root's alone."""
        self._state = state
        self._folder = Path(tempfile.mkdtemp(prefix="fosa-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        os.chown(self._folder, _NOBODY, _NOBODY)
        # Whoever connects passes through it; the cluster's own folder is closed.
        self._folder.chmod(0o711)
        made = self._command("initdb", "-D", str(self._data), "-U", "fosa", "-A", "trust", "-E", "UTF8", "--no-sync")
        subprocess.run([*made, "--locale=C"], check=True, capture_output=True, cwd="/")

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = ("-D", str(self._data), "-k", str(self._folder), "-h", "", *_UNSAFE_AND_FAST)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command("postgres", *words), stdout=log, stderr=log, cwd="/")
        limit = time.monotonic() + 20
        while self._status() != [str(self._process.pid), "ready"]:
            assert time.monotonic() < limit, (self._folder / "log").read_text(encoding="utf-8")
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it: by SIGINT it closes its connections and its files, by SIGKILL it closes nothing."""
        if self._process is not None:
            pid = self._process.pid
            servants = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            self._process.send_signal(number)
            self._process.wait(20)
            self._process = None
            # Those of one that was killed end a moment later: until then they answer, and let no other one start.
            limit = time.monotonic() + 20
            while any(map(_lives, servants)):
                assert time.monotonic() < limit, f"of {servants} some have not ended"
                time.sleep(0.01)

    def remove(self) -> None:
        """Stop it and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder)

    def url(self, database: str = "postgres", user: str = "fosa") -> str:
        """How to get there. A database named here is made by `fresh` first."""
        return f"postgresql://{user}@/{database}?host={self._folder}"

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = f"fosa_{time.monotonic_ns()}"
        self.tell(f"CREATE DATABASE {name}")
        return self.url(name)

    def tell(self, statement: str, database: str = "postgres") -> None:
        """Have a statement run by the server's owner."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _status(self) -> list[str]:
        """Whose pid file it is, and what it says of itself. One that was killed leaves its own behind."""
        file = self._data / "postmaster.pid"
        lines = file.read_text(encoding="utf-8").split("\n") if file.exists() else []
        return [lines[0].strip(), lines[7].strip()] if len(lines) > 7 else []

    def _command(self, program: str, *words: str) -> list[str]:
        return as_installed(self._state, [*_AS_NOBODY, f"{_BIN}/{program}", *words])


def _lives(pid: str) -> bool:
    """Nobody may ever have asked how it ended: then it is a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
