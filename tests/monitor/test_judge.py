"""Every verdict: what readings of each kind make of tunnels, links and devices."""

import datetime as dt
from itertools import pairwise

import pytest

from monitor.expected import Expected
from monitor.judge import Moment, Readings, events, judge
from monitor.readings import FRESH_S, Carrier, GatewayReading
from monitor.results import ProbeReading, Reason, SaReading, State, TunnelReading, Watched
from tests.monitor.moments import AT, sa
from tests.monitor.standing import mirrored, with_a_strange_far_end

_NOW = Moment(1000.0, AT)
_UP, _DOWN, _UNKNOWN = State.UP, State.DOWN, State.UNKNOWN


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Expected, Watched]:
    return with_a_strange_far_end(tmp_path_factory.mktemp("office"))


_FAR = sa().model_copy(
    update={
        "local_networks": ("10.8.1.0/24",),
        "remote_networks": ("192.0.2.96/28",),
        "remote_identity": "far.example",
    }
)


def _gateway(device: str, **changed: object) -> GatewayReading:
    """A gateway that has just told that all is well."""
    proven = dict.fromkeys(("reason", "sas_reason", "links_reason"), Reason.PROVEN)
    read = dict.fromkeys(("heard_at", "sas_at", "links_at"), _NOW.monotonic - 0.5)
    sas = {"k-b": sa() if device == "gw-k" else mirrored(sa()), "far": _FAR}
    values = {**proven, **read, "sas": sas, "links": {"wan0": Carrier.UP}, **changed}
    return GatewayReading(device, **values)  # type: ignore[arg-type]


def _lost(reason: Reason) -> dict[str, object]:
    return {"reason": reason, "sas_reason": reason, "links_reason": reason}


def _probe(state: State, reason: Reason, age: float | None = 0.1) -> ProbeReading:
    counts = {"window_s": 30.0, "sent": 300, "lost": 0, "rtt_s": 0.001, "jitter_s": 0.0001, "answer_age_s": age}
    return ProbeReading.model_validate(
        {"name": "k-b", "target": "10.8.16.1", "state": state, "reason": reason, **counts}
    )


_ANSWERED, _SILENT = _probe(_UP, Reason.PROVEN), _probe(_DOWN, Reason.NO_ANSWER, 2.0)


def _judged(
    office: tuple[Expected, Watched], k: GatewayReading, b: GatewayReading, probe: ProbeReading | None
) -> TunnelReading:
    readings = Readings({"gw-k": k, "gw-b": b}, {} if probe is None else {"k-b": probe})
    return judge(office[0], readings, _NOW, office[1]).tunnels[0]


_NO_SA: dict[str, object] = {"sas": {}}
_NO_CHILD: dict[str, object] = {"sas": {"k-b": sa().model_copy(update={"child_state": ""})}}
_OLD: dict[str, object] = {"sas_at": _NOW.monotonic - FRESH_S - 0.1}


