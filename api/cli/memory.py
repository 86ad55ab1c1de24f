"""The demo without root: the same inventory, templates and order of a change, on devices in memory."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from api.cli.exits import Exit
from api.cli.output import Output
from api.cli.push import Wish, run
from api.cli.targets import Targets
from inventory.load import load
from inventory.words import gettext as _
from playbooks.drivers.memory import MemoryDriver
from playbooks.reach import Target
from templates.render import render

__all__ = ["in_memory"]


def in_memory(folder: Path, output: Output) -> int:
    """Render and push Piła to memory, twice."""
    output.line(_("The practice office needs root, because it makes network namespaces. This one runs in memory."))
    output.line(_("Real here: the inventory, its checks, the templates, the plan and the order of a change."))
    output.line(_("Not real here: SSH, IPsec, firewalls, the dead-man on a device, every packet."))
    output.line()
    chosen = _targets(folder)
    wish = Wish(yes=True, summary=True)
    ends = [run(chosen, output, wish), run(chosen, output, wish)]
    return Exit.DONE if ends == [Exit.DONE, Exit.DONE] else Exit.FAILED


def _targets(folder: Path) -> Targets:
    office = load(folder).require()
    today = dt.datetime.now(dt.UTC).date()
    drivers = {
        device.name: MemoryDriver(tunnels=tuple(tunnel.name for tunnel in office.tunnels_of(device.name)))
        for device in office.managed
    }
    by_name = {d.name: Target(d.name, drivers[d.name], render(office, d, today)) for d in office.managed}
    return Targets(office, office.managed, by_name)
