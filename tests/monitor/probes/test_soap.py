"""The canary: a service that answers, that fails, that changes, that leads astray."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Office
from monitor.probes import soap
from monitor.probes.base import Outcome
from monitor.results import ProbeKind, State
from tests.monitor.certificates.issuing import Issued, authority
from tests.monitor.probes.dictionary import Dictionary, serving
from tests.monitor.probes.platforms import asked, platform, server_context

CA = authority()
OURS = CA.issue("sd.office.example", key="ours")
SECRETS = {"public:ca.pem": CA.pem, "file:ours.pem": OURS.chain_pem}
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
Change = Callable[[Dictionary], None]


def office(folder: Path, port: int, canary: str) -> Office:
    more = f'ca: public:ca.pem\n    client_certificate: {{secret: "file:ours.pem"}}\n    canary: {{{canary}}}'
    return platform(folder, [port], more=more)


def told(folder: Path, change: Change, canary: str = "path: '/s?wsdl', operation: pobierz") -> Outcome:
    dictionary = Dictionary()
    change(dictionary)
    with serving(dictionary, context(folder)):
        return asked(office(folder, dictionary.port, canary), ProbeKind.SOAP, SECRETS, "soap:")


def context(folder: Path, shows: Issued | None = None) -> ssl.SSLContext:
    made = server_context(folder, shows or CA.issue())
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(cadata=CA.pem)
    return made


def test_a_harmless_question_is_asked_as_ourselves_and_answered(tmp_path: Path) -> None:
    dictionary = Dictionary()
    with serving(dictionary, context(tmp_path)):
        found = asked(
            office(tmp_path, dictionary.port, "path: '/s?wsdl', operation: pobierz"), ProbeKind.SOAP, SECRETS, "soap:"
        )
    assert (found.state, str(found.cause)) == (State.UP, "the service answers")
    assert dictionary.asked == ["GET /s?wsdl", "GET /s?xsd=1", '"urn:pobierz" pobierz 0']
    assert dictionary.agents == {"fosa (probe)"}
    assert "PRIVATE" not in repr(found)


def test_without_an_operation_only_the_description_is_read(tmp_path: Path) -> None:
    dictionary = Dictionary()
    with serving(dictionary, context(tmp_path)):
        found = asked(office(tmp_path, dictionary.port, "path: '/s?wsdl'"), ProbeKind.SOAP, SECRETS, "soap:")
    assert (found.state, dictionary.asked) == (State.UP, ["GET /s?wsdl"])


@pytest.mark.parametrize(
    ("change", "state", "cause"),
    [
        (Dictionary.fail, State.DEGRADED, "the service answers with a fault: baza niedostępna"),
        (lambda d: setattr(d, "answer", "<html>"), State.DEGRADED, "what the service says cannot be read: "),
        (lambda d: setattr(d, "answer", BOMB + "<x>&i;</x>"), State.DEGRADED, "cannot be read: "),
        (lambda d: setattr(d, "answer", "<a>" * 100_000), State.DEGRADED, "cannot be read: "),
        (lambda d: setattr(d, "location", "https://elsewhere.example/s"), State.DEGRADED,
         "the description leads to https://elsewhere.example/s, which is not the channel's host"),
        (lambda d: setattr(d, "schema", "http://127.0.0.1:1/x.xsd"), State.DEGRADED, "leads to http://127.0.0.1:1/x"),
        (lambda d: setattr(d, "schema", "file:///etc/passwd"), State.DEGRADED, "leads to file:///etc/passwd"),
        (lambda d: setattr(d, "schema", "/s?wsdl"), State.DEGRADED, "cannot be read: "),
        (lambda d: setattr(d, "wsdl", BOMB + d.wsdl), State.DOWN, "what the host gives for its description is none"),
        (lambda d: setattr(d, "wsdl", "<html><body>Przerwa</body></html>"), State.DOWN, "for its description is none"),
    ],
    ids=["fault", "html", "bomb", "depth", "host", "import", "file", "circle", "doctype", "page"],
)  # fmt: skip
def test_a_service_that_does_not_answer_well_says_why(tmp_path: Path, change: Change, state: State, cause: str) -> None:
    found = told(tmp_path, change)
    assert found.state is state
    assert cause in str(found.cause)


@pytest.mark.parametrize(
    ("operation", "state", "cause"),
    [
        ("brak", State.DEGRADED, "the description has no operation brak"),
        ("jeden", State.UNKNOWN, "the operation wants something to be given"),
    ],
)
def test_an_operation_that_is_no_canary_is_not_called(tmp_path: Path, operation: str, state: State, cause: str) -> None:
    dictionary = Dictionary()
    with serving(dictionary, context(tmp_path)):
        wanted = office(tmp_path, dictionary.port, f"path: '/s?wsdl', operation: {operation}")
        found = asked(wanted, ProbeKind.SOAP, SECRETS, "soap:")
    assert found.state is state
    assert str(found.cause).startswith(cause)
    assert not any("urn" in line for line in dictionary.asked)


def test_a_description_that_changes_is_news(tmp_path: Path) -> None:
    dictionary = Dictionary()
    (target,) = soap.PROBE.targets(office(tmp_path, dictionary.port, "path: '/s?wsdl'"))
    canaries = soap.Canaries()
    with serving(dictionary, context(tmp_path)):
        before = asyncio.run(canaries.ask(target, SECRETS))
        dictionary.wsdl += " "
        after = asyncio.run(canaries.ask(target, SECRETS))
    assert (before.state, after.state) == (State.UP, State.DEGRADED)
    assert str(after.cause).startswith("the description of the service has changed: its SHA-256 is ")


def test_a_description_other_than_the_known_one_is_news_at_once(tmp_path: Path) -> None:
    found = told(tmp_path, lambda _d: None, f"path: '/s?wsdl', sha256: {'0' * 64}")
    assert found.state is State.DEGRADED


def test_whoever_does_not_prove_who_it_is_is_asked_nothing(tmp_path: Path) -> None:
    dictionary = Dictionary()
    with serving(dictionary, context(tmp_path, authority("Other", key="z").issue())):
        found = asked(office(tmp_path, dictionary.port, "path: '/s?wsdl'"), ProbeKind.SOAP, SECRETS, "soap:")
    assert found.state is State.DOWN
    assert str(found.cause).startswith("no TLS connection: unable to get local issuer certificate")
    assert dictionary.asked == []


@pytest.mark.parametrize(
    ("secrets", "cause"),
    [
        ({}, "public:ca.pem cannot be read"),
        ({"public:ca.pem": CA.pem}, "file:ours.pem cannot be read"),
        ({"public:ca.pem": CA.pem, "file:ours.pem": "x"}, ""),
    ],
)
def test_without_what_it_takes_nobody_is_asked(tmp_path: Path, secrets: dict[str, str], cause: str) -> None:
    found = asked(office(tmp_path, 1, "path: '/s?wsdl'"), ProbeKind.SOAP, secrets, "soap:")
    assert found.state is State.UNKNOWN
    assert str(found.cause).startswith(cause)


def test_where_no_flow_leads_nobody_is_asked(tmp_path: Path) -> None:
    wanted = office(tmp_path, 1, "path: '/s?wsdl'")
    closed = wanted.model_copy(update={"flows": ()})
    (target,) = soap.PROBE.targets(closed)
    assert target.pace.period_s == 300.0
    assert not target.pace.own
    found = asyncio.run(soap.Canaries().ask(target, SECRETS))
    assert (found.state, str(found.cause)) == (State.UNKNOWN, "no flow lets the manager go to csizs.example port 1")


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_description_or_none(data: bytes) -> None:
    assert not soap.is_description(data)
    soap.is_description(b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">' + data)
