"""The inventory of certificates: ours, the authorities, those of hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority
from tests.monitor.probes.platforms import answering, asked, platform, server_context, tls_server

CA = authority()
OURS = authority("Our CA", key="b", ends=40).issue("sd.office.example", key="ours")
SHOWN = 'ca: public:ca.pem\n    client_certificate: {secret: "file:ours.pem", lead_days: 30}'


def told(folder: Path, name: str, secrets: dict[str, str]) -> tuple[State, str]:
    found = asked(platform(folder, [9], more=SHOWN), ProbeKind.CERTIFICATE, secrets, name)
    return found.state, str(found.cause)


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        (OURS.chain_pem, State.UP, "sd.office.example is good until"),
        (CA.issue(ends=80).chain_pem, State.DEGRADED, "at most 60 days are left"),
        (CA.issue(ends=20).chain_pem, State.DEGRADED, "days its issuer takes for the next one: 30"),
        (CA.issue(ends=-0.1).chain_pem, State.DOWN, "has ended"),
        (CA.issue(key="rsa1024").chain_pem, State.DEGRADED, "too weak: RSA 1024"),
        (CA.issue(key="a").pem + OURS.key_pem, State.DOWN, "its private key is not that of csizs.example"),
        ("nonsense", State.DOWN, "neither PEM"),
    ],
)
def test_ours_and_the_time_its_issuer_takes(tmp_path: Path, text: str, state: State, said: str) -> None:
    found = told(tmp_path, "csizs/ours", {"file:ours.pem": text})
    assert found[0] is state
    assert said in found[1]


def test_one_of_our_issuers_that_ends_first_is_the_one_that_counts(tmp_path: Path) -> None:
    above = authority("Our CA", key="b", ends=10)
    office = platform(tmp_path, [9], more=SHOWN)
    secrets = {"file:ours.pem": OURS.pem + above.pem + OURS.key_pem}
    found = asked(office, ProbeKind.CERTIFICATE, secrets, "csizs/ours")
    assert (found.state, "Our CA ends on" in str(found.cause)) == (State.DEGRADED, True)
    assert 9 < found.measured[0].value < 11
    assert "PRIVATE" not in repr(found)


@pytest.mark.parametrize(
    ("made", "state", "said"),
    [
        ([CA], State.UP, "Test CA is good until"),
        ([CA, authority("Old CA", ends=-1)], State.DEGRADED, "Old CA has ended"),
        ([authority("Old CA", ends=-1)], State.DOWN, "Old CA has ended"),
        ([CA.issue()], State.DEGRADED, "csizs.example is no authority"),
    ],
)
def test_the_authorities_hosts_are_believed_by(tmp_path: Path, made: list[Issued], state: State, said: str) -> None:
    found = told(tmp_path, "csizs/ca", {"public:ca.pem": "".join(each.pem for each in made)})
    assert found[0] is state
    assert said in found[1]


@pytest.mark.parametrize(("name", "said"), [("csizs/ours", "file:ours.pem"), ("csizs/ca", "public:ca.pem")])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, name: str, said: str) -> None:
    assert told(tmp_path, name, {}) == (State.UNKNOWN, f"{said} cannot be read")


@pytest.mark.parametrize(
    ("shows", "state", "said"),
    [
        (CA.issue(ends=50), State.UP, "is good until"),
        (CA.issue(ends=5), State.DEGRADED, "at most 7 days"),
        (CA.issue(begins=1), State.DOWN, "not valid before"),
    ],
)
def test_hosts_are_looked_at_whoever_believes_them(tmp_path: Path, shows: Issued, state: State, said: str) -> None:
    with tls_server(server_context(tmp_path, shows)) as port:
        found = asked(platform(tmp_path, [port]), ProbeKind.CERTIFICATE)
    assert found.state is state
    assert said in str(found.cause)


def test_a_host_that_shows_nothing_is_not_known(tmp_path: Path) -> None:
    with answering(lambda _heard: b"220 ready\r\n") as port:
        found = asked(platform(tmp_path, [port]), ProbeKind.CERTIFICATE)
    assert (found.state, str(found.cause)) == (State.UNKNOWN, "what answers there does not speak TLS")
