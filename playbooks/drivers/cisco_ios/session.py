"""A conversation with IOS through NAPALM's own driver (napalm/ios/ios.py, 5.2).

What it needs on the device, once, before fosa can change anything (Cisco, configuration rollback; NAPALM, IOS notes):
`archive` with a `path` (without it nothing is ever taken back), `ip scp server enable`, `file prompt quiet`.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import cut_off
from playbooks.drivers.cli.line import ANSWER_S, logged_in
from playbooks.drivers.cli.scratch import scratch
from playbooks.drivers.cli.session import Session, SessionError, Way
from playbooks.drivers.cli.terminal import echo_end
from playbooks.drivers.cli.watched import watched
from templates.cisco_ios.secret import masked

if TYPE_CHECKING:
    from napalm.ios.ios import IOSDriver  # type: ignore[import-untyped]  # ships no types
    from netmiko import BaseConnection

__all__ = ["IosSession", "opened"]

_LONG_S = 90
"""Saving and replacing take longer than showing."""
_HOSTNAME = re.compile(r"^hostname (\S+)", re.MULTILINE)
_NEEDS = ("ip scp server enable", "file prompt quiet")
_REFUSED = re.compile(
    r"^\s*(% ?[A-Z].*|%[A-Z][A-Z0-9_-]*: .*|ERROR: .*|Command rejected: .*|Command authorization failed.*)$",
    re.MULTILINE,
)
"""How IOS says that a line is bad; NAPALM itself looks for one of these only."""
_PENDING = re.compile(r"%\s*No Rollback Confirmed Change pending|Rollback Confirmed Change")
_MERGE = "flash:/merge_config.txt"
_LOGGED = re.compile(
    r"^\*?(?:\w{3} +\d+ (?:\d{4} )?[\d:.]+(?: \w+)?: )?%[A-Z][A-Z0-9_]*-[0-7]-[A-Z0-9_]+: .*\n?", re.MULTILINE
)
"""A line of the log (Cisco, System Message Guide): shown to whoever wants to see it, in the middle of everything."""
_GUARD = "configure terminal revert timer"
_SURE = "[confirm]"
"""As it asks before it overwrites what another release has saved."""


@contextmanager
def opened(way: Way) -> Iterator[Session]:
    """Log in. Only the pinned host key is believed, here and on the second connection that SCP opens."""
    from napalm.base.exceptions import NapalmException  # type: ignore[import-untyped]  # ships no types
    from napalm.ios.ios import IOSDriver
    from scp import SCPException  # type: ignore[import-untyped]  # ships no types

    log = BytesIO()
    with logged_in(way, "cisco_ios", session_log=log) as connection:
        watched(connection)
        connection.send_command("terminal no monitor")
        if not connection.check_enable_mode():
            _enable(connection)
        options = {"dest_file_system": "flash:", "auto_file_prompt": False}
        driver = IOSDriver(str(way.login.address), way.login.user, "", optional_args=options)
        # What its `open` does, with a connection that is bounded (NAPALM, napalm/ios/ios.py).
        driver.device = connection
        try:
            yield IosSession(driver, log)
        except (NapalmException, SCPException) as error:
            raise SessionError(FailureKind.DEVICE, _first_line(error)) from error


class IosSession:
    """Somebody is logged in, in the privileged mode."""

    def __init__(self, driver: IOSDriver, log: BytesIO) -> None:
        self._driver, self._log = driver, log

    def hostname(self) -> str:
        """Not from the prompt: that is cut."""
        found = _HOSTNAME.search(self._asked("show running-config | include ^hostname"))
        return found[1] if found is not None else ""

    def running(self) -> str:
        """All of `show running-config`."""
        text = self._asked("show running-config", _LONG_S)
        if "\nend" not in text.rstrip()[-8:] or "% Invalid" in text[:200]:
            raise SessionError(FailureKind.PROTOCOL, say(N_("the device did not show its whole configuration")))
        return f"{text.rstrip()}\n"

    def check(self, lines: Sequence[str]) -> None:  # noqa: ARG002  IOS judges a line only by doing it
        """Whether it could take back what is done to it; IOS has no way to judge lines without doing them."""
        if "Archive feature not enabled" in self._asked("show archive"):
            text = N_("nothing would take a change back: type `archive`, then `path flash:fosa-archive`, on it first")
            raise SessionError(FailureKind.REFUSED, say(text))
        for need in _NEEDS:
            if need not in self._asked(f"show running-config | include {need}"):
                raise SessionError(FailureKind.REFUSED, say(N_("it must be told `{command}` first"), command=need))

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """`configure terminal revert timer`, then the lines as one file: no lost connection stops it half-way."""
        from napalm.base.exceptions import MergeConfigException

        minutes = math.ceil(revert_after / 60)
        # Not as text: NAPALM would write it to a disk. netmiko copies it over a connection of its own.
        text = "".join(f"{line}\n" for line in (*lines, "end"))
        with scratch(text) as file, cut_off(_LONG_S, self._driver.device.hang_up):
            self._driver.load_merge_candidate(filename=file)
        begun, before = len(self._log.getvalue()), time.time()
        try:
            self._driver.commit_config(revert_in=minutes * 60)
            refusal = self._refusal(begun)
            if refusal:
                self._driver.rollback()
        except MergeConfigException as error:
            if why := self._guard(begun):
                text = N_("nothing would take a change back: {command}: {why}")
                raise SessionError(FailureKind.DEVICE, say(text, command=_GUARD, why=why)) from error
            # NAPALM has taken it back itself.
            raise SessionError(FailureKind.INVALID, self._refusal(begun) or _first_line(error)) from error
        finally:
            self._asked(f"delete /force {_MERGE}")
        if refusal:
            raise SessionError(FailureKind.INVALID, refusal)
        # The device began to count later than this: it never takes back before.
        return before + minutes * 60

    def pending(self) -> bool:
        """`show archive config rollback timer`."""
        said = self._asked("show archive config rollback timer")
        if "No Rollback Confirmed Change pending" in said or "Archive feature not enabled" in said:
            return False
        if "Timer " not in said:
            text = N_("an answer that cannot be understood: {answer}")
            raise SessionError(FailureKind.PROTOCOL, say(text, answer=_words(said)))
        return True

    def confirm(self) -> None:
        """Save first, and look whether it has been: a device that only says so shall be taken back, not believed."""
        if not self.pending():
            raise SessionError(FailureKind.EXPIRED, say(N_("it has already taken the change back")))
        self._save()
        if not self._saved():
            raise SessionError(FailureKind.DEVICE, say(N_("it says that it has saved, and has not")))
        answer = self._asked("configure confirm")
        if "No Rollback" in answer:
            # The timer was faster: what was saved a moment ago must not come with the next restart.
            self._save()
            raise SessionError(FailureKind.EXPIRED, say(N_("it has already taken the change back")))
        if self.pending():
            raise SessionError(FailureKind.DEVICE, say(N_("it cannot be confirmed: {why}"), why=_words(answer)))

    def revert(self) -> None:
        """`configure revert now`, and save that: a confirmation may have come as far as to save the change."""
        if self.pending():
            self._until("configure revert now", _LONG_S)
        if not self._saved():
            self._save()

    def tidy(self) -> None:
        """The file with the change: there are secrets in it."""
        self._asked(f"delete /force {_MERGE}")

    def _save(self) -> None:
        said = self._until("write memory", _LONG_S)
        if _SURE in said:
            said = self._until("", _LONG_S)
        if "[OK]" not in said and "bytes copied" not in said:
            why = next((line for line in said.splitlines() if line.strip() and "write mem" not in line), "")
            raise SessionError(FailureKind.DEVICE, say(N_("it could not save: {why}"), why=why.strip()[:200]))

    def _saved(self) -> bool:
        from playbooks.drivers.cisco_ios.normal import normal

        return normal(self._asked("show startup-config", _LONG_S)) == normal(self.running())

    def _asked(self, command: str, seconds: int = ANSWER_S) -> str:
        device = self._driver.device
        said = str(device.send_command(command, read_timeout=seconds, strip_prompt=False, strip_command=False))
        text = _LOGGED.sub("", said.replace("\r", ""))
        text = text[echo_end(text, command) or 0 :].removeprefix("\n")
        return re.sub(rf"(?m)^{re.escape(device.base_prompt)}#.*\n?", "", text).rstrip("\n")

    def _until(self, command: str, seconds: int) -> str:
        """Its words up to its prompt or its question."""
        ends = rf"[\r\n]{re.escape(self._driver.device.base_prompt)}#|{re.escape(_SURE)}"
        return str(self._driver.device.send_command(command, expect_string=ends, read_timeout=seconds))

    def _guard(self, begun: int) -> str:
        """The device's word against the guard; empty: it has set it."""
        said = self._said(begun)
        _, begins, after = said.partition(_GUARD)
        match = _REFUSED.search(after.partition("copy flash:/merge")[0]) if begins else None
        return "" if match is None else match[1].strip()

    def _said(self, begun: int) -> str:
        return _LOGGED.sub("", self._log.getvalue()[begun:].decode("utf-8", "replace").replace("\r", ""))

    def _refusal(self, begun: int) -> str:
        """The device's first word against a line of the file, the line with it; empty: it took them all."""
        said = self._said(begun)
        copied = said[said.find("copy flash:/merge") :] if "copy flash:/merge" in said else ""
        match = _REFUSED.search(copied)
        if match is None or _PENDING.search(match[1]):
            return ""
        above = [line.strip() for line in copied[: match.start()].split("\n") if line.strip().strip("^")]
        line = masked(above[-1], lambda _secret: "<secret>") if len(above) > 1 else ""
        return f"{line}: {match[1].strip()}" if line else match[1].strip()


def _enable(connection: BaseConnection) -> None:
    """netmiko's own way waits for its whole time-out when a wrong password is answered with the same question."""
    said = str(connection.send_command("enable", expect_string=r"[Pp]assword|[#>]\s*$"))
    if "assword" in said:
        connection.send_command(connection.secret, expect_string=r"[Pp]assword|[#>]\s*$", cmd_verify=False)
    prompt = connection.read_channel() or connection.find_prompt()
    if not prompt.rstrip().endswith("#"):
        text = N_("the privileged mode does not accept the password")
        raise SessionError(FailureKind.AUTHENTICATION, say(text))


def _first_line(error: Exception) -> str:
    return masked(_words(str(error)), lambda _secret: "<secret>")


def _words(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:200]
