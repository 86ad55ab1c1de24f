"""A gateway's line listened to over the read account: nothing leaves it in clear until somebody opens it by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lab.practice import Practice
from monitor.results import State
from tests.monitor.hearing import listened
from tests.monitor.watching import Watching, console, watching

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def watched(configured: Practice) -> Iterator[Watching]:
    """Its echo requests are what could leak."""
    with watching(configured) as one:
        yield one


def test_a_guarded_line_leaks_nothing_with_the_tunnel_up_and_down(configured: Practice, watched: Watching) -> None:
    for line in ("k-isp1", "b-isp1"):
        outcome = listened(configured, line)
        assert outcome.state is State.UP, outcome
    with _tunnel_down(configured):
        outcome = listened(configured, "k-isp1")
        assert outcome.state is State.UP, outcome
        assert listened(configured, "b-isp1").state is State.UNKNOWN, "it is reached through the tunnel"


def test_a_guard_opened_by_hand_is_found_within_one_listening(configured: Practice, watched: Watching) -> None:
    with _guard_open(configured), _tunnel_down(configured):
        outcome = listened(configured, "k-isp1")
    assert outcome.state is State.DOWN, outcome
    assert "10.64.16.1 icmp" in str(outcome.cause)


def test_a_canary_is_known_behind_any_address(configured: Practice, watched: Watching) -> None:
    """Somebody translates what the tunnel should carry: no protected address is left to be seen."""
    rules = (
        "table ip hidden { chain in { type filter hook prerouting priority -350; "
        "ip daddr 10.64.16.1 icmp type echo-request ip daddr set 203.0.113.9; }; }"
    )
    console(configured, "gw-k", f"nft '{rules}'")
    try:
        with _guard_open(configured, "ip daddr 203.0.113.9 icmp type echo-request accept"):
            outcome = listened(configured, "k-isp1")
    finally:
        console(configured, "gw-k", "nft delete table ip hidden")
    assert outcome.state is State.DOWN, outcome
    assert "203.0.113.9 icmp" in str(outcome.cause)


@contextmanager
def _tunnel_down(practice: Practice) -> Iterator[None]:
    console(practice, "gw-b", "systemctl stop strongswan")
    try:
        yield
    finally:
        console(practice, "gw-b", "systemctl start strongswan")


@contextmanager
def _guard_open(practice: Practice, rule: str = "ip daddr 10.64.16.0/20 accept") -> Iterator[None]:
    """Typed by hand: a route past the tunnel, and rules that let through what is to stay inside."""
    script = f"""
nft insert rule inet fosa guard {rule}
nft insert rule inet fosa guard_sender accept
ip route add 10.64.16.0/20 via 203.0.113.9 metric 5000
"""
    kept = console(practice, "gw-k", f"nft list ruleset > /run/kept.nft; {script}")
    assert kept == ""
    try:
        yield
    finally:
        console(practice, "gw-k", "ip route del 10.64.16.0/20 via 203.0.113.9 metric 5000")
        console(practice, "gw-k", "(echo flush ruleset; cat /run/kept.nft) | nft -f -")
