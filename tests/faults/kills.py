"""Workers killed by SIGKILL over devices in memory: at every point of a change, and at random, many times in a row."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from standing import STATE
from table import Row, expect

from api.audit.checkpoint import public_keys
from api.audit.keeper import Keeper
from api.audit.verify import verify
from api.changes.shelf import CHANGES
from api.plans.model import ENDED
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from tests.api.work.fleet import Fleet
from tests.api.work.plans import approve, old, plan
from tests.api.work.truth import lies
from tests.api.work.worker import Leap, Shift, begin
from tests.postgres import Postgres

__all__ = ["KEY", "QUICK", "ROWS", "WAVES", "Place", "place", "random_kills"]

_NAMES = ("gw-b", "gw-c", "gw-k", "gw-k2")
KEY = "p-20261123-0001"
WAVES = (("gw-b",), ("gw-c", "gw-k"))
_LIMIT_S = 60.0
_DEADLINE_S = 60.0
_SIGKILL = -int(signal.SIGKILL)

Running = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """An office of devices in memory, with one ledger."""

    shift: Shift
    fleet: Fleet
    ledger: Ledger
    keeper: Keeper
    """Signs how far the audit is, from outside the work."""

    def work(self, die: int = 0, executor: str = "work", leap: Leap | None = None) -> int:
        """Have a worker work until all is done or it dies; its exit code."""
        process = begin(replace(self.shift, die=die, executor=executor, leap=leap or Leap()))
        process.join(_LIMIT_S)
        expect("a worker that comes to an end", holds=process.exitcode is not None)
        self.keeper.make()
        return process.exitcode or 0

    def true(self, key: str, before: Running) -> None:
        """Fail unless the record tells the truth, every device is old or new, and the audit verifies."""
        found = [*lies(self.ledger, self.fleet, key, before), *self.broken()]
        expect("a record that tells the truth", holds=not found, seen=found)

    def broken(self) -> Iterator[str]:
        """What `fosa audit verify` would find."""
        rows: list[tuple[int, str, str]] = []
        while page := self.ledger.entries(len(rows)):
            rows += page
        finding = verify(rows, self.keeper.checkpoints(), public_keys([self.keeper.public()])).finding
        if finding is not None:
            yield str(finding.text)


_numbers = itertools.count(1)


@cache
def _folder() -> Path:
    """Where everything of this run lies. Not made when a worker imports this file."""
    made = Path(tempfile.mkdtemp(prefix="fosa-kills-"))
    # After the devices' servers, which take their sockets away at the end.
    Finalize(None, shutil.rmtree, args=(made, True), exitpriority=-10)
    return made


@contextmanager
def place(server: Postgres | None = None) -> Iterator[Place]:
    """A new one; ledger and engine in files, or in a database of the server."""
    folder = _folder() / str(next(_numbers))
    folder.mkdir()
    fleet = Fleet(folder / "fleet", {name: old(name) for name in _NAMES})
    url = server.fresh() if server else ""
    ledger = Ledger(url or f"sqlite:///{folder}/ledger/ledger.db")
    ledger.migrate()
    (folder / "kept").mkdir()
    keeper = Keeper(
        ledger, folder / "kept", "pila", None, dt.timedelta(days=731), lambda: dt.datetime.now(dt.UTC), folder / "none"
    )
    try:
        yield Place(Shift(folder, fleet.socket, ledger=url, engine=url, silence_s=1.0), fleet, ledger, keeper)
    finally:
        ledger.close()


def _killed_at(point: int, server: Postgres | None = None) -> bool:
    """Killed there and gone on with: by the same worker started anew, or by another. False: it has no such point."""
    with place(server) as here:
        before = here.fleet.running()
        approve(here.ledger, plan(KEY, WAVES))
        if here.work(die=point, executor="first" if server else "work") != _SIGKILL:
            return False
        here.work(executor="second" if server else "work")
        here.true(KEY, before)
        kept = here.ledger.get(CHANGES, KEY)
        expect("a change that is done", holds=kept is not None and kept.value.state == "done", seen=kept)
    return True


def _restarted() -> str:
    points = list(itertools.takewhile(_killed_at, itertools.count(1)))
    expect("20 points or more", holds=len(points) >= 20, seen=len(points))
    return f"killed at each of {len(points)} points, started anew: every change went on to its end"


def _taken_over() -> str:
    server = Postgres(STATE)
    try:
        server.start()
        points = list(itertools.takewhile(lambda point: _killed_at(point, server), itertools.count(1, 2)))
    finally:
        server.remove()
    expect("20 points or more", holds=len(points) >= 20, seen=len(points))
    return f"killed at {len(points)} points and never started again: another worker went on to the end"


def _never_again() -> str:
    """The devices are left to themselves; days later a worker finds out what has become of them."""
    for point in itertools.count(5, 6):
        with place() as here:
            before = here.fleet.running()
            approve(here.ledger, plan(KEY, WAVES))
            if here.work(die=point) != _SIGKILL:
                return (
                    f"killed at {point // 6} points and left: each device had its old or its new whole at the deadline"
                )
            here.fleet.advance(_DEADLINE_S)
            armed = [name for name, device in here.fleet.devices.items() if getattr(device.status(), "armed", "?")]
            expect("nothing armed after the deadline", holds=not armed, seen=armed)
            here.work()
            here.true(KEY, before)
    raise AssertionError


def _quick() -> str:
    for point in (3, 30):
        expect("a point to be killed at", holds=_killed_at(point))
    return "killed at 2 points, started anew"


@dataclass(slots=True)
class _Tale:
    """What random kills have come to so far."""

    kills: int = 0
    changes: int = 0
    lies: int = 0
    states: dict[str, int] = field(default_factory=dict)


def random_kills(wanted: int, seed: int) -> int:
    """Kill workers at random over random changes until it is enough; how often something was not as it must be."""
    chance, tale, begun = random.Random(seed), _Tale(), time.monotonic()
    print(f"seed {seed}", flush=True)
    with place() as here:
        while tale.kills < wanted:
            _one_change(here, chance, tale)
            print(f"{tale.kills} kills, {tale.changes} changes, {tale.lies} violations", flush=True)
    told = ", ".join(f"{count} {state}" for state, count in sorted(tale.states.items()))
    print(f"{tale.kills} kills over {tale.changes} changes ({told}) in {time.monotonic() - begun:.0f} s")
    print(f"{tale.lies} violations")
    return 1 if tale.lies else 0


def _one_change(here: Place, chance: random.Random, tale: _Tale) -> None:
    tale.changes += 1
    key, before = f"p-20261123-{tale.changes:04}", here.fleet.running()
    names = chance.sample(_NAMES, chance.randint(1, len(_NAMES)))
    cut = chance.randint(0, len(names) - 1)
    waves = [wave for wave in (names[:cut], names[cut:]) if wave]
    approve(here.ledger, plan(key, waves, before))
    while not _over(here, key):
        if here.work(die=chance.randint(1, 20 * len(names) + 10)) != _SIGKILL:
            continue
        tale.kills += 1
        if chance.random() < 0.2:
            # Nobody starts it again for a while.
            here.fleet.advance(chance.choice([_DEADLINE_S / 3, _DEADLINE_S]))
        torn = [name for name, now in here.fleet.running().items() if not _whole(name, now, before, key)]
        tale.lies += len(torn)
    found = [*lies(here.ledger, here.fleet, key, before), *here.broken()]
    tale.lies += len(found)
    for text in found:
        print(f"VIOLATION {text}", flush=True)
    kept = here.ledger.get(CHANGES, key)
    state = kept.value.state.value if kept else "none"
    tale.states[state] = tale.states.get(state, 0) + 1


def _over(here: Place, key: str) -> bool:
    kept = here.ledger.get(PLANS, key)
    return kept is not None and kept.value.state in ENDED


def _whole(name: str, now: dict[str, str], before: Running, key: str) -> bool:
    intended = plan(key, [[name]]).device(name)
    new = {f"file {file.path}": f"# fosa: mode {file.mode:04o}\n{file.text}" for file in intended.files}
    return now in (before[name], new)


QUICK = (Row("killed at two points", _quick, quick=True),)
ROWS = (
    *QUICK,
    Row("killed everywhere, started anew", _restarted),
    Row("killed, and another takes over", _taken_over),
    Row("killed, and left for days", _never_again),
)
