"""The standing office with all that looks at it: what is told of a subject, and why."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blackbox import Box
from hurried import Hurried
from sight import Sight, sight

from bench.stage import Standing
from inventory.depends import depends_on

__all__ = ["Scene"]


@dataclass(slots=True)
class Scene:
    """The standing office, with all that looks at it."""

    there: Standing
    box: Box
    hurried: Hurried
    needs: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        office = self.there.office
        # A line is told of by its gateway.
        lines = {f"link:{wan.name}": (f"device:{wan.device}",) for wan in office.wans}
        self.needs = {**depends_on(office), **lines, **self.hurried.needs()}

    def looker(self, subject: str) -> Callable[[], Sight]:
        """Reads how all stands, for what becomes of a subject: what is hurried there, the rest by the service."""
        metrics = self.there.metrics()
        hurries = self.hurried.knows(subject)

        def look() -> Sight:
            served = sight(metrics.read())
            if not hurries:
                return served
            own = {name: stand for name, stand in served.items() if not self._is_hurried(name)}
            return {**own, **self.hurried.sight()}

        return look

    def cause(self, subject: str, seen: Sight) -> str:
        """As it is told now."""
        if subject.startswith("tunnel:"):
            reason = seen[subject].reason
            return f"{reason}: {_differing(self.there.port, subject)}" if reason == "different" else reason
        if self.hurried.knows(subject):
            return self.hurried.cause(subject)
        if subject == "watch":
            return _health(self.there.port)
        return _last_cause(self.there.port, subject)

    def _is_hurried(self, subject: str) -> bool:
        """Probes are in a hurry all together, so that none is told of twice, at two paces."""
        return subject.startswith("probe:") or self.hurried.knows(subject)


def _differing(port: int, subject: str) -> str:
    """In what its ends differ, as the interface names it."""
    reading = _told(port, f"/api/v1/tunnels/{subject.removeprefix('tunnel:')}")["reading"]
    return ", ".join(dict.fromkeys(each["kind"] for each in reading["differences"]))


def _told(port: int, path: str) -> Any:  # noqa: ANN401  JSON, taken apart right where it is asked for
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.load(answer)


def _last_cause(port: int, subject: str) -> str:
    """Of the newest event about it, in words or as the reason's name."""
    items = _told(port, f"/api/v1/events?limit=1&subject={subject}")["items"]
    if not items:
        return ""
    cause = items[0]["cause"]
    return str(items[0]["reason"] if cause is None else cause["text"])


def _health(port: int) -> str:
    """What `/healthz` says, in one line."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            text = error.read()
    return " ".join(text.decode().split())
