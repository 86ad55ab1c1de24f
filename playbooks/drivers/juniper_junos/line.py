"""The line to a Junos device: NETCONF by NAPALM and PyEZ, over a connection that is bounded."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from inventory.access import place
from inventory.errors import SecretError
from inventory.model import Login
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import TOO_MUCH, Limits, cut_off
from playbooks.drivers.cli.line import ANSWER_S, CONNECT_S, pinned, unreached
from playbooks.drivers.cli.scratch import scratch
from playbooks.drivers.cli.session import SessionError, Way
from templates.juniper_junos.shown import masked

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Napalm", "answered", "connected", "hidden"]


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


class Box(Protocol):
    """PyEZ's Device."""

    cu: _Changes
    rpc: _Questions


class Napalm(Protocol):
    """NAPALM's driver of Junos."""

    device: Box

    def open(self) -> None:
        """Log in."""
        ...

    def close(self) -> None:
        """Log out."""
        ...

    def get_config(self, retrieve: str, *, format: str) -> Mapping[str, str]:  # noqa: A002  NAPALM's name
        """By what was asked for: `running`."""
        ...

    def load_merge_candidate(self, *, config: str) -> None:
        """Into the candidate, under a lock. MergeConfigException."""
        ...

    def discard_config(self) -> None:
        """The candidate is what runs again; the lock goes."""
        ...

    def commit_config(self, *, revert_in: int | None = None) -> None:
        """With the guard that takes it back, in seconds."""
        ...


@contextmanager
def connected(way: Way, limits: Limits) -> Iterator[Napalm]:
    """Somebody is logged in. Raises SessionError."""
    login = way.login
    with ExitStack() as stack:
        known = stack.enter_context(pinned(login))
        with answered(login):
            line = stack.enter_context(_dialled(login))
        napalm = _driver(way, known, line, stack)
        with answered(login), cut_off(limits.login_s, partial(_hung_up, line)):
            napalm.open()
        _bounded(napalm.device, limits.said)
        try:
            yield napalm
        finally:
            # Whatever becomes of the farewell: the connection ends with it, and all that Junos held for it.
            with suppress(SessionError), answered(login):
                napalm.close()


@contextmanager
def _dialled(login: Login) -> Iterator[socket.socket]:
    """A connection of ours: ncclient lets go of none that fails half-way, and waits on some for ever."""
    with socket.create_connection((str(login.address), login.port), CONNECT_S) as line:
        try:
            yield line
        finally:
            _hung_up(line)


def _hung_up(line: socket.socket) -> None:
    # It may have ended by itself.
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _driver(way: Way, known: str, line: socket.socket, stack: ExitStack) -> Napalm:
    """NAPALM, with a PyEZ device that verifies the host key: NAPALM's own does not, and cannot be told to."""
    from napalm.junos.junos import JunOSDriver  # type: ignore[import-untyped]  # ships no types

    login = way.login
    if (login.host_key or "").startswith("ssh-rsa "):
        text = N_(
            "{place}: for NETCONF the pinned host key must be an Ed25519 or ECDSA key: ncclient knows no other way"
        )
        raise SessionError(FailureKind.HOST_KEY, say(text, place=place(login)))
    config = stack.enter_context(scratch(f"Host *\n    UserKnownHostsFile {known}\n"))
    secret = _secret(way)
    if "PRIVATE KEY" in secret:
        key: dict[str, str] = {"ssh_private_key_file": stack.enter_context(scratch(secret))}
    else:
        key = {"passwd": secret.rstrip("\n")}
    made: Napalm = JunOSDriver(str(login.address), login.user, "", timeout=ANSWER_S)
    made.device = _kind()(
        host=str(login.address),
        port=login.port,
        sock_fd=line.fileno(),
        user=login.user,
        ssh_config=config,
        **key,
        hostkey_verify=True,
        allow_agent=False,
        look_for_keys=False,
        conn_open_timeout=CONNECT_S,
    )
    return made


@cache
def _kind() -> Callable[..., Box]:
    from jnpr.junos import Device  # type: ignore[import-untyped]  # ships no types

    class Ours(Device):  # type: ignore[misc]  # it is untyped
        """PyEZ's own reads no `ssh_config` beside a connection it is given (jnpr/junos/device.py, _sshconf_lkup)."""

        def __new__(cls, **_kwargs: object) -> Ours:
            # And its own would speak telnet to port 23.
            return object.__new__(cls)

    return Ours


def _bounded(device: Any, most: int) -> None:  # noqa: ANN401  what is inside PyEZ's is nobody's interface
    """ncclient takes whatever comes. Where its session is NAPALM knows, too (napalm/junos/junos.py, open)."""
    from ncclient.transport.errors import TransportError  # type: ignore[import-untyped]  # ships no types

    session = device._conn._session
    read, said = session._transport_read, 0

    def counted() -> bytes:
        nonlocal said
        new: bytes = read()
        said += len(new)
        if said > most:
            raise TransportError(TOO_MUCH)
        return new

    session._transport_read = counted


def _secret(way: Way) -> str:
    try:
        return way.secrets.get(way.login.key).get_secret_value()
    except SecretError as error:
        raise SessionError(FailureKind.AUTHENTICATION, str(error)) from error


# ---- What went wrong -------------------------------------------------------------------------------------------------


@contextmanager
def answered(login: Login) -> Iterator[None]:
    """Whatever NAPALM, PyEZ, ncclient or the network raises in here comes out as a SessionError about this account."""
    from jnpr.junos import exception as pyez
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # ships no types
    from napalm.base import exceptions as napalm  # type: ignore[import-untyped]  # ships no types
    from ncclient import NCClientError  # type: ignore[import-untyped]  # ships no types
    from ncclient.transport.errors import SSHUnknownHostError, TransportError

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
    except (NCClientError, LxmlError, AttributeError, LookupError, TypeError, ValueError) as error:
        # As these libraries stumble over an answer that is none, or is not what was asked for.
        text = N_("an answer that cannot be understood: {answer}")
        raise SessionError(FailureKind.PROTOCOL, say(text, answer=_said(error))) from error


def _why(who: str, error: BaseException) -> Sentence:
    silent = isinstance(error, TimeoutError) and not str(error)
    return unreached(who, "" if silent else _said(error))


def _said(error: BaseException) -> str:
    lines = str(getattr(error, "message", None) or error).strip().splitlines() or [type(error).__name__]
    return hidden(lines[0])[:200]


def hidden(text: str) -> str:
    """Without the secrets in it."""
    return masked(text, lambda _secret: "***")
