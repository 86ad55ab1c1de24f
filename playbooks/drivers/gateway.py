"""The gate's protocol, spoken over a carrier: words out, one JSON object back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Guard,
    LogTarget,
    Reverted,
    Sections,
    Staged,
    Status,
    TimeSource,
    TunnelStatus,
)

__all__ = ["Account", "Carrier", "GatewayDriver", "HeldCarrier", "HeldGateway", "LastingCarrier", "Question"]

_KINDS = {
    "refused": FailureKind.REFUSED,
    "busy": FailureKind.BUSY,
    "invalid": FailureKind.INVALID,
    "no_space": FailureKind.NO_SPACE,
    "moved": FailureKind.MOVED,
    "expired": FailureKind.EXPIRED,
    "unknown_token": FailureKind.EXPIRED,
    "internal": FailureKind.DEVICE,
}
_SECONDS = 1e11
_UNPRINTABLE = re.compile(r"[^\t\n -~\u00a0-\ud7ff\ue000-\ufffd]")


class Account(StrEnum):
    """The two accounts of a gateway."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a gate."""

    account: Account
    words: str
    bundle: Bundle | None = None

    @property
    def verb(self) -> str:
        """The first word."""
        return self.words.partition(" ")[0]


class Carrier(Protocol):
    """Brings a question to a gate over a new connection and returns what it wrote. Fills the bundle's secrets in."""

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer as it came, or why there is none."""
        ...


class HeldCarrier(Carrier, Protocol):
    """A carrier that keeps its connection."""

    def let_go(self) -> None:
        """Close it. May be repeated."""
        ...


@runtime_checkable
class LastingCarrier(Carrier, Protocol):
    """A carrier that can keep a connection; not every one can."""

    def hold(self) -> HeldCarrier:
        """The same over one connection, opened by the first question."""
        ...


Answer = Mapping[str, object]
_Value = TypeVar("_Value")


class GatewayDriver:
    """A Linux gateway with the gate on it."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def hold(self) -> HeldGateway:
        """Over one connection, where the carrier can keep one."""
        if not isinstance(self._carrier, LastingCarrier):
            return HeldGateway(self._carrier, lambda: None)
        held = self._carrier.hold()
        return HeldGateway(held, held.let_go)

    def fetch(self) -> Fetched | Failure:
        """What the kernel, charon and sshd do now, and the managed files."""
        answer = self._ask(Account.READ, "fetch")
        if isinstance(answer, Failure):
            return answer
        sections = _sections(answer.get("sections"))
        return _unclear("fetch") if sections is None else Fetched(sections)

    def ways(self) -> Sections | Failure:
        """Routes, the rules that choose among them, IPsec policies: they come and go, and are no part of `fetch`.

        REFUSED by a gate that is older than this question.
        """
        answer = self._ask(Account.READ, "ways")
        if isinstance(answer, Failure):
            return answer
        sections = _sections(answer.get("sections"))
        return _unclear("ways") if sections is None else sections

    def normal(self, bundle: Bundle) -> Staged | Failure:
        """The same of a bundle, by the read account."""
        return _staged(self._ask(Account.READ, "normal", bundle))

    def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
        """The same, and the candidate stays on the device."""
        return _staged(self._ask(Account.WRITE, f"stage {token}", bundle))

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        """Arm the device's own dead-man and apply."""
        answer = self._ask(Account.WRITE, f"commit {token} {revert_after}")
        if isinstance(answer, Failure):
            return answer
        deadline, guard = answer.get("deadline"), answer.get("guard")
        if not isinstance(deadline, int | float) or guard != Guard.DEVICE:
            return _unclear("commit")
        return Armed(float(deadline), Guard.DEVICE)

    def confirm(self, token: str) -> Confirmed | Failure:
        """Keep the change."""
        return self._settle(f"confirm {token}", Confirmed())

    def revert(self, token: str) -> Reverted | Failure:
        """Take the change back."""
        return self._settle(f"revert {token}", Reverted())

    def discard(self, token: str) -> Reverted | Failure:
        """Forget a candidate."""
        return self._settle(f"discard {token}", Reverted())

    def status(self) -> Status | Failure:
        """Tunnels, services, what is armed, and what it needs from elsewhere."""
        answer = self._ask(Account.READ, "status")
        if isinstance(answer, Failure):
            return answer
        tunnels, units, armed = answer.get("tunnels"), answer.get("units"), answer.get("armed")
        if not isinstance(tunnels, dict) or not isinstance(units, dict) or not isinstance(armed, str):
            return _unclear("status")
        try:
            time, log = _several(_time_source, answer.get("time")), _several(_log_target, answer.get("log"))
        except TypeError:
            return _unclear("status")
        named = {_clean(name): _clean(unit) for name, unit in units.items()}
        deadline, done = answer.get("deadline"), answer.get("done")
        ends = {_clean(token): _clean(end) for token, end in done.items()} if isinstance(done, dict) else {}
        until = float(deadline) if isinstance(deadline, int | float) and abs(deadline) < _SECONDS else None
        return Status(_tunnels(tunnels), named, _clean(armed), time, log, until, ends)

    def _settle(self, words: str, value: _Value) -> _Value | Failure:
        answer = self._ask(Account.WRITE, words)
        return answer if isinstance(answer, Failure) else value

    def _ask(self, account: Account, words: str, bundle: Bundle | None = None) -> Answer | Failure:
        raw = self._carrier.ask(Question(account, words, bundle))
        if isinstance(raw, Failure):
            return raw
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            return _unclear(words)
        if not isinstance(answer, dict):
            return _unclear(words)
        return answer if answer.get("ok") is True else _failure(words, answer)


