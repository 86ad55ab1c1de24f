"""The stand-ins for revocations and for the time, asked as the watch asks: over plain HTTP at a platform's own port."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inventory.sentence import Sentence
from lab.pki import Authority, Credentials, Registry
from lab.standins.mood import Mood, set_mood
from lab.standins.order import CRL, OCSP, Host
from lab.standins.papers import prepare
from lab.standins.registry import stamped
from lab.standins.web import Web
from monitor.certificates import crl, ocsp
from monitor.certificates.ocsp import Answer
from monitor.certificates.shown import Certificate, read
from monitor.outgoing import body_of
from monitor.probes.stamp import read as read_stamp
from monitor.probes.stamp import roots_in, wish
from monitor.results import State

_NOW = dt.datetime.now(dt.UTC)
_NONCE = bytes(ocsp.NONCE_BYTES)
_REGISTRY = Registry(f"http://192.0.2.80:443{OCSP}", f"http://192.0.2.80:443{CRL}")


class Platform:
    """A host with a certificate that may be revoked, and the office's, which may not."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority("A platform", _NOW)
        self.folder, self.registry = folder, folder / "registry"
        self.shows = self.authority.issue("ws.platform.example", registry=_REGISTRY)
        self.ours = self.authority.issue("office.example", registry=_REGISTRY)
        prepare(self.registry, self.authority, [self.shows], [self.ours])

    def asked(self, question: bytes) -> bytes:
        """What comes back without TLS."""
        host = Host("", "127.0.0.1", 0, "ws.platform.example", self.folder, self.folder, self.registry)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            Thread(target=Web(host, self.folder).run, args=(listening,), daemon=True).start()
            with socket.create_connection(listening.getsockname(), timeout=20) as connection:
                connection.sendall(question)
                said = b"".join(iter(lambda: connection.recv(65536), b""))
            listening.shutdown(socket.SHUT_RDWR)
        return said

    def responds(self, about: Credentials) -> Answer:
        """What its responder says, as the probe understands it."""
        body = ocsp.question(seen(about), seen(self.authority.credentials), _NONCE)
        head = f"POST {OCSP} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        answer = body_of(self.asked(head + body))
        return ocsp.judge(answer, seen(about), seen(self.authority.credentials), _NONCE, _NOW)

    def lists(self, about: Credentials) -> Answer:
        """What its list says."""
        listed = body_of(self.asked(f"GET {CRL} HTTP/1.1\r\n\r\n".encode()))
        return crl.judge(listed, seen(about), seen(self.authority.credentials), _NOW)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def seen(credentials: Credentials) -> Certificate:
    return read(x509.load_pem_x509_certificate(credentials.certificate.encode()).public_bytes(Encoding.DER))


def test_certificates_name_where_they_are_asked_about(platform: Platform) -> None:
    shown = seen(platform.shows)
    assert (shown.ocsp, shown.lists) == ((_REGISTRY.ocsp,), (_REGISTRY.crl,))


@pytest.mark.parametrize(("mood", "state"), [(Mood.FINE, State.UP), (Mood.REVOKED, State.DOWN)])
def test_responder_and_list_agree_on_what_is_revoked(platform: Platform, mood: Mood, state: State) -> None:
    set_mood(platform.folder, mood)
    assert (platform.responds(platform.shows).state, platform.lists(platform.shows).state) == (state, state)
    assert platform.responds(platform.ours).state is State.UP, "what the office shows is not the platform's"


@pytest.mark.parametrize(("mood", "state"), [(Mood.UNSAID, State.UP), (Mood.STALE, State.DOWN)])
def test_where_the_responder_is_silent_the_list_decides(platform: Platform, mood: Mood, state: State) -> None:
    set_mood(platform.folder, mood)
    assert platform.asked(f"POST {OCSP} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 503")
    assert platform.lists(platform.shows).state is state


def test_nothing_else_is_said_without_tls(platform: Platform) -> None:
    assert platform.asked(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")
    assert platform.asked(b"nonsense\r\n\r\n") == b""


def test_stamps_are_real_and_refused_where_that_is_the_mood(platform: Platform) -> None:
    wished, roots = wish(), roots_in(platform.authority.certificate)
    stamp = stamped(platform.registry, wished.der, Mood.FINE)
    assert stamp is not None
    at = read_stamp(wished, stamp, roots)
    assert isinstance(at, dt.datetime), at
    assert abs(at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    refusal = stamped(platform.registry, wished.der, Mood.UNSTAMPED)
    assert refusal is not None
    said = read_stamp(wished, refusal, roots)
    assert isinstance(said, Sentence)
    assert str(said).startswith("the authority gives no stamp: rejection")
    confused = stamped(platform.registry, b"no question", Mood.FINE)
    assert confused is not None
    assert "Bad request format" in str(read_stamp(wished, confused, roots))
