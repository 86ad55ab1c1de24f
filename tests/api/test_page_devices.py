"""Devices and probes on the page: what is wrong first, nothing twice, and a page of its own for each device."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import unquote

import pytest

from api.pages.asked import place_of, probe_groups, titles
from api.pages.polled import device_groups
from api.pages.sheet import sheet
from api.pages.signs import Shape, Sign
from api.pages.times import Clock
from api.pages.troubles import troubles
from api.picture import Picture
from inventory.sentence import say
from inventory.words import LANGUAGES, Language, speaking
from monitor.results import ProbeKind, ProbeResult, Reason, State
from monitor.snmp.model import Figures, Port, PortState, Supply, SupplyState
from tests.api import stills
from tests.api.stills import AT
from tests.api.test_app import ask
from tests.monitor import moments
from tests.monitor.snmp import sights

_CLOCK = Clock("Europe/Warsaw", AT)


def _probe(kind: ProbeKind, state: State, subject: str, cause: str = "a cause") -> ProbeResult:
    return moments.asked(kind, state).model_copy(
        update={"subject": subject, "cause": say(cause), "name": f"{kind}:{subject}"}
    )


def _with(*probes: ProbeResult, picture: Picture | None = None) -> Picture:
    picture = picture or stills.well()
    return replace(picture, watched=picture.watched.model_copy(update={"probes": probes}))


def test_what_is_wrong_comes_first_and_the_rest_is_folded() -> None:
    with speaking("en"):
        here, *others = device_groups(stills.unwell(), _CLOCK)
    assert here.title == "Budynek drugi"
    assert [(row.name, row.state) for row in here.wrong] == [
        ("prn-b-01", State.DOWN),
        ("sw-b-2", State.DOWN),
        ("sw-b-3", State.DOWN),
    ]
    assert [fold.sign.shape for fold in here.folds] == [Shape.UNKNOWN]
    assert [[fold.sign.shape for fold in group.folds] for group in others] == [
        [Shape.UNKNOWN, Shape.UP],
        [Shape.UNKNOWN],
    ]
    assert [row.cause for row in others[0].wrong] == ["used up: Toner", "runs on battery"]


def test_every_polled_device_and_every_probe_stands_there_once() -> None:
    picture = stills.unwell()
    for groups, names in (
        (device_groups(picture, _CLOCK), sorted(picture.polled)),
        (probe_groups(picture, _CLOCK), sorted(probe.name for probe in picture.watched.probes)),
    ):
        rows = [row for group in groups for row in (*group.wrong, *(row for fold in group.folds for row in fold.rows))]
        found = [unquote(row.href).removeprefix("/devices/").removeprefix("/debug/probe/") for row in rows]
        assert sorted(found) == names
        folds = [fold.name for group in groups for fold in group.folds]
        assert len(folds) == len(set(folds))


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("channel:csizs", "channel-csizs"),
        ("channel:gone", "office"),
        ("device:gw-b", "b"),
        ("device:gw-b/b-isp1", "b"),
        ("device:gone", "office"),
        ("link:c-isp1", "c"),
        ("tunnel:k-c", "c"),
        ("tunnel:k-platform", "k"),
        ("tunnel:gone", "office"),
        ("office:pila", "office"),
        ("nonsense", "office"),
    ],
)
def test_a_probe_stands_where_what_it_speaks_of_belongs(subject: str, place: str) -> None:
    assert place_of(stills.office(), subject) == place
    assert place in titles(stills.office())


def test_a_leak_is_an_incident_of_its_own_before_all_others() -> None:
    probes = (_probe(ProbeKind.TLS, State.DOWN, "channel:csizs"), _probe(ProbeKind.LEAK, State.DOWN, "device:gw-k"))
    with speaking("en"):
        leak, tls = troubles(_with(*probes))
    assert leak.title == "Traffic between our networks leaves unencrypted"
    assert len(leak.steps) == 2
    assert tls.title == "CSIZS Emp@tia, usługi dla systemów dziedzinowych: TLS not in order"


def test_probes_of_one_place_are_one_matter_named_by_its_worst() -> None:
    probes = (
        _probe(ProbeKind.DNS, State.DEGRADED, "channel:csizs", "other addresses"),
        _probe(ProbeKind.TLS, State.DOWN, "channel:csizs", "expired"),
        _probe(ProbeKind.TCP, State.UP, "channel:csizs"),
        _probe(ProbeKind.NTP, State.UNKNOWN, "office:pila"),
    )
    with speaking("en"):
        (matter,) = troubles(_with(*probes))
    assert matter.shape is Shape.DOWN
    assert matter.why == (
        "TLS, 203.0.113.5 port 443: expired",
        "name resolution, 203.0.113.5 port 443: other addresses",
    )


def test_what_only_wants_heeding_does_not_break_the_verdict() -> None:
    with speaking("en"):
        (matter,) = troubles(_with(_probe(ProbeKind.DNS, State.DEGRADED, "channel:csizs")))
    assert matter.shape is Shape.HEED


def test_a_probe_through_a_tunnel_that_is_down_is_explained_by_it() -> None:
    probe = _probe(ProbeKind.PATH_MTU, State.DOWN, "tunnel:k-b")
    assert list(troubles(_with(probe, picture=stills.broken()))) == []
    assert len(list(troubles(_with(probe)))) == 1


def test_a_silent_switch_explains_those_behind_it() -> None:
    with speaking("en"):
        silent, unwell = troubles(replace(stills.unwell(), watched=stills.well().watched))
    assert silent.title == "sw-b-2 does not answer"
    assert silent.why == ("no answer", "2 devices behind it are silent too: prn-b-01, sw-b-3")
    assert (silent.shape, unwell.shape) == (Shape.DOWN, Shape.HEED)
    assert unwell.why == ("prn-k-01: used up: Toner", "ups-k: runs on battery")


def test_devices_behind_a_tunnel_that_is_down_are_explained_by_it() -> None:
    polled = {name: sights.silent(name) for name in ("sw-b-1", "sw-b-2")}
    assert list(troubles(replace(stills.broken(), polled=polled))) == []


def test_a_device_that_cannot_be_asked_is_no_matter() -> None:
    polled = {"sw-b-1": sights.polled("sw-b-1", None, State.UNKNOWN)}
    assert list(troubles(replace(stills.well(), polled=polled))) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", ["sw-k-1", "prn-k-01", "ups-k", "sw-b-2", "gw-b"])
def test_each_polled_device_has_its_page(device: str, language: Language) -> None:
    answer = ask(f"/devices/{device}?lang={language}", stills.unwell())
    assert answer.status_code == 200
    assert f"<h1>{device}</h1>" in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_of_a_device_says_what_it_told_and_what_happened_to_it() -> None:
    page = ask("/devices/ups-k?lang=en", stills.unwell()).text
    for text in ("APC Smart-UPS 1500", "the battery", "35\N{NO-BREAK SPACE}%", "30 min", "230\N{NO-BREAK SPACE}V"):
        assert text in page
    events = page[page.index('id="events-title"') :]
    assert "device ups-k" in events
    assert "tunnel" not in events


@pytest.mark.parametrize("name", ["gone", "dc-k", "../office", "%3Cscript%3E"])
def test_what_is_not_polled_has_no_page(name: str) -> None:
    assert ask(f"/devices/{name}", stills.unwell()).status_code == 404


def test_what_a_device_says_stays_text() -> None:
    planted = "<script>alert('x')</script>"
    figures = Figures(
        vendor=planted,
        title=planted,
        ports=(Port(name=planted, index=1, title=planted, enabled=True, state=PortState.UP),),
        supplies=(Supply(name=planted, kind=planted, state=SupplyState.UNKNOWN),),
    )
    polled = {"ups-k": sights.polled("ups-k", figures, State.DEGRADED, planted)}
    picture = replace(stills.well(), polled=polled)
    for path in ("/devices/ups-k", "/"):
        page = ask(path, picture).text
        assert planted not in page
        assert "&lt;script&gt;alert" in page


def test_tables_have_a_cell_for_every_head() -> None:
    for figures in (sights.switch(), sights.printer(), sights.ups(), sights.firewall(), Figures()):
        shown = sheet(figures)
        assert all(len(row) == len(table.heads) for table in shown.tables for row in table.rows)
        assert len({table.name for table in shown.tables}) == len(shown.tables)
        assert all(table.rows for table in shown.tables)


def test_a_port_nobody_uses_is_nobodys_fault() -> None:
    port = Port(name="1", index=1, enabled=True, state=PortState.DOWN)
    with speaking("en"):
        shown = [
            sheet(Figures(ports=(port.model_copy(update=update),))).tables[0].rows[0][1]
            for update in ({}, {"enabled": False}, {"state": PortState.UNKNOWN}, {"state": PortState.UP})
        ]
    assert shown == [
        Sign(Shape.NONE, "no link"),
        Sign(Shape.NONE, "switched off"),
        Sign(Shape.UNKNOWN, "unknown"),
        Sign(Shape.UP, "up"),
    ]


def test_the_events_of_a_probe_name_it() -> None:
    event = (
        stills.unwell()
        .events[0]
        .model_copy(update={"subject": "probe:tls:csizs", "reason": Reason.TOLD, "at": AT + dt.timedelta(seconds=1)})
    )
    page = ask("/?lang=en", replace(stills.well(), events=(event,))).text
    assert "probe tls:csizs" in page
