"""What a tunnel did since the watch began: stood still, waited for an answer, was set up anew."""

import copy

import pytest

from monitor.packets import Section
from monitor.results import SaReading
from monitor.sas import Ledger
from tests.monitor.replay import messages


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def ledger(clock: _Clock) -> Ledger:
    return Ledger(("k-b",), clock)


def _listed(
    *, packets_in: int = 10, packets_out: int = 10, spi: bytes = b"a", state: bytes = b"ESTABLISHED", asks: bool = False
) -> list[Section]:
    message = copy.deepcopy(next(sa for event, sa in messages("before") if event == "list-sa" and "k-b" in sa))
    section = _section(message["k-b"])
    section |= {"initiator-spi": spi, "state": state} | ({"tasks-active": (b"IKE_DPD",)} if asks else {})
    (child,) = _section(section["child-sas"]).values()
    _section(child).update({"packets-in": b"%d" % packets_in, "packets-out": b"%d" % packets_out})
    return [message]


def _section(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _read(ledger: Ledger, listed: list[Section]) -> SaReading:
    return ledger.read(listed)["k-b"]


def test_it_stands_still_while_nothing_comes_in(ledger: Ledger, clock: _Clock) -> None:
    assert _read(ledger, _listed()).still_s == 0.0
    clock.now += 2.0
    still = _read(ledger, _listed(packets_out=30))
    assert (still.still_s, still.sent_still) == (2.0, 20)
    clock.now += 1.0
    moved = _read(ledger, _listed(packets_in=11, packets_out=40))
    assert (moved.still_s, moved.sent_still) == (0.0, 0)
    clock.now += 1.0
    assert _read(ledger, _listed(packets_in=11, packets_out=41)).sent_still == 1


def test_what_nobody_asked_for_is_not_waited_for(ledger: Ledger, clock: _Clock) -> None:
    """A far end may have been left alone for an hour when somebody calls it."""
    _read(ledger, _listed())
    clock.now += 3600.0
    assert _read(ledger, _listed()).vain_s == 0.0
    assert _read(ledger, _listed(packets_out=40)).vain_s == 0.0
    clock.now += 4.0
    called = _read(ledger, _listed(packets_out=80))
    assert (called.still_s, called.sent_still, called.vain_s) == (3604.0, 70, 4.0)
    clock.now += 600.0
    assert _read(ledger, _listed(packets_out=80)).vain_s == 4.0, "whoever called has given up"
    assert _read(ledger, _listed(packets_in=11, packets_out=80)).vain_s == 0.0


def test_a_question_waits_for_its_answer(ledger: Ledger, clock: _Clock) -> None:
    assert _read(ledger, _listed()).unanswered_s == 0.0
    assert _read(ledger, _listed(asks=True)).unanswered_s == 0.0
    clock.now += 1.6
    assert _read(ledger, _listed(asks=True)).unanswered_s == pytest.approx(1.6)
    assert _read(ledger, _listed()).unanswered_s == 0.0
    clock.now += 5.0
    assert _read(ledger, _listed(asks=True)).unanswered_s == 0.0, "another question"
    assert _read(ledger, _listed(state=b"CONNECTING", asks=True)).unanswered_s == 0.0


def test_setting_up_anew_is_counted_for_an_hour(ledger: Ledger, clock: _Clock) -> None:
    assert _read(ledger, _listed()).setups == 0, "it stood already"
    assert ledger.read([]) == {}
    for number in range(3):
        clock.now += 10.0
        assert _read(ledger, _listed(spi=b"new%d" % number)).setups == number + 1
        assert _read(ledger, _listed(spi=b"new%d" % number)).setups == number + 1
    clock.now += 3600.0
    assert _read(ledger, _listed(spi=b"new2")).setups == 0


def test_the_very_first_time_is_not_anew(ledger: Ledger) -> None:
    assert ledger.read([]) == {}
    assert _read(ledger, _listed()).setups == 0
    assert _read(ledger, _listed(spi=b"b")).setups == 1


@pytest.mark.parametrize("told_first", [True, False], ids=["told first", "listed first"])
def test_a_rekeying_sets_nothing_up_anew(ledger: Ledger, told_first: bool) -> None:
    _read(ledger, _listed())
    responder = _section(_listed()[0]["k-b"])["responder-spi"]
    assert isinstance(responder, bytes)
    told: Section = {"k-b": {"new": {"initiator-spi": b"b", "responder-spi": responder}}}
    if told_first:
        ledger.rekeyed("ike-rekey", told)
    else:
        assert _read(ledger, _listed(spi=b"b")).setups == 1
        ledger.rekeyed("ike-rekey", told)
    assert _read(ledger, _listed(spi=b"b")).setups == 0
