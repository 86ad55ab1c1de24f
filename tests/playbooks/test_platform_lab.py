"""TLS to the platform through a real gateway: what a change leaves as it was, and what is taken back."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office
from lab import office as lab_office
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Failed, Restored, change
from playbooks.outlook import Outlook, look, outlooks
from playbooks.verify import Verify
from templates.render import Rendered
from tests.playbooks.network import network_of
from tests.playbooks.standing import (
    NFTABLES,
    TODAY,
    Standing,
    changed,
    differences,
    one_more_table,
    pushed,
    running,
)

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

HUB = "gw-k"
ENDPOINT = IPv4Address("192.0.2.80")
TLS = f"TLS ws.mpips.gov.pl:443 ({ENDPOINT})"
FLOW = """to: ["channel:csizs", "channel:portal"]"""
SHORT_ONLY = f"""table inet more {{
  chain c {{ type filter hook forward priority -300; ip saddr {ENDPOINT} tcp sport 443 meta length > 400 drop; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Platform:
    """The practice office whose manager may speak to the platform, whose stand-in answers."""

    now: Standing
    without: Office
    """The office without what allows it."""

    @property
    def outlook(self) -> Outlook:
        """What a change of the hub must leave as it is."""
        return outlooks(self.now.office, [self.now.office.device(HUB)], TODAY)[HUB]


@pytest.fixture(scope="module")
def platform(standing: Standing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The test is on the manager's host."""
    status = lab_office.status(standing.name, standing.state)
    assert status is not None
    with network_of(status.node(status.manager).namespace):
        yield Platform(standing, denying(standing.folder, tmp_path_factory.mktemp("office")))


def denying(folder: Path, copied: Path) -> Office:
    """The office whose manager may speak to the portal only."""
    shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("secrets"), dirs_exist_ok=True)
    flows = copied / "flows.yaml"
    text = flows.read_text()
    assert text.count(FLOW) == 1
    flows.write_text(text.replace(FLOW, 'to: ["channel:portal"]'))
    return load(copied).require()


def await_tls(outlook: Outlook) -> None:
    until = time.monotonic() + 20
    while TLS not in look(outlook, {TLS}):
        assert time.monotonic() < until, "no TLS to the platform"


def test_a_change_that_leaves_tls_as_it_was_is_confirmed(platform: Platform) -> None:
    await_tls(platform.outlook)
    held: list[frozenset[str]] = []
    bundle = one_more_table(platform.now.bundle(HUB))
    # What was held before is known to whoever keeps the confirmed text, and was looked at again by then.
    actor = Actor(
        {HUB: platform.now.driver(HUB)},
        verify=Verify(20, outlooks={HUB: platform.outlook}),
        on_confirmed=lambda done, _sections: held.append(done.ready.held if done.ready else frozenset()),
    )
    outcomes = change([[replace(platform.now.order(HUB), bundle=bundle)]], Direct(actor))
    assert outcomes == {HUB: Changed()}
    assert TLS in held[0]
    await_tls(platform.outlook)


def without_the_flow(platform: Platform) -> Rendered:
    return replace(platform.now, office=platform.without).bundle(HUB)


def only_short_packets(platform: Platform) -> Rendered:
    """TCP is accepted still, and no certificate comes through."""
    return changed(platform.now.bundle(HUB), NFTABLES, lambda text: text + SHORT_ONLY)


@pytest.mark.parametrize("make", [without_the_flow, only_short_packets])
def test_a_change_that_lets_no_tls_out_is_taken_back(platform: Platform, make: Callable[[Platform], Rendered]) -> None:
    await_tls(platform.outlook)
    driver, before = platform.now.driver(HUB), running(platform.now.driver(HUB))
    order = replace(platform.now.order(HUB), bundle=make(platform))
    outcome = pushed(order, driver, 60, patience=1, outlook=platform.outlook)
    assert isinstance(outcome, Failed)
    reason = f"could be reached before, and cannot be now: {TLS}"
    assert (str(outcome.reason), outcome.restored) == (reason, Restored.YES)
    assert differences(driver, before) == []
    await_tls(platform.outlook)
