"""One TLS handshake, seen from within: what the server shows is had also where it is not believed."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from typing import Any

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError
from monitor.probes.base import heard
from monitor.probes.pipe import Pipe, piped
from monitor.refused import Protocol, checked, refuse

__all__ = ["ALERTS", "Handshake", "Server", "believing", "certificates", "disbelieving", "shake"]

_ALERT, _HANDSHAKE = 21, 22
_CERTIFICATE, _CERTIFICATE_REQUEST = 11, 13
_CLOSE_NOTIFY = 0
_TLS13 = 0x0304
_PROTOCOLS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", _TLS13: "TLSv1.3"}
_MOST_CERTIFICATES = 20
_ANSWER_BYTES = 4096
_NO_COMPRESSED_CERTIFICATES = 1 << 33
"""SSL_OP_NO_RX_CERTIFICATE_COMPRESSION (OpenSSL 3.2): a compressed message is none that could be read here."""
_LONG = "EXCESSIVE_MESSAGE_SIZE"
_HONEST = frozenset(
    {"DH_KEY_TOO_SMALL", "UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION"}
)
"""Why OpenSSL gives up, in its own words, where the server speaks TLS as it should, and only not as we do."""

ALERTS = {
    10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure",
    42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
    46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
    86: "inappropriate_fallback", 90: "user_canceled", 109: "missing_extension", 110: "unsupported_extension",
    112: "unrecognized_name", 113: "bad_certificate_status_response", 115: "unknown_psk_identity",
    116: "certificate_required", 120: "no_application_protocol",
}  # fmt: skip
"""AlertDescription of RFC 8446, section 6, and of RFC 5246, section 7.2."""


@dataclass(frozen=True, slots=True)
class Server:
    """Who is spoken to."""

    address: str
    port: int
    name: str
    """As it must stand in its certificate."""


@dataclass(slots=True)
class Handshake:
    """What came of one. `problem` is None where it was finished and, where wanted, answered."""

    chain: tuple[bytes, ...] = ()
    """DER, the leaf first, as shown."""
    garbled: Sentence | None = None
    """Why the message with the chain could not be read."""
    protocol: str = ""
    cipher: str = ""
    seconds: float = 0.0
    requested: bool = False
    """Whether the server asked for a certificate."""
    alert: int | None = None
    """The last the server sent, other than that it closes."""
    verify_code: int = 0
    """What OpenSSL's verification has against the chain; 0 when nothing."""
    problem: Sentence | None = None
    answer: bytes = b""


def believing(ca: str | None) -> ssl.SSLContext:
    """For a handshake that only a believed server survives: by these authorities (PEM), or by the machine's.

    It goes as low as OpenSSL goes, so that what is too old or too weak is named and not only refused. Raises ValueError
    where `ca` holds no certificate.
    """
    context = _context()
    if ca is None:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(cadata=ca)
    except ssl.SSLError as error:
        raise ValueError(error.reason) from error
    # Whom the file names is believed, also where it is not a root.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def disbelieving() -> ssl.SSLContext:
    """For a look at what a server shows, whoever it is."""
    context = _context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def shake(server: Server, context: ssl.SSLContext, request: bytes = b"") -> Handshake:
    """Shake hands, and with a `request` read what comes. OSError where there is not even a connection.

    A TLS 1.3 server refuses a client's certificate only when the client thinks all is done (RFC 8446, section 4.4.2.4):
    without a request that is not seen.
    """
    seen = Handshake()
    # Not documented, there since Python 3.8: the only place where ssl shows what is refused a moment later.
    context._msg_callback = _listener(seen)  # type: ignore[attr-defined]
    begun = time.monotonic()
    async with piped(server.address, server.port, context, server.name) as pipe:
        try:
            await pipe.shake()
            seen.seconds = time.monotonic() - begun
            seen.protocol, seen.cipher = pipe.protocol, pipe.cipher
            await _ask(seen, pipe, request)
        except ssl.SSLError as error:
            _take(seen, error)
        except ConnectionError:
            seen.problem = _by_alert(seen.alert) or _cut_off(seen)
    seen.seconds = seen.seconds or time.monotonic() - begun
    return seen


