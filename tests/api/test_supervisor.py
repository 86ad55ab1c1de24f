"""Parts are kept alive, started anew when asked, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.serve.supervisor import Part, Supervisor

LIVING = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def part(code: str, name: str = "watch") -> Part:
    return Part(name, (sys.executable, "-c", code), dict(os.environ))


def counting(file: Path, then: str) -> Part:
    """A part that leaves its number in a file each time it is started."""
    return part(f"import os; open({str(file)!r}, 'a').write(f'{{os.getpid()}}\\n')\n{then}")


def numbers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


async def until(met: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not met():
            await asyncio.sleep(0.02)


def supervised(
    parts: list[Part], scene: Callable[[], Awaitable[None]], *, sound: bool = True
) -> tuple[int, list[str], float]:
    """What the run came to when the scene was over, what it said, and how long its end took."""

    async def run() -> tuple[int, list[str], float]:
        said: list[str] = []
        brief = [replace(part, grace_s=1.0) for part in parts]
        running = asyncio.create_task(Supervisor(brief, said.append).run(lambda: sound))
        await scene()
        begun = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        return await running, said, time.monotonic() - begun

    return asyncio.run(run())


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_part_that_dies_is_started_again_and_named(tmp_path: Path) -> None:
    file = tmp_path / "numbers"

    async def scene() -> None:
        await until(lambda: numbers(file))
        os.kill(numbers(file)[0], signal.SIGKILL)
        await until(lambda: len(numbers(file)) == 2)

    code, said, _took = supervised([counting(file, LIVING)], scene)
    assert code == 0
    assert said == ["watch was killed by SIGKILL; it is started again in 0.2 s"]
    assert not [pid for pid in numbers(file) if alive(pid)]


def test_a_part_that_keeps_dying_is_given_more_and_more_time(tmp_path: Path) -> None:
    file = tmp_path / "numbers"

    async def scene() -> None:
        await until(lambda: len(numbers(file)) == 3)

    _code, said, _took = supervised([counting(file, "raise SystemExit(7)")], scene)
    assert said[:2] == [
        "watch ended with 7; it is started again in 0.2 s",
        "watch ended with 7; it is started again in 0.4 s",
    ]


def test_a_part_that_cannot_work_at_all_ends_everything(tmp_path: Path) -> None:
    file = tmp_path / "numbers"
    parts = [counting(file, LIVING), part("import time; time.sleep(0.5); raise SystemExit(3)", "edge")]
    assert asyncio.run(Supervisor(parts, print).run(lambda: True)) == 3
    assert not alive(numbers(file)[0])


def test_a_part_that_does_not_exist_is_said() -> None:
    said: list[str] = []

    async def scene() -> None:
        await asyncio.sleep(0.3)

    _code, said, _took = supervised([Part("watch", ("/nonexistent",), {})], scene)
    assert "watch cannot be started" in said[0]


@pytest.mark.parametrize(("sound", "times"), [(True, 2), (False, 1)])
def test_a_hangup_starts_parts_anew_unless_the_inventory_is_unsound(tmp_path: Path, sound: bool, times: int) -> None:
    file = tmp_path / "numbers"

    async def scene() -> None:
        await until(lambda: numbers(file))
        os.kill(os.getpid(), signal.SIGHUP)
        await (until(lambda: len(numbers(file)) == times) if sound else asyncio.sleep(0.5))

    _code, said, _took = supervised([counting(file, LIVING)], scene, sound=sound)
    assert len(numbers(file)) == times
    assert said == (["reading the inventory again"] if sound else [])


def test_everything_ends_when_what_is_served_is_gone(tmp_path: Path) -> None:
    file, thing = tmp_path / "numbers", tmp_path / "thing"
    thing.touch()

    async def run() -> int:
        running = asyncio.create_task(Supervisor([counting(file, LIVING)], print).run(lambda: True, thing.exists))
        await until(lambda: numbers(file))
        thing.unlink()
        return await running

    assert asyncio.run(run()) == 0
    assert not alive(numbers(file)[0])


def test_a_part_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "numbers"

    async def scene() -> None:
        await until(lambda: numbers(file))
        await asyncio.sleep(0.3)

    code, _said, _took = supervised([counting(file, STUBBORN)], scene)
    assert code == 0
    assert not alive(numbers(file)[0])


def test_a_part_dies_with_whoever_started_it() -> None:
    code = """
import os, subprocess, sys
part = '''
import sys, time
from api.serve.privileges import die_with
die_with(int(sys.argv[1]))
print(flush=True)
time.sleep(60)
'''
run = subprocess.Popen([sys.executable, '-c', part, str(os.getpid())], stdout=subprocess.PIPE)
run.stdout.readline()
print(run.pid, flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    limit = time.monotonic() + 10
    while alive(child) and Path(f"/proc/{child}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_an_orphan_does_not_begin() -> None:
    code = "from api.serve.privileges import die_with; die_with(2 ** 22)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1
