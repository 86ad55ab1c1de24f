"""A connection that tells at once when the other side has hung up; netmiko waits for its time-out then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netmiko import BaseConnection

__all__ = ["watched"]


def watched(connection: BaseConnection) -> None:
    """From now on reading from a channel that is closed raises netmiko's ReadException."""
    from netmiko.channel import SSHChannel
    from netmiko.exceptions import ReadException

    class Watched(SSHChannel):
        """netmiko's own channel (netmiko/channel.py), asked whether it is still open."""

        def read_buffer(self) -> str:
            said = super().read_buffer()
            if not said and self.remote_conn is not None and self.remote_conn.closed:
                raise ReadException("the device has ended the connection")
            return said

    if isinstance(connection.channel, SSHChannel):
        connection.channel = Watched(connection.channel.remote_conn, connection.encoding)
