"""Runs an unpacked program as if it were installed: its files are laid over the machine's, for this process alone."""

from collections.abc import Sequence
from pathlib import Path

__all__ = ["as_installed"]

_ENTER = 'd=$0; for f in usr etc; do mount -t overlay overlay -o lowerdir="$d/$f:/$f" "/$f" || exit 9; done; exec "$@"'


def as_installed(state: Path, argv: Sequence[str]) -> list[str]:
    """The command line that runs `argv` so. Needs root; the process keeps its id, so that it can be ended by it."""
    return ["unshare", "--mount", "sh", "-c", _ENTER, str(state / "daemons"), *argv]
