"""The stream of a change: for who may see it, bounded, and let go of as soon as nobody reads."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from api.pages.planning import MOST_FOLLOWERS
from api.plans.verbs import WITHDRAW, Reasoned
from inventory.course import Step
from tests.api.plans.offices import ANNA
from tests.api.visit.house import House, shown
from tests.api.visit.house import house as served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("house"), os.getuid()) as made:
        yield made


@pytest.fixture(scope="module")
def url(house: House) -> Iterator[str]:
    with shown(house) as url:
        yield url


@pytest.fixture
def client(house: House, url: str) -> Iterator[httpx.Client]:
    limits = httpx.Limits(max_connections=None)
    with httpx.Client(base_url=url, headers={"origin": url, "accept": "text/html"}, limits=limits) as client:
        assert client.post("/login", data=house.shown("jan")).status_code == 303
        yield client


def test_steps_are_told_until_the_change_is_over(house: House, client: httpx.Client) -> None:
    plan = house.proposed().plan.id
    house.approve(plan)
    house.begin(plan)
    house.step(plan, "gw-b", Step.STAGE)
    told = []
    with client.stream("GET", f"/plans/{plan}/events?lang=en") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            told.append(line)
            if "the device checks the candidate" in line:
                house.end(plan)
    assert "event: over" in told


def test_a_plan_that_never_begins_is_over_too(house: House, client: httpx.Client) -> None:
    house.type_in("gw-b")
    plan = house.proposed().plan.id
    with client.stream("GET", f"/plans/{plan}/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "data: {}"
        house.office.ask(ANNA, WITHDRAW, Reasoned(plan=plan, why="not now"))
        assert "event: over" in list(lines)


def test_who_may_not_see_follows_nothing(client: httpx.Client) -> None:
    assert client.get("/plans/nonsense/events").status_code == 400
    client.cookies.clear()
    assert client.get("/plans/p-20261123-0001/events").status_code == 303
    assert client.get("/plans/p-20261123-0001/events", headers={"accept": "text/event-stream"}).status_code == 401


def test_followers_cost_no_thread_and_are_no_more_than_the_desk_bears(house: House, client: httpx.Client) -> None:
    house.type_in("gw-k")
    path = f"/plans/{house.proposed().plan.id}/events"
    with ExitStack() as readers:
        opened = [readers.enter_context(client.stream("GET", path)) for _number in range(MOST_FOLLOWERS)]
        assert {each.status_code for each in opened} == {200}
        assert client.get(path).status_code == 503
        # Questions are answered by forty threads at most: did each of these fifty have one, nobody could answer.
        assert client.get("/plans").status_code == 200
    for _attempt in range(100):
        with client.stream("GET", path) as again:
            if again.status_code == 200:
                return
        time.sleep(0.05)
    pytest.fail("readers that had gone were still counted")
