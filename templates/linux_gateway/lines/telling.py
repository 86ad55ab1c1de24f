"""What the program says: to whoever asks, and to the journal."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def put(file: Path, said: dict[str, bool]) -> None:
    """For whoever asks; older than a few seconds it says nothing."""
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(said) + "\n", encoding="utf-8")
    new.chmod(0o644)
    new.replace(file)


def say(text: str) -> None:
    """For the journal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
