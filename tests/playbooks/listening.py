"""A port that takes connections, on loopback or wherever this thread's network is, with TLS or without."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

from lab.pki import Authority

__all__ = ["HOME", "listening", "secured"]

HOME = IPv4Address("127.0.0.1")
_SECONDS = 5.0


def secured(folder: Path, name: str = "platform.example") -> ssl.SSLContext:
    """A server's TLS, with a certificate of that name made for it in the folder."""
    credentials = Authority("Office", dt.datetime.now(dt.UTC)).issue(name)
    (folder / "key").write_text(credentials.key)
    (folder / "certificate").write_text(credentials.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context


@contextmanager
def listening(tls: ssl.SSLContext | None = None, address: IPv4Address = HOME, port: int = 0) -> Iterator[int]:
    """The port, any free one unless it is named. It stays in the network in which it was opened."""
    with socket.create_server((str(address), port)) as server:
        thread = Thread(target=_serve, args=(server, tls), daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(server: socket.socket, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _from = server.accept()
        except OSError:
            return
        with connection:
            # Whoever goes without a word, or cannot be heard any more, must not keep out the next one.
            connection.settimeout(_SECONDS)
            try:
                if tls is not None:
                    tls.wrap_socket(connection, server_side=True).close()
            except OSError:
                continue
