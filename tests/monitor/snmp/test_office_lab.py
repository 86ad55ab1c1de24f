"""The practice office by SNMP: its gateways are read through the tunnels, and a dead switch is one cause of all."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Thread

import pytest

from inventory.depends import depends_on
from inventory.load import load
from inventory.secrets import SecretStore
from lab import namespace
from lab.practice import Practice
from monitor import words
from monitor.explained import Explaining
from monitor.results import Event, State
from monitor.snmp.model import Polled
from monitor.watch import Listener, Watch, read_keys

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]
_GATEWAYS = ("gw-k", "gw-b", "gw-c")


_SWITCH, _PRINTERS = "sw-c-2", "printers-prn-c"


@dataclass(slots=True)
class Seen:
    """What a watch has told."""

    newest: dict[str, Polled] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    explained: Mapping[str, str] = field(default_factory=dict)

    def silent(self, names: Iterable[str]) -> bool:
        return all(name in self.newest and self.newest[name].state is State.DOWN for name in names)


async def _until(met: Callable[[], bool], seen: Seen) -> None:
    limit = time.monotonic() + 90
    while not met():
        assert time.monotonic() < limit, seen.newest
        await asyncio.sleep(0.05)


def _pulled(practice: Practice, node: str) -> None:
    """The cable of a host pulled out: it loses its carrier and keeps its addresses."""
    plug = practice.topology.opposite(node, "eth0")
    assert plug is not None
    words = ["ip", "link", "set", plug.interface, "down"]
    there = practice.namespace_of(plug.node)
    thread = Thread(target=lambda: namespace.inside(there, lambda: subprocess.run(words, check=True, timeout=20)))
    thread.start()
    thread.join()


@pytest.fixture(scope="module")
def behind(configured: Practice) -> frozenset[str]:
    """The devices that are cabled to a switch."""
    needs = depends_on(configured.office)
    found = (name for name, on in needs.items() if on == (f"device:{_SWITCH}",))
    return frozenset(name.partition(":")[2] for name in found)


@pytest.fixture(scope="module")
def seen(configured: Practice, behind: frozenset[str]) -> Seen:
    """Everything read once; then a switch dies, and what is cabled to it with it."""
    seen = Seen()

    async def follow() -> None:
        office = load(configured.paths.office).require()
        keys = read_keys(office, SecretStore(configured.paths.office))
        listener = Listener(
            on_polled=lambda polled: seen.newest.update({polled.device: polled}), on_events=seen.events.extend
        )
        watch = Watch(office, keys, listener)
        running = asyncio.ensure_future(watch.run())
        wanted = {*_GATEWAYS, *behind, _SWITCH}
        up = {State.UP, State.DEGRADED}
        await _until(lambda: all(name in seen.newest and seen.newest[name].state in up for name in wanted), seen)
        first.update(seen.newest)
        for node in (_SWITCH, _PRINTERS):
            await asyncio.to_thread(_pulled, configured, node)
        await _until(lambda: seen.silent([*behind, _SWITCH]), seen)
        silent = [name for name, polled in seen.newest.items() if polled.state is State.DOWN]
        seen.explained = Explaining.of(office).explained(watch.picture(), silent)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    first: dict[str, Polled] = {}
    manager = configured.namespace_of(configured.office.network.manager)
    thread = Thread(target=lambda: namespace.inside(manager, lambda: asyncio.run(follow())))
    thread.start()
    thread.join()
    return replace(seen, newest=first)


def test_gateways_answer_as_the_inventory_says(seen: Seen) -> None:
    for name in _GATEWAYS:
        polled = seen.newest[name]
        assert (polled.state, str(polled.cause)) == (State.UP, "answers")
        assert polled.figures is not None
        assert polled.figures.name == f"{name}.mops.example"
        assert {"ipsec0", "wan0", "vlan10"} <= {port.name for port in polled.figures.ports}
        assert polled.figures.uptime_s is not None
        assert polled.figures.storages[0].memory


def test_a_dead_switch_is_the_one_cause_of_all_that_is_cabled_to_it(seen: Seen, behind: frozenset[str]) -> None:
    cause = f"device:{_SWITCH}"
    assert len(behind) > 5
    assert {subject: seen.explained.get(subject) for subject in map("device:{}".format, behind)} == {
        f"device:{name}": cause for name in behind
    }
    assert cause not in seen.explained


def test_who_dies_after_the_switch_is_said_to_follow_from_it(seen: Seen, behind: frozenset[str]) -> None:
    down = [event.subject for event in seen.events if event.after is State.DOWN]
    before = set(down[: down.index(f"device:{_SWITCH}")])
    told = {event.subject: words.why(event) for event in seen.events if event.after is State.DOWN}
    later = {f"device:{name}" for name in behind} - before
    assert {told[subject] for subject in later} <= {f"no answer; follows from: device {_SWITCH}"}
    assert {told[subject] for subject in before & {f"device:{name}" for name in behind}} <= {"no answer"}
