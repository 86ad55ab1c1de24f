"""Garbage that holds itself is still found, only seldom."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from monitor.sweeping import sweep_seldom


class Ring:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_rings_go_and_what_was_there_is_not_looked_at() -> None:
    sweep_seldom()
    assert gc.get_freeze_count() > 1000
    ring = Ring()
    there = weakref.ref(ring)
    del ring
    assert there() is not None
    kept: list[list[int]] = [[] for _ in range(gc.get_threshold()[0] + 1000)]
    assert there() is None, len(kept)
