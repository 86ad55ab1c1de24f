"""An emulated switch of Piła, as a person leaves it for fosa, and one push to it by the change engine."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from misbehaving import WRITES

from inventory.load import load
from inventory.model import Access, Login, Office, Platform
from inventory.secrets import SecretStore
from inventory.sentence import Sentence
from lab.devices.box import Box
from lab.devices.mikrotik_routeros.device import Routeros
from lab.devices.mischief import Mischief, matches
from lab.devices.platforms import EMULATED
from lab.devices.serve import Emulated
from lab.devices.timer import RevertTimer
from lab.folder import OfficeFolder
from lab.paths import LabPaths
from lab.switches import first
from lab.switches.order import On
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

__all__ = ["Bench", "Kept", "Push", "standing"]

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
OPERATOR = "fosa-operator"


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
    meanwhile: Callable[[Bench], None] = lambda _bench: None
    """Done by somebody while it is verified."""


@dataclass(frozen=True)
class Kept:
    """What a device has, asked of itself and not by fosa's drivers; comparable."""

    running: str
    saved: str


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
        self.device.box.heard.clear()
        self.device.mischief = how.mischief

        def judge(_device: str, _sections: Sections) -> Sentence | None:
            how.meanwhile(self)
            return Sentence(text=how.worse) if how.worse else None

        try:
            verify = Verify(how.patience, judge=judge)
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

    @property
    def platform(self) -> Platform:
        """Its own."""
        found = self.office.device(self.name).platform
        assert found is not None
        return found

    def kept(self) -> Kept:
        """What it runs and what it has saved."""
        texts = (self.device.text(), self.device.box.saved or "")
        whole = self.platform in {Platform.JUNIPER_JUNOS, Platform.MIKROTIK_ROUTEROS}
        return Kept(*(text if whole else DIALECTS[self.platform].normal(text) for text in texts))

    def differs(self, before: Kept) -> str:
        """From what it had."""
        now, lines = self.kept(), [f"armed: {self.armed()}"]
        for then, text in ((before.running, now.running), (before.saved, now.saved)):
            lines += difflib.unified_diff(then.splitlines(), text.splitlines(), "before", "now", n=0, lineterm="")
        return "\n".join(lines)

    def written(self) -> list[str]:
        """What it was told in the last push that was more than a question."""
        return [line for line in self.device.box.heard if matches(WRITES[self.platform], line)]

    def left(self) -> list[str]:
        """Files of a change on its disk: with secrets, or to be taken for a change that waits."""
        names = [path.name for path in self.device.box.disk.rglob("*") if path.is_file()]
        return [name for name in names if matches(r"merge_config|^checkpoint-fosa|\.backup$", name)]

    def unhurried(self) -> None:
        """From now on a minute takes a minute."""
        self.device.box.minute_s = 60.0
        if not isinstance(self.device, Routeros):
            timer: RevertTimer = getattr(self.device, "timer")  # noqa: B009  all but RouterOS have one
            timer.scale = 1.0

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
        device = EMULATED[platform](_box(order, how.minute_s, enable=enable))
        # As a person leaves it: what runs is saved.
        device.box.save(device.text())
        login: dict[str, object] = {"key": LOCAL, "enable": LOCAL} if enable else {}
        if enable and platform is Platform.HP_PROCURVE:
            login["user"] = OPERATOR
        with switched_on(device) as powered:
            yield Bench(office, name, device, powered, SecretStore(paths.office), Path(folder) / "candidates", login)


def _box(order: On, minute_s: float, *, enable: bool) -> Box:
    if not enable:
        return Box(order.disk, order.factory, order.hashes, order.radius, minute_s=minute_s)
    ((stored, password),) = ((each, order.hashes[each]) for each in order.hashes if each in order.factory)
    radius = {OPERATOR: password, **dict.fromkeys(order.radius, password)}
    text = _LESS[order.platform](order.factory, stored, [*order.radius])
    return Box(order.disk, text, order.hashes, radius, minute_s=minute_s)


def _ios_without_rights(text: str, stored: str, users: list[str]) -> str:
    """Local accounts of the lowest level, whose password is the privileged mode's."""
    local = "".join(f"username {user} privilege 1 secret 9 {stored}\n" for user in users)
    bare = re.sub(r"^(?:aaa|radius).*\n(?: .*\n)*|^enable .*\n", "", text, flags=re.MULTILINE)
    return bare.replace("hostname", f"enable secret 9 {stored}\n{local}hostname", 1)


def _procurve_operator(text: str, stored: str, _users: list[str]) -> str:
    """An operator, whose password is the manager's."""
    bare = re.sub(r"^(?:aaa|radius).*\n", "", text, flags=re.MULTILINE)
    mine = f'password operator user-name "{OPERATOR}" sha256 "{stored}"\n'
    return bare.replace("password manager", f"{mine}password manager", 1)


_LESS: Mapping[Platform, Callable[[str, str, list[str]], str]] = {
    Platform.CISCO_IOS: _ios_without_rights,
    Platform.HP_PROCURVE: _procurve_operator,
}
