"""Faults of tunnels and of the lines they take."""

from __future__ import annotations

from blackbox import Question
from breaking import Fault

from bench.acts import ESP, IKE, dropped, kill, let_through, put_back, rewritten, shell, start, then

__all__ = ["BEHIND", "FAULTS", "GIVEN_UP", "PING", "UNSEEN"]

_TUNNEL, _HUB, _SPOKE = "k-b", "gw-k", "gw-b"
_FAR_TUNNEL, _FAR, _FAR_ESP = "k-platform", "far-k-platform", "ip saddr 192.0.2.10 udp dport 4500"
_FROM_SPOKE = "ip saddr { 198.51.100.20, 198.51.100.132 }"
"""By whichever of its lines."""
PING = Question("icmp", "10.64.16.1")
_AT_ONCE, UNSEEN = "at once", "cannot see"
GIVEN_UP = f"{sum(4.0 * 1.8**n for n in range(6)):.0f} s after it asks (computed)"
"""charon sends a DELETE when it is stopped. Else a peer is given up once a request has been sent again five times, the
first after 4 s and each 1.8 times as late as the one before (strongswan.conf, charon.retransmit_*); and as shipped
nothing is asked before the next rekeying (swanctl.conf, dpd_delay is 0)."""
BEHIND = r"probe:[a-z-]+:.*(gw-b|b-isp1|b-lte|k-b)\b.*|probe:ntp:office|probe:public-address:k-isp[12]"
"""What is asked through the tunnel, or of its far end."""

FAULTS = (
    Fault(
        name=f"charon of {_SPOKE} killed",
        breaks=kill(_SPOKE, "KILL"),
        mends=start(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        cause="far_end_silent",
        follows=BEHIND,
        box=PING,
        charon=GIVEN_UP,
    ),
    Fault(
        name=f"charon of {_SPOKE} stopped",
        breaks=kill(_SPOKE, "TERM"),
        mends=start(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        cause="no_sa",
        follows=BEHIND,
        box=PING,
        charon=_AT_ONCE,
        quick=True,
    ),
    Fault(
        name="black hole of ESP only",
        breaks=then(dropped(f"{_FROM_SPOKE} {ESP}", _HUB), dropped(ESP, _SPOKE)),
        mends=let_through(_HUB, _SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        cause="one_way",
        follows=BEHIND,
        box=PING,
        charon=UNSEEN,
        quick=True,
    ),
    Fault(
        name="black hole of IKE only, when a rekeying is due",
        breaks=then(dropped(IKE, _SPOKE), shell(_HUB, f"(swanctl --rekey --child {_TUNNEL}) >/dev/null")),
        mends=let_through(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        states=("degraded",),
        cause="ike_silent",
        box=PING,
        charon=GIVEN_UP,
    ),
    Fault(
        name=f"one way: nothing arrives at {_SPOKE}",
        breaks=dropped("udp dport 4500", _SPOKE),
        mends=let_through(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        # What it still sends comes out here: only itself could tell that nothing comes in.
        cause="far_end_silent",
        follows=BEHIND,
        box=PING,
        charon=GIVEN_UP,
    ),
    Fault(
        name=f"one way: nothing arrives at {_HUB}",
        breaks=dropped(f"{_FROM_SPOKE} udp dport 4500", _HUB),
        mends=let_through(_HUB),
        subject=f"tunnel:{_TUNNEL}",
        cause="one_way",
        follows=BEHIND,
        box=PING,
        charon=GIVEN_UP,
    ),
    Fault(
        name="10 % loss",
        breaks=dropped("udp dport 4500 numgen random mod 10 0", _SPOKE),
        mends=let_through(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        states=("degraded",),
        cause="lossy",
        follows=BEHIND,
        box=PING,
        charon=UNSEEN,
        lasts=False,
    ),
    Fault(
        name="30 % loss",
        breaks=dropped("udp dport 4500 numgen random mod 10 < 3", _SPOKE),
        mends=let_through(_SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        states=("degraded", "down"),
        cause="lossy",
        follows=BEHIND,
        box=PING,
        charon=UNSEEN,
        lasts=False,
    ),
    Fault(
        name="other networks than written",
        breaks=rewritten(_TUNNEL, r"s,10\.64\.16\.0/20,10.64.16.0/21,", _SPOKE, _SPOKE),
        mends=put_back(_TUNNEL, _SPOKE, _SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        states=("degraded",),
        cause="different: networks",
        follows=BEHIND,
        charon=UNSEEN,
        lasts=False,
    ),
    Fault(
        name="weak algorithms negotiated",
        breaks=rewritten(_TUNNEL, "s/aes256gcm16-ecp384/aes128-sha1-modp2048/", _SPOKE, _HUB, _SPOKE),
        mends=put_back(_TUNNEL, _SPOKE, _HUB, _SPOKE),
        subject=f"tunnel:{_TUNNEL}",
        states=("degraded",),
        cause="different: (ike_algorithms|child_algorithms)(, child_algorithms)?",
        follows=BEHIND,
        charon=UNSEEN,
        lasts=False,
    ),
    Fault(
        name="far gateway that is not ours killed",
        breaks=kill(_FAR, "KILL"),
        mends=start(_FAR),
        subject=f"tunnel:{_FAR_TUNNEL}",
        cause="ike_silent",
        charon=GIVEN_UP,
    ),
    Fault(
        name="nothing arrives any more from a far end that is not ours",
        breaks=dropped(_FAR_ESP, _HUB),
        mends=let_through(_HUB),
        subject=f"tunnel:{_FAR_TUNNEL}",
        cause="ike_silent",
        charon=GIVEN_UP,
    ),
)
