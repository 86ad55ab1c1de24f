"""Readers of a served office: its metrics, asked again and again, and its page's stream of changes."""

from __future__ import annotations

import datetime as dt
import html
import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from threading import Thread

__all__ = ["Fragments", "Metrics", "Page", "Series", "alarms", "changes", "series_of"]

_HOST = "127.0.0.1"
_PAUSE_S = 0.01

Fragments = Mapping[str, str]
"""Parts of the page as HTML, by name."""

Series = Mapping[str, float]
"""Values by what stands before them: `fosa_tunnel_up{office="pila",tunnel="k-b"}`."""


def series_of(text: str) -> Series:
    """The series of a text in Prometheus' format."""
    samples = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in samples}


class Metrics:
    """`/metrics` over one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(_HOST, port, timeout=10)

    def read(self) -> Series:
        """The series of this moment."""
        self._connection.request("GET", "/metrics")
        answer = self._connection.getresponse()
        text = answer.read().decode()
        assert answer.status == http.HTTPStatus.OK, text
        return series_of(text)

    def well(self) -> bool:
        """Whether everything that is watched is up, and was read at all ends."""
        return not alarms(self.read())

    def wait(self, holds: Callable[[Series], bool], limit_s: float) -> float:
        """The instant (`time.monotonic`) of the first answer of which it holds; inf when none did in time."""
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            if holds(self.read()):
                return time.monotonic()
            time.sleep(_PAUSE_S)
        return float("inf")


def changes(port: int, since: dt.datetime) -> list[str]:
    """The changes of state the service has told of since then, in words, the newest first.

    That what was unknown is up is none: so a probe answers first, and whatever turned unknown was told of as that.
    """
    with urllib.request.urlopen(f"http://{_HOST}:{port}/api/v1/events?limit=1000", timeout=10) as answer:
        events = json.load(answer)["items"]
    return [
        f"{event['at']} {event['subject']}: {event['before']} > {event['after']} ({event['reason']}, {event['cause']})"
        for event in events
        if dt.datetime.fromisoformat(event["at"]) >= since and (event["before"], event["after"]) != ("unknown", "up")
    ]


def alarms(series: Series) -> list[str]:
    """The series that say that a tunnel, line, gateway or part of fosa is not up.

    Of probes, channels and polled devices nothing is said: much of what they speak of a practice office lacks.
    """
    polled = _polled(series)
    looked_at = {name: value for name, value in series.items() if name not in polled}
    zeros = [name for name, value in looked_at.items() if name.startswith(_UPS) and value != 1]
    states = [name for name in looked_at if name.startswith(_STATES) and 'state="up"' not in name]
    return zeros + [name for name in states if looked_at[name] == 1] + _degraded(series)


_UPS = ("fosa_tunnel_up{", "fosa_link_up{", "fosa_device_up{", "fosa_watch_up{", "fosa_store_up{")
_STATES = ("fosa_tunnel_state{", "fosa_link_state{")


def _polled(series: Series) -> frozenset[str]:
    """The series of devices at which no tunnel ends."""
    gateways = {match[1] for name in series if (match := _END.search(name))}
    devices = {name: match[1] for name in series if name.startswith("fosa_device_") and (match := _DEVICE.search(name))}
    return frozenset(name for name, device in devices.items() if device not in gateways)


def _degraded(series: Series) -> list[str]:
    """Tunnels that work badly. Set up again and again they have been by whoever measures."""
    churned = {
        _TUNNEL.sub("", name) for name in series if name.startswith("fosa_tunnel_cause_info{") and _CHURN in name
    }
    names = [name for name, value in series.items() if name.startswith("fosa_tunnel_degraded{") and value == 1]
    return [name for name in names if _TUNNEL.sub("", name) not in churned]


_CHURN = 'reason="churn"'
_END, _DEVICE = re.compile(r'[{,]end="([^"]*)"'), re.compile(r'[{,]device="([^"]*)"')
_TUNNEL = re.compile(r'^.*tunnel="|".*$')


class Page:
    """The page's stream of changes, read by a thread of its own as a browser does."""

    def __init__(self, port: int) -> None:
        page = urllib.request.urlopen(f"http://{_HOST}:{port}/?lang=en", timeout=10).read().decode()
        stream = re.search(r'data-events="([^"]+)"', page)
        assert stream is not None, "the page names no stream"
        self._connection = http.client.HTTPConnection(_HOST, port, timeout=30)
        self._connection.request("GET", html.unescape(stream[1]), headers={"Accept": "text/event-stream"})
        self._answer = self._connection.getresponse()
        assert self._answer.status == http.HTTPStatus.OK
        self._messages: list[tuple[float, Fragments]] = []
        self._ended = False
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def wait(self, since: float, holds: Callable[[Fragments], bool], limit_s: float) -> float:
        """The instant at which the first message after `since` came of which it holds; inf when none did in time."""
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit:
            came = (at for at, message in tuple(self._messages) if at > since and holds(message))
            if (at := next(came, None)) is not None:
                return at
            time.sleep(_PAUSE_S)
        return float("inf")

    def close(self) -> None:
        """Stop reading: with the next message, and one comes every second."""
        self._ended = True
        self._thread.join()
        self._connection.close()

    def _listen(self) -> None:
        data: list[str] = []
        while not self._ended and (line := self._answer.readline()):
            name, _colon, value = line.decode().rstrip("\r\n").partition(":")
            if name == "data":
                data.append(value.removeprefix(" "))
            elif not name and not value and data:
                self._messages.append((time.monotonic(), json.loads("\n".join(data))))
                data = []
