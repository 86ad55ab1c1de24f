"""What stands at the desk, from the ledger by way of a file to metrics and the first page."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.archive.checked import SCHEDULE, looked
from api.archive.drifted import Standing
from api.archive.handlers import archive_of
from api.chain import Deed
from api.drills import told
from api.drills.model import Drill
from api.drills.shelf import DRILLS
from api.keys.model import Certificate, Known
from api.keys.shelf import CERTIFICATES
from api.pages.fragments import fragments
from api.pages.renewals import renewals
from api.pages.signs import Shape
from api.routes.health import health_of
from api.routes.tallied import tallied
from api.store.ledger import Put
from api.tally import FRESH_S, Ending, Tallies, place
from api.work.standing import tally, tell
from inventory.errors import InputError
from inventory.model import Authentication, AuthenticationKind
from inventory.sentence import say
from inventory.words import noted as N_
from tests.api import stills
from tests.api.visit.house import House
from tests.api.visit.house import house as served

DRILL = Drill(
    tunnel="k-b",
    plan="1",
    at=dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC),
    passed=True,
    said=say(N_("it is as it was")),
    tried=9,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One change done, one plan waiting, gw-b changed by hand, gw-c never approved, and two certificates."""
    with served(tmp_path_factory.mktemp("house"), os.getuid()) as made:
        made.carried_out()
        made.type_in("gw-b")
        made.proposed()
        place(made.context.settings.state).parent.mkdir()
        for number, gone in (("1", False), ("2", True)):
            one = Certificate(
                fingerprint=number,
                serial=number,
                subject="CN=gw-b",
                issuer="CN=office",
                identities=(),
                not_before=made.context.clock(),
                not_after=made.context.clock() + dt.timedelta(days=40),
                known=Known.FOUND,
                where="gw-b",
                lead_days=10,
                gone=gone,
            )
            deed = Deed(who="anna", origin="console", action="keys.found", subject="gw-b")
            made.context.ledger.write(deed, [Put(CERTIFICATES, number, one)])
        recorded = Deed(who="schedule:changes", origin="schedule", action="drill.record", subject="tunnel k-b")
        made.context.ledger.write(recorded, [Put(DRILLS, DRILL.tunnel, DRILL)])
        yield made


def test_the_ledger_is_counted(house: House) -> None:
    found = tally(house.context)
    assert found.plans == {"proposed": 1, "approved": 0, "running": 0}
    assert found.changes == {"queued": 0, "running": 0, "failed": 0}
    switches = dict.fromkeys((device.name for device in house.context.office.switches), Standing.UNAPPROVED)
    gateways = {"gw-k": Standing.SAME, "gw-b": Standing.DRIFTED, "gw-c": Standing.UNAPPROVED, "gw-k2": Standing.SAME}
    assert found.devices == gateways | switches
    assert set(found.drifted) == {"gw-b", "gw-c", *switches}
    assert [(one.where, one.days) for one in found.certificates] == [("gw-b", 30)]


def test_the_file_is_read_by_the_edges_group_while_it_is_fresh(house: House) -> None:
    file = place(house.context.settings.state)
    tallies, now = Tallies(file), house.context.clock()
    assert tallies.now(now) is None
    tell(house.context)
    assert file.stat().st_mode & 0o777 == 0o640
    assert tallies.now(now) == tally(house.context)
    assert tallies.now(now + dt.timedelta(seconds=FRESH_S + 1)) is None
    file.write_text("{")
    assert tallies.now(now) is None
    file.unlink()
    assert tallies.now(now) is None


def test_a_place_that_cannot_be_written_is_said(house: House, tmp_path: Path) -> None:
    settings = replace(house.context.settings, state=tmp_path / "nowhere")
    with pytest.raises(InputError, match="nowhere"):
        tell(replace(house.context, settings=settings))


def test_metrics_say_what_stands(house: House) -> None:
    picture = stills.well()
    told = tally(house.context).model_copy(update={"at": picture.at - dt.timedelta(seconds=4)})
    found = {
        (sample.name, *(value for name, value in sample.labels.items() if name != "office")): sample.value
        for family in text_string_to_metric_families(tallied(replace(picture, tally=told)))
        for sample in family.samples
    }
    assert found["fosa_work_age_seconds",] == 4
    assert found["fosa_plans", "proposed"] == 1
    assert found["fosa_changes", "failed"] == 0
    assert found["fosa_device_standing", "gw-b", "drifted"] == 1
    assert found["fosa_device_standing", "gw-b", "same"] == 0
    assert found["fosa_certificate_left_seconds", "gw-b", "CN=gw-b"] == 30 * 86_400


