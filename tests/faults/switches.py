"""Faults of switches, each on every platform: the push ends as promised, and the device is whole.

    scripts/faults switches [ROW...] [--quick]

A row is named FAULT/PLATFORM. All devices are emulated; the drivers, netmiko and NAPALM are real.
"""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import asyncssh
from switched import Bench, Push, standing
from table import Row, expect, run_table

from inventory.course import Restored
from inventory.model import Platform
from lab.devices.mischief import Mischief
from playbooks.drivers.base import Sections
from playbooks.drivers.cli.driver import RUNNING
from playbooks.order import Changed, Failed, Outcome, Unreachable

IOS, JUNOS, PROCURVE, AOSCX, ROUTEROS = (
    Platform.CISCO_IOS,
    Platform.JUNIPER_JUNOS,
    Platform.HP_PROCURVE,
    Platform.ARUBA_AOSCX,
    Platform.MIKROTIK_ROUTEROS,
)
_BACK_S = 60.0
"""A session that a restart has caught waits for half a minute by itself."""
_QUICK = {"refused half-way/cisco_ios", "shuts itself out/aruba_aoscx", "another device/mikrotik_routeros"}

MIDDLE = {
    IOS: "^copy flash:/merge",
    JUNOS: "^commit-configuration confirmed",
    PROCURVE: "^logging 10.64.1.20",
    AOSCX: "^logging 10.64.1.20",
    ROUTEROS: "^/system logging action add name=fosa1 ",
}
"""What is typed or asked when the change has begun and is not done."""
LINE = {
    IOS: "^logging host 10.64.1.20",
    JUNOS: "^set system syslog host 10.64.1.20 any",
    PROCURVE: "^logging 10.64.1.20",
    AOSCX: "^logging 10.64.1.20",
    ROUTEROS: "^/system logging action add name=fosa1 ",
}
"""One of many lines."""
GUARD = {
    IOS: "^configure terminal revert",
    JUNOS: "^commit-configuration",
    PROCURVE: "^reload after",
    AOSCX: "^checkpoint auto",
    ROUTEROS: "^/system scheduler add|^/system backup save",
}
"""What sets the guard."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and how the push must end."""

    how: Callable[[Platform], Push]
    ends: type[Changed] | type[Failed] | type[Unreachable]
    says: str = ""
    """A part of the reason."""
    restored: frozenset[Restored] = frozenset({Restored.YES, Restored.UNTOUCHED})
    platforms: tuple[Platform, ...] = (IOS, JUNOS, PROCURVE, AOSCX, ROUTEROS)
    lost: bool = False
    """A restart brings back what ran before."""
    enable: bool = False
    """The accounts begin without rights, and there is no RADIUS server."""


def _bad(mischief: Callable[[Platform], Mischief]) -> Callable[[Platform], Push]:
    return lambda platform: Push(mischief(platform), minute_s=4.0, patience=2.0)


_UNSURE = frozenset(Restored)
_ALL = (IOS, JUNOS, PROCURVE, AOSCX, ROUTEROS)
_OTHERS = {platform: tuple(each for each in _ALL if each is not platform) for platform in _ALL}
FAULTS: Mapping[str, Fault] = {
    "slow": Fault(lambda _platform: Push(Mischief(slow_s=0.02)), Changed),
    "drops the connection": Fault(_bad(lambda p: Mischief(drop=MIDDLE[p])), Failed, restored=_UNSURE),
    "restarts": Fault(_bad(lambda p: Mischief(reboot=MIDDLE[p])), Failed, restored=_UNSURE),
    "refuses the guard": Fault(_bad(lambda p: Mischief(refuse=GUARD[p])), Failed),
    "refused half-way": Fault(_bad(lambda p: Mischief(refuse=LINE[p])), Failed),
    "only says it saves": Fault(lambda _platform: Push(Mischief(forgets=True)), Failed, platforms=_OTHERS[JUNOS]),
    # Junos has no second text to look at: a restart brings the old one back, and the next plan says so.
    "saves nothing": Fault(lambda _platform: Push(Mischief(forgets=True)), Changed, lost=True, platforms=(JUNOS,)),
    "another device": Fault(lambda _platform: Push(Mischief(name="sw-x-9")), Failed, "another device answers here"),
    "another host key": Fault(
        lambda _platform: Push(host_key=_strange_key()), Failed, "host key is not the pinned one"
    ),
    "wrong password": Fault(lambda _platform: Push(login={"key": "file:secrets/radius"}), Failed, "does not accept"),
    "wrong password of the privileged mode": Fault(
        lambda _platform: Push(login={"enable": "file:secrets/radius"}),
        Failed,
        "privileged mode",
        platforms=(IOS,),
        enable=True,
    ),
    "no session left": Fault(lambda _platform: Push(Mischief(sessions=0)), Unreachable),
    "pages": Fault(lambda _platform: Push(Mischief(pages=True)), Changed, platforms=_OTHERS[IOS]),
    # NAPALM takes a page for the whole: better no push than half a text.
    "pages on": Fault(lambda _platform: Push(Mischief(pages=True)), Unreachable, "page by page", platforms=(IOS,)),
    "shuts itself out": Fault(
        lambda p: Push(Mischief(shuts_out=LINE[p]), minute_s=4.0, patience=1.0), Failed, restored=_UNSURE
    ),
    "timer fires while verifying": Fault(
        lambda _platform: Push(minute_s=3.0, patience=30.0, worse="not yet as good as before"), Failed
    ),
}


def _strange_key() -> str:
    return asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()


def _row(platform: Platform, fault: Fault) -> str:
    how = fault.how(platform)
    with standing(platform, how, enable=fault.enable) as bench:
        before, intended = bench.text(), bench.intended()
        expect("a device that differs at first", holds=before not in (None, intended))
        outcome = bench.push(how)
        said = _as_promised(outcome, fault)
        good = intended if isinstance(outcome, Changed) else before
        _wait(bench, good, settled=True)
        # And what it has saved is the same.
        bench.restart()
        _wait(bench, before if fault.lost else good, settled=False)
    return said


def _as_promised(outcome: Outcome, fault: Fault) -> str:
    expect(fault.ends.__name__, holds=type(outcome) is fault.ends, seen=outcome)
    reason = str(getattr(outcome, "reason", "the push succeeds"))
    expect(f"a reason with {fault.says!r}", holds=fault.says in reason, seen=reason)
    if isinstance(outcome, Failed):
        expect(f"one of {[*map(str, fault.restored)]}", holds=outcome.restored in fault.restored, seen=outcome)
        return f"{reason} ({outcome.restored})"
    return reason


def _wait(bench: Bench, good: Sections | None, *, settled: bool) -> None:
    """Until it runs that, and with `settled` waits for no confirmation any more."""
    until = time.monotonic() + _BACK_S
    while (settled and bench.armed()) or bench.text() != good:
        expect("the device to be whole", holds=time.monotonic() < until, seen=_seen(bench, good))
        time.sleep(0.2)


def _seen(bench: Bench, good: Sections | None) -> str:
    now, then = (("" if each is None else each[RUNNING]).splitlines() for each in (bench.text(), good))
    lines = "\n".join(difflib.unified_diff(then, now, "good", "seen", n=0, lineterm=""))
    return f"armed: {bench.armed()}\n{lines}"


def _rows() -> Iterator[Row]:
    for name, fault in FAULTS.items():
        for platform in fault.platforms:
            row = f"{name}/{platform}"
            yield Row(row, partial(_row, platform, fault), quick=row in _QUICK)


if __name__ == "__main__":
    sys.exit(run_table([*_rows()]))
