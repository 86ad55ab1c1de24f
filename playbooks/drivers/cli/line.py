"""A command line reached by netmiko: the pinned host key and no other, the account's own secret and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

from inventory.access import place
from inventory.errors import SecretError
from inventory.model import Login
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import LIMITS, TOO_MUCH, Limits, kind_of
from playbooks.drivers.cli.scratch import scratch
from playbooks.drivers.cli.session import SessionError, Way

if TYPE_CHECKING:
    from netmiko import BaseConnection
    from paramiko import PKey

__all__ = ["answered", "credentials", "logged_in", "pinned", "unreached"]

CONNECT_S, ANSWER_S = 10, 30
"""How long a device may take to let somebody in, and to answer a command."""


@contextmanager
def logged_in(way: Way, kind: str, limits: Limits = LIMITS, **extra: object) -> Iterator[BaseConnection]:
    """A netmiko connection of that device type. Raises SessionError, also for what netmiko raises in the block."""
    with pinned(way.login) as known, answered(way.login):
        connection = kind_of(kind, limits)(
            device_type=kind,
            host=str(way.login.address),
            port=way.login.port,
            username=way.login.user,
            ssh_strict=True,
            system_host_keys=False,
            alt_host_keys=True,
            alt_key_file=known,
            allow_agent=False,
            conn_timeout=CONNECT_S,
            auth_timeout=CONNECT_S,
            banner_timeout=CONNECT_S,
            read_timeout_override=ANSWER_S,
            **credentials(way),
            **extra,
        )
        try:
            yield connection
        finally:
            connection.disconnect()


def credentials(way: Way) -> dict[str, object]:
    """The account's secret as netmiko takes it: a key, else a password; and the one of the privileged mode."""
    try:
        secret = way.secrets.get(way.login.key).get_secret_value()
        enable = "" if way.login.enable is None else way.secrets.get(way.login.enable).get_secret_value()
    except SecretError as error:
        raise SessionError(FailureKind.AUTHENTICATION, str(error)) from error
    found: dict[str, object] = {"secret": enable}
    if "PRIVATE KEY" in secret:
        return {**found, "use_keys": True, "pkey": _private(secret, way.login)}
    return {**found, "use_keys": False, "password": secret.rstrip("\n")}


@contextmanager
def pinned(login: Login) -> Iterator[str]:
    """A known_hosts file that knows this one device; HOST_KEY when the inventory has no key for it."""
    if login.host_key is None:
        text = N_("the inventory has no host key for {device}; fosa never learns one by itself")
        raise SessionError(FailureKind.HOST_KEY, say(text, device=f"{login.user}@{place(login)}"))
    with scratch(f"{place(login)} {login.host_key}\n") as file:
        yield file


@contextmanager
def answered(login: Login) -> Iterator[None]:
    """Whatever netmiko, paramiko or the network raises in here comes out as a SessionError about this account."""
    from netmiko import exceptions as netmiko
    from paramiko import ssh_exception as paramiko

    who = f"{login.user}@{place(login)}"
    try:
        yield
    except paramiko.BadHostKeyException as error:
        raise SessionError(
            FailureKind.HOST_KEY, say(N_("{place}: the host key is not the pinned one"), place=who)
        ) from error
    except (netmiko.NetmikoAuthenticationException, paramiko.AuthenticationException) as error:
        text = N_("{place}: the device does not accept the account")
        raise SessionError(FailureKind.AUTHENTICATION, say(text, place=who)) from error
    except (netmiko.ReadTimeout, netmiko.NetmikoTimeoutException, TimeoutError) as error:
        raise SessionError(*_silent(who, error)) from error
    except (netmiko.NetmikoBaseException, paramiko.SSHException, OSError, EOFError, ValueError) as error:
        raise SessionError(*_silent(who, error)) from error


def _silent(who: str, error: BaseException) -> tuple[FailureKind, Sentence]:
    if isinstance(error, TimeoutError) and not str(error):
        return FailureKind.UNREACHABLE, unreached(who, "")
    said = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    # netmiko's first line may only announce what paramiko has said.
    why = next((line for line in said if not line.endswith(":")), said[0])[:200]
    whole = str(error).lower()
    if "host key" in whole or "not found in known_hosts" in whole:
        return FailureKind.HOST_KEY, say(N_("{place}: the host key is not the pinned one"), place=who)
    if "enable mode" in why.lower():
        return FailureKind.AUTHENTICATION, say(N_("the privileged mode does not accept the password"))
    return FailureKind.UNREACHABLE, unreached(who, why)


def unreached(who: str, why: str) -> Sentence:
    """Why a device could not be spoken to; nothing: it said nothing."""
    if not why:
        return say(N_("{place}: no answer in time"), place=who)
    if TOO_MUCH in why:
        return say(N_("the device says too much"))
    if "protocol banner" in why:
        return say(N_("{place}: it ends every connection at once: no session is left, or it is restarting"), place=who)
    return say(N_("{place}: {why}"), place=who, why=why)


def _private(text: str, login: Login) -> PKey:
    from paramiko import ECDSAKey, Ed25519Key, RSAKey, SSHException

    for kind in (Ed25519Key, ECDSAKey, RSAKey):
        try:
            return kind.from_private_key(StringIO(text))
        except (SSHException, ValueError):
            continue
    message = N_("{place}: {key} is not a private key without a passphrase")
    raise SessionError(FailureKind.AUTHENTICATION, say(message, place=place(login), key=login.key))
