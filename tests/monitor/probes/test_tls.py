"""Hosts that prove who they are, and hosts that do not, each with the certificate that is to blame."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import NonsenseError
from monitor.probes.base import Outcome
from monitor.probes.handshake import certificates
from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority
from tests.monitor.probes.platforms import answering, asked, platform, s_server, server_context, tls_server

CA = authority()
MIDDLE = CA.issue("Middle CA", ca=True, key="middle")
GOOD = MIDDLE.issue()
SECRETS = {"public:ca.pem": CA.pem}


def of(folder: Path, shows: Issued, *above: Issued, pins: Sequence[str] = (), cipher: str = "") -> Outcome:
    context = server_context(folder, shows, *above)
    if cipher:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with tls_server(context) as port:
        return asked(platform(folder, [port], pins), ProbeKind.TLS, SECRETS)


def test_a_good_host_is_up_and_says_until_when(tmp_path: Path) -> None:
    found = of(tmp_path, GOOD, MIDDLE, pins=[MIDDLE.read.pin])
    assert found.state is State.UP
    assert str(found.cause).startswith("TLSv1.3; csizs.example is good until ")
    assert 364 < found.measured[0].value < 366
    assert found.seconds is not None
    assert "Middle CA" in found.received


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([CA.issue(ends=-0.5)], "csizs.example has ended on"),
        ([CA.issue(begins=1)], "csizs.example is not valid before"),
        ([CA.issue(names=["www.example"])], "is for www.example, and not for csizs.example"),
        ([authority("Rogue", key="b").issue()], "is issued by Rogue, whom the server does not show"),
        ([authority("csizs.example")], "has signed itself"),
        ([GOOD], "is issued by Middle CA, whom the server does not show"),
        ([GOOD, CA.issue("Middle CA", ca=True, key="middle", ends=-0.1)], "Middle CA has ended on"),
    ],
    ids=["expired", "not yet", "name", "unknown issuer", "self", "missing issuer", "expired issuer"],
)
def test_whom_nobody_may_believe_is_down_by_name(tmp_path: Path, shown: list[Issued], said: str) -> None:
    found = of(tmp_path, *shown)
    assert found.state is State.DOWN
    assert said in str(found.cause)
    assert found.measured[0].name == "left_days"


@pytest.mark.parametrize(
    ("shows", "pins", "cipher", "said"),
    [
        (CA.issue(key="rsa1024"), [], "", "csizs.example is too weak: RSA 1024"),
        (CA.issue(), [MIDDLE.read.pin], "", "none of the keys of its chain is one that the inventory pins"),
        (CA.issue(), [], "ECDHE-ECDSA-AES256-SHA384", "is not sealed (CBC)"),
        (CA.issue(key="rsa2048"), [], "AES256-GCM-SHA384", "has no forward secrecy"),
    ],
    ids=["weak key", "pin", "cbc", "no forward secrecy"],
)
def test_what_works_badly_is_degraded(tmp_path: Path, shows: Issued, pins: list[str], cipher: str, said: str) -> None:
    found = of(tmp_path, shows, pins=pins, cipher=cipher)
    assert found.state is State.DEGRADED, found
    assert said in str(found.cause)


def test_a_safe_cipher_of_tls_1_2_is_no_reason(tmp_path: Path) -> None:
    found = of(tmp_path, CA.issue(), cipher="ECDHE-ECDSA-AES256-GCM-SHA384")
    assert str(found.cause).startswith("TLSv1.2; ")


@pytest.mark.parametrize(("option", "protocol"), [("-tls1_1", "TLSv1.1"), ("-tls1", "TLSv1")])
def test_a_host_that_knows_old_tls_only_is_down(tmp_path: Path, option: str, protocol: str) -> None:
    with s_server(tmp_path, CA.issue(key="rsa2048"), option, "-cipher", "ALL:@SECLEVEL=0") as port:
        found = asked(platform(tmp_path, [port]), ProbeKind.TLS, SECRETS)
    assert found.state is State.DOWN
    assert f"speaks nothing newer than {protocol}," in str(found.cause)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak TLS"),
        (b"220 ready\r\n", "does not speak TLS"),
        (b"", "ends the connection in the handshake"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "refuses the handshake: handshake_failure"),
        (b"\x15\x03\x03\x00\x02\x02\xfe", "refuses the handshake: 254"),
        (b"\x16\x03\x03\x00\x04\x02\x00\x00\x00", "the handshake fails"),
    ],
)
def test_what_is_no_handshake_has_its_reason(tmp_path: Path, answer: bytes, said: str) -> None:
    with answering(lambda _heard: answer) as port:
        found = asked(platform(tmp_path, [port]), ProbeKind.TLS, SECRETS)
    assert found.state is State.DOWN
    assert said in str(found.cause)


def test_a_certificate_of_a_hundred_thousand_bytes_is_refused(tmp_path: Path) -> None:
    found = of(tmp_path, CA.issue(names=[f"n{n}.{'x' * 50}.example" for n in range(1800)]))
    assert found.state is State.DOWN
    assert "more certificates than anybody takes" in str(found.cause)


def test_a_believed_certificate_that_breaks_the_standard_is_degraded(tmp_path: Path) -> None:
    found = of(tmp_path, CA.issue(names=["csizs.example", *(f"n{n}.{'x' * 50}.example" for n in range(900))]))
    assert found.state is State.UP
    assert found.received.isprintable()


@pytest.mark.parametrize(
    ("secrets", "said"),
    [({}, "public:ca.pem cannot be read"), ({"public:ca.pem": "nonsense"}, "holds no certificate in PEM")],
)
def test_without_its_authorities_nobody_is_asked(tmp_path: Path, secrets: dict[str, str], said: str) -> None:
    found = asked(platform(tmp_path, [9]), ProbeKind.TLS, secrets)
    assert found.state is State.UNKNOWN
    assert said in str(found.cause)


def test_without_a_file_the_machines_authorities_decide(tmp_path: Path) -> None:
    with tls_server(server_context(tmp_path, GOOD, MIDDLE)) as port:
        found = asked(platform(tmp_path, [port], more=""), ProbeKind.TLS)
    assert found.state is State.DOWN
    assert "whom the server does not show and nobody here trusts" in str(found.cause)
    assert "the machine's authorities" in found.sent


@given(st.binary(max_size=60), st.booleans())
def test_any_message_is_certificates_or_refused(message: bytes, tls13: bool) -> None:
    try:
        found = certificates(message, tls13=tls13)
    except NonsenseError:
        return
    assert sum(map(len, found)) <= len(message)


def test_more_certificates_than_a_chain_has_are_refused() -> None:
    entries = b"\0\0\1x" * 21
    with pytest.raises(NonsenseError, match="more than 20"):
        certificates(b"\x0b\0\0\0" + len(entries).to_bytes(3, "big") + entries, tls13=False)
