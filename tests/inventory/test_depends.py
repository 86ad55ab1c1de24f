"""What needs what in the example office, and how one failure names the others."""

from collections.abc import Collection
from pathlib import Path

import pytest

from inventory.depends import Depends, cause_of, depends_on
from inventory.load import load
from inventory.model import Office

PILA = Path(__file__).parents[2] / "inventory/examples/pila"


def causes(depends: Depends, failed: Collection[str]) -> dict[str, str]:
    return {subject: cause_of(depends, failed, subject) for subject in failed}


@pytest.fixture(scope="module")
def pila() -> Office:
    return load(PILA).require()


def test_everything_leads_to_the_gateway_and_its_lines(pila: Office) -> None:
    needs = depends_on(pila)
    assert needs["device:sw-k-3"] == ("device:sw-k-2",)
    assert needs["device:sw-k-1"] == ("device:gw-k",)
    assert needs["device:gw-k"] == ()
    assert needs["device:gw-b"] == ("tunnel:k-b",)
    assert needs["tunnel:k-b"] == ("link:k-isp1", "link:b-isp1", "device:gw-k")
    assert needs["tunnel:k-platform"] == ("link:k-isp1", "device:gw-k")
    assert needs["link:k-isp1"] == ()
    assert f"device:{pila.network.manager}" not in needs


def test_no_way_leads_in_a_circle_and_every_name_is_known(pila: Office) -> None:
    needs = depends_on(pila)
    done: set[str] = set()
    while len(done) < len(needs):
        ready = {subject for subject, others in needs.items() if subject not in done and done.issuperset(others)}
        assert ready, set(needs) - done
        done |= ready


def test_a_dead_switch_is_named_for_all_that_is_behind_it(pila: Office) -> None:
    needs = depends_on(pila)
    behind = {subject for subject, others in needs.items() if "device:sw-k-2" in others}
    failed = {"device:sw-k-2", *behind}
    assert set(causes(needs, failed).values()) == {"device:sw-k-2"}
    assert behind


def test_a_line_explains_its_tunnel_and_the_building_behind_it(pila: Office) -> None:
    failed = ["device:gw-b", "tunnel:k-b", "link:b-isp1", "device:sw-b-1"]
    assert causes(depends_on(pila), failed) == dict.fromkeys(failed, "link:b-isp1")


def test_what_lies_between_need_not_be_watched(pila: Office) -> None:
    failed = {"device:sw-k-3", "device:sw-k-1"}
    assert causes(depends_on(pila), failed) == dict.fromkeys(failed, "device:sw-k-1")


def test_what_nothing_explains_stands_for_itself(pila: Office) -> None:
    failed = {"tunnel:k-c", "tunnel:k-platform", "device:unheard-of"}
    assert causes(depends_on(pila), failed) == {subject: subject for subject in failed}
