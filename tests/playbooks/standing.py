"""A practice office that stands, and what its tests do again and again: change a bundle, push it, compare."""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inventory.model import Access, Office
from inventory.secrets import SecretStore
from lab import office as lab_office
from playbooks.act import Actor, Direct
from playbooks.change import Order, Outcome, change
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Driver, Fetched, Status
from playbooks.outlook import Outlook
from playbooks.plan import plan
from playbooks.verify import Verify, expected_tunnels
from templates.render import Rendered, render

NFTABLES, SWANCTL, SSHD = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf", "/etc/ssh/sshd_config"
TODAY = dt.datetime.now(dt.UTC).date()
Change = Callable[[str], str]
_NOTHING = Outlook()


@dataclass(frozen=True, slots=True)
class Standing:
    """Seen by a test that works from its manager's host."""

    name: str
    state: Path
    office: Office
    folder: Path

    @property
    def secrets(self) -> SecretStore:
        """The secrets of its inventory."""
        return SecretStore(self.folder)

    @property
    def runs(self) -> Path:
        """Where Ansible's private folders are made."""
        return self.state / "runs"

    def access(self, device: str) -> Access:
        """How a gateway is reached."""
        access = self.office.access_to(device)
        assert access is not None
        return access

    def driver(self, device: str, kind: CarrierKind = CarrierKind.SSH) -> Driver:
        """The driver of a gateway."""
        return open_driver(self.office, self.office.device(device), self.secrets, kind, self.runs)

    def bundle(self, device: str) -> Rendered:
        """What a gateway should be."""
        return render(self.office, self.office.device(device), TODAY)

    def order(self, device: str) -> Order:
        """The order to make it so."""
        return Order(device, self.bundle(device), expected_tunnels(self.office, self.office.device(device)))

    def console(self, device: str, script: str) -> str:
        """What a shell at the console of a device says."""
        argv = lab_office.device_command(self.name, self.state, device, ["/bin/sh", "-c", script])
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60).stdout


def changed(bundle: Rendered, path: str, change: Change) -> Rendered:
    """The bundle with one file's text changed."""
    files = (replace(file, text=change(file.text)) if file.path == path else file for file in bundle.files)
    return replace(bundle, files=tuple(files))


def everywhere(bundle: Rendered) -> Rendered:
    """Another line in every managed file; the firewall, the tunnels and the SSH server behave otherwise, too."""
    for file in bundle.files:
        bundle = changed(bundle, file.path, lambda text: f"{text}# more\n")
    bundle = changed(bundle, SSHD, lambda text: text.replace("MaxAuthTries 3", "MaxAuthTries 4"))
    bundle = changed(bundle, SWANCTL, lambda text: text.replace("dpd_delay = 10s", "dpd_delay = 11s"))
    return one_more_table(bundle)


def one_more_table(bundle: Rendered) -> Rendered:
    """A small harmless change of the firewall."""
    return changed(bundle, NFTABLES, lambda text: text + "table inet more { }\n")


def pushed(
    order: Order, driver: Driver, revert_after: int = 30, patience: float = 10.0, outlook: Outlook = _NOTHING
) -> Outcome:
    """What becomes of a push to one device."""
    verify = Verify(patience=patience, outlooks={order.device: outlook})
    return change([[order]], Direct(Actor({order.device: driver}, revert_after, verify)))[order.device]


def running(driver: Driver) -> dict[str, str]:
    """What a device runs, by sections."""
    fetched = driver.fetch()
    assert isinstance(fetched, Fetched), fetched
    return dict(fetched.sections)


def differences(driver: Driver, before: dict[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """What a device runs now and did not before."""
    return [(diff.section, diff.changes) for diff in plan("", before, running(driver)).diffs]


def wait_for(driver: Driver, seconds: float) -> float:
    """How long until a device answers again with nothing armed."""
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        if isinstance(status := driver.status(), Status) and not status.armed:
            return time.monotonic() - begin
        time.sleep(0.2)
    pytest.fail("the device does not come back")
