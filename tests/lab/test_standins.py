"""The stand-ins: a platform's host with its dictionary, names, and every mood they can be in."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

import dns.message
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.pki import Authority
from lab.standins import order
from lab.standins.mood import Mood, mood_in, set_mood
from lab.standins.names import answer
from lab.standins.order import DICTIONARY, OPERATION, Asking, Host, Order, Resolver
from lab.standins.web import Web

NAME, LOOPBACK = "ws.platform.example", IPv4Address("127.0.0.1")
NAMES: dict[str, tuple[str, ...]] = {NAME: ("192.0.2.80", "192.0.2.81")}
QUESTION = f"GET {DICTIONARY}?wsdl HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()
READ = f"POST {DICTIONARY} HTTP/1.1\r\nContent-Length: {len(OPERATION) + 3}\r\n\r\n<{OPERATION}/>".encode()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("A platform", dt.datetime.now(dt.UTC))


def _host(folder: Path, authority: Authority) -> Host:
    (folder / "authority.pem").write_text(authority.certificate)
    for mood, days in {Mood.FINE: (-1, 30), Mood.EXPIRED: (-30, -1)}.items():
        issued = authority.issue(NAME, days=days)
        (folder / f"{mood}.pem").write_text(issued.certificate + issued.key)
    own = authority.issue("office.example")
    (folder / "own.pem").write_text(own.certificate + own.key)
    return Host("", str(LOOPBACK), 0, NAME, folder, folder / "authority.pem", folder / "registry")


def _asked(host: Host, folder: Path, question: bytes, *, shown: bool = True) -> bytes:
    """What comes back over TLS 1.3, the office's certificate shown."""

    with socket.create_server((str(LOOPBACK), 0)) as listening:
        Thread(target=Web(host, folder).run, args=(listening,), daemon=True).start()
        context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
        if shown:
            context.load_cert_chain(folder / "own.pem")
        plain = socket.create_connection(listening.getsockname(), timeout=20)
        try:
            with context.wrap_socket(plain, server_hostname=NAME) as secured:
                secured.sendall(question)
                return b"".join(iter(lambda: secured.recv(65536), b""))
        finally:
            listening.shutdown(socket.SHUT_RDWR)


def test_a_description_is_given_and_the_dictionary_is_read_by_soap(tmp_path: Path, authority: Authority) -> None:
    host = _host(tmp_path, authority)
    described = _asked(host, tmp_path, QUESTION)
    assert described.startswith(b"HTTP/1.1 200")
    assert b"not the platform" in described
    said = _asked(host, tmp_path, READ)
    assert said.startswith(b"HTTP/1.1 200")
    assert b"<entry>stand-in</entry>" in said


@pytest.mark.parametrize(
    ("mood", "question", "said"),
    [
        (Mood.ERROR, QUESTION, b"HTTP/1.1 500"),
        (Mood.FAULT, READ, b"faultstring"),
        (Mood.CHANGED, QUESTION, b"ChangedStandIn"),
    ],
)
def test_it_fails_as_it_is_told_to(
    tmp_path: Path, authority: Authority, mood: Mood, question: bytes, said: bytes
) -> None:
    host = _host(tmp_path, authority)
    set_mood(tmp_path, mood)
    assert mood_in(tmp_path) is mood
    assert said in _asked(host, tmp_path, question)
    set_mood(tmp_path, Mood.FINE)
    assert said not in _asked(host, tmp_path, question)


def test_who_shows_no_certificate_or_is_not_believed_any_more_gets_no_answer(
    tmp_path: Path, authority: Authority
) -> None:
    host = _host(tmp_path, authority)
    with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
        _asked(host, tmp_path, QUESTION, shown=False)
    set_mood(tmp_path, Mood.REFUSES)
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        _asked(host, tmp_path, QUESTION)


def test_it_shows_a_certificate_that_has_ended(tmp_path: Path, authority: Authority) -> None:
    host = _host(tmp_path, authority)
    set_mood(tmp_path, Mood.EXPIRED)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        _asked(host, tmp_path, QUESTION)


def test_names_lead_to_their_addresses_and_to_nothing_else() -> None:
    asked = dns.message.make_query(NAME.upper(), "A")
    said = dns.message.from_wire(answer(asked.to_wire(), NAMES) or b"")
    assert said.id == asked.id
    assert {str(record) for rrset in said.answer for record in rrset} == {*NAMES[NAME]}
    none = dns.message.from_wire(answer(dns.message.make_query(NAME, "AAAA").to_wire(), NAMES) or b"")
    assert (none.rcode(), none.answer) == (dns.rcode.NOERROR, [])
    other = dns.message.from_wire(answer(dns.message.make_query("other.example", "A").to_wire(), NAMES) or b"")
    assert other.rcode() == dns.rcode.NXDOMAIN


@given(st.binary(max_size=80))
def test_whatever_is_asked_of_names_is_answered_or_passed_over(question: bytes) -> None:
    said = answer(question, NAMES)
    assert said is None or said[:2] == question[:2]


def test_an_order_is_read_as_it_was_written(tmp_path: Path) -> None:
    host = Host("ns", "192.0.2.80", 443, NAME, tmp_path, tmp_path / "a.pem", tmp_path / "r")
    asking = Asking("ns", "192.0.2.80", 443, NAME, tmp_path / "own.pem", tmp_path / "a.pem")
    whole = Order(tmp_path, (host,), (Resolver("ns", "10.0.0.1", {NAME: ("192.0.2.80",)}),), (asking,))
    read = order.read(order.written(whole).decode())
    assert read.hosts == whole.hosts
    assert read.asking == whole.asking
    assert [list(each.names) for each in read.resolvers] == [[NAME]]
