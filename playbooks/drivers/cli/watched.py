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
    from netmiko.exceptions import ReadException

    read, line = connection.channel.read_buffer, connection.remote_conn

    def read_buffer() -> str:
        said = read()
        if not said and (line is None or getattr(line, "closed", False)):
            raise ReadException("the device has ended the connection")
        if _PAGES.search(said):
            raise ReadException("the device shows its answers page by page, whatever it is told")
        return said

    connection.channel.read_buffer = read_buffer  # type: ignore[method-assign]  # of this connection alone
