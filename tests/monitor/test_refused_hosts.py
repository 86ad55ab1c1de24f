"""Bad answers of platforms' hosts and of those who answer for certificates: each is counted, none does harm."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as library
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.sentence import Sentence
from lab.pki import Authority
from lab.standins.mood import Mood
from lab.standins.papers import prepare
from lab.standins.registry import stamped
from monitor.errors import Flaw, NonsenseError
from monitor.outgoing import body_of
from monitor.probes.handshake import Handshake, Server, disbelieving, shake
from monitor.probes.shown import chain_of
from monitor.probes.stamp import wish
from monitor.probes.web import BODY_BYTES, Question, fetch
from monitor.refused import FLAWS, Protocol
from monitor.results import ProbeKind
from tests.monitor.certificates.issuing import Issued, authority, days, revoking
from tests.monitor.probes.dictionary import Dictionary, serving
from tests.monitor.probes.listeners import speaking
from tests.monitor.probes.platforms import answering, asked, platform, server_context, tls_server
from tests.monitor.refusals import Case, grown
from tests.slots import free_port

CA, ROGUE = authority(), authority("Rogue", key="b")
OURS = CA.issue("sd.office.example", key="ours")
SECRETS = {"public:ca.pem": CA.pem, "file:ours.pem": OURS.chain_pem}
CANARY = (
    'ca: public:ca.pem\n    client_certificate: {secret: "file:ours.pem"}\n'
    "    canary: {path: '/s?wsdl', operation: pobierz}"
)
STAMPS = "ca: public:ca.pem\n    time_stamps: {endpoint: csizs.example, path: /tsa}"


def http(body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def shaken(answer: bytes) -> Case:
    def run(_folder: Path) -> None:
        with answering(lambda _hello: answer) as port:
            asyncio.run(shake(Server("127.0.0.1", port, "csizs.example"), disbelieving()))

    return run


def shown(*chain: Issued) -> Case:
    """A host that shows a chain to who looks whether it is good."""

    def run(folder: Path) -> None:
        with tls_server(server_context(folder, *chain)) as port:
            asked(platform(folder, [port]), ProbeKind.TLS, SECRETS)

    return run


def revocation(sort: str, body: Callable[[Issued], bytes]) -> Case:
    """A host whose certificate names who is asked about it, and what he answers."""

    def run(folder: Path) -> None:
        with answering(lambda _asked: http(body(shows))) as there:
            url = f"http://127.0.0.1:{there}/"
            shows = CA.issue(ocsp=url) if sort == "ocsp" else CA.issue(crl=url)
            with tls_server(server_context(folder, shows)) as port:
                asked(platform(folder, [port, there]), ProbeKind.REVOCATION, SECRETS)

    return run


def says(about: Issued, signer: Issued) -> bytes:
    """A responder's answer."""
    builder = library.OCSPResponseBuilder().add_response(
        cert=about.certificate, issuer=CA.certificate, algorithm=hashes.SHA1(),
        cert_status=library.OCSPCertStatus.GOOD, this_update=days(-0.1), next_update=days(1),
        revocation_time=None, revocation_reason=None,
    ).responder_id(library.OCSPResponderEncoding.HASH, signer.certificate)  # fmt: skip
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def partial(_shows: Issued) -> bytes:
    """A list that speaks of authorities only (RFC 5280, section 5.2.5)."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(CA.certificate.subject)
    point = x509.IssuingDistributionPoint(
        full_name=None, relative_name=None, only_contains_user_certs=False, only_contains_ca_certs=True,
        only_some_reasons=None, indirect_crl=False, only_contains_attribute_certs=False,
    )  # fmt: skip
    builder = builder.last_update(days(-1)).next_update(days(6)).add_extension(point, critical=True)
    return builder.sign(CA.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def timed(answer: bytes) -> Case:
    def run(folder: Path) -> None:
        with answering(lambda _asked: http(answer)) as port:
            asked(platform(folder, [port], more=STAMPS), ProbeKind.TIME_STAMP, SECRETS, "time-stamp:")

    return run


def stamped_for_another(folder: Path) -> None:
    """A real stamp, of a question that was not put."""
    prepare(folder / "registry", Authority("A platform", days(0)), (), ())
    stamp = stamped(folder / "registry", wish().der, Mood.FINE)
    assert stamp is not None
    timed(stamp)(folder)


def visited(answer: bytes) -> Case:
    def run(_folder: Path) -> None:
        with answering(lambda _asked: answer) as port, pytest.raises(NonsenseError):
            asyncio.run(fetch(Server("127.0.0.1", port, "csizs.example"), Question("/")))

    return run


def described(change: Callable[[Dictionary], None]) -> Case:
    """A service with a description."""

    def run(folder: Path) -> None:
        dictionary = Dictionary()
        change(dictionary)
        context = server_context(folder, CA.issue())
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=CA.pem)
        with serving(dictionary, context):
            asked(platform(folder, [dictionary.port], more=CANARY), ProbeKind.SOAP, SECRETS, "soap:")

    return run


def filed(*said: bytes) -> Case:
    """A server of files that says this."""
    login = 'ca: public:ca.pem\n    ftp: {endpoint: csizs.example, user: gops, password: "file:password"}'

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in said:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.write_eof()
        await reader.read()

    def run(folder: Path) -> None:
        office = platform(folder, [free_port()], more=login, kind="ftps")

        async def visit() -> None:
            async with speaking(served, office.channels[0].endpoints[0].port):
                await asyncio.to_thread(asked, office, ProbeKind.FTPS, {**SECRETS, "file:password": "x"}, "ftps:")

        asyncio.run(visit())

    return run


def elsewhere(dictionary: Dictionary) -> None:
    dictionary.wsdl = "<html/>"


def shows_what_is_none(_folder: Path) -> None:
    assert isinstance(chain_of(Handshake(chain=(CA.der, CA.der[:-3]))), Sentence)


CASES: dict[tuple[Protocol, Flaw], Case] = {
    (Protocol.TLS, Flaw.MALFORMED): shaken(b"\x16\x03\x03\x00\x05hello"),
    (Protocol.TLS, Flaw.TOO_MUCH): shown(CA.issue(), *[CA.issue(key="x", name=f"n{n}") for n in range(21)]),
    (Protocol.CERTIFICATE, Flaw.MALFORMED): shows_what_is_none,
    (Protocol.OCSP, Flaw.MALFORMED): revocation("ocsp", lambda _shows: b"<html>"),
    (Protocol.OCSP, Flaw.UNASKED): revocation("ocsp", lambda _shows: says(OURS, CA)),
    (Protocol.OCSP, Flaw.UNPROVEN): revocation("ocsp", lambda shows: says(shows, ROGUE)),
    (Protocol.CRL, Flaw.MALFORMED): revocation("crl", lambda _shows: b"<html>"),
    (Protocol.CRL, Flaw.UNASKED): revocation("crl", partial),
    (Protocol.CRL, Flaw.UNPROVEN): revocation("crl", lambda _shows: revoking(CA, signer=ROGUE)),
    (Protocol.TIME_STAMP, Flaw.MALFORMED): timed(b"<html>"),
    (Protocol.TIME_STAMP, Flaw.UNPROVEN): stamped_for_another,
    (Protocol.HTTP, Flaw.MALFORMED): visited(b"hm\r\n\r\n"),
    (Protocol.HTTP, Flaw.TOO_MUCH): visited(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(BODY_BYTES + 1)),
    (Protocol.SOAP, Flaw.MALFORMED): described(elsewhere),
    (Protocol.FTPS, Flaw.MALFORMED): filed(b"HTTP/1.1 400 No\r\n"),
    (Protocol.FTPS, Flaw.TOO_MUCH): filed(b"220-x\r\n" * 100),
}


@pytest.mark.parametrize(("protocol", "flaw"), CASES, ids=str)
def test_a_bad_answer_is_counted(tmp_path: Path, protocol: Protocol, flaw: Flaw) -> None:
    assert set(grown(CASES[protocol, flaw], tmp_path)) == {(protocol, flaw)}


def test_every_flaw_of_these_protocols_has_a_case() -> None:
    ours = {protocol for protocol, _flaw in CASES}
    assert set(CASES) == {(protocol, flaw) for protocol in ours for flaw in FLAWS[protocol]}


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_whatever_a_host_says_to_a_greeting_is_refused(said: bytes) -> None:
    found = grown(shaken(said), Path())
    assert set(found) <= {(Protocol.TLS, Flaw.MALFORMED), (Protocol.TLS, Flaw.TOO_MUCH)}


@given(st.binary(max_size=200))
def test_whatever_comes_as_an_answer_of_http_is_read_or_refused(said: bytes) -> None:
    with contextlib.suppress(NonsenseError):
        assert len(body_of(b"HTTP/1.1 200 OK\r\n" + said)) <= len(said)
