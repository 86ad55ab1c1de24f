"""A conversation with Junos through NAPALM's own driver.

What NAPALM and PyEZ do with a device is in their source (napalm.junos.junos, jnpr.junos.utils.config); what Junos does
with it in Juniper's "NETCONF XML Management Protocol Developer Guide". Only statements of EX switches with ELS.
"""

from __future__ import annotations

import logging
import math
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

from inventory.access import place
from inventory.errors import SecretError
from inventory.model import Login
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.line import ANSWER_S, CONNECT_S, pinned, unreached
from playbooks.drivers.cli.session import SessionError, Way
from templates.juniper_junos.shown import masked

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["MINUTE_S", "opened"]

MINUTE_S = 60
"""What `commit confirmed` counts in."""
_WAITS = "commit confirmed, rollback in"
"""What Junos itself writes beside such a commit (napalm/junos/junos.py, _get_pending_commits)."""


class _Changes(Protocol):
    """PyEZ's Config, as far as it is used."""

    def lock(self) -> bool: ...
    def unlock(self) -> bool: ...
    def commit(self) -> bool: ...
    def commit_check(self) -> bool: ...
    def rollback(self, rb_id: int) -> bool: ...


class _Questions(Protocol):
    """PyEZ's remote procedures: any name is one."""

    def get_commit_revision_information(self, *, detail: bool) -> Element: ...
    def get_software_information(self) -> Element: ...


class _Box(Protocol):
    """PyEZ's Device."""

    cu: _Changes
    rpc: _Questions


class _Napalm(Protocol):
    """NAPALM's driver of Junos."""

    device: _Box

    def open(self) -> None: ...
    def close(self) -> None: ...
    def get_config(self, retrieve: str, *, format: str) -> Mapping[str, str]: ...  # noqa: A002  NAPALM's name
    def load_merge_candidate(self, *, config: str) -> None: ...
    def discard_config(self) -> None: ...
    def commit_config(self, *, revert_in: int | None = None) -> None: ...


class _JunosSession:
    """`Session` on a NAPALM driver that is open."""

    def __init__(self, napalm: _Napalm, login: Login) -> None:
        self._napalm, self._login = napalm, login

    def hostname(self) -> str:
        """As `show version` says it: of the first member, where several switches are one."""
        with _answered(self._login):
            return self._napalm.device.rpc.get_software_information().findtext(".//host-name") or ""

    def running(self) -> str:
        """As `display set`: Junos 15.1 and later."""
        with _answered(self._login):
            return self._napalm.get_config(retrieve="running", format="set")["running"]

    def check(self, lines: Sequence[str]) -> None:
        """Into the candidate, `commit check`, and out again."""
        if lines:
            with _answered(self._login):
                self._load(lines)
                try:
                    self._napalm.device.cu.commit_check()
                finally:
                    self._napalm.discard_config()

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """Guard and change are one step: `commit confirmed`. A line that is refused takes all of them back."""
        from jnpr.junos.exception import CommitError  # type: ignore[import-untyped]  # ships no types

        minutes = math.ceil(revert_after / MINUTE_S)
        with _answered(self._login):
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
        with _answered(self._login):
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
        with _answered(self._login):
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
def opened(way: Way) -> Iterator[_JunosSession]:
    """`Opened` for Junos."""
    login = way.login
    with ExitStack() as stack:
        napalm = _driver(way, stack.enter_context(pinned(login)), stack)
        with _answered(login):
            napalm.open()
        try:
            yield _JunosSession(napalm, login)
        finally:
            with _answered(login):
                napalm.close()


