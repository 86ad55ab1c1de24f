"""An emulated switch of Piła, as a person leaves it for fosa, and one push to it by the change engine."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from inventory.load import load
from inventory.model import Access, Login, Office, Platform
from inventory.secrets import SecretStore
from inventory.sentence import Sentence
from lab.devices.box import Box
from lab.devices.mischief import Mischief
from lab.devices.platforms import EMULATED
from lab.devices.serve import Emulated
from lab.folder import OfficeFolder
from lab.paths import LabPaths
from lab.switches import first
from playbooks.act import Actor, Direct
from playbooks.change import change
from playbooks.drivers.base import Fetched, Sections, Staged, Status
from playbooks.drivers.cli.driver import CliDriver, Place
from playbooks.drivers.cli.mask import marker
from playbooks.drivers.switches import DIALECTS
from playbooks.order import Order, Outcome
from playbooks.verify import Verify
from templates.render import Rendered, render
from tests.playbooks.switched import Powered, switched_on

__all__ = ["Bench", "Push", "standing"]

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
SWITCHES = {
    Platform.CISCO_IOS: "sw-k-1",
    Platform.ARUBA_AOSCX: "sw-k-2",
    Platform.HP_PROCURVE: "sw-k-3",
    Platform.JUNIPER_JUNOS: "sw-k-4",
    Platform.MIKROTIK_ROUTEROS: "sw-k-5",
}
READ = "file:secrets/switches-read"
WRITE = "file:secrets/switches-write"
LOCAL = "file:secrets/switches-local"


@dataclass(frozen=True)
class Push:
    """How a push goes."""

    mischief: Mischief = field(default_factory=Mischief)
    """From before the first question until the push is over."""
    minute_s: float = 60.0
    """Seconds of the clock for a minute of the device's timers."""
    patience: float = 20.0
    """Seconds of verifying."""
    worse: str = ""
    """What the rules say of what runs then; empty: nothing."""
    login: dict[str, object] = field(default_factory=dict)
    """What is otherwise with both accounts."""
    host_key: str = ""
    """Which one is pinned; empty: the device's."""


@dataclass(frozen=True)
class Bench:
    """A switch that is on."""

    office: Office
    name: str
    device: Emulated
    powered: Powered
    secrets: SecretStore
    folder: Path
    login: dict[str, object]
    """What is otherwise with both accounts of this switch."""

    @property
    def bundle(self) -> Rendered:
        """What the inventory says."""
        return render(self.office, self.office.device(self.name), dt.datetime.now(dt.UTC).date())

    def push(self, how: Push) -> Outcome:
        """Once, with the device misbehaving."""
        driver = self.driver(how)
        self.device.mischief = how.mischief
        try:
            verify = Verify(how.patience, judge=lambda _device, _sections: _sentence(how.worse))
            actor = Actor({self.name: driver}, 60, verify)
            return change([[Order(self.name, self.bundle)]], Direct(actor))[self.name]
        finally:
            self.device.mischief = Mischief()

    def driver(self, how: Push | None = None) -> CliDriver:
        """As the office's change would use it."""
        wish = how or Push()
        server, device = self.powered.server, self.office.device(self.name)
        key = wish.host_key or server.host_key.export_public_key().decode().strip()
        read, write = (
            Login(
                address=IPv4Address(server.address), port=server.port, user=f"fosa-{role}", host_key=key, key=ref
            ).model_copy(update={**self.login, **wish.login})
            for role, ref in (("read", READ), ("write", WRITE))
        )
        assert device.platform is not None
        assert self.office.switching is not None
        mark = marker(self.secrets, self.office.switching.mask_key)
        access = Access(device=self.name, read=read, write=write)
        return CliDriver(Place(device, access, self.secrets, self.folder, mark), DIALECTS[device.platform])

    def text(self) -> Sections | None:
        """What runs; None while it does not answer."""
        found = self.driver().fetch()
        return found.sections if isinstance(found, Fetched) else None

    def intended(self) -> Sections:
        """What would run after a good push."""
        staged = self.driver().normal(self.bundle)
        assert isinstance(staged, Staged), staged
        return staged.sections

    def armed(self) -> bool:
        """Whether a change waits for its confirmation, or nobody can say."""
        status = self.driver().status()
        return not isinstance(status, Status) or bool(status.armed)

    def restart(self) -> None:
        """From what it has saved."""
        done: Future[None] = Future()

        def boot() -> None:
            try:
                self.device.boot()
            except Exception as error:  # noqa: BLE001  carried over to whoever asked
                done.set_exception(error)
            else:
                done.set_result(None)

        self.powered.call(boot)
        done.result()


@contextmanager
def standing(platform: Platform, how: Push, *, enable: bool = False) -> Iterator[Bench]:
    """The switch of that platform, on a port of 127.0.0.1; with `enable` an IOS whose accounts begin without rights."""
    with tempfile.TemporaryDirectory(prefix="fosa-fault-") as folder:
        paths = LabPaths.of("faults", Path(folder))
        OfficeFolder(paths.office).create(PILA)
        office = load(paths.office).require()
        OfficeFolder(paths.office).make_secrets(office)
        name = SWITCHES[platform]
        order = next(each for each in first.orders(office, paths, "") if each.name == name)
        factory = _without_rights(order.factory, [*order.radius]) if enable else order.factory
        box = Box(order.disk, factory, order.hashes, order.radius, minute_s=how.minute_s)
        device = EMULATED[platform](box)
        login: dict[str, object] = {"key": LOCAL, "enable": LOCAL} if enable else {}
        with switched_on(device) as powered:
            yield Bench(office, name, device, powered, SecretStore(paths.office), Path(folder) / "candidates", login)


def _without_rights(text: str, users: list[str]) -> str:
    """Local accounts of the lowest level, whose password is the privileged mode's."""
    (stored,) = re.findall(r"^username \S+ .* secret 9 (\S+)$", text, re.MULTILINE)
    local = "".join(f"username {user} privilege 1 secret 9 {stored}\n" for user in users)
    bare = re.sub(r"^(?:aaa|radius).*\n(?: .*\n)*|^enable .*\n", "", text, flags=re.MULTILINE)
    return bare.replace("hostname", f"enable secret 9 {stored}\n{local}hostname", 1)


def _sentence(text: str) -> Sentence | None:
    return Sentence(text=text) if text else None