@pytest.mark.parametrize(
    ("k", "b", "probe", "expected_of_it"),
    [
        ({}, {}, _ANSWERED, (_UP, Reason.PROVEN, "up up")),
        ({}, _lost(Reason.UNREACHABLE), _ANSWERED, (_UP, Reason.PROVEN, "up unknown")),
        (_lost(Reason.REFUSED), _lost(Reason.UNREACHABLE), _ANSWERED, (_UP, Reason.PROVEN, "unknown unknown")),
        ({}, {"sas_reason": Reason.DAEMON_SILENT}, _ANSWERED, (_UP, Reason.PROVEN, "up unknown")),
        ({}, {"sas_reason": Reason.OVERDUE}, _ANSWERED, (_UP, Reason.PROVEN, "up unknown")),
        ({}, {"sas_reason": Reason.NONSENSE}, _ANSWERED, (_UP, Reason.PROVEN, "up unknown")),
        ({}, _OLD, _ANSWERED, (_UP, Reason.PROVEN, "up unknown")),
        ({}, _lost(Reason.UNREACHABLE), _SILENT, (_DOWN, Reason.FAR_END_SILENT, "up unknown")),
        ({}, {}, _SILENT, (_DOWN, Reason.FAR_END_SILENT, "up up")),
        (_OLD, _lost(Reason.UNREACHABLE), _SILENT, (_DOWN, Reason.NO_ANSWER, "unknown unknown")),
        (_NO_SA, _lost(Reason.UNREACHABLE), _SILENT, (_DOWN, Reason.NO_SA, "down unknown")),
        # An end knows before the probe does; and an answer that came another way proves nothing.
        ({}, _NO_SA, _ANSWERED, (_DOWN, Reason.NO_SA, "up down")),
        ({}, _NO_CHILD, _ANSWERED, (_DOWN, Reason.NO_CHILD, "up down")),
        ({}, {}, None, (_UNKNOWN, Reason.NOT_READ_YET, "up up")),
        ({}, {}, _probe(_UNKNOWN, Reason.UNREACHABLE, None), (_UNKNOWN, Reason.UNREACHABLE, "up up")),
        ({}, {}, _probe(_UP, Reason.PROVEN, FRESH_S + 1), (_UNKNOWN, Reason.STALE, "up up")),
        (_NO_SA, _lost(Reason.UNREACHABLE), None, (_DOWN, Reason.NO_SA, "down unknown")),
    ],
)
def test_a_probed_tunnel_is_up_only_while_proven(
    office: tuple[Expected, Watched],
    k: dict[str, object],
    b: dict[str, object],
    probe: ProbeReading | None,
    expected_of_it: tuple[State, Reason, str],
) -> None:
    tunnel = _judged(office, _gateway("gw-k", **k), _gateway("gw-b", **b), probe)
    assert (tunnel.state, tunnel.reason, " ".join(end.state for end in tunnel.ends)) == expected_of_it


@pytest.mark.parametrize(
    ("k", "verdict"),
    [
        ({}, (_UP, Reason.PROVEN)),
        (_NO_SA, (_DOWN, Reason.NO_SA)),
        (_OLD, (_UNKNOWN, Reason.STALE)),
        (_lost(Reason.UNREACHABLE), (_UNKNOWN, Reason.UNREACHABLE)),
        ({"sas_reason": Reason.DAEMON_SILENT}, (_UNKNOWN, Reason.DAEMON_SILENT)),
        ({"sas_reason": Reason.NOT_READ_YET, "sas_at": None}, (_UNKNOWN, Reason.NOT_READ_YET)),
        # One late answer changes nothing while what was read before it is fresh.
        ({"sas_reason": Reason.OVERDUE}, (_UP, Reason.PROVEN)),
        ({"sas_reason": Reason.OVERDUE, **_OLD}, (_UNKNOWN, Reason.OVERDUE)),
        ({"sas_reason": Reason.OVERDUE, **_NO_SA}, (_UNKNOWN, Reason.OVERDUE)),
    ],
)
def test_a_tunnel_to_somebody_elses_gateway_is_proven_by_its_sa(
    office: tuple[Expected, Watched], k: dict[str, object], verdict: tuple[State, Reason]
) -> None:
    readings = Readings({"gw-k": _gateway("gw-k", **k), "gw-b": _gateway("gw-b")}, {})
    tunnel = judge(office[0], readings, _NOW, office[1]).tunnels[1]
    assert (tunnel.state, tunnel.reason) == verdict


@pytest.mark.parametrize(
    ("changed", "link", "device"),
    [
        ({}, (_UP, Reason.PROVEN), _UP),
        ({"links": {"wan0": Carrier.DOWN}}, (_DOWN, Reason.NO_CARRIER), _UP),
        ({"links": {"wan0": Carrier.SILENT}}, (_DOWN, Reason.NO_WAY), _UP),
        ({"links": {"vlan10": Carrier.UP}}, (_DOWN, Reason.NO_INTERFACE), _UP),
        ({"links_reason": Reason.NONSENSE}, (_UNKNOWN, Reason.NONSENSE), _UP),
        ({"links_at": _NOW.monotonic - FRESH_S - 1}, (_UNKNOWN, Reason.STALE), _UP),
        (_lost(Reason.UNREACHABLE), (_UNKNOWN, Reason.UNREACHABLE), _UNKNOWN),
        (_lost(Reason.REFUSED), (_UNKNOWN, Reason.REFUSED), _UNKNOWN),
    ],
)
def test_a_link_is_what_its_gateway_freshly_tells(
    office: tuple[Expected, Watched], changed: dict[str, object], link: tuple[State, Reason], device: State
) -> None:
    readings = Readings({"gw-k": _gateway("gw-k", **changed), "gw-b": _gateway("gw-b")}, {})
    watched = judge(office[0], readings, _NOW, office[1])
    assert (watched.links[0].state, watched.links[0].reason) == link
    assert watched.devices[0].state is device


