"""What watch and edge say to each other over their socket: a line of words there, lines of JSON back.

    follow        every picture, report, poll and event from now on, after the newest of each
    probe NAME    the last exchanges of one probe, once

There is no third word: the edge can ask, it cannot command.
"""

from __future__ import annotations

import re
from enum import StrEnum

from inventory.model.base import Value
from monitor.compliance.model import Report
from monitor.results import Event, ProbeExchange, Watched
from monitor.snmp.model import Polled

__all__ = ["ANSWER_LIMIT", "EVENTS", "QUESTION_LIMIT", "Answer", "Message", "Word", "question"]

QUESTION_LIMIT = 256
"""Bytes of a question, its line break included."""
ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of one line back: a picture of 10,000 devices needs 4 MiB."""
EVENTS = 1000
"""Events kept for whoever is slow or comes late."""

_PROBE = re.compile(r"[a-z0-9][a-z0-9.:/_-]{0,99}\Z")


class Word(StrEnum):
    """What may be asked."""

    FOLLOW = "follow"
    PROBE = "probe"


class Message(Value):
    """One line to a follower; what is not set has not changed."""

    watched: Watched | None = None
    said_at: float = 0.0
    """When `watched` was made, on the machine's monotonic clock, which both processes share."""
    store_problem: str = ""
    """Why the watch cannot write the store; goes with `watched`."""
    report: Report | None = None
    polled: tuple[Polled, ...] = ()
    """Devices read by SNMP, each as of its last poll."""
    events: tuple[Event, ...] = ()
    """In the order they came."""

    def line(self) -> bytes:
        """The message as it goes over the socket."""
        return self.model_dump_json(exclude_unset=True).encode() + b"\n"


class Answer(Value):
    """The answer to `probe NAME`. `found` is false when the watch has no such probe."""

    found: bool
    last: tuple[ProbeExchange, ...] = ()
    failures: tuple[ProbeExchange, ...] = ()


def question(line: bytes) -> tuple[Word, str] | None:
    """What a line asks, and of which probe; None when it is no question of ours."""
    try:
        word, _space, name = line.decode("ascii").removesuffix("\n").partition(" ")
    except UnicodeDecodeError:
        return None
    if word == Word.FOLLOW and not name:
        return Word.FOLLOW, ""
    if word == Word.PROBE and _PROBE.match(name):
        return Word.PROBE, name
    return None
