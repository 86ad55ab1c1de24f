"""Folders to offices: joining, every fault at once, and never an exception."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import InventoryError
from inventory.load import load
from inventory.plain import Value
from inventory.yamltext import parse
from tests.inventory.offices import OFFICE, TODAY, broken, lines_of, office_in

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"

DATA = Path(__file__).parents[1] / "data" / "inventory"
WRONG = (DATA / "structure.yaml").read_text(encoding="utf-8")


def test_finds_every_fault_of_the_structure_at_once(tmp_path: Path) -> None:
    expected = (DATA / "structure.txt").read_text(encoding="utf-8")
    assert lines_of(office_in(tmp_path, WRONG)) == expected.splitlines()


def test_never_quotes_what_stands_in_the_place_of_a_secret(tmp_path: Path) -> None:
    said = "\n".join(lines_of(office_in(tmp_path, WRONG)))
    assert "hunter2" not in said
    assert "12345" not in said


def test_loads_the_small_office_without_a_fault(tmp_path: Path) -> None:
    loaded = office_in(tmp_path)
    assert loaded.faults == ()
    assert loaded.require().name == "test"
    assert loaded.require() is loaded.office


def test_joins_the_lists_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "more.yaml").write_text(
        "devices:\n  - {name: p1, kind: printer, building: k}\nbuildings:\nlinks: []\n"
    )
    office = office_in(tmp_path).require()
    assert office.devices[-1].name == "p1"
    assert len(office.buildings) == 2


def test_points_into_the_file_an_item_came_from(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("devices:\n  - name: p1\n    kind: printer\n    building: q\n")
    (tmp_path / "z.yaml").write_text("\n\ndevices: [{name: p2, kind: prnter, building: k}]\n")
    kinds = "firewall, switch, printer, computer, server, access_point, mobile_terminal, ups"
    assert [str(fault) for fault in office_in(tmp_path).faults] == [
        f"z.yaml:3: devices[p2].kind: must be one of: {kinds}; found the text 'prnter'",
    ]
    (tmp_path / "z.yaml").unlink()
    assert [str(fault) for fault in office_in(tmp_path).faults] == [
        "a.yaml:4: devices[p1].building: there is no building q; there are: b, k",
    ]


def test_refuses_a_second_value_and_names_the_first(tmp_path: Path) -> None:
    (tmp_path / "z.yaml").write_text("title: Other\ndevices: none\n")
    assert [str(fault) for fault in office_in(tmp_path).faults] == [
        "z.yaml:1: title: the key may stand once; it stands in office.yaml:2 already",
        "z.yaml:2: devices: must be a list; found the text 'none'",
    ]


def test_refuses_a_file_that_is_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "z.yaml").write_text("- a\n")
    assert [str(fault) for fault in office_in(tmp_path).faults] == [
        "z.yaml:1: a file of an inventory is a mapping, such as: devices: [...]",
    ]


def test_names_what_is_missing_only_when_everything_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x\n")
    missing = [fault.key for fault in load(tmp_path, TODAY).faults]
    assert missing == ["buildings", "domain", "kind", "network", "prefixes", "protection", "title"]
    assert {str(fault) for fault in load(tmp_path, TODAY).faults} >= {f"{tmp_path}: network: is missing"}
    (tmp_path / "b.yaml").write_text("buildings: [\n")
    assert [fault.file for fault in load(tmp_path, TODAY).faults] == ["b.yaml"]


def test_an_error_leaves_no_office_and_a_warning_does(tmp_path: Path) -> None:
    wrong = office_in(tmp_path, broken("  log_server: log\n", "  log_server: lg\n"))
    with pytest.raises(InventoryError) as caught:
        wrong.require()
    assert caught.value.faults == wrong.errors == wrong.faults
    assert str(caught.value).splitlines() == [
        "the inventory has 1 error:",
        "office.yaml:9: network.log_server: there is no device lg; did you mean log?",
    ]
    late = office_in(tmp_path, broken("purpose: Work}", "purpose: Work, review: 2020-01-01}"))
    assert (len(late.warnings), late.errors, late.notes) == (1, (), ())
    assert late.require().name == "test"


def test_takes_todays_date_when_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(broken("purpose: Work}", "purpose: Work, until: 2020-01-01}"))
    assert len(load(tmp_path).warnings) == 1


def test_an_alias_bomb_is_one_line_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 100))]
    (tmp_path / "bomb.yaml").write_text("\n".join(lines))
    assert len(office_in(tmp_path).faults) == 1


def test_pila_loads_without_error_and_warning() -> None:
    loaded = load(PILA, dt.date(2027, 3, 1))
    assert [str(fault) for fault in (*loaded.errors, *loaded.warnings)] == []
    assert len(loaded.require().gateways) == 4
    assert len(loaded.require().switches) == 10


def leaves(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path, value


PLAIN = parse(OFFICE, "office.yaml").value
LEAVES = list(leaves(PLAIN))


def exchanged(value: Value, path: tuple[str | int, ...], leaf: Value) -> Value:
    if not path:
        return leaf
    step, *rest = path
    if isinstance(value, dict):
        return {key: exchanged(inner, tuple(rest), leaf) if key == step else inner for key, inner in value.items()}
    assert isinstance(value, list)
    return [exchanged(inner, tuple(rest), leaf) if place == step else inner for place, inner in enumerate(value)]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(LEAVES), st.sampled_from(LEAVES)), min_size=1, max_size=3))
def test_never_raises_when_values_change_places(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[tuple[str | int, ...], Value], ...]]
) -> None:
    """JSON is YAML, so every one of these reaches the model, and many the cross-checks."""
    office = PLAIN
    for (path, _old), (_path, leaf) in changes:
        office = exchanged(office, path, leaf)
    loaded = office_in(tmp_path_factory.mktemp("office"), json.dumps(office))
    assert (loaded.office is None) == bool(loaded.errors)
    assert all(fault.line == 1 and fault.key and fault.message for fault in loaded.faults)
