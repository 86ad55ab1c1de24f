"""Devices in memory that outlive whoever changes them: they live in the test's process, reached over a Unix socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import cast

from playbooks.drivers.base import Driver
from playbooks.drivers.memory import MemoryDriver

__all__ = ["Fleet", "reach"]

_KEY = b"a test's own devices"
_VERBS = ("fetch", "normal", "status", "stage", "commit", "confirm", "revert", "discard")


class Fleet:
    """The devices by name, each a real MemoryDriver; `advance` lets their time pass."""

    def __init__(self, socket: Path, running: Mapping[str, Mapping[str, str]]) -> None:
        self._ahead = 0.0
        self.devices = {name: MemoryDriver(dict(sections), clock=self._now) for name, sections in running.items()}
        self.socket = socket

        class Manager(BaseManager):
            pass

        Manager.register("device", self.devices.__getitem__, exposed=_VERBS)
        self._server = Manager(str(socket), _KEY).get_server()
        threading.Thread(target=self._serve, daemon=True).start()

    def advance(self, seconds: float) -> None:
        """Let the devices' time pass, and each dead-man act that has to."""
        self._ahead += seconds
        for device in self.devices.values():
            device.status()

    def running(self) -> dict[str, dict[str, str]]:
        """What each device runs, once its dead-man has had his say."""
        for device in self.devices.values():
            device.status()
        return {name: dict(device.running) for name, device in self.devices.items()}

    def _now(self) -> float:
        return time.monotonic() + self._ahead

    def _serve(self) -> None:
        try:
            self._server.serve_forever()
        except SystemExit:
            # How a manager's server says that it has come to its end.
            return


def reach(socket: Path) -> Callable[[str], Driver]:
    """The devices by name, from another process."""

    class Manager(BaseManager):
        pass

    Manager.register("device", exposed=_VERBS)
    manager = Manager(str(socket), _KEY)
    manager.connect()
    return cast(Callable[[str], Driver], getattr(manager, "device"))  # noqa: B009  registered above
