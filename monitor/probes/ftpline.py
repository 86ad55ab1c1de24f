"""An FTP conversation, over TLS (RFC 4217) or not, that ends: bounded, and with a way to break it off."""

from __future__ import annotations

import contextlib
import ftplib
import socket
import ssl

__all__ = ["IMPLICIT_PORT", "ClearLine", "Line", "SecuredLine"]

IMPLICIT_PORT = 990
"""Where TLS begins with the first byte (IANA: ftps)."""
_PATIENCE_S = 8.0
_ANSWER_LINES = 64
_LISTING_BYTES = 256 * 1024
_STRANGER = "fosa-probe"
"""Nobody's account: a server that takes passwords in clear asks for its, one that does not refuses the name."""


class Line(ftplib.FTP):
    """A control connection that another thread may break off."""

    def __init__(self) -> None:
        # Whatever bytes a server says are text in Latin-1.
        super().__init__(timeout=_PATIENCE_S, encoding="latin-1")
        self._held: list[socket.socket] = []
        self._broken = False

    def hold(self, connection: socket.socket) -> None:
        """Remember a connection by a descriptor of its own, which stays whatever becomes of the first."""
        self._held.append(connection.dup())
        if self._broken:
            self.break_off()

    def break_off(self) -> None:
        """End it at once, whatever it waits for: that fails."""
        self._broken = True
        for each in self._held:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it, without a word."""
        super().close()
        while self._held:
            self._held.pop().close()

    def reach(self, address: str, port: int) -> socket.socket:
        """A connection that is held."""
        self.sock = socket.create_connection((address, port), _PATIENCE_S)
        self.af = self.sock.family
        self.hold(self.sock)
        return self.sock

    def greeted(self) -> None:
        """Hear the server's first words."""
        if self.sock is not None:
            self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def getmultiline(self) -> str:
        """An answer of many lines, and not of any number."""
        line = self.getline()
        if line[3:4] != "-":
            return line
        code, lines = line[:3], [line]
        while not (lines[-1][:3] == code and lines[-1][3:4] != "-"):
            if len(lines) >= _ANSWER_LINES:
                raise ftplib.Error(f"an answer of more than {_ANSWER_LINES} lines")  # noqa: S321  an error
            lines.append(self.getline())
        return "\n".join(lines)


class SecuredLine(Line, ftplib.FTP_TLS):
    """One with TLS before anything is said. Its methods raise OSError and what ftplib raises."""

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        super().__init__()
        self.context, self._name = context, name

    def enter(self, address: str, port: int) -> None:
        """Connect, and believe nobody but the host of that name."""
        raw = self.reach(address, port)
        if port == IMPLICIT_PORT:
            self.sock = self.context.wrap_socket(raw, server_hostname=self._name)
            self.greeted()
            return
        self.greeted()
        # ftplib takes it for the name that must stand in the certificate.
        self.host = self._name
        self.auth()

    def listed(self) -> int:
        """Have the folder listed over an encrypted connection; its size in bytes, as far as it is read."""
        self.prot_p()
        connection, _size = self.ntransfercmd("LIST")
        taken = 0
        with connection:
            while taken < _LISTING_BYTES and (part := connection.recv(65536)):
                taken += len(part)
        if taken < _LISTING_BYTES:
            self.voidresp()
        return taken

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """As ftplib's, in the control connection's TLS session: servers demand that, so that nobody comes between."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321  over TLS
        self.hold(connection)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        return self.context.wrap_socket(connection, server_hostname=self._name, session=session), size

    @property
    def certificate(self) -> dict[str, object]:
        """What the server has shown, as ssl tells it; nothing before `enter`."""
        return dict(self.sock.getpeercert() or {}) if isinstance(self.sock, ssl.SSLSocket) else {}


class ClearLine(Line):
    """One without TLS, to see what a server does about it. No account and no password of ours goes over it."""

    def takes_passwords(self, address: str, port: int) -> bool:
        """Whether the server asks for one. Raises OSError."""
        self.reach(address, port)
        try:
            self.greeted()
            return self.sendcmd(f"USER {_STRANGER}")[:1] in {"2", "3"}
        except (ftplib.Error, EOFError):
            return False
