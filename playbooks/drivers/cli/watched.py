"""A connection that tells at once when nothing more will come; netmiko waits for its time-out then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netmiko import BaseConnection

__all__ = ["watched"]

_PAGES = re.compile(r"-- ?more ?--[^\n]{0,80}\Z", re.IGNORECASE)


def watched(connection: BaseConnection) -> None:
    """From now on a channel that is closed, or waits for a key to go on, raises netmiko's ReadException."""
    from netmiko.channel import SSHChannel
    from netmiko.exceptions import ReadException

    class Watched(SSHChannel):
        """netmiko's own channel (netmiko/channel.py), asked whether it is still open."""

        def read_buffer(self) -> str:
            said = super().read_buffer()
            if not said and self.remote_conn is not None and self.remote_conn.closed:
                raise ReadException("the device has ended the connection")
            if _PAGES.search(said):
                raise ReadException("the device shows its answers page by page, whatever it is told")
            return said

    if isinstance(connection.channel, SSHChannel):
        connection.channel = Watched(connection.channel.remote_conn, connection.encoding)
