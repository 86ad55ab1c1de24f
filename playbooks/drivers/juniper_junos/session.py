"""A conversation with Junos through NAPALM's own driver.

What NAPALM and PyEZ do with a device is in their source (napalm.junos.junos, jnpr.junos.utils.config); what Junos does
with it in Juniper's "NETCONF XML Management Protocol Developer Guide". Only statements of EX switches with ELS.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from inventory.model import Login
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import LIMITS, Limits
from playbooks.drivers.cli.session import SessionError, Way
from playbooks.drivers.juniper_junos.line import Napalm, answered, connected, hidden

__all__ = ["MINUTE_S", "opened"]

MINUTE_S = 60
"""What `commit confirmed` counts in."""
_WAITS = "commit confirmed, rollback in"
"""What Junos itself writes beside such a commit (napalm/junos/junos.py, _get_pending_commits)."""


class _JunosSession:
    """`Session` on a NAPALM driver that is open."""

    def __init__(self, napalm: Napalm, login: Login) -> None:
        self._napalm, self._login = napalm, login

    def hostname(self) -> str:
        """As `show version` says it: of the first member, where several switches are one."""
        with answered(self._login):
            return self._napalm.device.rpc.get_software_information().findtext(".//host-name") or ""

    def running(self) -> str:
        """As `display set`: Junos 15.1 and later."""
        with answered(self._login):
            return self._napalm.get_config(retrieve="running", format="set")["running"]

    def check(self, lines: Sequence[str]) -> None:
        """Into the candidate, `commit check`, and out again."""
        if lines:
            with answered(self._login):
                self._load(lines)
                try:
                    self._napalm.device.cu.commit_check()
                finally:
                    self._napalm.discard_config()

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """Guard and change are one step: `commit confirmed`. A line that is refused takes all of them back."""
        from jnpr.junos.exception import CommitError  # type: ignore[import-untyped]  # ships no types

        minutes = math.ceil(revert_after / MINUTE_S)
        with answered(self._login):
            if lines:
                self._load(lines)
            # Junos counts from its commit, which is later: it waits no less than is said here.
            begun = time.time()
            try:
                self._napalm.commit_config(revert_in=minutes * MINUTE_S)
            except CommitError:
                self._napalm.discard_config()
                raise
        return begun + minutes * MINUTE_S

    def pending(self) -> bool:
        """By the newest commit's comment. Not as NAPALM does, by the device's clock: this change may have set it."""
        with answered(self._login):
            newest = self._napalm.device.rpc.get_commit_revision_information(detail=True)
            return _WAITS in (newest.findtext("./comment") or "")

    def confirm(self) -> None:
        """Any commit confirms; Junos keeps it on its disk at once."""
        with self._alone():
            if not self.pending():
                raise SessionError(FailureKind.EXPIRED, say(N_("nothing waits for a confirmation any more")))
            self._napalm.device.cu.commit()

    def revert(self) -> None:
        """`rollback 1`, committed. Once the timer has done the same it would bring the change back: so asked twice."""
        if not self.pending():
            return
        with self._alone():
            if self.pending():
                self._napalm.device.cu.rollback(rb_id=1)
                self._napalm.device.cu.commit()

    def tidy(self) -> None:
        """A commit leaves nothing behind."""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Under a lock, which Junos gives to nobody while somebody's edit is in the candidate: a commit would take it.

        BUSY without it: the device's own timer then takes the change back.
        """
        with answered(self._login):
            self._napalm.device.cu.lock()
            try:
                yield
            finally:
                self._napalm.device.cu.unlock()

    def _load(self, lines: Sequence[str]) -> None:
        """Under a lock. A bad line is named, its secrets are not."""
        from napalm.base.exceptions import MergeConfigException  # type: ignore[import-untyped]  # ships no types

        try:
            self._napalm.load_merge_candidate(config="\n".join(lines))
        except MergeConfigException as error:
            raise SessionError(FailureKind.INVALID, _first_bad(error.args, lines)) from error


@contextmanager
def opened(way: Way, limits: Limits = LIMITS) -> Iterator[_JunosSession]:
    """`Opened` for Junos."""
    with connected(way, limits) as napalm:
        yield _JunosSession(napalm, way.login)


def _first_bad(errors: Sequence[object], lines: Sequence[str]) -> Sentence:
    """The device's words and the first line it can mean: it names the word it stumbled over."""
    first = next((row for rows in errors if isinstance(rows, list) for row in rows if isinstance(row, dict)), {})
    word = str(first.get("bad_element") or "")
    meant = next((line for line in lines if word and word in line.split()), "")
    text = N_("the device does not take {line}: {why}")
    return say(text, line=hidden(meant or word) or "?", why=hidden(str(first.get("message") or "?")))
