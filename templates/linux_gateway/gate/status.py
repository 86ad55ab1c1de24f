"""How a device is: what its manager looks at before and after a change."""

from __future__ import annotations

from .charon import tunnels
from .device import Device
from .journal import Journal
from .managed import UNITS
from .tools import run
from .upstream import log_targets, time_sources


def status(device: Device, journal: Journal) -> dict[str, object]:
    """Tunnels, units, what is armed, and what is needed from elsewhere."""
    armed = journal.busy()
    return {
        "tunnels": tunnels(),
        "units": {unit: run(["systemctl", "is-active", unit]).text.strip() or "unknown" for _, unit in UNITS.values()},
        "armed": armed,
        "deadline": deadline(journal, armed),
        "done": {entry.stem: entry.suffix[1:] for entry in journal.done.iterdir()},
        "time": time_sources(),
        "log": log_targets(device),
    }


def deadline(journal: Journal, armed: str) -> float | None:
    """When what is armed will be taken back; None when nothing is, or it is being taken back."""
    try:
        return journal.deadline(armed) if armed else None
    except OSError:
        return None
