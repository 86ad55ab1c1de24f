"""The other buildings' lines as the manager sees them from outside: real charons, real rules, through the real hub."""

import asyncio
import dataclasses
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lab import namespace
from lab.practice import Practice
from monitor.probes.base import Outcome
from monitor.probes.exposure import PROBE as EXPOSURE
from monitor.probes.exposure import Line, look
from monitor.probes.ike import PROBE as IKE
from monitor.probes.ike import Responder, examine
from monitor.results import State
from tests.monitor.watching import console

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

_CONNECTIONS = "/etc/swanctl/conf.d/fosa.conf"
_STRONG, _WEAK = "aes256gcm16-prfsha384-ecp384", "aes256-sha1-modp1024"


def test_a_gateway_agrees_to_its_tunnels_proposal_and_to_nothing_weaker_or_older(configured: Practice) -> None:
    for target in IKE.targets(configured.office):
        outcome = _examined(configured, target)
        assert outcome.state is State.UP, outcome
        assert outcome.received.count("NO_PROPOSAL_CHOSEN") == 5


def test_questions_leave_nothing_half_open(configured: Practice) -> None:
    target = next(iter(IKE.targets(configured.office)))
    _examined(configured, target)
    # What gw-b itself has begun, and the star marks its own end, is its tunnel on the way up.
    begun = [line for line in console(configured, "gw-b", "swanctl --list-sas").splitlines() if "CONNECTING" in line]
    assert not [line for line in begun if line.endswith("_r*")]


def test_a_weak_proposal_that_is_taken_is_found(configured: Practice) -> None:
    target = next(iter(IKE.targets(configured.office)))
    with _proposals(configured, f"{_STRONG},{_WEAK}"):
        outcome = _examined(configured, target)
    assert outcome.state is State.DOWN
    assert "too weak" in str(outcome.cause)


def test_a_proposal_that_is_no_longer_taken_is_found(configured: Practice) -> None:
    target = next(iter(IKE.targets(configured.office)))
    with _proposals(configured, "aes256gcm16-prfsha384-ecp521"):
        outcome = _examined(configured, target)
    assert outcome.state is State.DOWN
    assert _STRONG in str(outcome.cause)


def test_no_port_of_a_gateway_is_open_until_somebody_opens_one(configured: Practice) -> None:
    target = _few(next(iter(EXPOSURE.targets(configured.office))))
    assert _looked(configured, target).state is State.UP
    opened = 'nft insert rule inet fosa input iifname "wan0" tcp dport 22 accept'
    handle = console(
        configured, "gw-b", f"{opened} && nft -a list chain inet fosa input | grep -o 'handle [0-9]*$' | sed -n 2p"
    )
    listening = configured.device("gw-b").enter(
        ["/bin/sh", "-c", "exec python3 -m http.server --bind 198.51.100.20 22"]
    )
    server = subprocess.Popen(listening, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert handle.startswith("handle")
        outcome = _opened(configured, target)
    finally:
        server.kill()
        server.wait()
        console(configured, "gw-b", f"nft delete rule inet fosa input {handle}")
    assert outcome.state is State.DOWN
    assert "TCP port 22" in str(outcome.cause)


def test_a_line_that_is_gone_shows_nothing(configured: Practice) -> None:
    target = dataclasses.replace(_few(next(iter(EXPOSURE.targets(configured.office)))), ports=(22,))
    console(
        configured,
        "gw-b",
        "nft add table ip gone; nft 'add chain ip gone in { type filter hook prerouting priority -400; policy drop; }'",
    )
    try:
        assert _looked(configured, target).state is State.UNKNOWN
    finally:
        console(configured, "gw-b", "nft delete table ip gone")


def _few(target: Line) -> Line:
    return dataclasses.replace(target, ports=(22, 443))


def _examined(practice: Practice, target: Responder) -> Outcome:
    return namespace.inside(_manager(practice), lambda: asyncio.run(examine(target)))


def _looked(practice: Practice, target: Line) -> Outcome:
    return namespace.inside(_manager(practice), lambda: asyncio.run(look(target)))


def _opened(practice: Practice, target: Line) -> Outcome:
    """Once the server is there."""
    outcome = _looked(practice, target)
    for _try in range(10):
        if outcome.state is State.DOWN:
            break
        outcome = _looked(practice, target)
    return outcome


def _manager(practice: Practice) -> str:
    return practice.namespace_of(practice.office.network.manager)


@contextmanager
def _proposals(practice: Practice, wanted: str) -> Iterator[None]:
    """The spoke's charon with other proposals loaded; the tunnel that stands stays."""
    console(practice, "gw-b", f"cp {_CONNECTIONS} /etc/kept && sed -i 's/{_STRONG}/{wanted}/' {_CONNECTIONS}")
    console(practice, "gw-b", "swanctl --load-conns")
    try:
        yield
    finally:
        console(practice, "gw-b", f"cp /etc/kept {_CONNECTIONS} && rm /etc/kept && swanctl --load-conns")
