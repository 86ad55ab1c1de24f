"""What readings add: negotiated algorithms, time sources that answer, logs that arrive; without one, unknown."""

import dataclasses
import datetime as dt

import pytest

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result
from monitor.facts.live import DrillReading, ListenedReading, LiveFacts, LogConnection, TimeReading, TunnelEndReading
from monitor.results import Algorithms, EndReading, Reason, SaReading, State
from tests.monitor.compliance.cases import NOW, facts_of, failures, judged, of, pila, running

IKE = Algorithms(proposal="aes256gcm16-prfsha384-ecp384", encryption="aes256gcm16", prf="prfsha384", group="ecp384")
FIRST_CHILD = Algorithms(proposal="aes256gcm16", encryption="aes256gcm16")
REKEYED_CHILD = Algorithms(proposal="aes256gcm16-ecp384", encryption="aes256gcm16", group="ecp384")
WEAK_IKE = Algorithms(
    proposal="aes128-sha1-prfsha1-modp1024", encryption="aes128", integrity="sha1", prf="prfsha1", group="modp1024"
)
OTHER_IKE = Algorithms(
    proposal="aes256gcm16-prfsha512-ecp521", encryption="aes256gcm16", prf="prfsha512", group="ecp521"
)
TIMES = tuple(TimeReading(f"192.0.2.{n}", True, n == 123, 0.0) for n in (123, 124))
LOGS = (LogConnection("10.64.1.20", 6514, established=True),)


def _sa(ike: Algorithms | None = IKE, child: Algorithms | None = FIRST_CHILD, version: int = 2) -> SaReading:
    return SaReading(
        ike_state="ESTABLISHED",
        ike_version=version,
        ike=ike,
        child_state="INSTALLED" if child else "",
        child=child,
        local_networks=("10.64.16.0/20",),
        remote_networks=("10.64.0.0/16",),
        local_identity="gw-b.mops.example",
        remote_identity="gw-k.mops.example",
        established_s=5,
        received_bytes=0,
        sent_bytes=0,
        received_packets=0,
        sent_packets=0,
        received_idle_s=None,
        sent_idle_s=None,
        ike_rekeys=0,
        child_rekeys=0,
    )


def _live(
    sa: SaReading | None = None,
    times: tuple[TimeReading, ...] | None = TIMES,
    logs: tuple[LogConnection, ...] | None = LOGS,
    age_s: float = 0.0,
) -> LiveFacts:
    end = EndReading(device="gw-b", state=State.UP, reason=Reason.PROVEN, sa=sa, age_s=0.5)
    at = NOW - dt.timedelta(seconds=age_s)
    return LiveFacts("gw-b", at, at, (TunnelEndReading("k-b", end),), times, logs)


def _results(live: LiveFacts | None, rule: str) -> list[Result]:
    return [finding.result for finding in of(judged(pila(), running(facts_of(pila(), "gw-b")), live=live), rule)]


@pytest.mark.parametrize("child", [FIRST_CHILD, REKEYED_CHILD])
def test_what_was_agreed_on_as_the_inventory_says_passes(child: Algorithms) -> None:
    report = judged(pila(), running(facts_of(pila(), "gw-b")), live=_live(_sa(child=child)))
    assert not failures(report)
    assert [f.result for f in of(report, "VP-07")] == [Result.PASS]


@pytest.mark.parametrize(
    ("sa", "says"),
    [
        (_sa(ike=WEAK_IKE), "k-b: IKE was agreed on as aes128-sha1-prfsha1-modp1024, which the crypto profile"),
        (
            _sa(child=Algorithms(proposal="aes128-sha1", encryption="aes128", integrity="sha1")),
            "k-b: ESP was agreed on as aes128-sha1, which the crypto profile",
        ),
        (
            _sa(child=Algorithms(proposal="aes256gcm16-modp1024", encryption="aes256gcm16", group="modp1024")),
            "k-b: ESP was agreed on as aes256gcm16-modp1024, which the crypto profile",
        ),
        (_sa(ike=OTHER_IKE), "k-b: IKE was agreed on as aes256gcm16-prfsha512-ecp521; the inventory says"),
    ],
)
def test_what_was_agreed_on_below_the_profile_or_beside_the_inventory_fails(sa: SaReading, says: str) -> None:
    report = judged(pila(), running(facts_of(pila(), "gw-b")), live=_live(sa))
    (finding,) = failures(report)["VP-07"]
    assert str(finding.message).startswith(says)
    assert finding.evidence[0].source == "charon list-sas k-b"


