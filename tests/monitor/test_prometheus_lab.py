"""promtool lints what is exported and proves the alert rules; a real Prometheus scrapes it and evaluates them."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from api.picture import Picture
from monitor.exporter import METRICS, exposition
from monitor.exposition import CONTENT_TYPE
from tests.api import stills
from tests.prometheus import RULES, prometheus
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

CASES = Path(__file__).parent / "alerts/fosa.test.yml"


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
    assert "SUCCESS: 7 rules found" in _promtool(state, "check", "rules", str(RULES))
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


@pytest.fixture
def exporter() -> Iterator[_Exporter]:
    server = _Exporter("")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_prometheus_scrapes_every_metric_and_notices_a_broken_tunnel(
    state: Path, tmp_path: Path, exporter: _Exporter
) -> None:
    exporter.text = _text(stills.well())
    with prometheus(state, tmp_path, exporter.server_port) as scraper:
        scraper.wait_for(lambda: bool(scraper.query("fosa_tunnel_up")))
        assert scraper.query("fosa_tunnel_up") == {"k-b": 1, "k-c": 1, "k-platform": 1}
        names = scraper.query('count by (__name__) ({__name__=~"fosa_.+"})')
        assert set(names) == {metric.name for metric in METRICS}
        # Until the first scrape the watch had counted as silent.
        scraper.wait_for(lambda: scraper.alerts() == set())

        exporter.text = _text(stills.broken())
        down = {("FosaTunnelDown", "k-b"), ("FosaTunnelDown", "k-platform")}
        scraper.wait_for(lambda: scraper.alerts() == down)

        exporter.text = _text(stills.silent())
        scraper.wait_for(lambda: scraper.alerts() == {("FosaWatchSilent", "")})
        assert set(scraper.query("fosa_tunnel_up").values()) == {0}
