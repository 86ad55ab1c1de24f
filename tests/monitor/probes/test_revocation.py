"""Whether certificates are revoked: asked of real responders, and only where the manager may go."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.outgoing import ANSWER_BYTES
from monitor.probes.base import Outcome
from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority, revoking
from tests.monitor.probes.platforms import answering, asked, platform, server_context, tls_server
from tests.slots import free_port

CA = authority()
SECRETS = {"public:ca.pem": CA.pem}
SERIAL = 0x1234


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def of(folder: Path, shows: Issued, *ports: int, secrets: dict[str, str] | None = None) -> Outcome:
    with tls_server(server_context(folder, shows)) as port:
        return asked(platform(folder, [port, *ports]), ProbeKind.REVOCATION, SECRETS if secrets is None else secrets)


def listed(folder: Path, answer: Callable[[bytes], bytes], *, may: bool = True) -> Outcome:
    """A host whose certificate names a list, and who answers there."""
    with answering(answer) as port:
        shows = CA.issue(crl=f"http://127.0.0.1:{port}/ca.crl", serial=SERIAL)
        return of(folder, shows, *([port] if may else []))


@pytest.mark.parametrize(
    ("body", "state", "said"),
    [
        (revoking(CA), State.UP, "csizs.example is not on the revocation list"),
        (revoking(CA, [SERIAL]), State.DOWN, "csizs.example is revoked since"),
        (revoking(CA, ends=0.5), State.DEGRADED, "the next one is not there"),
        (revoking(CA, begins=-9, ends=-1), State.DOWN, "is out of date since"),
        (revoking(CA, signer=authority("Rogue", key="b")), State.DEGRADED, "not signed by Test CA"),
        (b"<html>", State.DEGRADED, "the revocation list cannot be read"),
    ],
)
def test_what_a_list_says(tmp_path: Path, body: bytes, state: State, said: str) -> None:
    found = listed(tmp_path, lambda _heard: http(body))
    assert found.state is state, found
    assert said in str(found.cause)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http(b"", "404 Not Found"), "answers HTTP 404"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", "answers HTTP 302"),
        (b"", "does not speak HTTP"),
        (http(revoking(CA))[:-5], "cut off"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(ANSWER_BYTES + 20_000), "is longer than"),
    ],
)
def test_a_list_that_is_not_there_is_degraded_and_never_fine(tmp_path: Path, answer: bytes, said: str) -> None:
    found = listed(tmp_path, lambda _heard: answer)
    assert found.state is State.DEGRADED
    assert said in str(found.cause)


def test_where_nobody_listens_is_degraded(tmp_path: Path) -> None:
    port = free_port()
    found = of(tmp_path, CA.issue(crl=f"http://127.0.0.1:{port}/ca.crl"), port)
    assert found.state is State.DEGRADED
    assert "does not answer: Connect" in str(found.cause)


def test_where_no_flow_leads_nobody_is_asked(tmp_path: Path) -> None:
    heard: list[bytes] = []

    def listen(request: bytes) -> bytes:
        heard.append(request)
        return b""

    found = listed(tmp_path, listen, may=False)
    assert found.state is State.UNKNOWN
    assert "no flow lets the manager go to 127.0.0.1 port" in str(found.cause)
    assert heard == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.2/x", "is no public address, and the inventory names it nowhere"),
        ("http://169.254.169.254/latest", "is no public address"),
        ("http://10.8.1.20/x", "is no public address"),
        ("http://198.51.100.77/x", "no flow lets the manager go to 198.51.100.77 port 80"),
        ("ldap://127.0.0.1/x", "none that is asked over plain HTTP"),
        ("file:///etc/passwd", "none that is asked over plain HTTP"),
        ("http://user@127.0.0.1/x", "none that is asked over plain HTTP"),
        ("http://127.0.0.1:99999/x", "is none"),
    ],
)
def test_a_strangers_wish_leads_nowhere_inside(tmp_path: Path, url: str, said: str) -> None:
    found = of(tmp_path, CA.issue(crl=url))
    assert found.state is State.UNKNOWN
    assert said in str(found.cause)


@pytest.mark.parametrize(
    ("shows", "secrets", "said"),
    [
        (CA.issue(), SECRETS, "csizs.example names no place to ask"),
        (CA.issue(crl="http://127.0.0.1/x"), {}, "put it into the channel's ca"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, shows: Issued, secrets: dict[str, str], said: str) -> None:
    found = of(tmp_path, shows, secrets=secrets)
    assert found.state is State.UNKNOWN
    assert said in str(found.cause)


@pytest.mark.parametrize(("revoked", "state"), [("V", State.UP), ("R", State.DOWN)])
def test_openssls_responder_is_asked_and_believed(tmp_path: Path, revoked: str, state: State) -> None:
    port = free_port()
    shows = CA.issue(ocsp=f"http://127.0.0.1:{port}/", serial=SERIAL)
    (tmp_path / "ca.pem").write_text(CA.pem + CA.key_pem)
    when = "270101000000Z" if revoked == "R" else ""
    (tmp_path / "index").write_text(f"{revoked}\t370101000000Z\t{when}\t{SERIAL:X}\tunknown\t/CN=csizs.example\n")
    argv = ["openssl", "ocsp", "-index", "index", "-port", str(port), "-rsigner", "ca.pem", "-CA", "ca.pem"]
    argv += ["-nmin", "5", "-nrequest", "1", "-ignore_err"]
    with subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as responder:
        try:
            assert responder.stderr is not None
            assert b"waiting" in responder.stderr.readline()
            found = of(tmp_path, shows, port)
        finally:
            responder.terminate()
    assert found.state is state, found
    assert 0 < found.measured[0].value <= 300
    assert ("is not revoked, says OCSP" if state is State.UP else "is revoked since") in str(found.cause)


def test_when_the_responder_is_silent_the_list_answers_and_it_is_degraded(tmp_path: Path) -> None:
    with answering(lambda _heard: http(revoking(CA))) as lists, answering(lambda _heard: b"") as responder:
        shows = CA.issue(ocsp=f"http://127.0.0.1:{responder}/", crl=f"http://127.0.0.1:{lists}/")
        found = of(tmp_path, shows, lists, responder)
    assert found.state is State.DEGRADED
    assert "does not speak HTTP" in str(found.cause)


def test_our_own_certificate_is_asked_about_too(tmp_path: Path) -> None:
    with answering(lambda _heard: http(revoking(CA, [SERIAL]))) as port:
        ours = CA.issue(crl=f"http://127.0.0.1:{port}/", serial=SERIAL)
        more = 'ca: public:ca.pem\n    client_certificate: {secret: "file:ours.pem"}'
        office = platform(tmp_path, [9, port], more=more)
        found = asked(office, ProbeKind.REVOCATION, SECRETS | {"file:ours.pem": ours.chain_pem}, "csizs/ours")
    assert found.state is State.DOWN
    assert "is revoked since" in str(found.cause)


def test_a_revoked_authority_in_between_is_found(tmp_path: Path) -> None:
    with answering(lambda heard: http(revoking(CA, [7]) if b"/root" in heard else revoking(middle))) as port:
        middle = CA.issue("Middle CA", ca=True, key="middle", crl=f"http://127.0.0.1:{port}/root", serial=7)
        leaf = middle.issue(crl=f"http://127.0.0.1:{port}/middle")
        with tls_server(server_context(tmp_path, leaf, middle)) as host:
            found = asked(platform(tmp_path, [host, port]), ProbeKind.REVOCATION, SECRETS)
    assert found.state is State.DOWN
    assert "Middle CA is revoked since" in str(found.cause)