def test_an_sa_of_ike_version_1_fails_whatever_the_text_says() -> None:
    report = judged(pila(), running(facts_of(pila(), "gw-b")), live=_live(_sa(version=1)))
    assert "VP-01" in failures(report)


@pytest.mark.parametrize("live", [_live(None), _live(_sa(), age_s=120), _live(_sa(), age_s=-120), _live(_sa(ike=None))])
def test_without_a_fresh_sa_nothing_is_known_of_what_was_agreed_on(live: LiveFacts) -> None:
    assert _results(live, "VP-07") == [Result.UNKNOWN]


def test_without_a_watch_nothing_is_known_of_what_was_agreed_on() -> None:
    assert _results(LiveFacts("gw-b", NOW, None, None, TIMES, LOGS), "VP-07") == [Result.UNKNOWN]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (TIMES, Result.PASS),
        ((TIMES[0], TimeReading("192.0.2.124", False, False, None)), Result.FAIL),
        ((TIMES[0], TimeReading("198.51.100.99", True, False, 0.0)), Result.FAIL),
        ((), Result.FAIL),
        (None, Result.UNKNOWN),
    ],
)
def test_two_time_sources_of_the_inventory_must_answer(times: tuple[TimeReading, ...] | None, expected: Result) -> None:
    assert _results(_live(_sa(), times=times), "TM-01") == [Result.PASS, expected]


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        (LOGS, Result.PASS),
        ((LogConnection("10.64.1.20", 6514, established=False),), Result.FAIL),
        ((LogConnection("10.64.1.99", 6514, established=True),), Result.FAIL),
        ((LogConnection("10.64.1.20", 6514, established=None),), Result.UNKNOWN),
        (None, Result.UNKNOWN),
    ],
)
def test_the_connection_to_the_log_server_must_stand(logs: tuple[LogConnection, ...] | None, expected: Result) -> None:
    assert _results(_live(_sa(), logs=logs), "LG-01") == [Result.PASS, expected]


def test_readings_that_are_too_old_are_not_known() -> None:
    live = _live(_sa(), age_s=61)
    assert _results(live, "TM-01") == [Result.PASS, Result.UNKNOWN]
    assert _results(live, "LG-01") == [Result.PASS, Result.UNKNOWN]


@pytest.mark.parametrize(
    ("drills", "expected"),
    [
        ((), Result.UNKNOWN),
        ((DrillReading("k-b", NOW - dt.timedelta(days=364), passed=True, shown="x"),), Result.PASS),
        ((DrillReading("k-b", NOW - dt.timedelta(days=366), passed=True, shown="x"),), Result.UNKNOWN),
        ((DrillReading("k-b", NOW + dt.timedelta(days=1), passed=True, shown="x"),), Result.UNKNOWN),
        ((DrillReading("k-b", NOW, passed=False, shown="x"),), Result.FAIL),
        ((DrillReading("k-c", NOW, passed=True, shown="x"),), Result.UNKNOWN),
    ],
)
def test_whether_anything_leaves_in_clear_is_known_by_a_drill_of_the_last_year(
    drills: tuple[DrillReading, ...], expected: Result
) -> None:
    live = dataclasses.replace(_live(_sa()), drills=drills)
    # By the filter, by the routes, by listening (nobody has), by the drill.
    assert _results(live, "VP-08") == [Result.PASS, Result.PASS, Result.UNKNOWN, expected]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.UP, Result.PASS),
        (State.DOWN, Result.FAIL),
        (State.DEGRADED, Result.UNKNOWN),
        (State.UNKNOWN, Result.UNKNOWN),
    ],
)
def test_what_listening_on_a_line_has_found_counts(state: State, expected: Result) -> None:
    heard = ListenedReading("b-isp1", state, say(N_("not asked yet")), NOW)
    live = dataclasses.replace(_live(_sa()), listened=(heard,))
    assert _results(live, "VP-08") == [Result.PASS, Result.PASS, expected, Result.UNKNOWN]
