"""A switch's text of 1,000 lines read as facts, and all rules on ready facts; beside it what splits the same lines.

Seconds of a processor: all of it runs on one core.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from dataclasses import replace

from hier_config import Platform as HierPlatform
from hier_config import get_hconfig

from bench.peers import ROOT, installed
from bench.report import Figure, Row, measure, report, row
from inventory.load import load
from inventory.model import Device, Office, Platform, PortMode, SwitchPorts
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.rules.table import RULES
from monitor.facts.model import Facts
from monitor.facts.read import facts, intended_sections
from monitor.facts.switches import SWITCHES
from templates.render import render

OFFICE = ROOT / "inventory" / "examples" / "pila"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
LINES = 1000
TEXTS_A_SECOND, REPORTS_A_SECOND = 300, 1500
"""What must be reached on one core."""
RUNS, AT_ONCE = 15, 100
PORTS: dict[Platform, tuple[str, ...]] = {
    Platform.CISCO_IOS: tuple(f"GigabitEthernet{unit}/0/[1-48]" for unit in range(1, 10)),
    Platform.JUNIPER_JUNOS: tuple(f"ge-{unit}/0/[0-47]" for unit in range(10)),
    Platform.HP_PROCURVE: tuple(f"{unit}[1-24]" for unit in "ABCDEFGHIJKL"),
    Platform.ARUBA_AOSCX: tuple(f"{unit}/1/[1-48]" for unit in range(1, 11)),
    Platform.MIKROTIK_ROUTEROS: ("ether[1-480]",),
}
"""More than enough of them, as a stack of the maker has them."""
_SPLIT = """
import sys, time
import ciscoconfparse2
lines = sys.stdin.read().splitlines()
for turn in range(4):
    begun = time.process_time()
    ciscoconfparse2.CiscoConfParse(lines)
    print(time.process_time() - begun)
"""


def main() -> None:
    """Measure and print."""
    given = load(OFFICE, TODAY).require()
    stacks = {platform: _stack(given, platform) for platform in SWITCHES}
    rows, figures = [], []
    for platform, (office, device) in stacks.items():
        text = _text(office, device)
        seconds = measure(lambda p=platform, said=text: _facts(p, said), RUNS, time.process_time)  # type: ignore[misc]  # bound at once
        rows.append(row(f"facts of {text.count(chr(10))} lines, {platform}", seconds, 1 / TEXTS_A_SECOND))
        figures.append(Figure(f"not understood, {platform}", 100 * (1 - _facts(platform, text).understood()), "%", 1))
    rows.append(_judged(given))
    rows += _beside(_text(*stacks[Platform.CISCO_IOS]))
    ratios = {f"{each.name} / our facts": each.median_s / rows[0].median_s for each in rows[-2:]}
    report(rows, ratios, figures)


def _stack(given: Office, platform: Platform) -> tuple[Office, Device]:
    """An office with a switch of that platform that has so many ports that its text is long enough."""
    pattern = next(device for device in given.devices if device.platform is platform)
    names = tuple(name for each in PORTS[platform] for name in SwitchPorts(ports=(each,), mode=PortMode.UNUSED).names)
    for count in range(24, len(names), 8):
        desks = SwitchPorts(ports=names[2:count], mode=PortMode.ACCESS, zone="ps", voice="voip", label="desks")
        up = SwitchPorts(ports=names[:2], mode=PortMode.TRUNK, tagged=("mgmt", "ps", "voip"), uplink=True)
        device = pattern.model_copy(update={"switch_ports": (up, desks)})
        devices = tuple(device if each.name == device.name else each for each in given.devices)
        office = given.model_copy(update={"devices": devices})
        if _text(office, device).count("\n") >= LINES:
            return office, device
    raise SystemExit(f"no switch of {platform} has so many ports that its text has {LINES} lines")


def _text(office: Office, device: Device) -> str:
    (text,) = intended_sections(render(office, device, TODAY)).values()
    return text


def _facts(platform: Platform, text: str) -> Facts:
    return facts("sw", platform, Basis.RUNNING, {"running-config": text}, NOW)


def _judged(office: Office) -> Row:
    """Every rule over every switch of the office, again and again in one report; seconds for one switch."""
    subjects = []
    for device in office.devices:
        if device.platform is not None and device.platform.switch:
            read = _facts(device.platform, _text(office, device))
            subjects.append(Subject(device, replace(read, asset=device.name)))
    many = subjects * (AT_ONCE // len(subjects))
    question, clauses = Question(Basis.RUNNING, NOW, TODAY), catalogue()
    seconds = measure(lambda: check(office, many, question, clauses), RUNS, time.process_time)
    each = [took / len(many) for took in seconds]
    return row(f"{len(RULES)} rules on the facts of one of {len(many)} switches", each, 1 / REPORTS_A_SECOND)


# ---- Beside it -------------------------------------------------------------------------------------------------------


def _beside(text: str) -> tuple[Row, Row]:
    """What only splits the same lines into a tree, and knows nothing of what they say."""
    return (
        row(
            "hier_config, the tree alone",
            measure(lambda: get_hconfig(HierPlatform.CISCO_IOS, text), 3, time.process_time),
        ),
        row("ciscoconfparse2, the tree alone", _ciscoconfparse(text)),
    )


def _ciscoconfparse(text: str) -> list[float]:
    words = [str(installed() / "python"), "-c", _SPLIT]
    done = subprocess.run(words, input=text, check=True, text=True, capture_output=True)
    return [float(line) for line in done.stdout.split()][1:]


if __name__ == "__main__":
    main()
