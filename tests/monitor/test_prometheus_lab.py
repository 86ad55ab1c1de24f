"""promtool lints what is exported and proves the alert rules; a real Prometheus scrapes it and evaluates them."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from api.picture import Picture
from monitor.exporter import METRICS, exposition
from monitor.exposition import CONTENT_TYPE
from tests.api import stills
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

RULES = Path(__file__).parents[2] / "monitor/alerts/fosa.rules.yml"
CASES = Path(__file__).parent / "alerts/fosa.test.yml"
_PATIENCE_S = 30


def _text(picture: Picture) -> str:
    return exposition(picture.watched, picture.silent_s, picture.report, version="0.1.0", store_up=True)


def _promtool(state: Path, *words: str, given: str = "") -> str:
    argv = as_installed(state, ["promtool", *words])
    done = subprocess.run(argv, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(stills.every()))
def test_promtool_finds_nothing_to_say_of_the_exposition(state: Path, name: str) -> None:
    assert _promtool(state, "check", "metrics", given=_text(stills.every()[name])) == ""


def test_the_rules_fire_when_they_must_and_only_then(state: Path) -> None:
    assert "SUCCESS: 2 rules found" in _promtool(state, "check", "rules", str(RULES))
    assert "SUCCESS" in _promtool(state, "test", "rules", str(CASES))


class _Exporter(ThreadingHTTPServer):
    """Serves a text on a port of the loopback that the kernel picks."""

    def __init__(self, text: str) -> None:
        super().__init__(("127.0.0.1", 0), _Scraped)
        self.text = text


class _Scraped(BaseHTTPRequestHandler):
    server: _Exporter

    def do_GET(self) -> None:
        body = self.server.text.encode()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name the base gives it
        """Say nothing."""


@dataclass(frozen=True)
class _Prometheus:
    """A running Prometheus, asked over its own API."""

    url: str

    def query(self, expression: str) -> dict[str, float]:
        """Values by the label that tells the samples apart: tunnel, metric name or nothing."""
        found = {}
        for sample in self._get(f"/api/v1/query?query={quote(expression)}")["result"]:
            labels = sample["metric"]
            found[labels.get("tunnel") or labels.get("__name__", "")] = float(sample["value"][1])
        return found

    def alerts(self) -> set[tuple[str, str]]:
        """Names and tunnels of the alerts that are pending or firing."""
        alerts = self._get("/api/v1/alerts")["alerts"]
        return {(alert["labels"]["alertname"], alert["labels"].get("tunnel", "")) for alert in alerts}

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Until it holds. Prometheus answers nothing, or not yet, while it starts."""
        limit = time.monotonic() + _PATIENCE_S
        while True:
            try:
                if condition():
                    return
            except (urllib.error.URLError, ConnectionError):
                pass
            assert time.monotonic() < limit, self._get("/api/v1/targets")
            time.sleep(0.1)

    def _get(self, path: str) -> Any:  # noqa: ANN401  JSON of an API, taken apart right where it is asked
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.load(answer)["data"]


@pytest.fixture
def exporter() -> Iterator[_Exporter]:
    server = _Exporter("")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _prometheus(state: Path, folder: Path, target: int) -> Iterator[_Prometheus]:
    job = {"job_name": "any", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
    times = {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"}
    config = folder / "prometheus.json"  # JSON is YAML
    config.write_text(json.dumps({"global": times, "rule_files": [str(RULES)], "scrape_configs": [job]}))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = [f"--config.file={config}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(as_installed(state, ["prometheus", *options]), stdout=log, stderr=log)
    try:
        yield _Prometheus(f"http://{address}")
    finally:
        running.terminate()
        running.wait(20)


def test_prometheus_scrapes_every_metric_and_notices_a_broken_tunnel(
    state: Path, tmp_path: Path, exporter: _Exporter
) -> None:
    exporter.text = _text(stills.well())
    with _prometheus(state, tmp_path, exporter.server_port) as prometheus:
        prometheus.wait_for(lambda: bool(prometheus.query("fosa_tunnel_up")))
        assert prometheus.query("fosa_tunnel_up") == {"k-b": 1, "k-c": 1, "k-platform": 1}
        names = prometheus.query('count by (__name__) ({__name__=~"fosa_.+"})')
        assert set(names) == {metric.name for metric in METRICS}
        # Until the first scrape the watch had counted as silent.
        prometheus.wait_for(lambda: prometheus.alerts() == set())

        exporter.text = _text(stills.broken())
        down = {("FosaTunnelDown", "k-b"), ("FosaTunnelDown", "k-platform")}
        prometheus.wait_for(lambda: prometheus.alerts() == down)

        exporter.text = _text(stills.silent())
        prometheus.wait_for(lambda: prometheus.alerts() == {("FosaWatchSilent", "")})
        assert set(prometheus.query("fosa_tunnel_up").values()) == {0}
