"""What the served practice office shows, read the way its readers do."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable, Iterator, Mapping

from inventory.words import gettext as _

__all__ = ["Shown"]

_POLL_S = 0.2
_ANSWER_S = 5.0
_ANSWER_BYTES = 8 << 20


class Shown:
    """The service on this machine's own port."""

    def __init__(self, port: int, tunnels: Iterable[str]) -> None:
        """`tunnels`: what must be shown, and as up; one that is missing is as bad as one that is down."""
        self._port, self._tunnels = port, tuple(tunnels)

    def problems(self, patience_s: float) -> tuple[str, ...]:
        """What is not as it should be, once nothing is or the time is over."""
        until = time.monotonic() + patience_s
        while (found := tuple(self._problems())) and time.monotonic() < until:
            time.sleep(_POLL_S)
        return found

    def text(self) -> str:
        """What is shown, in one line."""
        coverage = self._read("/api/v1/report").get("coverage", {})
        decided, pairs = (coverage.get(name) for name in ("decided", "pairs")) if isinstance(coverage, dict) else (0, 0)
        text = _("http://127.0.0.1:{port}/ shows the office; {decided} of {pairs} pairs of rule and device decided")
        return text.format(port=self._port, decided=decided, pairs=pairs)

    def _problems(self) -> Iterator[str]:
        health = self._ask("/healthz")
        if health[0] != http.HTTPStatus.OK:
            yield _("the service is not well: {why}").format(why=health[1].decode("utf-8", "replace").strip())
        readings = {row.get("name"): row.get("reading") for row in self._rows("/api/v1/tunnels")}
        for name in self._tunnels:
            reading = readings.get(name)
            state = reading.get("state") if isinstance(reading, dict) else "unknown"
            if state != "up":
                yield _("tunnel {name} is shown as {state}").format(name=name, state=state)
        if self._ask("/api/v1/report")[0] != http.HTTPStatus.OK:
            yield _("there is no report yet")
        for row in self._rows("/api/v1/findings?result=fail"):
            if row.get("waived") is not None:
                # It stays a failure of the report; with a reason and an end it is none of the demo.
                continue
            yield _("{rule} fails on {asset}").format(rule=row.get("rule"), asset=row.get("asset"))

    def _rows(self, path: str) -> list[Mapping[str, object]]:
        rows = self._read(path).get("items", [])
        return rows if isinstance(rows, list) else []

    def _read(self, path: str) -> Mapping[str, object]:
        code, body = self._ask(path)
        found = json.loads(body) if code == http.HTTPStatus.OK else {}
        return found if isinstance(found, dict) else {}

    def _ask(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read(_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error).encode()
        finally:
            connection.close()