def test_without_word_of_the_work_nothing_is_said_but_that(house: House) -> None:
    del house
    samples = [each for each in tallied(stills.well()).splitlines() if not each.startswith("#")]
    assert len(samples) == 1
    assert samples[0].endswith(" +Inf")


def test_the_first_page_tells_of_drift(house: House) -> None:
    told = tally(house.context)
    notices = fragments(replace(stills.well(), tally=told))["notices"]
    assert 'href="/history/gw-b"' in notices
    assert "What runs was approved by nobody" in notices
    assert "gw-b" not in fragments(stills.well())["notices"]


def ending(days: int, subject: str = "CN=gw-b", lead: int = 0) -> Ending:
    """A certificate of gw-b with so many days left to ask for the next one."""
    passed = [each for each in (90, 60, 45, 30, 14, 7, 0) if days <= each]
    until = dt.date(2026, 12, 24)
    return Ending(
        where="gw-b", subject=subject, days=days, until=until, lead_days=lead, notice=min(passed, default=None)
    )


def test_the_first_page_tells_which_certificates_end_and_by_when_to_ask(house: House) -> None:
    told = tally(house.context)
    assert [(one.days, one.lead_days, one.notice) for one in told.due] == [(30, 10, 30)]
    picture = replace(stills.well(), tally=told)
    ends = house.context.clock().date() + dt.timedelta(days=40)
    sentence = f"CN=gw-b (gw-b) ends on {ends}; its issuer takes 10 days; left to ask for the next one: 30"
    assert sentence in fragments(picture)["notices"]
    rows = (ending(0, "CN=a"), ending(14, "CN=b"), ending(90, "CN=c"), ending(50, "CN=d"), ending(91, "CN=e"))
    found = renewals(replace(picture, tally=told.model_copy(update={"certificates": rows})))
    assert [each.shape for each in found] == [Shape.DOWN, Shape.DOWN, Shape.HEED, Shape.HEED]
    assert "too late" in found[0].text
    assert found[-1].text == "1 more ends soon (fosa keys)"
    both = told.model_copy(update={"certificates": (ending(5), ending(300))})
    assert renewals(replace(picture, tally=both)) == ()


def test_the_first_page_tells_of_a_shared_key_that_is_changed_only_half(house: House) -> None:
    del house
    picture = stills.well()
    assert "fosa rotate" not in fragments(picture)["notices"]
    shared = Authentication(kind=AuthenticationKind.PSK, psk="file:new", previous="file:old")
    office = picture.office
    tunnels = (office.tunnels[0].model_copy(update={"authentication": shared}), *office.tunnels[1:])
    half = replace(picture, office=office.model_copy(update={"tunnels": tunnels}))
    assert "not to its end: k-b (fosa rotate --finish)" in fragments(half)["notices"]


def test_a_history_that_is_not_whole_is_said_everywhere(house: House) -> None:
    archive, ledger, clock = archive_of(house.context), house.context.ledger, house.context.clock
    assert looked(archive, ledger, clock, SCHEDULE).fault is None
    told = tally(house.context)
    picture = replace(stills.well(), tally=told)
    assert 'fosa_history_whole{office="pila"} 1' in tallied(picture)
    assert health_of(picture)[0] == 200
    newest = archive.revisions()[0].id
    (house.context.folder / "archive.git/objects" / newest[:2] / newest[2:]).unlink()
    fault = looked(archive_of(house.context), ledger, clock, SCHEDULE).fault
    assert fault is not None
    picture = replace(picture, tally=tally(house.context))
    assert 'fosa_history_whole{office="pila"} 0' in tallied(picture)
    status, health = health_of(picture)
    assert (status, health.reasons) == (500, (str(fault),))
    assert "The history is not whole." in fragments(picture)["notices"]
    assert ("schedule:history", "history.check", "history", "failed") in house.people.deeds()


def test_the_drills_are_told_to_whoever_judges(house: House) -> None:
    state = house.context.settings.state
    tell(house.context)
    assert told.Told(told.place(state)).now() == (DRILL,)
