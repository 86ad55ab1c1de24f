"""What Prometheus is told to scrape, and that it goes by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api import stills
from tests.api.served import serving
from tests.api.test_app import ask
from tests.prometheus import discovering


def test_fosa_is_found_by_the_name_it_was_asked_by() -> None:
    assert ask("/api/v1/sd/prometheus").json() == [
        {"targets": ["localhost:8064"], "labels": {"__meta_fosa_office": "pila", "__meta_fosa_role": "fosa"}}
    ]


def test_devices_are_found_by_kind_with_what_the_inventory_says_of_them() -> None:
    found = ask("/api/v1/sd/prometheus?role=device&kind=ups").json()
    (ups,) = [device for device in stills.office().devices if device.kind == "ups"]
    assert [each["targets"] for each in found] == [[str(ups.address)]]
    assert found[0]["labels"] == {
        "__meta_fosa_office": "pila",
        "__meta_fosa_role": "device",
        "__meta_fosa_device": ups.name,
        "__meta_fosa_kind": "ups",
        "__meta_fosa_building": "k",
        "__meta_fosa_room": ups.room or "",
        "__meta_fosa_zone": ups.zone or "",
        "__meta_fosa_platform": "",
        "__meta_fosa_vendor": ups.vendor or "",
        "__meta_fosa_model": ups.model or "",
    }


def test_what_has_no_address_is_no_target() -> None:
    found = ask("/api/v1/sd/prometheus?role=device").json()
    wanted = [str(device.address) for device in stills.office().devices if device.address and device.status == "in_use"]
    assert [each["targets"][0] for each in found] == wanted
    assert ask("/api/v1/sd/prometheus?role=nothing").status_code == 422


@pytest.mark.lab
def test_a_real_prometheus_finds_fosa_and_scrapes_it(state: Path, tmp_path: Path) -> None:
    with serving() as site, discovering(state, tmp_path, f"{site.url}api/v1/sd/prometheus") as scraper:
        scraper.wait_for(lambda: scraper.query("fosa_tunnel_up") == {"k-b": 1, "k-c": 1, "k-platform": 1})
        assert list(scraper.query('up{office_found="pila"}').values()) == [1]
