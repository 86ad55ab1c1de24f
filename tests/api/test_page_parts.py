"""What the page's parts are made of: matters and whom they name, the map's shapes, times and figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from api.pages.chart import chart
from api.pages.drawing import Box, Drawing, Mark, Words, fitted
from api.pages.figures import count, octets, share, span
from api.pages.matters import Matter
from api.pages.outages import outages
from api.pages.signs import Shape
from api.pages.tables import device_rows
from api.pages.tall import tall
from api.pages.times import Clock, lasting
from api.pages.wide import wide
from api.picture import Picture
from inventory import words
from inventory.model import Office
from inventory.sentence import say
from monitor.results import ProbeKind, ProbeResult, Reason, State
from tests.api import readings, stills

UNREACHABLE = (State.DOWN, Reason.UNREACHABLE)


def found(picture: Picture) -> tuple[Matter, ...]:
    return tuple(outages(picture.office, picture.watched))


def test_nothing_is_the_matter_where_everything_is_up() -> None:
    assert not found(stills.well())


def test_a_building_that_is_cut_off_is_one_matter_with_its_box_and_its_line() -> None:
    building, platform, different = found(stills.broken())
    assert building.title == "Budynek drugi is cut off"
    assert building.since == readings.BROKE
    assert building.why == (
        "gateway gw-b, line b-isp1 (ISP 1): the device cannot be reached",
        "tunnel k-b: an end says it is up, but probes through it are not answered",
    )
    assert [step.who for step in building.steps] == [
        "anybody in Budynek drugi",
        "Administrator systemów informatycznych",
        "Administrator systemów informatycznych",
        "Administrator systemów informatycznych",
    ]
    assert "gw-b (Szafa dystrybucyjna)" in building.steps[0].what
    assert "ISP 1, the provider of the line b-isp1, 198.51.100.20" in building.steps[1].what
    assert platform.title == "No connection to: Platforma centralna przez IPsec (założenie)"
    assert "assumed" in platform.effect
    assert platform.steps[-1].who.startswith("Centrum Wsparcia Użytkowników CSIZS (2014), (42) 230 29 19")
    assert different.shape is Shape.HEED


def test_where_the_hub_is_cut_off_nothing_else_is_a_matter_of_its_own() -> None:
    hub, *others = found(stills.cut_off())
    assert hub.title.startswith("Siedziba główna, serwerownia is cut off")
    assert hub.why[0] == "line k-isp1 (ISP 1): the interface has no link"
    assert [matter.shape for matter in others] == [Shape.HEED]


def test_a_gateway_that_refuses_is_first_a_matter_of_security() -> None:
    [matter] = found(stills.unsure())
    assert matter.title == "gw-c does not let fosa in"
    assert matter.steps[0].who == "Inspektor ochrony danych"
    assert "Do not accept another host key" in matter.steps[0].what


def test_a_gateway_that_is_not_heard_of_while_its_tunnel_works_is_not_called_broken() -> None:
    picture = stills.well()
    watched = readings.watched(devices={"gw-b": UNREACHABLE}, links={"b-isp1": (State.UNKNOWN, Reason.UNREACHABLE)})
    [matter] = outages(picture.office, watched)
    assert matter.shape is Shape.UNKNOWN
    assert matter.effect == "Traffic may well pass: only the watch is blind here."


def test_a_tunnel_is_a_matter_of_its_line_where_no_other_line_works() -> None:
    dead, lost = (State.DOWN, Reason.NO_CARRIER), {"k-platform": (State.DOWN, Reason.NO_ANSWER)}
    first = list(outages(stills.office(), readings.watched(tunnels=lost, links={"k-isp1": dead})))
    assert first[0].title.startswith("No connection to: ")
    assert [matter.title for matter in first[1:]] == ["line k-isp1 (ISP 1) is down"]
    watched = readings.watched(tunnels=lost, links={"k-isp1": dead})
    line = next(link for link in watched.links if link.link == "k-isp1")
    links = (*watched.links, line.model_copy(update={"link": "k-isp2", "interface": "wan1"}))
    both = list(outages(stills.office(), watched.model_copy(update={"links": links})))
    assert [matter.title for matter in both] == ["line k-isp1 (ISP 1) is down", "line k-isp2 (ISP 2) is down"]
    assert sum("tunnel k-platform: probes through it are not answered" in matter.why for matter in both) == 1


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("state", [State.DOWN, State.UNKNOWN])
def test_every_reason_has_something_to_say_and_somebody_to_do_it(state: State, reason: Reason) -> None:
    for watched in (
        readings.watched(tunnels={"k-c": (state, reason)}),
        readings.watched(tunnels={"k-platform": (state, reason)}),
        readings.watched(links={"k-isp1": (state, reason)}),
        readings.watched(devices={"gw-b": (state, reason)}),
    ):
        matter = next(outages(stills.office(), watched))
        assert matter.title
        assert matter.why
        assert matter.steps


def test_what_the_inventory_no_longer_has_is_shown_all_the_same() -> None:
    picture = stills.broken()
    office = picture.office.model_copy(update={"tunnels": (), "devices": (), "wans": (), "rooms": (), "contacts": ()})
    titles = [matter.title for matter in outages(office, picture.watched)]
    assert titles == [
        "The tunnel k-b is down",
        "The tunnel k-platform is down",
        "gw-b does not answer fosa",
        "The tunnel k-b is not as the inventory says",
    ]


def large() -> Office:
    """Twelve more buildings, one with a title that does not end."""
    office = stills.office()
    title = "Ośrodek " + "o-bardzo-długiej-nazwie " * 8
    more = [office.buildings[1].model_copy(update={"name": f"n{n}", "title": title}) for n in range(12)]
    return office.model_copy(update={"buildings": (*office.buildings, *more)})


@pytest.mark.parametrize("name", stills.every())
@pytest.mark.parametrize("draw", [wide, tall])
def test_everything_on_the_map_lies_on_it(name: str, draw: object) -> None:
    for office in (stills.office(), large()):
        picture = stills.every()[name]
        shown = chart(replace(picture, office=office))
        drawing = wide(shown) if draw is wide else tall(shown)
        _lies_on(drawing)
        marks = {part.name for part in drawing.parts if isinstance(part, Mark)}
        assert {bridge.sign.shape for bridge in shown.bridges} <= marks
        said = {part.text for part in drawing.parts if isinstance(part, Words)}
        assert {bridge.label if draw is wide else bridge.short for bridge in shown.bridges} <= said


def _lies_on(drawing: Drawing) -> None:
    for part in drawing.parts:
        if isinstance(part, Box):
            assert part.x >= 0
            assert part.y >= 0
            assert part.x + part.width <= drawing.width
            assert part.y + part.height <= drawing.height
        elif isinstance(part, Words):
            assert 0 <= part.y <= drawing.height
            # Letters of the usual fonts are narrower than three fifths of their height.
            half = len(part.text) * 13 * 0.6 * (0.5 if "middle" in part.css else 1)
            assert part.x + half <= drawing.width + 1


def test_the_map_is_told_in_words_too() -> None:
    assert chart(stills.broken()).summary == (
        "Siedziba główna, serwerownia to Budynek drugi: k-b: down since 14:00. "
        "Siedziba główna, serwerownia to Budynek trzeci: k-c: up. "
        "Siedziba główna, serwerownia to Platforma centralna przez IPsec (założenie): k-platform: down since 14:00"
    )


def test_a_tunnel_that_does_not_end_in_the_hub_is_drawn_too() -> None:
    office, picture = stills.office(), stills.well()
    ends = (office.tunnels[0].ends[1], office.tunnels[1].ends[1])
    tunnels = (*office.tunnels, office.tunnels[0].model_copy(update={"name": "b-c", "ends": ends}))
    shown = chart(replace(picture, office=office.model_copy(update={"tunnels": tunnels})))
    for drawing in (wide(shown), tall(shown)):
        _lies_on(drawing)
        assert "b-c: not watched" in {part.text for part in drawing.parts if isinstance(part, Words)}


def test_of_two_gateways_the_page_says_which_works() -> None:
    picture = stills.well()
    pair = ProbeResult(
        name="pair:gw-k",
        kind=ProbeKind.PAIR,
        subject="device:gw-k",
        target="gw-k + gw-k2",
        state=State.UP,
        cause=say("{one} works, {other} stands by", one="gw-k2", other="gw-k"),
        since=readings.AT,
        fresh_s=5.0,
    )
    told = replace(picture, watched=picture.watched.model_copy(update={"probes": (pair,)}))
    clock = Clock("Europe/Warsaw", readings.AT)
    said = {row.name: row.what for row in device_rows(told, clock)}
    assert said == {"gw-k": "gw-k2 works, gw-k stands by", "gw-b": "", "gw-c": ""}
    assert {row.what for row in device_rows(picture, clock)} == {""}


def test_text_is_fitted() -> None:
    assert fitted("Budynek drugi", 200, 15, 2) == ("Budynek drugi",)
    assert fitted("Siedziba główna, serwerownia", 200, 15, 2) == ("Siedziba główna,", "serwerownia")
    assert fitted("one two three four five six seven", 80, 15, 2) == ("one two", "three…")
    assert fitted("x" * 300, 100, 15, 1) == ("x" * 9 + "…",)


def test_figures_have_few_digits_and_the_languages_decimal_sign() -> None:
    assert [share(ratio) for ratio in (0, 0.0003, 0.0333, 0.5, 0.995, 1)] == [
        f"{figure}\N{NO-BREAK SPACE}%" for figure in ("0", "0.03", "3.3", "50", "99.5", "100")
    ]
    assert [span(seconds) for seconds in (0.00214, 0.0121, 1.5)] == ["2.1\xa0ms", "12\xa0ms", "1500\xa0ms"]
    assert [octets(n) for n in (0, 999, 48_112_640, 999_999, 5 * 10**18)] == [
        "0\xa0B",
        "999\xa0B",
        "48.1\xa0MB",
        "1.0\xa0MB",
        "5000\xa0PB",
    ]
    assert count(1_201_338) == "1\xa0201\xa0338"
    words.use("pl")
    assert span(0.00214) == "2,1\xa0ms"


def test_times_are_as_coarse_as_they_can_be() -> None:
    clock = Clock("Europe/Warsaw", dt.datetime(2026, 11, 20, 13, 3, 22, tzinfo=dt.UTC))
    today, before = dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC), dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    assert clock.moment(today).text == "00:30:00"
    assert clock.short(today) == "00:30"
    assert clock.moment(before).text == clock.short(before) == "2026-07-02 00:30"
    assert clock.moment(before).iso == "2026-07-01T22:30:00Z"
    assert [lasting(s) for s in (-3, 0.2, 1, 119, 120, 7200, 172_799, 172_800)] == [
        *("less than a second", "less than a second", "1 s", "119 s", "2 min", "2 h", "47 h", "2 days"),
    ]
