"""A practice office that is served: watch and work on the manager's host, the page on this machine."""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from api.cli.office import settings
from api.serve.lock import owner
from api.serve.place import Place
from api.serve.served import Door, Wish, serve
from api.settings import Settings
from inventory.errors import LabError
from inventory.words import gettext as _
from inventory.words import language
from lab import namespace
from lab import office as practice
from lab.paths import LabPaths

__all__ = ["detached", "foreground", "stop"]

_LOCAL = "127.0.0.1"
_START_S = 30.0
_END_S = 45.0
"""The work brings the step it is in to its end first."""
_POLL_S = 0.1


def foreground(name: str, port: int, say: Callable[[str], None]) -> int:
    """Serve the practice office until told to end, or until it is taken down; the exit code."""
    now = settings()
    before = tuple(practice.manager_command(name, now.state, ()))
    status = practice.status(name, now.state)
    if status is None:
        raise LabError(_("lab {name} is not up; start it with: fosa lab up --name {name}").format(name=name))
    folder = LabPaths.of(name, now.state).folder
    own = {"FOSA_STATE": str(folder), "FOSA_INVENTORY": status.office, "FOSA_LANG": language()}
    environ = {**os.environ, **own}
    network = namespace.path(status.node(status.manager).namespace)
    wish = Wish(Settings.from_environ(environ), Door(_LOCAL, port), before, network.exists)
    return serve(wish, environ, say)


def detached(name: str, port: int) -> int:
    """Serve it from a process of its own that outlives this one; its number, once the page answers.

    LabError with what it said when it ends instead.
    """
    practice.manager_command(name, settings().state, ())
    log = LabPaths.of(name, settings().state).folder / "serve.log"
    words = ["lab", "serve", "--name", name, "--port", str(port)]
    with log.open("wb") as file:
        run = subprocess.Popen(
            [sys.executable, "-P", "-c", "from api.cli import main; main()", *words],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            cwd="/",
        )
    limit = time.monotonic() + _START_S
    while time.monotonic() < limit and run.poll() is None:
        if owner(_place(name)) == run.pid and _answers(port):
            return run.pid
        time.sleep(_POLL_S)
    run.terminate()
    run.wait()
    raise LabError(_("the practice office is not served: {why}").format(why=_last_words(log)))


def stop(name: str, state: Path) -> bool:
    """End what serves a practice office; whether anything did. LabError when it does not end."""
    place = Place.of(LabPaths.of(name, state).folder)
    pid = owner(place)
    if pid is None:
        return False
    # Held by descriptor: a number may be another process's a moment later.
    with contextlib.suppress(ProcessLookupError), _process(pid) as process:
        if owner(place) != pid:
            return False
        signal.pidfd_send_signal(process, signal.SIGTERM)
        if not select.select([process], [], [], _END_S)[0]:
            raise LabError(_("process {pid}, which serves lab {name}, does not end").format(pid=pid, name=name))
    return True


@contextlib.contextmanager
def _process(pid: int) -> Iterator[int]:
    """A descriptor of the process, which can be read from when it has ended. ProcessLookupError when it has."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _place(name: str) -> Place:
    return Place.of(LabPaths.of(name, settings().state).folder)


def _answers(port: int) -> bool:
    """Whether the page's process answers, whatever it says."""
    connection = http.client.HTTPConnection(_LOCAL, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(lines[-5:]) or _("it said nothing")
