"""Compiles the stand-ins that are written in C, so that they are never the limit of what is measured."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["compiled"]


def compiled(source: Path, folder: Path, libraries: Sequence[str], package: str) -> Path:
    """The program, in that folder. SystemExit with what to install where it cannot be compiled.

    Where a library lies elsewhere than the compiler looks, CPPFLAGS and LDFLAGS say so, as with make.
    """
    program = folder / source.stem
    before, after = (shlex.split(os.environ.get(name, "")) for name in ("CPPFLAGS", "LDFLAGS"))
    linked = [f"-l{name}" for name in libraries]
    words = ["cc", "-O2", *before, "-o", str(program), str(source), *after, *linked]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise SystemExit(f"a C compiler is needed: apt-get install gcc libc6-dev {package}") from None
    if done.returncode:
        raise SystemExit(f"{done.stderr}\n{package} is needed: apt-get install {package}")
    return program