class HeldGateway(GatewayDriver):
    """The same over a connection that is kept."""

    def __init__(self, carrier: Carrier, close: Callable[[], None]) -> None:
        super().__init__(carrier)
        self._close = close

    def let_go(self) -> None:
        """Close it."""
        self._close()


def _failure(words: str, answer: Answer) -> Failure:
    kind = _KINDS.get(str(answer.get("code")))
    if kind is None:
        return _unclear(words)
    return Failure(kind, _clean(answer.get("text", "")), _clean(answer.get("where", "")))


def _unclear(words: str) -> Failure:
    verb = words.partition(" ")[0]
    return Failure(
        FailureKind.PROTOCOL,
        say(N_("the device answers {verb} with what this version does not understand"), verb=verb),
    )


def _staged(answer: Answer | Failure) -> Staged | Failure:
    if isinstance(answer, Failure):
        return answer
    sections, running = _sections(answer.get("sections")), _sections(answer.get("running"))
    return _unclear("stage") if sections is None else Staged(sections, running, _tunnels(answer.get("tunnels")))


def _sections(value: object) -> Sections | None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        return None
    return {_clean(name): _clean(text) for name, text in value.items()}


def _tunnels(value: object) -> dict[str, TunnelStatus]:
    return {_clean(name): _tunnel(tunnel) for name, tunnel in value.items()} if isinstance(value, dict) else {}


def _tunnel(value: object) -> TunnelStatus:
    if not isinstance(value, dict) or not isinstance(children := value.get("children"), dict):
        return TunnelStatus("unknown")
    packets = value.get("packets")
    counts = packets if isinstance(packets, dict) else {}
    received, sent = (count if type(count := counts.get(way)) is int else None for way in ("in", "out"))
    states = {_clean(name): _clean(state) for name, state in children.items()}
    return TunnelStatus(_clean(value.get("state", "")), states, received, sent)


def _several(one: Callable[[Answer], _Value], value: object) -> tuple[_Value, ...] | None:
    """Each entry of a list; None where the gate says null, or (an older one) nothing. TypeError for all else."""
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError
    return tuple(map(one, value))


def _time_source(entry: Answer) -> TimeSource:
    source, offset = entry.get("source"), entry.get("offset_s")
    reachable, selected = entry.get("reachable"), entry.get("selected")
    if not isinstance(source, str) or not isinstance(reachable, bool) or not isinstance(selected, bool):
        raise TypeError
    # Neither NaN nor a number no clock is ahead by.
    if offset is not None and not (isinstance(offset, int | float) and abs(offset) < _SECONDS):
        raise TypeError
    return TimeSource(_clean(source), reachable, selected, None if offset is None else float(offset))


def _log_target(entry: Answer) -> LogTarget:
    server, port, established = entry.get("server"), entry.get("port"), entry.get("established")
    if not isinstance(server, str) or type(port) is not int or not isinstance(established, bool | None):
        raise TypeError
    return LogTarget(_clean(server), port, established)


def _clean(value: object) -> str:
    """Text of a device without what could steer a terminal."""
    return _UNPRINTABLE.sub("�", str(value))
