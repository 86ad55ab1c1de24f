"""The ways in which `bench.cuts` breaks a practice office, how each is mended, and what tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.acts import IKE, Act, dropped, kill, let_through, put_back, rewritten, shell, start, then
from bench.readers import Fragments, Series
from monitor import words
from monitor.results import Reason

__all__ = ["CASES", "Case", "Sign"]

_OFFICE, _TUNNEL, _FAR, _HUB, _SPOKE, _LINE = "pila", "k-b", "k-platform", "gw-k", "gw-b", "k-isp1"
_FAR_GATEWAY = f"far-{_FAR}"
_AT_ONCE_S, _TOLD_S, _SLOWLY_S, _LOSS_S = 0.5, 1.0, 5.0, 10.0
"""What may pass until the metrics tell: between our own ends; of what a gateway tells; where the far end is not ours;
until loss is known."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells that a cut was noticed: a series and its value, and what stands on the page."""

    series: str
    value: float
    fragment: str
    """The part of the page."""
    drawn: Callable[[str], re.Pattern[str]]
    """What it looks like there in a state."""
    state: str

    def in_metrics(self, series: Series) -> bool:
        """Whether the metrics say so."""
        return series.get(self.series) == self.value

    def on_page(self, fragments: Fragments) -> bool:
        """Whether what the page was sent says so."""
        return self._shows(fragments, self.state)

    def gone_from_page(self, fragments: Fragments) -> bool:
        """Whether what the page was sent says that all is well again."""
        return self._shows(fragments, "up") or _WORN.search(fragments.get(self.fragment, "")) is not None

    def _shows(self, fragments: Fragments, state: str) -> bool:
        return self.drawn(state).search(fragments.get(self.fragment, "")) is not None


@dataclass(frozen=True, slots=True)
class Case:
    """A way to cut, how it is mended, and what tells."""

    name: str
    cut: Act
    mend: Act
    sign: Sign
    stays: tuple[str, ...] = ()
    """Series that must stay 1: a lost reading is no lost tunnel."""
    to_metrics_s: float = _AT_ONCE_S
    lasts: bool = True
    """Whether it is told of for as long as it is not mended: loss may cut a tunnel for moments, and a tunnel may move
    to another line."""


def _up(metric: str, **labels: str) -> str:
    pairs = {"office": _OFFICE, **labels}.items()
    return metric + "{" + ",".join(f'{label}="{value}"' for label, value in pairs) + "}"


def _row(name: str) -> Callable[[str], re.Pattern[str]]:
    """A row of a table of the page with this name."""
    return lambda state: re.compile(rf'<tr [^>]*class="{state}">\s*<th [^>]*><span class="main">{name}[ <]')


def _end(tunnel: str, device: str) -> Callable[[str], re.Pattern[str]]:
    """An end in a tunnel's row."""
    within = (
        rf'<details id="tunnel-{tunnel}">(?:(?!<details).)*<svg class="sign %s [^>]*>(?:(?!<svg).)*</svg> *{device}:'
    )
    return lambda state: re.compile(within % state, re.DOTALL)


_TUNNEL_UP = _up("fosa_tunnel_up", tunnel=_TUNNEL)
_DOWN = Sign(_TUNNEL_UP, 0, "tunnels", _row(_TUNNEL), "down")
_FAR_DOWN = Sign(_up("fosa_tunnel_up", tunnel=_FAR), 0, "tunnels", _row(_FAR), "down")
_WORN = re.compile("it was set up anew again and again")
"""What the measuring itself brings about: it is all well but for that."""


def _degraded(reason: str) -> Sign:
    series = _up("fosa_tunnel_cause_info", tunnel=_TUNNEL, state="degraded", reason=reason)

    def drawn(state: str) -> re.Pattern[str]:
        """With its reason: being set up again and again is drawn alike."""
        told = rf"(?:(?!</tr>).)*{re.escape(words.reason(Reason(reason)))}" if state == "heed" else ""
        return re.compile(_row(_TUNNEL)(state).pattern + told, re.DOTALL)

    return Sign(series, 1, "tunnels", drawn, "heed")


