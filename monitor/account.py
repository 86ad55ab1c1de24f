"""What one tunnel has done at one gateway since the watch began: carried, stood still, waited, been set up anew."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Account", "Still"]

_HOUR_S = 3600.0
_SETUPS = 64
"""More of them are not kept: that it is too often is known long before."""
_IN, _OUT = "packets-in", "packets-out"


class Still(NamedTuple):
    """Since the last packet came in."""

    seconds: float = 0.0
    sent: int = 0
    """Packets sent meanwhile."""
    vain_s: float = 0.0
    """From the first of them to the last."""


@dataclass(slots=True)
class Account:
    """Instants are on one clock that nobody sets."""

    gone: Counter[str] = field(default_factory=Counter)
    """Of SAs that are no more."""
    live: Mapping[str, Counter[str]] = field(default_factory=dict)
    """By both SPIs: an SA's own number starts again with charon, its SPIs do not."""
    rekeys: Counter[str] = field(default_factory=Counter)
    _known: set[str] = field(default_factory=set)
    """IKE SAs that count no more: they stood already, were counted, or follow another by a rekeying."""
    _counted: dict[str, float] = field(default_factory=dict)
    """When an IKE SA was first seen that was not known."""
    _setups: deque[float] = field(default_factory=lambda: deque(maxlen=_SETUPS))
    _stood: bool = False
    _moved_at: float | None = None
    _at_move: Counter[str] = field(default_factory=Counter)
    _sent_at: float | None = None
    """When the first packet went out after the last came in, and the last one."""
    _sent_till: float = 0.0
    _sent: int = 0
    _asking: str = ""
    _asked_at: float = 0.0

    def note(self, children: Mapping[str, Counter[str]], now: float) -> None:
        """Take in what its children have counted."""
        for spis, last in self.live.items():
            if spis not in children:
                self.gone.update(last)
        self.live = children
        total = self.total()
        if self._moved_at is None or total[_IN] != self._at_move[_IN]:
            self._moved_at, self._at_move, self._sent_at = now, total, None
        elif total[_OUT] != self._sent:
            self._sent_at, self._sent_till = now if self._sent_at is None else self._sent_at, now
        self._sent = total[_OUT]

    def forget(self) -> None:
        """What was carried so far does not count."""
        for last in self.live.values():
            self.gone.subtract(last)
        self._at_move = self.total()
        self._sent, self._sent_at = self._at_move[_OUT], None

    def total(self) -> Counter[str]:
        """All it has carried."""
        total = Counter(self.gone)
        for last in self.live.values():
            total.update(last)
        return total

    def still(self, now: float) -> Still:
        """How long nothing has come in."""
        if self._moved_at is None:
            return Still()
        vain_s = 0.0 if self._sent_at is None else self._sent_till - self._sent_at
        return Still(now - self._moved_at, self.total()[_OUT] - self._at_move[_OUT], vain_s)

    def stand(self, standing: Set[str], now: float, *, first: bool) -> None:
        """Take in which IKE SAs stand, by their SPIs. `first`: what stands now stood before the watch began."""
        for spis in standing - self._known:
            # The very first time it is set up is not anew.
            if self._stood and not first:
                self._counted[spis] = now
                self._setups.append(now)
        self._stood = self._stood or bool(standing)
        self._known = set(standing)
        self._counted = {spis: at for spis, at in self._counted.items() if spis in standing}

    def follow(self, spis: str) -> None:
        """An IKE SA is the next one of a rekeying; charon lists it now and then before it tells so."""
        self._known.add(spis)
        at = self._counted.pop(spis, None)
        if at is not None and at in self._setups:
            self._setups.remove(at)

    def setups(self, now: float) -> int:
        """How often within the last hour it was set up anew."""
        return sum(at > now - _HOUR_S for at in self._setups)

    def ask(self, asking: str, now: float) -> float:
        """Since when an IKE SA waits for an answer: `asking` are its SPIs, empty while it waits for none."""
        if asking != self._asking:
            self._asking, self._asked_at = asking, now
        return now - self._asked_at if asking else 0.0
