"""Prometheus' text format, version 0.0.4, and OpenMetrics 1.0: a metric as data, and its samples as lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

__all__ = ["CONTENT_TYPE", "END", "Format", "Kind", "Metric", "Sample", "header", "lines", "written"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[tuple[str, ...], float]
"""The values of the labels, in the metric's order, and the number."""

Source = TypeVar("Source")

_UNITS = frozenset({"bytes", "celsius", "days", "ratio", "seconds", "volts"})


class Format(StrEnum):
    """How an exposition is written. Samples look alike in both; what is said of a metric, and the end, does not."""

    TEXT = "text"
    OPENMETRICS = "openmetrics"

    @property
    def content_type(self) -> str:
        """What it is sent as."""
        if self is Format.OPENMETRICS:
            return "application/openmetrics-text; version=1.0.0; charset=utf-8"
        return CONTENT_TYPE


END = {Format.TEXT: "", Format.OPENMETRICS: "# EOF\n"}
"""What stands below the last metric: without it, OpenMetrics counts as cut off."""


class Kind(StrEnum):
    """What a number does: a counter only ever grows (a restart apart), a gauge goes anywhere."""

    COUNTER = "counter"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Metric(Generic[Source]):
    """One metric: its name in base units, what it counts, and how its samples are had."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    meaning: str
    """One English line, without backslash and quotation mark: the HELP of the exposition."""
    samples: Callable[[Source], Iterable[Sample]]


def written(metric: Metric[Source], source: Source, form: Format = Format.TEXT) -> str:
    """The metric's lines. What it means is there even while it has no sample."""
    return header(metric, form) + lines(metric, source)


def header(metric: Metric[Source], form: Format) -> str:
    """What is said of the metric before its samples.

    OpenMetrics names what a counter and an info metric belong to without the ending their samples have (1.0, section
    "MetricFamily").
    """
    if form is Format.TEXT:
        return f"# HELP {metric.name} {metric.meaning}\n# TYPE {metric.name} {metric.kind}\n"
    name, kind = metric.name.removesuffix("_total"), metric.kind.value
    if metric.kind is Kind.GAUGE and name.endswith("_info"):
        name, kind = name.removesuffix("_info"), "info"
    unit = name.rpartition("_")[2]
    said = f"# UNIT {name} {unit}\n" if unit in _UNITS else ""
    return f"# HELP {name} {metric.meaning}\n# TYPE {name} {kind}\n{said}"


def lines(metric: Metric[Source], source: Source) -> str:
    """The metric's samples."""
    # One % a sample: a tenth of the time prometheus_client takes, which builds each line out of its labels.
    line = _line(metric.name, metric.labels)
    return "".join([line % (*map(_escaped, values), _number(number)) for values, number in metric.samples(source)])


@lru_cache(maxsize=512)
def _line(name: str, labels: tuple[str, ...]) -> str:
    braced = "{" + ",".join(f'{label}="%s"' for label in labels) + "}" if labels else ""
    return f"{name}{braced} %s\n"


@lru_cache(maxsize=65536)
def _escaped(value: str) -> str:
    """A label's value: names are harmless already, what a device has said need not be."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(number: float) -> str:
    if isinstance(number, int) or math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
