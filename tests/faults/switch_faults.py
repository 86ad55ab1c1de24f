"""The faults of switches: what goes wrong, and how a push must end then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import asyncssh
from misbehaving import (
    AOSCX,
    COMMITTED,
    CONFIRM,
    FULL,
    GUARD,
    IOS,
    JUNOS,
    LINE,
    LOCKED,
    LOG,
    MIDDLE,
    PLATFORMS,
    PROCURVE,
    ROUTEROS,
    SAVE,
    SHOW,
    WRITES,
    others,
)
from switched import Bench, Push

from inventory.model import Platform
from lab.devices.aruba_aoscx.device import Aoscx
from lab.devices.cisco_ios.device import Ios
from lab.devices.hp_procurve.device import Procurve
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.mischief import Mischief
from playbooks.order import Changed, Failed, Unreachable

__all__ = ["FAULTS", "QUICK", "Fault"]

QUICK = frozenset({"drops as it is confirmed/hp_procurve", "another device/aruba_aoscx"})
_FOREIGN = "set system services ftp"


@contextmanager
def _nobody(_bench: Bench) -> Iterator[None]:
    yield


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and how the push must end."""

    how: Callable[[Platform], Push]
    ends: type[Changed] | type[Failed] | type[Unreachable]
    says: str | Mapping[Platform, str] = ""
    """A regular expression: what the reason says."""
    writes: bool = True
    """Otherwise nothing may have been typed but questions."""
    unsure: tuple[Platform, ...] = ()
    """Where fosa cannot always ask afterwards, and says so."""
    stays: tuple[Platform, ...] = ()
    """Where the device ends with all of the change, although the push has failed."""
    torn: tuple[Platform, ...] = ()
    """Where it has saved the change that its own timer takes back: until the next push."""
    platforms: tuple[Platform, ...] = PLATFORMS
    lost: bool = False
    """A restart brings back what ran before."""
    enable: bool = False
    """The accounts begin without rights, and there is no RADIUS server."""
    somebody: Callable[[Bench], AbstractContextManager[None]] = _nobody
    """Who else is at work on it until the end of the row."""
    holds: bool = False
    """That one's guard runs all the time."""


def _bad(mischief: Callable[[Platform], Mischief]) -> Callable[[Platform], Push]:
    return lambda platform: Push(mischief(platform), minute_s=6.0, patience=3.0)


def _well(mischief: Callable[[Platform], Mischief]) -> Callable[[Platform], Push]:
    return lambda platform: Push(mischief(platform))


def _strange_key() -> str:
    return asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()


# ---- Somebody else ---------------------------------------------------------------------------------------------------


@contextmanager
def _edits(bench: Bench) -> Iterator[None]:
    """Has left a line in Junos's shared candidate."""
    _edit(bench)
    with _edits_meanwhile(bench):
        yield


@contextmanager
def _edits_meanwhile(bench: Bench) -> Iterator[None]:
    """Nobody but himself may ever commit it."""
    yield
    device = bench.device
    assert isinstance(device, JunosSwitch)
    assert not [commit for commit in device.commits if _FOREIGN in commit.tree.lines()], "committed for somebody else"
    bench.powered.call(device.discard)


def _edit(bench: Bench) -> None:
    device = bench.device
    assert isinstance(device, JunosSwitch)
    bench.powered.call(lambda: device.load([_FOREIGN]))


@contextmanager
def _locks(bench: Bench) -> Iterator[None]:
    """Is in `configure exclusive`."""
    device = bench.device
    assert isinstance(device, JunosSwitch)
    device.lock = "somebody"
    yield
    device.lock = None


@contextmanager
def _plans(bench: Bench) -> Iterator[None]:
    """Has a change, or a restart, that waits for him for half an hour."""
    device = bench.device
    assert isinstance(device, Ios | Aoscx | Procurve | JunosSwitch)
    match device:
        case Ios():
            bench.powered.call(lambda: device.arm(30, "somebody"))
        case Aoscx():
            bench.powered.call(lambda: device.arm(30))
        case Procurve():
            bench.powered.call(lambda: device.plan(30))
        case JunosSwitch():
            bench.powered.call(lambda: device.commit("somebody", 30))
    yield
    bench.powered.call(device.timer.disarm)
    if isinstance(device, JunosSwitch):
        bench.powered.call(lambda: device.commit("somebody", None))


# ---- The table -------------------------------------------------------------------------------------------------------

