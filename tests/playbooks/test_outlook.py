"""What is seen beyond a device: real listeners on loopback, and the flows of the inventory."""

import datetime as dt
import socket
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from inventory.load import load
from inventory.model import Office
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Failed, Order, Outcome, Restored, change
from playbooks.drivers.base import Armed, Bundle, Failure, TunnelStatus
from playbooks.drivers.memory import MemoryDriver
from playbooks.outlook import Outlook, Sight, look, outlooks
from playbooks.verify import Verify
from tests.playbooks.listening import HOME, listening, secured

TODAY = dt.date(2026, 11, 22)
OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}


def pila() -> Office:
    return load(Path("inventory/examples/pila"), TODAY).require()


def closed() -> int:
    """A port where nobody listens."""
    with socket.create_server((str(HOME), 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_sees_what_answers_and_how(tmp_path: Path) -> None:
    with listening() as plain, listening(secured(tmp_path)) as secure:
        sights = (
            Sight("plain", HOME, plain),
            Sight("secure", HOME, secure, tls=True),
            Sight("no TLS there", HOME, plain, tls=True),
            Sight("nobody", HOME, closed()),
        )
        assert look(Outlook(sights)) == {"plain", "secure"}
        assert look(Outlook(sights), {"secure"}) == {"secure"}
    assert look(Outlook()) == frozenset()


def test_looks_where_the_inventory_lets_the_manager_go() -> None:
    office = pila()
    seen = outlooks(office, office.managed, TODAY)
    names = {device: {sight.name for sight in outlook.sights} for device, outlook in seen.items()}
    assert names["gw-b"] == names["sw-b-3"] == {f"sw-b-{number} tcp/22" for number in (1, 2, 3)}
    assert {"backup-k tcp/22", "sw-b-1 tcp/22", "sw-c-1 tcp/22"} <= names["gw-k"]
    # A platform is looked at where a flow lets the manager speak to it, and by the building that its way leads through.
    assert {sight.port for sight in seen["gw-k"].sights if sight.tls} == {443}
    assert not [sight for sight in seen["gw-b"].sights if sight.tls]
    flows = tuple(flow for flow in office.flows if flow.name != "watch-platform")
    silent = office.model_copy(update={"flows": flows})
    assert not [sight for sight in outlooks(silent, silent.managed, TODAY)["gw-k"].sights if sight.tls]


def pushed(device: MemoryDriver, new: Bundle, outlook: Outlook) -> Outcome:
    actor = Actor({"gw-b": device}, 60, Verify(0, outlooks={"gw-b": outlook}))
    return change([[Order("gw-b", new, frozenset({"k-b"}))]], Direct(actor))["gw-b"]


def test_what_could_be_reached_and_cannot_be_takes_the_change_back(new: Bundle) -> None:
    class Shutting(MemoryDriver):
        """Shuts the printer out with its change."""

        def commit(self, token: str, revert_after: int) -> Armed | Failure:
            printer.close()
            return MemoryDriver.commit(self, token, revert_after)

    with ExitStack() as printer:
        outlook = Outlook((Sight("printer", HOME, printer.enter_context(listening())), Sight("none", HOME, closed())))
        assert pushed(MemoryDriver(OLD), new, outlook) == Changed()
        device = Shutting(OLD)
        outcome = pushed(device, new, outlook)
    assert isinstance(outcome, Failed)
    assert str(outcome.reason) == "could be reached before, and cannot be now: printer"
    assert (outcome.restored, device.running) == (Restored.YES, OLD)


@dataclass(slots=True)
class Counting(MemoryDriver):
    """Counts packets with every question that comes through its tunnel."""

    mute: bool = False
    packets: int = 0

    def _up(self) -> dict[str, TunnelStatus]:
        self.packets += 0 if self.mute and self.running != OLD else 1
        up = MemoryDriver._up(self)
        return {name: replace(tunnel, received=self.packets, sent=9 + self.packets) for name, tunnel in up.items()}


def test_a_tunnel_through_which_nothing_comes_back_takes_the_change_back(new: Bundle) -> None:
    assert pushed(Counting(OLD, ("k-b",)), new, Outlook()) == Changed()
    device = Counting(OLD, ("k-b",), mute=True)
    outcome = pushed(device, new, Outlook())
    assert isinstance(outcome, Failed)
    assert str(outcome.reason) == "nothing comes back through: k-b"
    assert (outcome.restored, device.running) == (Restored.YES, OLD)
