"""How a device is: what its manager looks at before and after a change."""

from __future__ import annotations

from .charon import tunnels
from .journal import Journal
from .managed import UNITS
from .tools import run


def status(journal: Journal) -> dict[str, object]:
    """Tunnels, units, and what is armed."""
    return {
        "tunnels": tunnels(),
        "units": {unit: run(["systemctl", "is-active", unit]).text.strip() or "unknown" for _, unit in UNITS.values()},
        "armed": journal.busy(),
        "done": sorted(entry.name for entry in journal.done.iterdir()),
    }
