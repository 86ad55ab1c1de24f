"""What is not as it should be with tunnels that work, by counters, open questions and repetitions."""

import pytest

from monitor.differences import differences
from monitor.expected import Expected
from monitor.flaws import beside, flaw
from monitor.judge import Moment, Readings, judge
from monitor.readings import GatewayReading
from monitor.results import ProbeReading, Reason, SaReading, State, Watched
from tests.monitor.moments import AT, probe, sa
from tests.monitor.standing import mirrored, with_a_strange_far_end

_NOW = Moment(1000.0, AT)
_LOSSY = probe().model_copy(update={"state": State.DEGRADED, "reason": Reason.LOSSY})


def _sa(**changed: object) -> SaReading:
    return sa().model_copy(update=changed)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Expected, Watched]:
    return with_a_strange_far_end(tmp_path_factory.mktemp("office"))


def _verdicts(
    office: tuple[Expected, Watched], k: SaReading, far: SaReading, echo: ProbeReading
) -> list[tuple[State, Reason]]:
    """Of the tunnel between two gateways of ours, and of the one to a far end that is not."""
    proven = dict.fromkeys(("reason", "sas_reason", "links_reason"), Reason.PROVEN)
    read = dict.fromkeys(("heard_at", "sas_at", "links_at"), _NOW.monotonic - 0.2)
    beyond = {"remote_networks": ("192.0.2.96/28",), "remote_identity": "far.example"}
    near = {"local_networks": ("10.8.1.0/24",)} if far.local_networks == sa().local_networks else {}
    far = far.model_copy(update=beyond | near)
    gateways = {
        "gw-k": GatewayReading("gw-k", **proven, **read, sas={"k-b": k, "far": far}),  # type: ignore[arg-type]
        "gw-b": GatewayReading("gw-b", **proven, **read, sas={"k-b": mirrored(sa())}),  # type: ignore[arg-type]
    }
    seen = judge(office[0], Readings(gateways, {"k-b": echo}), _NOW, office[1])
    return [(tunnel.state, tunnel.reason) for tunnel in seen.tunnels]


_WELL = (State.UP, Reason.PROVEN)
_WORKING = probe().model_copy(update={"works_s": 60.0})


@pytest.mark.parametrize(
    ("changed", "ours", "theirs"),
    [
        ({}, _WELL, _WELL),
        # A question that is just under way, and one that nobody answers although packets come.
        ({"unanswered_s": 0.4, "still_s": 2.0}, _WELL, _WELL),
        ({"unanswered_s": 2.0}, (State.DEGRADED, Reason.IKE_SILENT), (State.DEGRADED, Reason.IKE_SILENT)),
        ({"unanswered_s": 2.0, "still_s": 2.0}, (State.DEGRADED, Reason.IKE_SILENT), (State.DOWN, Reason.IKE_SILENT)),
        # Packets in and none out: echo probes that are answered all the same came another way.
        (
            {"still_s": 4.0, "sent_still": 40, "vain_s": 4.0},
            (State.DOWN, Reason.BESIDE),
            (State.DEGRADED, Reason.ONE_WAY),
        ),
        (
            {"still_s": 190.0, "sent_still": 40, "vain_s": 190.0},
            (State.DOWN, Reason.BESIDE),
            (State.DOWN, Reason.ONE_WAY),
        ),
        # Left alone for long, and called only now.
        (
            {"still_s": 190.0, "sent_still": 40, "vain_s": 4.0},
            (State.DOWN, Reason.BESIDE),
            (State.DEGRADED, Reason.ONE_WAY),
        ),
        ({"still_s": 190.0, "sent_still": 40, "vain_s": 1.0}, (State.DOWN, Reason.BESIDE), _WELL),
        ({"still_s": 190.0, "sent_still": 5, "vain_s": 190.0}, (State.DOWN, Reason.BESIDE), _WELL),
        ({"setups": 5}, _WELL, _WELL),
        ({"setups": 6}, (State.DEGRADED, Reason.CHURN), (State.DEGRADED, Reason.CHURN)),
        (
            {"local_networks": ("10.8.0.0/15",)},
            (State.DEGRADED, Reason.DIFFERENT),
            (State.DEGRADED, Reason.DIFFERENT),
        ),
        ({"ike_version": 1}, (State.DEGRADED, Reason.DIFFERENT), (State.DEGRADED, Reason.DIFFERENT)),
    ],
)
def test_counters_and_open_questions_are_joined_with_the_probe(
    office: tuple[Expected, Watched],
    changed: dict[str, object],
    ours: tuple[State, Reason],
    theirs: tuple[State, Reason],
) -> None:
    assert _verdicts(office, _sa(**changed), _sa(**changed), _WORKING) == [ours, theirs]


def test_a_lost_probe_says_which_way_it_is_lost_once_the_counters_do(office: tuple[Expected, Watched]) -> None:
    lost = probe(State.DOWN, 300)
    early = _sa(still_s=1.0, sent_still=10, vain_s=1.0)
    late = _sa(still_s=3.5, sent_still=35, vain_s=3.5)
    assert _verdicts(office, early, sa(), lost)[0] == (State.DOWN, Reason.FAR_END_SILENT)
    assert _verdicts(office, late, sa(), lost)[0] == (State.DOWN, Reason.ONE_WAY)


def test_a_tunnel_that_has_just_come_back_is_not_said_to_be_passed_by(office: tuple[Expected, Watched]) -> None:
    still = _sa(still_s=30.0, sent_still=0)
    assert beside(_WORKING, [still])
    assert not beside(_WORKING.model_copy(update={"works_s": 1.0}), [still])
    assert not beside(_WORKING.model_copy(update={"works_s": None}), [still])


def test_the_worst_is_named(office: tuple[Expected, Watched]) -> None:
    tunnel = office[0].tunnels[0].tunnel
    worn = _sa(setups=9, ike_version=1, unanswered_s=5.0)
    found = differences(tunnel, {"gw-k": worn})
    assert flaw(_LOSSY, [worn], found) is Reason.LOSSY
    assert flaw(probe(), [worn], found) is Reason.IKE_SILENT
    assert flaw(probe(), [_sa(setups=9, ike_version=1)], found) is Reason.DIFFERENT
    assert flaw(probe(), [_sa(setups=9)], ()) is Reason.CHURN


def test_weak_algorithms_that_were_agreed_on_degrade(office: tuple[Expected, Watched]) -> None:
    ike = sa().ike
    assert ike is not None
    weak = ike.model_copy(update={"proposal": "3des-sha1-modp1024", "encryption": "3des"})
    assert _verdicts(office, _sa(ike=weak), sa(), _WORKING)[0] == (State.DEGRADED, Reason.DIFFERENT)


def test_a_lossy_tunnel_works(office: tuple[Expected, Watched]) -> None:
    state, reason = _verdicts(office, sa(), sa(), _LOSSY)[0]
    assert (state, reason) == (State.DEGRADED, Reason.LOSSY)
    assert state.works
