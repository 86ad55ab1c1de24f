"""A watch of a practice office, on its manager's host, inside a test's own process."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from inventory.load import load
from inventory.secrets import SecretStore
from lab import namespace
from lab.practice import Practice
from monitor.results import EndReading, Event, Reason, State, TunnelReading, Watched
from monitor.watch import Listener, Watch, read_keys

__all__ = ["Watching", "watching"]


class Watching:
    """What a watch has told so far."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self.pictures: list[tuple[float, Watched]] = []
        self.events: list[Event] = []
        self.watch: Watch | None = None
        self._stop: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Watch until `stop`; in a thread of its own."""
        namespace.inside(
            self._practice.namespace_of(self._practice.office.network.manager), lambda: asyncio.run(self._run())
        )

    def stop(self) -> None:
        self._stop()

    def until(self, condition: Callable[[Watched], bool], seconds: float = 20.0) -> Watched:
        """The first picture from now on that is so."""
        seen, limit = len(self.pictures), time.monotonic() + seconds
        while time.monotonic() < limit:
            for _at, picture in self.pictures[seen:]:
                seen += 1
                if condition(picture):
                    return picture
            time.sleep(0.01)
        raise AssertionError(self.pictures[-1][1].model_dump_json(indent=1))

    def well(self) -> Watched:
        """A picture in which everything is up, or was only cut too often by the tests before."""
        return self.until(lambda seen: all(state is State.UP for state in states(_without_churn(seen)).values()), 40)

    @contextmanager
    def noting(self) -> Iterator[list[tuple[str, State, State]]]:
        """What changes its state meanwhile, once all is well; of what probes find, nothing."""
        self.well()
        begun = len(self.events)
        noted: list[tuple[str, State, State]] = []
        yield noted
        found = [event for event in self.events[begun:] if not event.subject.startswith("probe:")]
        noted += [(event.subject, event.before, event.after) for event in found]

    async def _run(self) -> None:
        # The lab's own inventory knows the host keys.
        office = load(self._practice.paths.office).require()
        heard = Listener(
            on_picture=lambda watched: self.pictures.append((time.monotonic(), watched)),
            on_events=self.events.extend,
        )
        self.watch = Watch(office, read_keys(office, SecretStore(self._practice.paths.office)), heard)
        task, loop = asyncio.ensure_future(self.watch.run()), asyncio.get_running_loop()

        def stop() -> None:
            loop.call_soon_threadsafe(task.cancel)

        self._stop = stop
        await asyncio.gather(task, return_exceptions=True)


@contextmanager
def watching(practice: Practice) -> Iterator[Watching]:
    """A watch that has seen everything up."""
    one = Watching(practice)
    thread = Thread(target=one.run)
    thread.start()
    try:
        one.until(lambda _picture: True)
        one.well()
        yield one
    finally:
        one.stop()
        thread.join()


def _without_churn(seen: Watched) -> Watched:
    tunnels = tuple(
        tunnel.model_copy(update={"state": State.UP}) if tunnel.reason is Reason.CHURN else tunnel
        for tunnel in seen.tunnels
    )
    return seen.model_copy(update={"tunnels": tunnels})


def states(seen: Watched) -> dict[str, State]:
    """Every state of a picture, by its subject."""
    found = {f"tunnel:{tunnel.tunnel}": tunnel.state for tunnel in seen.tunnels}
    found |= {f"end:{tunnel.tunnel}/{end.device}": end.state for tunnel in seen.tunnels for end in tunnel.ends}
    found |= {f"link:{link.link}": link.state for link in seen.links}
    return found | {f"device:{device.device}": device.state for device in seen.devices}


def tunnel(seen: Watched, name: str) -> TunnelReading:
    """One tunnel of a picture."""
    return next(tunnel for tunnel in seen.tunnels if tunnel.tunnel == name)


def end(seen: Watched, name: str, device: str) -> EndReading:
    """One end of it."""
    return next(end for end in tunnel(seen, name).ends if end.device == device)


def console(practice: Practice, device: str, script: str) -> str:
    """What a shell at the console of a device says."""
    argv = practice.device(device).enter(["/bin/sh", "-c", script])
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60).stdout


def internet(practice: Practice, *words: str) -> str:
    """What `ip` says in the network of the provider."""
    argv = ["ip", "-n", practice.namespace_of("internet"), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout
