"""Other programs, bounded in time and output."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import stat
import subprocess
import time
from typing import NamedTuple

from .errors import GateError

LIMIT_IN, LIMIT_OUT, LIMIT_SECONDS = 1 << 20, 4 << 20, 30
"""Everything read has a bound."""


class Output(NamedTuple):
    """What a tool answered."""

    code: int
    text: str
    fault: str


def drain(streams: list[int], limit: int, until: float) -> list[bytes]:
    """Read descriptors to their ends. Stops one byte after `limit`; GateError when the time is over."""
    chunks = {stream: bytearray() for stream in streams}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            # A regular file (stdin from a file, by hand) cannot be polled.
            if stat.S_ISREG(os.fstat(stream).st_mode):
                chunks[stream] += os.read(stream, limit + 1)
            else:
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0.0, until - time.monotonic()))
            if not ready:
                raise GateError("internal", "no end of input in time")
            for key, _ in ready:
                chunk = os.read(key.fd, 65536)
                chunks[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
            if any(len(chunk) > limit for chunk in chunks.values()):
                break
    return [bytes(chunks[stream][: limit + 1]) for stream in streams]


def run(argv: list[str], given: str = "", seconds: int = LIMIT_SECONDS) -> Output:
    """Run a tool in a session of its own: bounded in time and output, killed with its children. `given` is short."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    try:
        tool = subprocess.Popen(  # fixed words; of a request only scratch paths
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        return Output(127, "", f"{argv[0]}: {error.strerror}")
    with tool:
        assert tool.stdin is not None  # noqa: S101  pipes were asked for
        assert tool.stdout is not None  # noqa: S101
        assert tool.stderr is not None  # noqa: S101
        try:
            with contextlib.suppress(BrokenPipeError):
                tool.stdin.write(given.encode())
                tool.stdin.close()
            out, fault = drain([tool.stdout.fileno(), tool.stderr.fileno()], LIMIT_OUT, time.monotonic() + seconds)
            # A tool that says too much is stuck in a full pipe by now.
            tool.wait(seconds if max(len(out), len(fault)) <= LIMIT_OUT else 0)
        except (GateError, subprocess.TimeoutExpired):
            # Only here: a daemon that a tool started stays in its group.
            os.killpg(tool.pid, signal.SIGKILL)
            return Output(124, "", f"{argv[0]} did not end in time or said too much")
    return Output(tool.returncode, out.decode("utf-8", "replace"), fault.decode("utf-8", "replace"))


def must(output: Output, code: str, where: str, scratch: str = "") -> str:
    """The text of a tool that was content, or GateError with what it said (scratch paths shown as the real ones)."""
    if output.code == 0:
        return output.text
    said = (output.fault or output.text).strip() or f"exit code {output.code}"
    raise GateError(code, said.replace(scratch, "")[-2000:] if scratch else said[-2000:], where)


def load_text(path: str) -> str:
    """What nft is given to put a file in place of everything, in one transaction."""
    return f'flush ruleset\ninclude "{path}"\n'
