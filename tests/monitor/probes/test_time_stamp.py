"""Time-stamp authorities: OpenSSL's own stamps, refusals, stamps of strangers, and answers that are none."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from inventory.sentence import Sentence
from monitor.probes import time_stamp
from monitor.probes.base import Outcome
from monitor.probes.stamp import Wish, read, roots_in, wish
from monitor.probes.time_stamp import Came
from monitor.probes.web import Answer
from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority, days, key_of
from tests.monitor.probes.platforms import answering, asked, platform

CA = authority()
MORE = "ca: public:ca.pem\n    time_stamps: {endpoint: csizs.example, path: /tsa}"
Stamping = Callable[[bytes], bytes]


def stamper(issuer: Issued) -> Issued:
    """Whoever may stamp, and nothing else (RFC 3161, section 2.3)."""
    key = key_of("tsa")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(issuer.certificate.subject, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(days(-1))
        .not_valid_after(days(365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return Issued(made.sign(issuer.key, hashes.SHA256()), key, (issuer,))


def stamping(folder: Path, issuer: Issued = CA, digests: str = "sha256") -> Stamping:
    """`openssl ts`, as an authority's stamps are made."""
    shows = stamper(issuer)
    (folder / "tsa.pem").write_text(shows.pem)
    (folder / "tsa.key").write_text(shows.key_pem)
    (folder / "ts.cnf").write_text(
        f"[tsa]\ndefault_tsa=a\n[a]\nserial={folder}/serial\ncrypto_device=builtin\nsigner_digest=sha256\n"
        f"default_policy=1.2.3.4.1\ndigests={digests}\naccuracy=secs:1\ness_cert_id_alg=sha256\n"
    )
    paths = ["-signer", str(folder / "tsa.pem"), "-inkey", str(folder / "tsa.key"), "-config", str(folder / "ts.cnf")]

    def made(request: bytes) -> bytes:
        (folder / "query").write_bytes(request)
        command = [
            "openssl",
            "ts",
            "-reply",
            "-queryfile",
            str(folder / "query"),
            "-out",
            str(folder / "reply"),
            *paths,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        return (folder / "reply").read_bytes()

    return made


def of(folder: Path, made: Stamping, secrets: dict[str, str] | None = None) -> Outcome:
    """What comes of asking an authority that answers so."""

    def answer(question: bytes) -> bytes:
        head, _blank, body = question.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /tsa HTTP/1.1\r\n")
        assert b"application/timestamp-query" in head
        said = made(body)
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\r\n" + said

    with answering(answer) as port:
        known = {"public:ca.pem": CA.pem} if secrets is None else secrets
        return asked(platform(folder, [port], more=MORE), ProbeKind.TIME_STAMP, known, "time-stamp:")


def test_a_stamp_with_the_right_time_is_well(tmp_path: Path) -> None:
    found = of(tmp_path, stamping(tmp_path))
    assert (found.state, str(found.cause)) == (State.UP, "the authority stamps, with the right time")
    assert found.measured[0].name == "offset_seconds"


def test_the_stamp_of_another_question_is_not_believed(tmp_path: Path) -> None:
    other = stamping(tmp_path)(wish().der)
    found = of(tmp_path, lambda _request: other)
    assert (found.state, str(found.cause)) == (State.DOWN, "the stamp cannot be believed: Nonce mismatch")


def test_the_stamp_of_a_stranger_is_not_believed(tmp_path: Path) -> None:
    found = of(tmp_path, stamping(tmp_path, authority("Other", key="z")))
    assert found.state is State.DOWN
    assert str(found.cause).startswith("the stamp cannot be believed: ")


def test_a_refusal_says_why(tmp_path: Path) -> None:
    found = of(tmp_path, stamping(tmp_path, digests="sha512"))
    assert found.state is State.DOWN
    assert str(found.cause).startswith("the authority gives no stamp: rejection: ")


@pytest.mark.parametrize("said", [b"", b"<html>", b"0" * 5000])
def test_what_is_no_stamp_is_said_to_be_none(tmp_path: Path, said: bytes) -> None:
    found = of(tmp_path, lambda _request: said)
    assert (found.state, str(found.cause)) == (State.DOWN, "what the authority answers is no time-stamp")


@pytest.mark.parametrize(
    ("answer", "cause"),
    [(b"HTTP/1.1 404 No\r\n\r\n", "the host answers HTTP 404"), (b"hm\r\n", "what answers there does not speak HTTP")],
)
def test_a_host_that_is_no_authority_says_so(tmp_path: Path, answer: bytes, cause: str) -> None:
    with answering(lambda _question: answer) as port:
        wanted = platform(tmp_path, [port], more=MORE)
        found = asked(wanted, ProbeKind.TIME_STAMP, {"public:ca.pem": CA.pem}, "time-stamp:")
    assert (found.state, str(found.cause)) == (State.DOWN, cause)


def test_without_authorities_to_believe_nobody_is_asked(tmp_path: Path) -> None:
    for secrets in ({}, {"public:ca.pem": "no certificate"}):
        found = of(tmp_path, bytes, secrets)
        assert (found.state, found.sent) == (State.UNKNOWN, "nothing")


@pytest.mark.parametrize(("late_s", "state"), [(-10, State.DOWN), (-0.5, State.UP), (0.9, State.UP), (10, State.DOWN)])
def test_the_time_of_a_stamp_is_held_against_ours(tmp_path: Path, late_s: float, state: State) -> None:
    wished = wish()
    came = Answer(200, stamping(tmp_path)(wished.der))
    now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=late_s)
    (target,) = time_stamp.PROBE.targets(platform(tmp_path, [1], more=MORE))
    assert time_stamp.judged(target, wished, Came(came, 0.2, now), [CA.certificate]).state is state


@pytest.mark.parametrize(
    ("at_s", "micro", "seconds", "off"),
    [
        (0, 0, 0.1, 0.0),  # the second we live in
        (-1, 0, 0.1, 0.0),  # ended while the answer came
        (-3, 0, 0.1, -1.9),
        (2, 0, 0.1, 2.0),
        (-1, 500_000, 0.1, -0.4),
        (-1, 500_000, 3.0, 0.0),
        (1, 500_000, 0.1, 1.5),
    ],
)
def test_a_stamp_means_a_span_of_time(at_s: int, micro: int, seconds: float, off: float) -> None:
    now = dt.datetime(2027, 3, 1, 9, 0, 0, tzinfo=dt.UTC)
    at = now + dt.timedelta(seconds=at_s, microseconds=micro)
    assert round(time_stamp.off_s(at, now, seconds), 3) == off


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Wish, bytes]:
    wished = wish()
    return wished, stamping(tmp_path_factory.mktemp("tsa"))(wished.der)


@given(data=st.data())
def test_a_stamp_with_anything_changed_is_read_or_refused(sound: tuple[Wish, bytes], data: st.DataObject) -> None:
    wished, stamp = sound
    at = data.draw(st.integers(0, len(stamp) - 1))
    change = data.draw(st.binary(min_size=1, max_size=8))
    found = read(wished, stamp[:at] + change + stamp[at + len(change) :], [CA.certificate])
    assert isinstance(found, dt.datetime | Sentence)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    assert isinstance(read(wish(), data, [CA.certificate]), Sentence)
    assert roots_in(data.decode("latin-1")) == ()