def _driver(way: Way, known: str, stack: ExitStack) -> _Napalm:
    """NAPALM, with a PyEZ device that verifies the host key: NAPALM's own does not, and cannot be told to."""
    from jnpr.junos import Device as JunosDevice  # type: ignore[import-untyped]  # ships no types
    from napalm.junos.junos import JunOSDriver  # type: ignore[import-untyped]  # ships no types

    # What goes wrong is raised; paramiko's own traceback on the screen helps nobody.
    logging.getLogger("ncclient").addHandler(logging.NullHandler())
    login = way.login
    if (login.host_key or "").startswith("ssh-rsa "):
        text = N_(
            "{place}: for NETCONF the pinned host key must be an Ed25519 or ECDSA key: ncclient knows no other way"
        )
        raise SessionError(FailureKind.HOST_KEY, say(text, place=place(login)))
    config = stack.enter_context(_file(f"Host *\n    UserKnownHostsFile {known}\n", ".conf"))
    user = {"user": login.user, "ssh_config": config, "port": login.port}
    secret = _secret(way)
    if "PRIVATE KEY" in secret:
        key: dict[str, str] = {"ssh_private_key_file": stack.enter_context(_file(secret, ".key"))}
    else:
        key = {"passwd": secret.rstrip("\n")}
    made: _Napalm = JunOSDriver(str(login.address), login.user, "", timeout=ANSWER_S)
    made.device = JunosDevice(
        host=str(login.address),
        **user,
        **key,
        hostkey_verify=True,
        allow_agent=False,
        look_for_keys=False,
        conn_open_timeout=CONNECT_S,
    )
    return made


def _secret(way: Way) -> str:
    try:
        return way.secrets.get(way.login.key).get_secret_value()
    except SecretError as error:
        raise SessionError(FailureKind.AUTHENTICATION, str(error)) from error


@contextmanager
def _file(text: str, suffix: str) -> Iterator[str]:
    """A file only this user can read, for as long as it is needed."""
    with tempfile.NamedTemporaryFile("w", prefix="fosa-junos-", suffix=suffix, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield file.name


# ---- What went wrong -------------------------------------------------------------------------------------------------


@contextmanager
def _answered(login: Login) -> Iterator[None]:
    """Whatever NAPALM, PyEZ, ncclient or the network raises in here comes out as a SessionError about this account."""
    from jnpr.junos import exception as pyez
    from napalm.base import exceptions as napalm  # type: ignore[import-untyped]  # ships no types
    from ncclient.transport.errors import SSHUnknownHostError, TransportError  # type: ignore[import-untyped]  # ships no types

    who = f"{login.user}@{place(login)}"
    try:
        yield
    except pyez.ConnectAuthError as error:
        text = N_("{place}: the device does not accept the account")
        raise SessionError(FailureKind.AUTHENTICATION, say(text, place=who)) from error
    except (pyez.ConnectError, napalm.ConnectionException, napalm.CommitConfirmException) as error:
        if isinstance(error.__context__, SSHUnknownHostError) or "host key" in str(error.__context__):
            text = N_("{place}: the host key is not the pinned one")
            raise SessionError(FailureKind.HOST_KEY, say(text, place=who)) from error
        raise SessionError(FailureKind.UNREACHABLE, _why(who, error.__context__ or error)) from error
    except (pyez.LockError, pyez.UnlockError, napalm.LockError, napalm.UnlockError) as error:
        text = N_("{place}: somebody else is changing the configuration: {why}")
        raise SessionError(FailureKind.BUSY, say(text, place=who, why=_said(error))) from error
    except (pyez.CommitError, pyez.ConfigLoadError) as error:
        raise SessionError(FailureKind.INVALID, _said(error)) from error
    except (pyez.RpcTimeoutError, TransportError, EOFError, OSError) as error:
        raise SessionError(FailureKind.UNREACHABLE, _why(who, error)) from error
    except pyez.RpcError as error:
        raise SessionError(FailureKind.DEVICE, _said(error)) from error


def _why(who: str, error: BaseException) -> Sentence:
    return unreached(who, _said(error))


def _said(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return _hidden(str(text).strip().splitlines()[0])[:200]


def _first_bad(errors: Sequence[object], lines: Sequence[str]) -> Sentence:
    """The device's words and the first line it can mean: it names the word it stumbled over."""
    first = next((row for rows in errors if isinstance(rows, list) for row in rows if isinstance(row, dict)), {})
    word = str(first.get("bad_element") or "")
    meant = next((line for line in lines if word and word in line.split()), "")
    text = N_("the device does not take {line}: {why}")
    return say(text, line=_hidden(meant or word) or "?", why=_hidden(str(first.get("message") or "?")))


def _hidden(text: str) -> str:
    return masked(text, lambda _secret: "***")
