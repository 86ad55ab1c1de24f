"""A piece of work in a process of its own that ends: what it takes in memory is given back, and nobody is held up."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass

__all__ = ["Done", "python"]


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended, and what it said."""

    code: int
    out: bytes
    problem: str
    """What it said on standard error."""


async def python(words: tuple[str, ...], given: bytes, longest_s: float) -> Done:
    """Run Python with these words and this standard input. OSError when it cannot be started, TimeoutError when it
    takes too long; it never outlives the call.
    """
    command = (sys.executable, "-P", *words)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd="/")
    try:
        async with asyncio.timeout(longest_s):
            out, problem = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Done(process.returncode or 0, out, problem.decode(errors="replace"))
