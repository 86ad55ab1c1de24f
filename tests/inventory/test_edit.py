"""Edits of YAML: what they concern changes, everything else and every comment stays."""

import pytest

from inventory.edit import amended, extended, has_room
from inventory.errors import InputError
from inventory.plain import Value
from inventory.yamltext import parse

TEXT = """\
# Printers; the numbers are those on the stickers.
devices:
  - {name: prn-1, kind: printer, building: k}  # beside the door
  # This one is old.
  - name: prn-2
    kind: printer
    building: k   # moved
    serial: "0007"

rooms: []
"""


def test_adds_entries_behind_the_last_one() -> None:
    after = extended(
        TEXT, "devices", [{"name": "prn-3", "kind": "printer", "serial": "0x1F", "bought": {"price_pln": 9.5}}]
    )
    assert after == TEXT.replace(
        '    serial: "0007"\n',
        '    serial: "0007"\n  - {name: prn-3, kind: printer, serial: "0x1F", bought: {price_pln: 9.5}}\n',
    )


def test_begins_a_list_where_there_is_none() -> None:
    assert extended("# Only a remark.\n", "devices", [{"name": "a"}]) == "# Only a remark.\n\ndevices:\n  - {name: a}\n"
    assert extended("", "devices", [{"name": "a"}]) == "devices:\n  - {name: a}\n"
    assert extended("devices:\n", "devices", [{"name": "a"}]) == "devices:\n  - {name: a}\n"
    assert extended("a: 1", "devices", [{"name": "a"}]) == "a: 1\n\ndevices:\n  - {name: a}\n"


def test_fills_in_an_entry_in_braces() -> None:
    after = amended(TEXT, "devices", "prn-1", {"serial": "A-1", "status": "stored"})
    assert after == TEXT.replace("building: k}  #", "building: k, serial: A-1, status: stored}  #")


def test_fills_in_and_replaces_in_a_block() -> None:
    ports: Value = [{"ports": ["1"], "mode": "unused"}]
    after = amended(TEXT, "devices", "prn-2", {"building": "b", "mac": "00:1b:44:11:3a:01", "switch_ports": ports})
    assert after == TEXT.replace("building: k   # moved", "building: b   # moved").replace(
        '    serial: "0007"\n',
        '    serial: "0007"\n    mac: "00:1b:44:11:3a:01"\n    switch_ports:\n      - {ports: ["1"], mode: unused}\n',
    )


def test_replaces_a_list_in_a_block() -> None:
    head, tail = "devices:\n  - name: sw\n    switch_ports:\n", "    kind: switch\n"
    text = f"{head}      - {{ports: [a], mode: unused}}\n      - {{ports: [b]}}\n{tail}"
    after = amended(text, "devices", "sw", {"switch_ports": [{"ports": ["c"], "mode": "unused"}]})
    assert after == f"{head}      - {{ports: [c], mode: unused}}\n{tail}"


def test_wraps_what_would_be_too_long() -> None:
    item: dict[str, Value] = {f"key{number}": "a value of some length" for number in range(8)}
    lines = extended("", "devices", [item]).splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[2].startswith("     key")


@pytest.mark.parametrize("text", ["devices: [{name: a}]\n", "{devices: []}\n"])
def test_leaves_alone_what_it_would_have_to_rewrite(text: str) -> None:
    with pytest.raises(InputError):
        extended(text, "devices", [{"name": "b"}])


def test_an_empty_list_in_brackets_has_no_room() -> None:
    assert not has_room("devices: []\n", "devices")
    assert has_room("# nothing\n", "devices")


@pytest.mark.parametrize(
    "value",
    ["no", "null", "12", "1.5", "0x1f", "2027-12-31", "10.64.0.1", "a: b", "a #b", "-", "*x", "Zażółć", "it's",
     'say "x"', "@a", "1e3", "~", "a,b", "[x]", "  a", "12:30", "\\", "%", "`"],
)  # fmt: skip
def test_a_text_stays_a_text(value: str) -> None:
    read = parse(extended("", "devices", [{"name": value}]), "")
    assert read.value == {"devices": [{"name": value}]}
