"""The unpacked Prometheus with our alert rules, scraping one address of the loopback."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.slots import free_port
from tests.unpacked import as_installed

__all__ = ["RULES", "Prometheus", "discovering", "prometheus"]

RULES = Path(__file__).parents[1] / "monitor/alerts/fosa.rules.yml"
_PATIENCE_S = 30


@dataclass(frozen=True)
class Prometheus:
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


@contextmanager
def prometheus(state: Path, folder: Path, target: int) -> Iterator[Prometheus]:
    with _running(state, folder, {"static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}) as running:
        yield running


@contextmanager
def discovering(state: Path, folder: Path, url: str) -> Iterator[Prometheus]:
    """One that scrapes what it is told to at an address; `office_found` is the office it was told of."""
    kept = {"source_labels": ["__meta_fosa_office"], "target_label": "office_found"}
    found = {"http_sd_configs": [{"url": url}], "relabel_configs": [kept]}
    with _running(state, folder, found) as running:
        yield running


@contextmanager
def _running(state: Path, folder: Path, targets: dict[str, object]) -> Iterator[Prometheus]:
    job = {"job_name": "any", **targets}
    times = {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"}
    config = folder / "prometheus.json"  # JSON is YAML
    config.write_text(json.dumps({"global": times, "rule_files": [str(RULES)], "scrape_configs": [job]}))
    address = f"127.0.0.1:{free_port()}"
    options = [f"--config.file={config}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(as_installed(state, ["prometheus", *options]), stdout=log, stderr=log)
    try:
        yield Prometheus(f"http://{address}")
    finally:
        running.terminate()
        running.wait(20)
