"""The certificates of our own gateways are looked at like all others: by what they themselves show."""

from __future__ import annotations

import asyncio
import json
from ipaddress import IPv4Address

import pytest

from inventory.load import load
from inventory.model import Access, Login
from monitor.holders import seen_to_hold
from monitor.probes.base import Outcome, Pace
from monitor.probes.certificate import PROBE, Gateway
from monitor.results import State
from templates.linux_gateway.gate.managed import AUTHORITY, CERTIFICATE
from tests.monitor.certificates.issuing import authority
from tests.monitor.compliance.cases import ROOT
from tests.monitor.gates import SECRETS, gate

CA = authority("Office CA")
GATEWAY = CA.issue("gw-k.office.example", key="gw", ends=200)


def _told(files: object) -> bytes:
    return json.dumps({"ok": True, "certificates": files}).encode()


def _seen(answer: bytes, code: int = 0, *, key: bool = True) -> Outcome:
    async def ask() -> Outcome:
        async with gate("certificates", answer, code) as login:
            where = f"gw-k {CERTIFICATE}"
            target = Gateway(
                name="gw-k/own", subject="device:gw-k", where=where, pace=Pace(60, 10), device="gw-k", login=login
            )
            return await seen_to_hold(target, SECRETS if key else {})

    return asyncio.run(ask())


def test_every_gateway_that_can_be_asked_is_expected() -> None:
    office = load(ROOT / "inventory/examples/pila").require()
    login = Login(
        address=IPv4Address("10.64.0.1"), user="fosa-read", host_key="ssh-ed25519 " + 60 * "A", key="file:secrets/read"
    )
    access = tuple(Access(device=device.name, read=login, write=login) for device in office.gateways)
    reached = office.model_copy(update={"access": access})
    assert not [target for target in PROBE.targets(office) if isinstance(target, Gateway)]
    found = [target.name for target in PROBE.targets(reached) if isinstance(target, Gateway)]
    assert found == [f"{device.name}/own" for device in office.gateways]
    assert login.key in set(PROBE.secrets(reached))


@pytest.mark.parametrize(
    ("ends", "state", "said"),
    [
        (200, State.UP, "gw-k.office.example is good until"),
        (20, State.DEGRADED, "at most 30 days are left"),
        (-1, State.DOWN, "has ended"),
    ],
)
def test_what_a_gateway_shows_is_judged_by_its_days(ends: float, state: State, said: str) -> None:
    own = CA.issue("gw-k.office.example", key="gw", ends=ends)
    found = _seen(_told({CERTIFICATE: own.pem, AUTHORITY: CA.pem}))
    assert (found.state, said in str(found.cause)) == (state, True), str(found.cause)
    [left] = found.measured
    assert left.name == "left_days"
    assert ends - 1 < left.value < ends + 1


def test_an_authority_that_ends_before_its_gateways_is_the_one_that_counts() -> None:
    found = _seen(_told({CERTIFICATE: GATEWAY.pem, AUTHORITY: authority("Old CA", ends=10).pem}))
    assert (found.state, "Old CA ends on" in str(found.cause)) == (State.DEGRADED, True)


def test_a_gateway_that_has_none_is_down() -> None:
    found = _seen(_told({AUTHORITY: CA.pem}))
    assert (found.state, "there is no certificate at" in str(found.cause)) == (State.DOWN, True)


@pytest.mark.parametrize(
    "answer", [_told([]), _told({CERTIFICATE: 5}), b"[" * 5000, b"null", b'{"ok": false}', b"", b"\xff"]
)
def test_what_no_gate_answers_proves_nothing(answer: bytes) -> None:
    found = _seen(answer)
    assert (found.state, "is not understood" in str(found.cause)) == (State.UNKNOWN, True)


def test_what_is_no_certificate_is_said() -> None:
    assert "no certificate in PEM" in str(_seen(_told({CERTIFICATE: "nonsense"})).cause)


def test_a_gateway_that_cannot_be_asked_is_not_known() -> None:
    refused, unread = _seen(b"", 77), _seen(_told({}), key=False)
    assert (refused.state, unread.state) == (State.UNKNOWN, State.UNKNOWN)
    assert "enrol it anew" in str(refused.cause)
    assert "cannot be read" in str(unread.cause)
