"""netmiko's connections, bounded: nobody waits on one in vain, and none brings more than there can be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netmiko import BaseConnection
    from netmiko.channel import SSHChannel
    from paramiko import SSHClient

__all__ = ["LIMITS", "TOO_MUCH", "Limits", "cut_off", "kind_of"]

TOO_MUCH = "the device says too much"
"""As what is raised in the libraries says it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may take."""

    login_s: float = 60.0
    """Until somebody is logged in; each answer has a time of its own behind that."""
    said: int = 16 << 20
    """What a device may say in all, in characters: a switch's whole configuration is not a tenth of it."""


LIMITS = Limits()


@contextmanager
def cut_off(seconds: float, cut: Callable[[], object]) -> Iterator[None]:
    """TimeoutError where what happens in here takes longer: the connection is cut, so that it ends at all.

    paramiko waits for an hour for a channel that a device never opens, and for ever for its answer to a request on it.
    """
    over = threading.Event()

    def end() -> None:
        over.set()
        cut()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


@cache
def kind_of(device_type: str, limits: Limits = LIMITS) -> Callable[..., BaseConnection]:
    """netmiko's class for a type of device, within limits; one that fails half-way leaves no connection."""
    from netmiko import ssh_dispatcher

    known: Any = ssh_dispatcher(device_type)

    class Bounded(known):  # type: ignore[misc]  # netmiko finds its class by name
        """Logged in as soon as it is made."""

        def _open(self) -> None:
            self.clients: list[SSHClient] = []
            self.over = threading.Event()
            try:
                with cut_off(limits.login_s, self.hang_up):
                    super()._open()
            except BaseException:
                self.hang_up()
                raise

        def _build_ssh_client(self) -> SSHClient:
            """For this connection, and for the second one that netmiko copies files over."""
            client: SSHClient = super()._build_ssh_client()
            self.clients.append(client)
            return client

        def special_login_handler(self, delay_factor: float = 1.0) -> None:
            """The first that reads."""
            self.channel = _channel()(self.remote_conn, self.encoding, limits.said, self.over)
            super().special_login_handler(delay_factor)

        def hang_up(self) -> None:
            """Whoever reads or waits is told at once."""
            self.over.set()
            for client in self.clients:
                client.close()

    return Bounded


@cache
def _channel() -> Callable[..., SSHChannel]:
    from netmiko.channel import SSHChannel
    from netmiko.exceptions import ReadException

    class Channel(SSHChannel):
        """netmiko's own (netmiko/channel.py) takes whatever comes, and waits on when nothing can come any more."""

        def __init__(self, conn: Any, encoding: str, most: int, over: threading.Event) -> None:  # noqa: ANN401  as netmiko's
            super().__init__(conn, encoding)
            self._left, self._over = most, over

        def read_buffer(self) -> str:
            if self._over.is_set():
                raise ReadException("the connection has been cut")
            said = super().read_buffer()
            self._left -= len(said)
            if self._left < 0:
                raise ReadException(TOO_MUCH)
            return said

    return Channel
