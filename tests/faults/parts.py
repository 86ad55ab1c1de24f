"""Faults of the parts of a served office: watch, edge, the one that keeps them, relays, and very many readers."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

from standing import NAME, STATE, console, until
from table import Row, expect
from watching import CUT_DEVICE, CUT_TUNNEL, Served, cut, in_order, mend, served

from lab import office as practice

__all__ = ["ROWS"]

_READERS = 1_000
_LINE_BYTES = 4 << 20
"""A report that comes just then is one long line."""
_LIAR = """
import contextlib, os, socket, sys
from pathlib import Path
server = socket.socket(socket.AF_UNIX)
server.bind("/run/charon.vici")
server.listen()
server.settimeout(0.2)
while Path("/run/charon.aside").exists():
    with contextlib.suppress(OSError):
        one, _ = server.accept()
        one.settimeout(1)
        while one.recv(4096):
            one.sendall(bytes.fromhex(sys.argv[1]) + os.urandom(200))
        one.close()
"""
"""Answers every question with 200 random bytes, behind a beginning of our choice."""
_AS_A_PACKET = "000000c901"
"""So many bytes, an answer."""


def _line(text: str, pattern: str) -> str:
    found = [line for line in text.splitlines() if re.search(pattern, line)]
    expect(f"one line like {pattern!r}", holds=len(found) == 1, seen=text)
    return found[0]


def _watch_silent() -> str:
    """A watch that hangs, as under a debugger or on a dying disk."""
    with served() as there:
        watch = there.part("watcher")
        os.kill(watch, signal.SIGSTOP)
        try:
            told = until(lambda: there.health().code == 500, 10)
            message = _line(there.health().text, r"the watch has been silent for \d+ s")
            expect("the silence in time", holds=told)
            expect("the silence in the metrics", holds=there.metric("fosa_watch_up") == 0)
            expect("no tunnel shown as up", holds=not there.tunnel_up())
            expect("the silence on the page", holds="silent" in there.get("/?lang=en"))
        finally:
            os.kill(watch, signal.SIGCONT)
        in_order(there)
        expect("the same watch", holds=there.part("watcher") == watch)
    return message


def _watch_killed() -> str:
    with served() as there:
        watch, edge = there.part("watcher"), there.part("edge")
        os.kill(watch, signal.SIGKILL)
        expect("another watch", holds=until(lambda: there.part("watcher") not in {0, watch}, 10), seen=there.said())
        in_order(there)
        expect("the same edge", holds=there.part("edge") == edge)
        return _line(there.said(), "watch was killed by SIGKILL")


def _edge_killed() -> str:
    with served() as there:
        watch, edge = there.part("watcher"), there.part("edge")
        os.kill(edge, signal.SIGKILL)
        # Nobody is refused meanwhile: the door is the supervisor's.
        expect("an answer", holds="fosa_build_info" in there.get("/metrics"))
        expect("another edge", holds=there.part("edge") not in {0, edge})
        in_order(there)
        expect("the same watch", holds=there.part("watcher") == watch)
        return _line(there.said(), "edge was killed by SIGKILL")


def _supervisor_killed() -> str:
    with served() as there:
        os.kill(there.supervisor, signal.SIGKILL)
        gone = until(lambda: not there.parts("watcher") and not there.parts("edge"), 10)
        expect("no part left alone", holds=gone, seen=(there.parts("watcher"), there.parts("edge")))
    with served():
        return "both parts ended with it; the next fosa lab serve begins where it left off"


def _end_of_cut_device(there: Served) -> tuple[str, str]:
    told = re.search(
        rf'fosa_tunnel_state{{office="pila",tunnel="{CUT_TUNNEL}",end="{CUT_DEVICE}",state="(\w+)"}} 1',
        there.get("/metrics"),
    )
    reasons = [event.reason.value for event in there.events() if event.subject == f"end:{CUT_TUNNEL}/{CUT_DEVICE}"]
    return (told[1] if told else "", reasons[0] if reasons else "")


def _kill_relays() -> None:
    # The brackets keep the pattern from finding the shell it stands in.
    console(CUT_DEVICE, "sh", "-c", "kill -KILL $(pgrep -f '[g]ate read vici$')")


def _lied_to(beginning: str, reason: str) -> str:
    with served() as there:
        console(CUT_DEVICE, "mv", "/run/charon.vici", "/run/charon.aside")
        argv = practice.device_command(NAME, STATE, CUT_DEVICE, ["python3", "-c", _LIAR, beginning])
        with subprocess.Popen(argv) as liar:
            try:
                _kill_relays()
                told = until(lambda: _end_of_cut_device(there) == ("unknown", reason), 15)
                expect(f"that end to be unknown, {reason}", holds=told, seen=_end_of_cut_device(there))
                expect("the tunnel to be up: its probe says so", holds=there.tunnel_up())
                expect("the device to be up", holds=there.metric("fosa_device_up", device=CUT_DEVICE) == 1)
            finally:
                console(CUT_DEVICE, "mv", "/run/charon.aside", "/run/charon.vici")
            expect("it to end", holds=liar.wait(10) == 0)
        in_order(there)
    return f"end {CUT_TUNNEL}/{CUT_DEVICE}: unknown, {reason}; the tunnel itself up by its probe"


def _garbage() -> str:
    """What is not even cut into packets the relay does not pass on: for the watch that charon is silent."""
    return _lied_to("", "daemon_silent")


def _nonsense() -> str:
    return _lied_to(_AS_A_PACKET, "nonsense")


def _relay_killed() -> str:
    with served() as there:
        before = there.events()
        _kill_relays()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            expect("the tunnel to stay up", holds=there.tunnel_up())
            time.sleep(0.05)
        age = there.metric("fosa_tunnel_reading_age_seconds", tunnel=CUT_TUNNEL, end=CUT_DEVICE)
        expect("fresh readings again", holds=age < 3, seen=age)
        happened = [event for event in there.events() if event not in before]
        expect("no alarm", holds=not happened, seen=happened)
    return f"readings again {age:.1f} s old, no alarm"


def _thousand_readers() -> str:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with served() as there:
        message = asyncio.run(_read_by_many(there))
        in_order(there)
    return message


async def _read_by_many(there: Served) -> str:
    request = f"GET /events?lang=en HTTP/1.1\r\nHost: 127.0.0.1:{there.port}\r\nAccept: text/event-stream\r\n\r\n"
    readers = []
    for _ in range(_READERS):
        reader, writer = await asyncio.open_connection("127.0.0.1", there.port, limit=_LINE_BYTES)
        writer.write(request.encode())
        readers.append((reader, writer))
    heads = [await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30) for reader, _writer in readers]
    expect("every reader to be let in", holds=all(head.startswith(b"HTTP/1.1 200") for head in heads), seen=heads[-1])
    hearing = [asyncio.create_task(_hear(reader, b"down")) for reader, _writer in readers]
    begun = time.monotonic()
    await asyncio.to_thread(cut, there)
    took = [await asyncio.wait_for(one, 20) - begun for one in hearing]
    memory = _memory_mib(there.part("edge"))
    for _reader, writer in readers:
        writer.close()
    await asyncio.to_thread(mend, there)
    return f"{_READERS} readers: all told of a cut, the last after {max(took):.1f} s; the edge held {memory:.0f} MiB"


async def _hear(reader: asyncio.StreamReader, word: bytes) -> float:
    while word not in await reader.readline():
        pass
    return time.monotonic()


def _memory_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


ROWS = (
    Row("watch-silent", _watch_silent, quick=True),
    Row("watch-killed", _watch_killed),
    Row("edge-killed", _edge_killed),
    Row("supervisor-killed", _supervisor_killed),
    Row("vici-garbage", _garbage),
    Row("vici-nonsense", _nonsense),
    Row("relay-killed", _relay_killed),
    Row("thousand-readers", _thousand_readers),
)
