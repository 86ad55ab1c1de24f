"""The page's own files, held in memory: each is asked for by a name that changes with its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["StaticFile", "addresses", "static_files"]

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file."""

    content: bytes
    media_type: str
    digest: str


@cache
def static_files() -> dict[str, StaticFile]:
    """All of them, by name."""
    files = sorted((Path(__file__).parent / "static").iterdir())
    return {path.name: _read(path) for path in files if path.suffix in _TYPES}


def addresses() -> dict[str, str]:
    """Where each is to be asked for, by name."""
    return {name: f"/static/{name}?{file.digest}" for name, file in static_files().items()}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16])