_REKEY = shell(_HUB, f"(swanctl --rekey --child {_TUNNEL}) >/dev/null")
_FAR_ESP = "ip saddr 192.0.2.10 udp dport 4500"

CASES = (
    Case(f"charon of {_SPOKE} stopped", kill(_SPOKE, "TERM"), start(_SPOKE), _DOWN),
    Case(f"charon of {_SPOKE} killed", kill(_SPOKE, "KILL"), start(_SPOKE), _DOWN),
    Case(
        f"line of {_SPOKE} down", lambda t: t.line(_SPOKE, "down"), lambda t: t.line(_SPOKE, "up"), _DOWN, lasts=False
    ),
    Case(
        f"line of {_HUB} down, as a line",
        lambda t: t.line(_HUB, "down"),
        lambda t: t.line(_HUB, "up"),
        Sign(_up("fosa_link_up", link=_LINE, kind="wan"), 0, "lines", _row(_LINE), "down"),
        to_metrics_s=_TOLD_S,
    ),
    Case("UDP 4500 swallowed", dropped("udp dport 4500", _HUB, _SPOKE), let_through(_HUB, _SPOKE), _DOWN),
    Case(
        f"management of {_SPOKE} lost",
        dropped("tcp dport 22", _SPOKE),
        let_through(_SPOKE),
        Sign(
            _up("fosa_tunnel_state", tunnel=_TUNNEL, end=_SPOKE, state="unknown"),
            1,
            "tunnels",
            _end(_TUNNEL, _SPOKE),
            "unknown",
        ),
        (_TUNNEL_UP,),
        _TOLD_S,
    ),
    Case(f"UDP 4500 swallowed towards {_SPOKE} only", dropped("udp dport 4500", _SPOKE), let_through(_SPOKE), _DOWN),
    Case(f"UDP 4500 swallowed towards {_HUB} only", dropped("udp dport 4500", _HUB), let_through(_HUB), _DOWN),
    Case(
        "IKE swallowed, ESP not, when a rekeying is due",
        then(dropped(IKE, _SPOKE), _REKEY),
        let_through(_SPOKE),
        _degraded("ike_silent"),
        (_TUNNEL_UP,),
        _SLOWLY_S,
    ),
    Case(
        "one packet of ten lost",
        dropped("udp dport 4500 numgen random mod 10 0", _SPOKE),
        let_through(_SPOKE),
        _degraded("lossy"),
        to_metrics_s=_LOSS_S,
        lasts=False,
    ),
    Case(
        "three packets of ten lost",
        dropped("udp dport 4500 numgen random mod 10 < 3", _SPOKE),
        let_through(_SPOKE),
        _degraded("lossy"),
        to_metrics_s=_LOSS_S,
        lasts=False,
    ),
    Case(
        "other networks than written",
        rewritten(_TUNNEL, r"s,10\.64\.16\.0/20,10.64.16.0/21,", _SPOKE, _SPOKE),
        put_back(_TUNNEL, _SPOKE, _SPOKE),
        _degraded("different"),
        to_metrics_s=_SLOWLY_S,
        lasts=False,
    ),
    Case(
        "weaker algorithms than written",
        rewritten(_TUNNEL, "s/aes256gcm16-ecp384/aes128-sha256-ecp384/", _SPOKE, _HUB, _SPOKE),
        put_back(_TUNNEL, _SPOKE, _HUB, _SPOKE),
        _degraded("different"),
        to_metrics_s=_SLOWLY_S,
        lasts=False,
    ),
    Case(
        "far gateway that is not ours killed",
        kill(_FAR_GATEWAY, "KILL"),
        start(_FAR_GATEWAY),
        _FAR_DOWN,
        to_metrics_s=_SLOWLY_S,
    ),
    Case(
        "far gateway that is not ours stopped",
        kill(_FAR_GATEWAY, "TERM"),
        start(_FAR_GATEWAY),
        _FAR_DOWN,
    ),
    Case(
        "UDP 4500 of a far end that is not ours swallowed",
        dropped(_FAR_ESP, _HUB),
        let_through(_HUB),
        _FAR_DOWN,
        to_metrics_s=_SLOWLY_S,
    ),
)
