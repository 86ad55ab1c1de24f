"""What somebody at the desk shows of himself, and who judges it."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field
from typing import Protocol

from api.people.model import Action, Caller

__all__ = ["Doorkeeper", "Knock", "Peer", "peer_of"]

_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end of the socket, as the kernel knows it."""

    pid: int
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Knock:
    """Who asks, and by what he means to prove it."""

    peer: Peer
    token: str = field(default="", repr=False)
    session: str = field(default="", repr=False)
    address: str = ""
    """Where the edge says its reader is; empty unless the edge asks."""

    @property
    def origin(self) -> str:
        """From where, as the audit says it of somebody who has not proved anything."""
        return f"page {self.address}" if self.address else f"socket uid {self.peer.uid}"


class Doorkeeper(Protocol):
    """Who judges whoever knocks. Both may block; RefusedError is their only way to say no."""

    def identify(self, knock: Knock) -> Caller:
        """Who it is; RefusedError when he has not proved it."""
        ...

    def permit(self, caller: Caller, action: Action) -> None:
        """RefusedError unless there is anything at all the caller may do under this action."""
        ...


def peer_of(connection: socket.socket) -> Peer:
    """The peer of a connected Unix socket. The kernel took it down when the peer connected; nobody can choose it."""
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return Peer(*_CREDENTIALS.unpack(data))