def test_a_state_keeps_its_beginning_until_it_changes(office: tuple[Expected, Watched]) -> None:
    k, b = _gateway("gw-k"), _gateway("gw-b")
    pictures = [office[1]]
    for second, probe in enumerate((_ANSWERED, _ANSWERED, _SILENT, _SILENT, _ANSWERED), 1):
        moment = Moment(_NOW.monotonic, AT + dt.timedelta(seconds=second))
        pictures.append(judge(office[0], Readings({"gw-k": k, "gw-b": b}, {"k-b": probe}), moment, pictures[-1]))
    assert [(one.tunnels[0].since - AT).seconds for one in pictures] == [0, 1, 1, 3, 3, 5]
    assert [one.round for one in pictures] == [0, 1, 2, 3, 4, 5]
    subjects = [[event.subject for event in events(*pair)] for pair in pairwise(pictures)]
    assert subjects[1:] == [[], ["tunnel:k-b"], [], ["tunnel:k-b"]]
    assert set(subjects[0]) > {"end:k-b/gw-b", "link:k-isp", "device:gw-b", "tunnel:far"}


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_set_changes_no_state_and_no_age(office: tuple[Expected, Watched], hours: int) -> None:
    readings = Readings({"gw-k": _gateway("gw-k"), "gw-b": _gateway("gw-b")}, {"k-b": _ANSWERED})
    before = judge(office[0], readings, _NOW, office[1])
    after = judge(office[0], readings, Moment(_NOW.monotonic, AT + dt.timedelta(hours=hours)), before)
    assert events(before, after) == ()
    assert (after.tunnels, after.links, after.devices) == (before.tunnels, before.links, before.devices)


def test_an_event_tells_what_changed_and_why(office: tuple[Expected, Watched]) -> None:
    k, b = _gateway("gw-k"), _gateway("gw-b")
    before = judge(office[0], Readings({"gw-k": k, "gw-b": b}, {"k-b": _ANSWERED}), _NOW, office[1])
    after = judge(office[0], Readings({"gw-k": k, "gw-b": b}, {"k-b": _SILENT}), _NOW, before)
    (event,) = events(before, after)
    assert (event.subject, event.before, event.after) == ("tunnel:k-b", _UP, _DOWN)
    assert (event.reason, event.at) == (Reason.FAR_END_SILENT, AT)


def test_differences_of_a_stale_end_are_not_told(office: tuple[Expected, Watched]) -> None:
    odd: dict[str, SaReading] = {"k-b": sa().model_copy(update={"ike_version": 1})}
    fresh = _judged(office, _gateway("gw-k", sas=odd), _gateway("gw-b", **_lost(Reason.STALE)), _ANSWERED)
    stale = _judged(office, _gateway("gw-k", sas=odd, **_OLD), _gateway("gw-b", **_lost(Reason.STALE)), _ANSWERED)
    assert (len(fresh.differences), len(stale.differences)) == (1, 0)


def test_before_the_first_reading_everything_is_unknown(office: tuple[Expected, Watched]) -> None:
    nothing = Readings({"gw-k": GatewayReading("gw-k"), "gw-b": GatewayReading("gw-b")}, {}, (), ("no key",))
    watched = judge(office[0], nothing, _NOW, office[1])
    assert {row.state for row in watched.tunnels} | {row.state for row in watched.devices} == {_UNKNOWN}
    assert watched.problems == ("no key",)