def certificates(message: bytes, *, tls13: bool) -> tuple[bytes, ...]:
    """The DER texts of a Certificate message with its header (RFC 8446, section 4.4.2; RFC 5246, section 7.4.2)."""
    body = message[4:]
    if tls13:
        context, body = body[:1], body[1:]
        body = body[context[0] if context else 0 :]
    rest = _vector(body, 3, whole=True)[0]
    found: list[bytes] = []
    while rest:
        der, rest = _vector(rest, 3)
        if tls13:
            rest = _vector(rest, 2)[1]
        found.append(der)
        if len(found) > _MOST_CERTIFICATES:
            text = N_("the server shows more than {n} certificates")
            raise NonsenseError(say(text, n=_MOST_CERTIFICATES), Flaw.TOO_MUCH)
    return tuple(found)


def _vector(data: bytes, width: int, *, whole: bool = False) -> tuple[bytes, bytes]:
    end = width + int.from_bytes(data[:width])
    if len(data) < end or len(data) < width or (whole and len(data) != end):
        raise NonsenseError(say(N_("the message with the server's certificates is broken")))
    return data[width:end], data[end:]


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= _NO_COMPRESSED_CERTIFICATES
    return context


def _listener(seen: Handshake) -> Any:  # noqa: ANN401  a type that ssl has no name for
    def heard_of(*message: Any) -> None:  # noqa: ANN401  (connection, direction, version, content, kind, bytes)
        _connection, direction, version, content, kind, data = message
        if direction == "write":
            return
        if content == _ALERT and len(data) == 2 and data[1] != _CLOSE_NOTIFY:
            seen.alert = data[1]
        elif content == _HANDSHAKE:
            seen.protocol = _PROTOCOLS.get(int(version), seen.protocol)
            seen.requested |= kind == _CERTIFICATE_REQUEST
            if kind == _CERTIFICATE:
                _take_chain(seen, data, tls13=int(version) == _TLS13)

    return heard_of


def _take_chain(seen: Handshake, data: bytes, *, tls13: bool) -> None:
    try:
        with checked(Protocol.TLS):
            seen.chain = certificates(data, tls13=tls13)
    except NonsenseError as error:
        seen.garbled = error.args[0]


async def _ask(seen: Handshake, pipe: Pipe, request: bytes) -> None:
    if request:
        await pipe.say(request)
        seen.answer = await pipe.hear(_ANSWER_BYTES)
        if not seen.answer:
            seen.problem = _by_alert(seen.alert) or _cut_off(seen)
    await pipe.farewell()


def _take(seen: Handshake, error: ssl.SSLError) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        seen.verify_code = error.verify_code
        seen.problem = say(N_("the server's certificate is not believed: {why}"), why=heard(error.verify_message))
        return
    reason = error.reason or ""
    if seen.alert is None and reason not in _HONEST:
        refuse(Protocol.TLS, Flaw.TOO_MUCH if reason == _LONG else Flaw.MALFORMED)
    seen.problem = _by_alert(seen.alert) or _by_reason(reason)


def _cut_off(seen: Handshake) -> Sentence:
    if seen.cipher:
        return say(N_("the server closes instead of answering"))
    return say(N_("the server ends the connection in the handshake"))


def _by_alert(alert: int | None) -> Sentence | None:
    if alert is None:
        return None
    word = ALERTS.get(alert, str(alert))
    return say(N_("the server refuses the handshake: {alert}"), alert=word)


def _by_reason(reason: str) -> Sentence:
    known = {
        "WRONG_VERSION_NUMBER": N_("what answers there does not speak TLS"),
        "UNSUPPORTED_PROTOCOL": N_("the server speaks no version of TLS that is known here"),
        "HTTP_REQUEST": N_("what answers there does not speak TLS"),
        _LONG: N_("the server shows more certificates than anybody takes"),
    }
    return say(known.get(reason, N_("the handshake fails: {why}")), why=heard(reason.lower().replace("_", " ")))
