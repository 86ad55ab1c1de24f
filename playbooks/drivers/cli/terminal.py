"""A command line that netmiko has logged in to: one question at a time, up to its prompt, whatever stands before that.

netmiko's own `send_command` takes every answer to end in a prompt: pages, questions and banners do not.
"""

from __future__ import annotations

import math
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

__all__ = ["Terminal", "echo_end", "enough", "in_time"]

_MORE = re.compile(r"-- ?M(?:ORE|ore) ?--[^\r\n]*$")
_ASKS = re.compile(r"[\[(][yY]/[nN](?:/[^\])]*)?[\])]\??[ \t]*$")
_PAGED = re.compile(r"-- ?M(?:ORE|ore) ?--[^\r\n]*\r?[ \t]*\r?")
_CONFIGURE = "configure terminal"
_TAIL = 400
_BREATH_S, _LONGEST_S = 0.001, 0.02
"""Between two looks at the line: longer and longer, as one waits."""
_SHARE = 0.25
"""So much of its time may be spent with typing before a guard is set to wait longer."""
_MARGIN_S = 10
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
    logged: str = "(?!)"
    """A regular expression: how a line of the device's log looks that it writes between everything else."""

    @property
    def name(self) -> str:
        """What the device calls itself, from its prompt."""
        return str(self.connection.base_prompt).strip()

    def asked(self, command: str, answers: Iterable[tuple[str, str]] = (), seconds: float = ANSWER_S) -> str:
        """What it says to a command, without the echo and the prompt.

        `answers`: a part of a question and what is answered to it; a question nobody foresaw is answered with no, and
        is INVALID.
        """
        connection = self.connection
        connection.write_channel(command.replace("\n", connection.RETURN) + connection.RETURN)
        known, said, answered, strange = tuple(answers), "", 0, ""
        prompt = self._prompt()
        end = time.monotonic() + seconds
        while True:
            said += self._heard(end)
            tail = said[max(answered, len(said) - _TAIL) :]
            if prompt.search(tail) is not None:
                if strange:
                    raise self._unforeseen(command, strange)
                return self._plain(said, command)
            if _MORE.search(tail) is not None:
                said = _PAGED.sub("", said)
                connection.write_channel(" ")
            elif _ASKS.search(tail) is not None:
                reply = next((reply for part, reply in known if part in tail), "")
                strange = strange or ("" if reply else tail.splitlines()[-1])
                connection.write_channel((reply or "n") + connection.RETURN)
                said += "\n"
                answered = len(said)

    def typed(self, lines: Iterable[str], until: float = math.inf, answers: Iterable[tuple[str, str]] = ()) -> None:
        """In configuration mode. At the first line it does not take: INVALID, with that line; those before are done.

        INVALID, too, once it is later than `until` (seconds since the epoch): what is typed when the guard has fired
        nobody takes back.
        """
        for line in lines:
            in_time(until)
            words = self.refused.search(said := self.asked(line.strip(" "), answers))
            if words is not None:
                text = N_("the device does not take {line}: {why}")
                meant = self.hidden(line.strip().split("\n")[0])
                why = self.hidden(words[0].strip() or said)[:200]
                raise SessionError(FailureKind.INVALID, say(text, line=meant, why=why))

    def configured(self, lines: Iterable[str], until: float, answers: Iterable[tuple[str, str]] = ()) -> None:
        """Into configuration mode, `typed`, and out of it again. A refused mode is as a bad line: nothing is done."""
        said = self.asked(_CONFIGURE)
        if (words := self.refused.search(said)) is not None:
            raise SessionError(
                FailureKind.INVALID, say(N_("{command}: {why}"), command=_CONFIGURE, why=self.first(words[0]))
            )
        try:
            self.typed(lines, until, answers)
        except SessionError as error:
            if error.kind is FailureKind.INVALID:
                self.asked("end")
            raise
        self.asked("end")

    def shown(self, command: str, seconds: float) -> str:
        """A configuration, all of it; else PROTOCOL."""
        text = self.asked(command, seconds=seconds)
        if "hostname " not in text or "Invalid input" in text[:200]:
            raise SessionError(FailureKind.PROTOCOL, say(N_("the device did not show its whole configuration")))
        return f"{text.rstrip()}\n"

    def first(self, text: str) -> str:
        """The first line of an answer, as it may be told."""
        return self.hidden((text.strip().splitlines() or [""])[0])[:200]

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

    def _prompt(self) -> re.Pattern[str]:
        mode = r"(?:\([^)\r\n]*\))?[#>][ \t]*"
        return re.compile(rf"(?:^|[\r\n]){re.escape(self.name)}{mode}(?:[\r\n]+{self.logged}[^\r\n]*)*[\r\n]*$")

    def _unforeseen(self, command: str, question: str) -> SessionError:
        text = N_("at {line} the device asks what nobody foresaw: {question}")
        line = self.hidden(command.strip().split("\n")[0])
        return SessionError(FailureKind.INVALID, say(text, line=line, question=self.hidden(question.strip())[:200]))

    def _plain(self, said: str, command: str) -> str:
        text = _CONTROL.sub("", _WIPED.sub("", said)).replace("\r\n", "\n").replace("\r", "\n")
        text = re.sub(rf"(?m)^{self.logged}.*\n?", "", text)
        end = 0
        for line in command.split("\n"):
            end = echo_end(text, line, end) or end
        lines = text[end:].split("\n")
        prompt = max((at for at, line in enumerate(lines) if line.startswith(self.name)), default=len(lines) - 1)
        return "\n".join(lines[1:prompt])


def echo_end(text: str, line: str, begin: int = 0) -> int | None:
    """Where the echo of a line ends; a terminal that is narrower than it was asked to be breaks a long one."""
    at = text.find(line, begin)
    if at >= 0:
        return at + len(line)
    broken = re.compile(r"[\r\n]*".join(re.escape(sign) for sign in line)).search(text, begin)
    return None if broken is None else broken.end()


def enough(revert_after: float, pace: float, lines: int) -> float:
    """Seconds that a guard has to wait for lines that are typed one by one, when a question takes `pace` seconds."""
    typing = 2 * pace * lines
    return revert_after if typing < revert_after * _SHARE else revert_after + typing


def in_time(until: float) -> None:
    """INVALID when it is later than that (seconds since the epoch), or so soon that a line could still be under way."""
    if time.time() > until - _MARGIN_S:
        text = N_("it answers so slowly that its guard would have fired before everything is typed")
        raise SessionError(FailureKind.INVALID, say(text))
