"""promtool lints what is exported and proves the alert rules; a real Prometheus scrapes it and evaluates them."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from api.picture import Picture, explained
from monitor.channel import judge_channels
from monitor.explained import Explaining
from monitor.exporter import METRICS, parts
from monitor.exposition import END, Format
from monitor.results import Measured, ProbeKind, State
from monitor.series import Scene
from monitor.snmp.exporter import METRICS as DEVICES
from monitor.snmp.texts import DeviceTexts
from tests.api import stills
from tests.monitor import moments
from tests.monitor.moments import AT
from tests.monitor.snmp import sights
from tests.prometheus import RULES, prometheus
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

CASES = sorted((Path(__file__).parent / "alerts").glob("*.test.yml"))


def _text(picture: Picture, form: Format = Format.TEXT) -> str:
    """With all that probes measure, and a device of every kind, well and polled just now."""
    ups = sights.ups()
    assert ups.ups is not None
    found = {
        "sw-k-1": sights.switch(),
        "prn-k-01": sights.printer(0.5),
        "ups-k": ups.model_copy(update={"ups": ups.ups.model_copy(update={"source": "normal"})}),
        "gw-k2": sights.firewall(),
    }
    texts = DeviceTexts(picture.office, (sights.polled(device, figures) for device, figures in found.items()))
    probe = moments.asked(ProbeKind.NTP, State.UP, *(Measured(name=name, value=100.0) for name in moments.MEASURED))
    watched = picture.watched.model_copy(update={"probes": (probe,)})
    explaining = Explaining.of(picture.office)
    scene = Scene(
        watched,
        picture.silent_s,
        picture.report,
        "0.1.0",
        store_up=True,
        depends=explaining.depends,
        channels=judge_channels(picture.office, watched),
        explained=explained(picture, explaining),
    )
    return b"".join(parts(scene, texts.lines(AT), form)).decode() + END[form]


def _promtool(state: Path, *words: str, given: str = "") -> str:
    argv = as_installed(state, ["promtool", *words])
    done = subprocess.run(argv, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(stills.every()))
def test_promtool_finds_nothing_to_say_of_the_exposition(state: Path, name: str) -> None:
    assert _promtool(state, "check", "metrics", given=_text(stills.every()[name])) == ""


def test_the_rules_fire_when_they_must_and_only_then(state: Path) -> None:
    assert "SUCCESS: 22 rules found" in _promtool(state, "check", "rules", str(RULES))
    told = _promtool(state, "test", "rules", *map(str, CASES))
    assert told.count("SUCCESS") == len(CASES) == 2


def test_every_rule_has_a_case() -> None:
    rules = set(re.findall(r"- alert: (\w+)", RULES.read_text(encoding="utf-8")))
    assert set(re.findall(r"alertname: (\w+)", "".join(case.read_text(encoding="utf-8") for case in CASES))) == rules


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
        self.send_header("Content-Type", Format.OPENMETRICS.content_type)
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
    exporter.text = _text(stills.well(), Format.OPENMETRICS)
    with prometheus(state, tmp_path, exporter.server_port) as scraper:
        scraper.wait_for(lambda: bool(scraper.query("fosa_tunnel_up")))
        assert scraper.query("fosa_tunnel_up") == {"k-b": 1, "k-c": 1, "k-platform": 1}
        names = scraper.query('count by (__name__) ({__name__=~"fosa_.+"})')
        # Nothing has failed, so nothing follows from another failure.
        known = {metric.name for metric in METRICS} | {metric.name for metric in DEVICES}
        assert set(names) == known - {"fosa_explained_info"}
        # Until the first scrape the watch had counted as silent.
        scraper.wait_for(lambda: scraper.alerts() == set())

        exporter.text = _text(stills.broken(), Format.OPENMETRICS)
        down = {("FosaTunnelDown", "k-b"), ("FosaTunnelDown", "k-platform")}
        scraper.wait_for(lambda: scraper.alerts() == down)

        exporter.text = _text(stills.silent(), Format.OPENMETRICS)
        scraper.wait_for(lambda: scraper.alerts() == {("FosaWatchSilent", "")})
        assert set(scraper.query("fosa_tunnel_up").values()) == {0}