_ENDED = "closed the connection|ended the connection|session close"
_AT_ONCE = "it ends every connection at once"
_NO_GUARD = "nothing would take a change back: "
_CONNECTION: Mapping[str, Fault] = {
    "slow": Fault(_well(lambda _p: Mischief(slow_s=0.02)), Changed),
    "slow, in a narrow terminal": Fault(
        _well(lambda _p: Mischief(slow_s=0.02, wraps=80)), Changed, platforms=others(JUNOS)
    ),
    # Longer than the guard would wait by itself. IOS and Junos take all lines at once.
    "very slow": Fault(_well(lambda _p: Mischief(slow_s=0.5)), Changed, platforms=(PROCURVE, AOSCX, ROUTEROS)),
    "becomes very slow meanwhile": Fault(
        _well(lambda p: Mischief(since=LINE[p], slow_s=3.0)),
        Failed,
        "so slowly that its guard",
        platforms=(PROCURVE, AOSCX, ROUTEROS),
        unsure=(PROCURVE, AOSCX, ROUTEROS),
    ),
    "drops the connection": Fault(_bad(lambda p: Mischief(drop=MIDDLE[p])), Failed, _ENDED),
    "drops it while it is verified": Fault(
        _well(lambda p: Mischief(since=COMMITTED[p], drop=SHOW[p], once=True)), Changed
    ),
    "drops as it is confirmed": Fault(
        _well(lambda p: Mischief(drop=CONFIRM[p], once=True)), Changed, platforms=others(AOSCX)
    ),
    # It does not say whether its timer runs: fosa would rather go back than believe.
    "drops as it is confirmed for good": Fault(
        _bad(lambda p: Mischief(drop=CONFIRM[p], once=True)), Failed, "cannot be confirmed: ", platforms=(AOSCX,)
    ),
    "falls silent as it is confirmed": Fault(
        _bad(lambda p: Mischief(since=CONFIRM[p], refuse=CONFIRM[p], drop=CONFIRM[p], sessions=0)),
        Failed,
        _AT_ONCE,
        unsure=PLATFORMS,
        stays=(PROCURVE,),
        torn=(IOS, AOSCX),
    ),
    "restarts": Fault(_bad(lambda p: Mischief(reboot=MIDDLE[p])), Failed, _ENDED, unsure=PLATFORMS),
    "no session left": Fault(_well(lambda _p: Mischief(sessions=0)), Unreachable, _AT_ONCE, writes=False),
    "another host key": Fault(
        lambda _p: Push(host_key=_strange_key()), Failed, "host key is not the pinned one", writes=False
    ),
    "wrong password": Fault(
        lambda _p: Push(login={"key": "file:secrets/radius"}), Failed, "does not accept the account", writes=False
    ),
    "wrong password of the privileged mode": Fault(
        lambda _p: Push(login={"enable": "file:secrets/radius"}),
        Failed,
        "the privileged mode does not accept the password",
        platforms=(IOS, PROCURVE),
        enable=True,
        writes=False,
    ),
}
_SPOKEN: Mapping[str, Fault] = {
    "another device": Fault(
        _well(lambda _p: Mischief(name="sw-x-9")), Failed, "another device .* it calls itself sw-x-9", writes=False
    ),
    "is renamed meanwhile": Fault(
        _bad(lambda p: Mischief(name="sw-x-9", since=MIDDLE[p])),
        Failed,
        "another device .* it calls itself sw-x-9|does not answer any more",
        unsure=PLATFORMS,
    ),
    "pages": Fault(_well(lambda _p: Mischief(pages=True)), Changed, platforms=others(IOS)),
    # NAPALM takes a page for the whole: better no push than half a text.
    "pages on": Fault(
        _well(lambda _p: Mischief(pages=True)), Unreachable, "page by page", platforms=(IOS,), writes=False
    ),
    "writes its log in between": Fault(_well(lambda p: Mischief(logs=LOG[p])), Changed, platforms=others(JUNOS)),
    "asks in between": Fault(
        _bad(lambda p: Mischief(asks=LINE[p])), Failed, r"Are you sure \[y/n\]", platforms=(PROCURVE, AOSCX, ROUTEROS)
    ),
    "asks before it saves": Fault(
        _well(lambda p: Mischief(asks=SAVE[p], says="Overwrite the previous NVRAM configuration?[confirm]")),
        Changed,
        platforms=(IOS,),
    ),
    "its clock is set meanwhile": Fault(
        _well(lambda p: Mischief(since=COMMITTED[p], clock_s=1e8)), Changed, platforms=(JUNOS,)
    ),
}
_REFUSED: Mapping[str, Fault] = {
    "refuses the guard": Fault(
        _bad(lambda p: Mischief(refuse=GUARD[p])),
        Failed,
        {
            IOS: f"{_NO_GUARD}.*Invalid input",
            JUNOS: "permission denied",
            PROCURVE: f"{_NO_GUARD}.*Invalid input",
            AOSCX: f"{_NO_GUARD}.*Invalid input",
            ROUTEROS: "no guard: nothing would take a change back",
        },
    ),
    "refused half-way": Fault(
        _bad(lambda p: Mischief(refuse=LINE[p])),
        Failed,
        {
            IOS: "logging host 10.64.1.20: % Invalid input",
            JUNOS: "set system syslog host 10.64.1.20 any .*: syntax error",
            PROCURVE: "logging 10.64.1.20: Invalid input",
            AOSCX: "logging 10.64.1.20 .*: Invalid input",
            ROUTEROS: "/system logging action add name=fosa1 .*: bad command name",
        },
    ),
    "refuses to be confirmed": Fault(
        _bad(lambda p: Mischief(refuse=CONFIRM[p], says="Command not allowed: failure")),
        Failed,
        "Command not allowed: failure|cannot be taken away",
        unsure=(JUNOS, PROCURVE, AOSCX),
        stays=(PROCURVE,),
    ),
    "has no rights": Fault(
        _bad(lambda p: Mischief(refuse=WRITES[p], says="Command authorization failed")),
        Failed,
        "authorization failed|guard|has not",
        unsure=PLATFORMS,
    ),
    "its flash is full": Fault(
        _bad(lambda p: Mischief(refuse=SAVE[p], says=FULL[p])),
        Failed,
        {
            IOS: "could not save: .*Not enough space",
            JUNOS: "No space left",
            PROCURVE: "could not save: .*insufficient",
            AOSCX: "could not save: .*no space left",
            ROUTEROS: "could not save: .*no space left",
        },
    ),
    "only says it saves": Fault(
        _bad(lambda _p: Mischief(forgets=True)),
        Failed,
        "it says that it has saved, and has not",
        platforms=others(JUNOS),
    ),
    # Junos has no second text to look at: a restart brings the old one back, and the next plan says so.
    "saves nothing": Fault(_well(lambda _p: Mischief(forgets=True)), Changed, lost=True, platforms=(JUNOS,)),
}
_LATER: Mapping[str, Fault] = {
    "shuts itself out": Fault(_bad(lambda p: Mischief(shuts_out=LINE[p])), Failed, _AT_ONCE, unsure=PLATFORMS),
    "timer fires while verifying": Fault(
        lambda _p: Push(minute_s=4.0, patience=30.0, worse="not yet as good as before"), Failed, "no longer in force"
    ),
    "somebody is in configuration mode": Fault(
        _bad(lambda p: Mischief(refuse="^conf", says=LOCKED[p])),
        Failed,
        {IOS: f"{_NO_GUARD}.*locked by process", PROCURVE: "another session is in it", AOSCX: "locked by another"},
        platforms=tuple(LOCKED),
    ),
    "somebody has locked it": Fault(
        lambda _p: Push(), Failed, "another change is at work", platforms=(JUNOS,), somebody=_locks, writes=False
    ),
    "somebody has an edit in it": Fault(
        lambda _p: Push(), Failed, "another change is at work", platforms=(JUNOS,), somebody=_edits, writes=False
    ),
    "somebody edits it meanwhile": Fault(
        lambda _p: Push(minute_s=6.0, patience=3.0, meanwhile=_edit),
        Failed,
        "another change is at work",
        platforms=(JUNOS,),
        somebody=_edits_meanwhile,
        unsure=(JUNOS,),
    ),
    "somebody's guard is set": Fault(
        lambda _p: Push(),
        Failed,
        {**dict.fromkeys((IOS, JUNOS, PROCURVE), "another change is at work"), AOSCX: f"{_NO_GUARD}.*already active"},
        platforms=others(ROUTEROS),
        somebody=_plans,
        holds=True,
    ),
}
FAULTS: Mapping[str, Fault] = {**_CONNECTION, **_SPOKEN, **_REFUSED, **_LATER}
