"""Our certificate at the doors of platforms: taken, refused in each way, not asked for."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from monitor.probes.base import Outcome
from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority
from tests.monitor.probes.platforms import answering, asked, platform, s_server, server_context, tls_server

CA = authority()
OUR_CA = authority("Our CA", key="b")
OURS = OUR_CA.issue("sd.office.example", key="ours")
SHOWN = 'ca: public:ca.pem\n    client_certificate: {secret: "file:ours.pem", password: "file:password"}'


def of(folder: Path, port: int, shown: str = OURS.chain_pem, kind: str = "https_mtls") -> Outcome:
    """What comes of showing ours to the host at a port."""
    secrets = {"public:ca.pem": CA.pem, "file:ours.pem": shown}
    return asked(platform(folder, [port], more=SHOWN, kind=kind), ProbeKind.CLIENT_CERTIFICATE, secrets)


def demanding(folder: Path, believes: Issued, version: ssl.TLSVersion, mode: ssl.VerifyMode) -> ssl.SSLContext:
    context = server_context(folder, CA.issue())
    context.maximum_version = version
    context.verify_mode = mode
    context.load_verify_locations(cadata=believes.pem)
    return context


both = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])


@both
def test_a_host_that_takes_ours_is_up(tmp_path: Path, version: ssl.TLSVersion) -> None:
    with tls_server(demanding(tmp_path, OUR_CA, version, ssl.CERT_REQUIRED)) as port:
        found = of(tmp_path, port)
    assert (found.state, str(found.cause)) == (State.UP, "our certificate is taken; HTTP 200")
    assert "PRIVATE" not in repr(found)


@both
@pytest.mark.parametrize(
    ("shows", "believes", "said"),
    [
        (OURS, CA, "does not know who has issued our certificate (unknown_ca)"),
        (OUR_CA.issue(key="ours", ends=-0.1), OUR_CA, "our certificate has ended, or its clock is wrong"),
    ],
    ids=["unknown issuer", "expired"],
)
def test_a_host_that_refuses_ours_says_why(
    tmp_path: Path, version: ssl.TLSVersion, shows: Issued, believes: Issued, said: str
) -> None:
    with tls_server(demanding(tmp_path, believes, version, ssl.CERT_REQUIRED)) as port:
        found = of(tmp_path, port, shows.chain_pem)
    assert found.state is State.DOWN
    assert said in str(found.cause)


def test_openssls_own_server_refuses_it_at_the_first_read(tmp_path: Path) -> None:
    (tmp_path / "believed.pem").write_text(CA.pem)
    options = ("-Verify", "1", "-verify_return_error", "-CAfile", str(tmp_path / "believed.pem"), "-tls1_3")
    with s_server(tmp_path, CA.issue(), *options) as port:
        found = of(tmp_path, port)
    assert found.state is State.DOWN
    assert "(unknown_ca)" in str(found.cause)
    assert found.received.startswith("TLSv1.3, a request for a certificate, alert unknown_ca")


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        (116, "demands a certificate, and took none from us"),
        (44, "our certificate is revoked"),
        (49, "does not let it in (access_denied)"),
        (40, "as it does where it misses a certificate"),
        (255, "refuses the handshake: 255"),
    ],
)
def test_each_alert_has_its_words(tmp_path: Path, alert: int, said: str) -> None:
    with answering(lambda _heard: bytes((0x15, 3, 3, 0, 2, 2, alert))) as port:
        found = of(tmp_path, port)
    assert found.state is State.DOWN
    assert said in str(found.cause)


@pytest.mark.parametrize(
    ("kind", "state"), [("https_mtls", State.DEGRADED), ("https_wss", State.UP)], ids=["demanded", "not demanded"]
)
def test_a_host_that_asks_for_none_lets_in_whoever_comes(tmp_path: Path, kind: str, state: State) -> None:
    with tls_server(server_context(tmp_path, CA.issue())) as port:
        found = of(tmp_path, port, kind=kind)
    assert found.state is state
    assert "does not ask for a certificate" in str(found.cause)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", State.UP, "our certificate is taken; HTTP 403"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", State.DEGRADED, "answers 400, as if it did not like our certificate"),
        (b"220 ready", State.DEGRADED, "what comes then is not HTTP"),
        (b"", State.DOWN, "closes instead of answering"),
    ],
)
def test_what_comes_after_the_handshake(tmp_path: Path, answer: bytes, state: State, said: str) -> None:
    with tls_server(demanding(tmp_path, OUR_CA, ssl.TLSVersion.TLSv1_3, ssl.CERT_OPTIONAL), answer) as port:
        found = of(tmp_path, port)
    assert found.state is state
    assert said in str(found.cause)


def test_ours_is_not_shown_to_whom_nobody_believes(tmp_path: Path) -> None:
    context = server_context(tmp_path, authority("csizs.example"))
    with tls_server(context) as port:
        found = of(tmp_path, port)
    assert found.state is State.UNKNOWN
    assert "was not shown" in str(found.cause)


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ({"public:ca.pem": CA.pem}, "file:ours.pem cannot be read: there is nothing to show"),
        ({"public:ca.pem": CA.pem, "file:ours.pem": "nonsense"}, "neither PEM"),
        ({"file:ours.pem": OURS.chain_pem}, "public:ca.pem cannot be read"),
    ],
)
def test_without_what_it_takes_nobody_is_asked(tmp_path: Path, secrets: dict[str, str], said: str) -> None:
    found = asked(platform(tmp_path, [9], more=SHOWN), ProbeKind.CLIENT_CERTIFICATE, secrets)
    assert found.state is State.UNKNOWN
    assert said in str(found.cause)


def test_no_descriptor_with_the_key_stays_open(tmp_path: Path) -> None:
    with tls_server(demanding(tmp_path, OUR_CA, ssl.TLSVersion.TLSv1_3, ssl.CERT_REQUIRED)) as port:
        of(tmp_path, port)
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [link for link in links if "client-certificate" in link]
