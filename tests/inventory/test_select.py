"""Choosing devices by name."""

from pathlib import Path

import pytest

from inventory.errors import SelectionError
from inventory.select import select
from tests.inventory.offices import office_in


@pytest.mark.parametrize(
    ("names", "chosen"),
    [((), ["gw-k", "gw-b"]), (("gw-b",), ["gw-b"]), (("gw-b", "gw-k", "gw-b"), ["gw-k", "gw-b"])],
)
def test_chooses_managed_devices_in_the_inventorys_order(
    tmp_path: Path, names: tuple[str, ...], chosen: list[str]
) -> None:
    assert [device.name for device in select(office_in(tmp_path).require(), names)] == chosen


def test_names_everything_it_cannot_choose(tmp_path: Path) -> None:
    with pytest.raises(SelectionError) as caught:
        select(office_in(tmp_path).require(), ["gw-k", "gw-x", "app", "zzz"])
    assert str(caught.value) == (
        "there is no device gw-x; did you mean gw-k?; app is in the inventory, but fosa does not configure it; "
        "there is no device zzz; fosa configures: gw-k, gw-b"
    )
