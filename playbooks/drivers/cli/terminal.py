"""A command line that netmiko has logged in to: one question at a time, up to its prompt, whatever stands before that.

netmiko's own `send_command` takes every answer to end in a prompt: pages, questions and banners do not.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.line import ANSWER_S
from playbooks.drivers.cli.session import SessionError

if TYPE_CHECKING:
    from netmiko import BaseConnection

__all__ = ["Terminal"]

_MORE = re.compile(r"-- ?M(?:ORE|ore) ?--[^\r\n]*$")
_ASKS = re.compile(r"[\[(][yY]/[nN](?:/[^\])]*)?[\])]\??[ \t]*$")
_PAGED = re.compile(r"-- ?M(?:ORE|ore) ?--[^\r\n]*\r?[ \t]*\r?")
_TAIL = 400
_BREATH_S, _LONGEST_S = 0.001, 0.02
"""Between two looks at the line: longer and longer, as one waits."""
_WIPED = re.compile(r"\r[ \t]*\r")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Somebody is logged in."""

    connection: BaseConnection
    refused: re.Pattern[str]
    """Searched in what follows a line: the device did not take it."""
    hidden: Callable[[str], str]
    """A text of the device without the secrets in it."""

    @property
    def name(self) -> str:
        """What the device calls itself, from its prompt."""
        return str(self.connection.base_prompt).strip()

    def asked(self, command: str, answers: Iterable[tuple[str, str]] = (), seconds: float = ANSWER_S) -> str:
        """What it says to a command, without the echo and the prompt.

        `answers`: a part of a question and what is answered to it; a question nobody foresaw is answered with no.
        """
        connection = self.connection
        connection.write_channel(command.replace("\n", connection.RETURN) + connection.RETURN)
        known, said, answered = tuple(answers), "", 0
        prompt = re.compile(rf"(?:^|[\r\n]){re.escape(self.name)}(?:\([^)\r\n]*\))?[#>][ \t]*$")
        end = time.monotonic() + seconds
        while True:
            said += self._heard(end)
            tail = said[max(answered, len(said) - _TAIL) :]
            if prompt.search(tail) is not None:
                return self._plain(said, command)
            if _MORE.search(tail) is not None:
                said = _PAGED.sub("", said)
                connection.write_channel(" ")
            elif _ASKS.search(tail) is not None:
                connection.write_channel(self._reply(tail, known) + connection.RETURN)
                said += "\n"
                answered = len(said)

    def typed(self, lines: Iterable[str], answers: Iterable[tuple[str, str]] = ()) -> None:
        """In configuration mode. At the first line it does not take: INVALID, with that line; those before are done."""
        for line in lines:
            words = self.refused.search(said := self.asked(line.strip(" "), answers))
            if words is not None:
                text = N_("the device does not take {line}: {why}")
                meant = self.hidden(line.strip().split("\n")[0])
                why = self.hidden(words[0].strip() or said)[:200]
                raise SessionError(FailureKind.INVALID, say(text, line=meant, why=why))

    def _heard(self, end: float) -> str:
        """What has come since; UNREACHABLE when nobody speaks any more."""
        breath = _BREATH_S
        while time.monotonic() < end:
            if said := self.connection.read_channel():
                return str(said)
            channel = self.connection.remote_conn
            if channel is None or getattr(channel, "closed", False):
                raise SessionError(FailureKind.UNREACHABLE, say(N_("the device has closed the connection")))
            time.sleep(breath)
            breath = min(2 * breath, _LONGEST_S)
        raise SessionError(FailureKind.UNREACHABLE, say(N_("the device does not answer any more")))

    def _reply(self, question: str, known: Iterable[tuple[str, str]]) -> str:
        return next((reply for part, reply in known if part in question), "n")

    def _plain(self, said: str, command: str) -> str:
        text = _CONTROL.sub("", _WIPED.sub("", said)).replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        echoed = command.count("\n") + 1
        return "\n".join(lines[echoed:-1])
