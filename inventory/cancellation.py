"""Cancellations that would get lost."""

from __future__ import annotations

import asyncio

__all__ = ["heed"]


def heed() -> None:
    """Raise CancelledError where somebody has asked the current task to end, and it goes on.

    To be called behind libraries that wait by `asyncio.wait_for`: in Python 3.11 it swallows a cancellation that comes
    as its future is just done (CPython issue 86296), and whoever loops around it would never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
