"""README has the table of metrics, word for word; README.pl has its rows in Polish, and both name the alert rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from api.routes.tallied import METRICS as TALLIED
from monitor.exporter import METRICS as WATCHED
from monitor.exposition import Metric
from monitor.snmp.exporter import METRICS as POLLED

METRICS: tuple[Metric[Any], ...] = (*WATCHED, *POLLED, *TALLIED)
ROOT = Path(__file__).parents[2]
ENGLISH, POLISH = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.pl.md"))
ALERTS = re.findall(r"- alert: (\w+)", (ROOT / "monitor/alerts/fosa.rules.yml").read_text(encoding="utf-8"))


def _begin(metric: Metric[Any]) -> str:
    return f"| `{metric.name}` | {metric.kind} | {', '.join(metric.labels)} | "


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_has_its_row_in_both_languages(metric: Metric[Any]) -> None:
    assert f"{_begin(metric)}{metric.meaning} |" in ENGLISH.splitlines()
    rows = [line for line in POLISH.splitlines() if line.startswith(_begin(metric))]
    assert len(rows) == 1
    assert metric.meaning not in rows[0]


@pytest.mark.parametrize("readme", [ENGLISH, POLISH], ids=["en", "pl"])
def test_no_row_names_a_metric_that_is_gone(readme: str) -> None:
    assert re.findall(r"^\| `(fosa_\w+)` \|", readme, re.MULTILINE) == [metric.name for metric in METRICS]


@pytest.mark.parametrize("readme", [ENGLISH, POLISH], ids=["en", "pl"])
@pytest.mark.parametrize("alert", ALERTS)
def test_both_name_every_alert(readme: str, alert: str) -> None:
    assert f"`{alert}`" in readme
