"""Prometheus' text format, version 0.0.4: a metric as data, and its samples as lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

__all__ = ["CONTENT_TYPE", "Kind", "Metric", "Sample", "written"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[tuple[str, ...], float]
"""The values of the labels, in the metric's order, and the number."""

Source = TypeVar("Source")


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
    """One English line, without backslash: the HELP of the exposition."""
    samples: Callable[[Source], Iterable[Sample]]


def written(metric: Metric[Source], source: Source) -> str:
    """The metric's lines. What it means is there even while it has no sample."""
    # One % a sample: a tenth of the time prometheus_client takes, which builds each line out of its labels.
    line = f"{metric.name}{_braced(metric.labels)} %s\n"
    lines = [f"# HELP {metric.name} {metric.meaning}\n# TYPE {metric.name} {metric.kind}\n"]
    lines += [line % (*map(_escaped, values), _number(number)) for values, number in metric.samples(source)]
    return "".join(lines)


def _braced(labels: tuple[str, ...]) -> str:
    return "{" + ",".join(f'{label}="%s"' for label in labels) + "}" if labels else ""


@lru_cache(maxsize=65536)
def _escaped(value: str) -> str:
    """A label's value: names are harmless already, what a device has said need not be."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(number: float) -> str:
    if isinstance(number, int) or math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
