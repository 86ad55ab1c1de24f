"""What a change must leave reachable, by the kind of its plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.plans.model import Kind
from api.work.sights import seen
from tests.api.plans.offices import tried
from tests.api.work.plans import plan


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_the_inventory_means_is_held_against_it(tmp_path: Path, kind: Kind) -> None:
    made = plan("p-20261123-0001", [["gw-b"]]).model_copy(update={"kind": kind})
    found = seen(tried(tmp_path).context, made)
    meant = kind in {Kind.PUSH, Kind.ROTATE, Kind.REMOVAL}
    assert list(found) == (["gw-b"] if meant else [])
    assert not meant or found["gw-b"].sights
