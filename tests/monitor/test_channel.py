"""One verdict for each way to a platform, from whatever the picture holds, and never more than it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.load import load
from inventory.model import Notice, Office
from inventory.sentence import say
from monitor.channel import Aspect, ChannelReading, judge_channel, judge_channels
from monitor.channel_words import aspect, hop, verdict
from monitor.duty import AGE
from monitor.expected import unwatched
from monitor.hops import Hop
from monitor.results import Measured, ProbeKind, Reason, State, Watched

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
ZONE = ZoneInfo("Europe/Warsaw")
ASKED = (Measured(name=AGE, value=3600.0),)
States = Mapping[ProbeKind, State]


@pytest.fixture(scope="module")
def office() -> Office:
    return load(PILA, MONDAY.date()).require()


def _picture(office: Office, changed: States | None = None, default: State = State.UP) -> Watched:
    """Everything up, but for the kinds of probes that stand otherwise."""
    blank = unwatched(office, MONDAY)
    probes = tuple(
        probe.model_copy(
            update={
                "state": (changed or {}).get(probe.kind, default),
                "cause": say(f"told by {probe.kind}"),
                "age_s": 1.0,
                "measured": ASKED if probe.kind is ProbeKind.DUTY else (),
            }
        )
        for probe in blank.probes
    )
    up = {"state": State.UP, "reason": Reason.PROVEN}
    return blank.model_copy(
        update={
            "probes": probes,
            "links": tuple(each.model_copy(update=up) for each in blank.links),
            "devices": tuple(each.model_copy(update=up) for each in blank.devices),
            "tunnels": tuple(each.model_copy(update=up) for each in blank.tunnels),
        }
    )


def _read(office: Office, changed: States | None = None) -> ChannelReading:
    return judge_channel(office, office.channel("csizs"), _picture(office, changed))


def _states(reading: ChannelReading) -> tuple[State, ...]:
    return tuple(each.state for each in reading.aspects)


def test_a_channel_whose_every_proof_is_fresh_is_secure_healthy_and_its_duty_is_met(office: Office) -> None:
    reading = _read(office)
    assert _states(reading) == (State.UP, State.UP, State.UP)
    assert reading.failing is None
    assert reading.due == dt.datetime(2026, 11, 24, 12, tzinfo=ZONE)
    said = verdict(reading, ZONE)
    assert said == "csizs: secure, healthy, duty met; next: look for applications by 2026-11-24 12:00."


@pytest.mark.parametrize(
    ("kind", "expected", "failing"),
    [
        (ProbeKind.DNS, (State.UP, State.DOWN, State.UP), Hop.DNS),
        (ProbeKind.TCP, (State.UP, State.DOWN, State.UP), Hop.TCP),
        (ProbeKind.TLS, (State.DOWN, State.UP, State.UP), Hop.TLS),
        (ProbeKind.CLIENT_CERTIFICATE, (State.DOWN, State.DOWN, State.UP), Hop.CLIENT_CERTIFICATE),
        (ProbeKind.CERTIFICATE, (State.DOWN, State.UP, State.UP), None),
        (ProbeKind.REVOCATION, (State.DOWN, State.UP, State.UP), None),
        (ProbeKind.SOAP, (State.UP, State.DOWN, State.UP), Hop.APPLICATION),
        # All before it works, and nobody asks: people, the registration, or the domain system.
        (ProbeKind.DUTY, (State.UP, State.UP, State.DOWN), Hop.REGISTRATION),
    ],
)
def test_what_fails_is_told_by_the_aspect_it_belongs_to_and_by_the_first_hop(
    office: Office, kind: ProbeKind, expected: tuple[State, ...], failing: Hop | None
) -> None:
    reading = _read(office, {kind: State.DOWN})
    assert (_states(reading), reading.failing) == (expected, failing)


def test_the_first_of_several_hops_that_fail_is_the_one_to_be_named(office: Office) -> None:
    down = dict.fromkeys((ProbeKind.SOAP, ProbeKind.CLIENT_CERTIFICATE, ProbeKind.TLS, ProbeKind.TCP), State.DOWN)
    reading = _read(office, down)
    assert reading.failing is Hop.TCP
    assert "fails first: connection (told by tcp)" in verdict(reading, ZONE)


@pytest.mark.parametrize("kind", [ProbeKind.TLS, ProbeKind.CLIENT_CERTIFICATE, ProbeKind.TCP, ProbeKind.SOAP])
def test_a_proof_that_is_missing_makes_unknown_and_never_fine(office: Office, kind: ProbeKind) -> None:
    assert State.UNKNOWN in _states(_read(office, {kind: State.UNKNOWN}))
    # What is known to be wrong stays wrong.
    assert State.DOWN in _states(_read(office, {kind: State.UNKNOWN, ProbeKind.DNS: State.DOWN}))


def test_that_nobody_can_be_asked_about_revocation_is_no_doubt_in_everything_else(office: Office) -> None:
    assert _states(_read(office, {ProbeKind.REVOCATION: State.UNKNOWN}))[0] is State.UP


def test_before_anything_is_read_nothing_is_known(office: Office) -> None:
    for reading in judge_channels(office, unwatched(office, MONDAY)):
        assert {*_states(reading)} == {State.UNKNOWN}
        assert reading.failing is None


def test_a_gateway_nobody_reaches_fails_only_while_nothing_comes_through_it(office: Office) -> None:
    def unreachable(picture: Watched) -> Watched:
        lost = {"state": State.UNKNOWN, "reason": Reason.UNREACHABLE}
        return picture.model_copy(update={"devices": tuple(d.model_copy(update=lost) for d in picture.devices)})

    channel = office.channel("csizs")
    assert judge_channel(office, channel, unreachable(_picture(office))).failing is None
    nothing = unreachable(_picture(office, default=State.DOWN))
    tunnels = tuple(each.model_copy(update={"state": State.DOWN}) for each in nothing.tunnels)
    cut = judge_channel(office, channel, nothing.model_copy(update={"tunnels": tunnels}))
    assert cut.failing is Hop.GATEWAY


def test_one_line_of_two_that_is_down_is_no_failure_and_both_are(office: Office) -> None:
    whole = _picture(office)
    first, *rest = whole.links
    down = {"state": State.DOWN, "reason": Reason.NO_CARRIER}
    one = whole.model_copy(update={"links": (first.model_copy(update=down), *rest)})
    reading = judge_channel(office, office.channel("csizs"), one)
    assert (reading.failing, _states(reading)[1]) == (None, State.DEGRADED)
    none = whole.model_copy(update={"links": tuple(each.model_copy(update=down) for each in whole.links)})
    assert judge_channel(office, office.channel("csizs"), none).failing is Hop.WAN


def test_services_that_are_not_wanted_are_never_down(office: Office) -> None:
    services = {each.name: each for each in _read(office, {ProbeKind.TLS: State.DOWN}).services}
    assert services["pesel"].state is State.DOWN
    assert services["cepik-drivers"].state is services["zus-insured"].state is State.UNKNOWN
    well = {each.name: each for each in _read(office).services}
    # Only the dictionary is asked; of the others nobody knows.
    assert well["dictionaries"].state is State.UP
    assert well["pesel"].state is State.UNKNOWN


def test_an_announced_outage_is_no_alarm_while_it_lasts(office: Office) -> None:
    channel = office.channel("csizs")
    notice = Notice(begins=MONDAY - dt.timedelta(hours=1), ends=MONDAY + dt.timedelta(hours=1), reason="New version")
    picture = _picture(office, {ProbeKind.SOAP: State.DOWN})
    during = judge_channel(office, channel.model_copy(update={"notices": (notice,)}), picture)
    healthy = during.aspect(Aspect.HEALTHY)
    assert healthy is not None
    assert healthy.state is State.UNKNOWN
    assert "New version" in str(healthy.cause)
    over = notice.model_copy(update={"ends": MONDAY})
    after = judge_channel(office, channel.model_copy(update={"notices": (over,)}), picture)
    assert _states(after)[1] is State.DOWN


def test_a_channel_by_ipsec_is_as_secure_as_its_tunnel_and_owes_nothing(office: Office) -> None:
    reading = judge_channel(office, office.channel("csizs-ipsec"), _picture(office))
    assert [each.aspect for each in reading.aspects] == [Aspect.SECURE, Aspect.HEALTHY]
    assert _states(reading)[0] is State.UP
    assert reading.due is None
    assert reading.assumed


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(list(ProbeKind)), st.sampled_from(list(State))))
def test_a_verdict_is_up_only_while_every_probe_it_needs_is(changed: dict[ProbeKind, State]) -> None:
    office = _OFFICE
    secure, healthy, duty = _states(_read(office, changed))
    told = {kind: changed.get(kind, State.UP) for kind in ProbeKind}
    if secure is State.UP:
        assert told[ProbeKind.TLS] is told[ProbeKind.CLIENT_CERTIFICATE] is State.UP
    if healthy is State.UP:
        assert told[ProbeKind.TCP] is told[ProbeKind.SOAP] is State.UP
    assert duty is told[ProbeKind.DUTY]


_OFFICE = load(PILA, MONDAY.date()).require()


def test_everything_has_its_words(office: Office) -> None:
    assert len({hop(each) for each in Hop}) == len(Hop)
    for state in State:
        for one in _read(office, dict.fromkeys(ProbeKind, state)).aspects:
            assert aspect(one)
