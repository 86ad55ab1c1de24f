"""One failure is the cause, what stands behind it is explained by it; what is not known causes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pytest

from inventory.model import Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor import words
from monitor.expected import unwatched
from monitor.explained import Explaining
from monitor.results import Event, ProbeKind, Reason, State, Watched
from tests.monitor.compliance.cases import pila

AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DOWN = {"state": State.DOWN, "reason": Reason.NO_ANSWER}
LOST = {"state": State.UNKNOWN, "reason": Reason.UNREACHABLE}
SWITCH = "device:sw-c-2"


@pytest.fixture(scope="module")
def explaining() -> Explaining:
    return Explaining.of(pila())


def _picture(office: Office, down: Collection[str], unreachable: Collection[str] = ()) -> Watched:
    """Everything proven but what is named."""
    up = {"state": State.UP, "reason": Reason.PROVEN}
    blank = unwatched(office, AT)
    failed, lost = frozenset(down), frozenset(unreachable)
    return blank.model_copy(
        update={
            "tunnels": tuple(each.model_copy(update=DOWN if each.tunnel in failed else up) for each in blank.tunnels),
            "links": tuple(each.model_copy(update=DOWN if each.link in failed else up) for each in blank.links),
            "devices": tuple(each.model_copy(update=LOST if each.device in lost else up) for each in blank.devices),
            "probes": tuple(each.model_copy(update={"state": _state(each.name, failed)}) for each in blank.probes),
        }
    )


def _state(name: str, failed: Collection[str]) -> State:
    return State.DOWN if name in failed else State.UP


def test_a_dead_switch_explains_its_printers_and_itself_nothing_does(explaining: Explaining) -> None:
    office = pila()
    behind = [name.partition(":")[2] for name, needs in explaining.depends.items() if SWITCH in needs]
    assert len(behind) > 3
    found = explaining.explained(_picture(office, ()), silent=["sw-c-2", *behind])
    assert found == {f"device:{name}": SWITCH for name in behind}


def test_a_building_whose_only_line_is_dead_is_explained_by_the_line(explaining: Explaining) -> None:
    office = pila()
    lines = [wan.name for wan in office.wans if wan.device == "gw-c"]
    picture = _picture(office, ["k-c", *lines], ["gw-c"])
    silent = [device.name for device in office.switches if device.building == office.device("gw-c").building]
    found = explaining.explained(picture, silent)
    assert found["tunnel:k-c"] in {f"link:{line}" for line in lines}
    assert {found["device:gw-c"], *(found[f"device:{name}"] for name in silent)} == {found["tunnel:k-c"]}
    assert not {f"link:{line}" for line in lines} & found.keys()


def test_a_line_beside_which_another_one_works_explains_nothing(explaining: Explaining) -> None:
    office = pila()
    lines = [wan.name for wan in office.wans if wan.device == "gw-k"]
    assert len(lines) > 1
    assert not explaining.explained(_picture(office, ["k-b", lines[0]]))
    both = explaining.explained(_picture(office, ["k-b", *lines]))
    assert both["tunnel:k-b"] in {f"link:{line}" for line in lines}


def test_a_gateway_nobody_reaches_explains_the_tunnels_that_begin_there(explaining: Explaining) -> None:
    office = pila()
    found = explaining.explained(_picture(office, ["k-b", "k-c"], ["gw-k"]))
    assert (found["tunnel:k-b"], found["tunnel:k-c"]) == ("device:gw-k", "device:gw-k")
    assert "device:gw-k" not in found


@pytest.mark.parametrize("reason", [Reason.REFUSED, Reason.NOT_READ_YET, Reason.DAEMON_SILENT])
def test_a_gateway_of_which_nothing_is_known_explains_nothing(explaining: Explaining, reason: Reason) -> None:
    office = pila()
    picture = _picture(office, ["k-b"], ["gw-k"])
    devices = tuple(
        each.model_copy(update={"reason": reason}) if each.device == "gw-k" else each for each in picture.devices
    )
    assert not {"tunnel:k-b"} & explaining.explained(picture.model_copy(update={"devices": devices})).keys()


def test_what_is_not_known_may_follow_from_a_failure_and_causes_none(explaining: Explaining) -> None:
    office = pila()
    printers = [name.partition(":")[2] for name, needs in explaining.depends.items() if SWITCH in needs]
    assert explaining.explained(_picture(office, ()), silent=printers, unsure=["sw-c-2"]) == {}
    found = explaining.explained(_picture(office, ()), silent=["sw-c-2"], unsure=printers)
    assert found == {f"device:{name}": SWITCH for name in printers}


def test_a_tunnel_explains_its_probes_and_never_a_leak(explaining: Explaining) -> None:
    office = pila()
    picture = _picture(office, ["k-b"])
    (mtu,) = [probe for probe in picture.probes if (probe.kind, probe.subject) == (ProbeKind.PATH_MTU, "tunnel:k-b")]
    leak = mtu.model_copy(update={"kind": ProbeKind.LEAK, "name": "leak:x", "state": State.DOWN})
    down = mtu.model_copy(update={"state": State.DOWN})
    found = explaining.explained(picture.model_copy(update={"probes": (down, leak)}))
    assert found == {f"probe:{mtu.name}": "tunnel:k-b"}


def test_platforms_are_explained_by_lines_only_when_all_of_them_are_dead(explaining: Explaining) -> None:
    office = pila()
    blank = _picture(office, ())
    asked = next(probe for probe in blank.probes if probe.subject == "channel:csizs")
    lines = [wan.name for wan in office.wans if wan.device == "gw-k"]
    assert not explaining.explained(_picture(office, [asked.name, lines[0]]))
    found = explaining.explained(_picture(office, [asked.name, *lines]))
    assert found[f"probe:{asked.name}"] in {f"link:{line}" for line in lines}


def test_an_event_says_what_it_follows_from(explaining: Explaining) -> None:
    def event(subject: str, after: State, **more: object) -> Event:
        return Event(at=AT, subject=subject, before=State.UP, after=after, reason=Reason.NO_ANSWER).model_copy(
            update=more
        )

    silent = say(N_("not asked yet"))
    happened = (
        event("tunnel:k-b", State.DOWN),
        event("device:prn-k-01", State.DOWN, reason=Reason.TOLD, cause=silent),
        event("tunnel:k-c", State.DOWN),
        event("link:b-isp1", State.UP),
    )
    explained = {"tunnel:k-b": "link:b-isp1", "device:prn-k-01": "device:sw-k-2", "link:b-isp1": "device:x"}
    said = [words.why(each) for each in explaining.told(happened, explained)]
    assert said == [
        "probes through it are not answered; follows from: link b-isp1",
        "not asked yet; follows from: device sw-k-2",
        "probes through it are not answered",
        "probes through it are not answered",
    ]
