"""A host of a platform, as a stand-in: TLS with a client certificate, a dictionary read by SOAP 1.1, time-stamps.

Who does not begin TLS may ask about certificates, at the same port: no other is open to anybody in an office.
"""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import BinaryIO

from lab.standins.mood import Mood, mood_in
from lab.standins.order import CRL, DICTIONARY, OCSP, OPERATION, STAMPS, Host
from lab.standins.registry import listed, said, stamped

__all__ = ["Web"]

_LINE_BYTES, _FIELDS, _BODY_BYTES, _AT_ONCE = 4096, 64, 64 * 1024, 32
_PATIENCE_S, _LINGER_S = 15.0, 2.0
_SLOW_S = 6.0
_XML, _STAMP = "text/xml; charset=utf-8", "application/timestamp-reply"
_SPACE = "urn:fosa:stand-in"

_WSDL = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- A stand-in of a practice office, not the platform. -->
<definitions name="StandIn" targetNamespace="{_SPACE}" xmlns="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{_SPACE}">
  <types><xs:schema targetNamespace="{_SPACE}" elementFormDefault="qualified">
    <xs:element name="{OPERATION}"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
    <xs:element name="Dictionary"><xs:complexType><xs:sequence>
      <xs:element name="entry" type="xs:string" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema></types>
  <message name="Question"><part name="body" element="t:{OPERATION}"/></message>
  <message name="Answer"><part name="body" element="t:Dictionary"/></message>
  <portType name="Reading"><operation name="{OPERATION}">
    <input message="t:Question"/><output message="t:Answer"/>
  </operation></portType>
  <binding name="Binding" type="t:Reading">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="{OPERATION}"><soap:operation soapAction="{OPERATION}"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="StandIn"><port name="Port" binding="t:Binding"><soap:address location="{{place}}"/></port></service>
</definitions>
"""
_ENVELOPE = """\
<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>
"""
_ANSWER = f'<Dictionary xmlns="{_SPACE}"><entry>stand-in</entry><entry>not the platform</entry></Dictionary>'
_FAULT = "<s:Fault><faultcode>s:Server</faultcode><faultstring>stand-in: not now</faultstring></s:Fault>"

_HANDSHAKE = b"\x16"
"""What TLS begins with (RFC 8446, section 5.1)."""
_Reply = tuple[int, str, bytes]
"""Status, type, body."""


class Web:
    """One host. Its mood is read anew for each handshake and each question.

    In threads, not on an event loop: asyncio closes a failed handshake without telling the other end why.
    """

    def __init__(self, host: Host, folder: Path) -> None:
        self._host, self._folder = host, folder
        self._free = BoundedSemaphore(_AT_ONCE)

    def run(self, listening: socket.socket) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                connection, _whence = listening.accept()
            except OSError:
                return
            if not self._free.acquire(blocking=False):
                connection.close()
                continue
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        """One question, and its answer. Whoever hangs up or speaks something else gets none."""
        connection.settimeout(_PATIENCE_S)
        try:
            if connection.recv(1, socket.MSG_PEEK) != _HANDSHAKE:
                with connection:
                    connection.sendall(_written(*self._known(connection)))
                return
            context = self._context(mood_in(self._folder))
            with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
                try:
                    secured.do_handshake()
                    secured.sendall(_written(*self._answer(secured)))
                except ssl.SSLError:
                    _hear_out(secured)
        except (OSError, ValueError):
            # Who asked has gone, or asked nonsense: nobody is left to be told.
            pass
        finally:
            self._free.release()

    def _known(self, connection: socket.socket) -> _Reply:
        """What is known of certificates."""
        _method, target, body = _question(connection)
        mood = mood_in(self._folder)
        if target == CRL:
            return 200, "application/pkix-crl", listed(self._host.registry, mood)
        if target == OCSP and (answer := said(self._host.registry, body, mood)) is not None:
            return 200, "application/ocsp-response", answer
        return (503 if target == OCSP else 404), "text/plain", b"stand-in: not now\n"

    def _answer(self, secured: ssl.SSLSocket) -> _Reply:
        method, target, body = _question(secured)
        mood = mood_in(self._folder)
        if mood is Mood.SLOW:
            time.sleep(_SLOW_S)
        if mood is Mood.ERROR:
            return 500, "text/plain", b"stand-in: out of order\n"
        if target == STAMPS:
            stamp = stamped(self._host.registry, body, mood)
            return (500, "text/plain", b"stand-in: no stamps\n") if stamp is None else (200, _STAMP, stamp)
        if target.partition("?")[0] != DICTIONARY:
            return 200, "text/plain", b"stand-in of a practice office, not the platform\n"
        status, text = self._dictionary(method, body, mood)
        return status, _XML, text.encode()

    def _dictionary(self, method: str, body: bytes, mood: Mood) -> tuple[int, str]:
        if method != "POST":
            place = f"https://{self._host.name}:{self._host.port}{DICTIONARY}"
            text = _WSDL.format(place=place)
            return 200, text.replace("StandIn", "ChangedStandIn") if mood is Mood.CHANGED else text
        if mood is Mood.FAULT or OPERATION.encode() not in body:
            return 500, _ENVELOPE.format(body=_FAULT)
        return 200, _ENVELOPE.format(body=_ANSWER)

    def _context(self, mood: Mood) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        own = self._host.credentials / f"{mood}.pem"
        context.load_cert_chain(own if own.exists() else self._host.credentials / f"{Mood.FINE}.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        if mood is not Mood.REFUSES:
            # Without any authority nobody is believed.
            context.load_verify_locations(self._host.believed)
        return context


def _hear_out(secured: ssl.SSLSocket) -> None:
    """Closed at once, the reason would be lost on its way: what was not read makes the kernel break the connection."""
    plain = socket.socket(fileno=secured.detach())
    with plain:
        plain.settimeout(_LINGER_S)
        plain.shutdown(socket.SHUT_WR)
        while plain.recv(_BODY_BYTES):
            pass


def _question(connection: socket.socket) -> tuple[str, str, bytes]:
    """Method, target and body. ValueError for what is none."""
    with connection.makefile("rb") as stream:
        method, target, *_rest = stream.readline(_LINE_BYTES).decode("latin-1").split()
        return method, target, stream.read(_length(stream))


def _written(status: int, media: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}\r\nContent-Type: {media}\r\n"
        f"Content-Length: {len(body)}\r\nServer: stand-in, not the platform\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _length(stream: BinaryIO) -> int:
    """Of the body, once the fields are read; ValueError for too much of either."""
    length = 0
    for _n in range(_FIELDS):
        line = stream.readline(_LINE_BYTES).strip()
        if not line:
            return length
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length" and not 0 <= (length := int(value)) <= _BODY_BYTES:
            raise ValueError("too long")
    raise ValueError("too many fields")
