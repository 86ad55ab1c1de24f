"""YAML text to values with lines, and everything that is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.plain import Value, key_text
from inventory.yamltext import Document, parse

BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
)

REFUSED = (
    ("a: 1\nb: 2\na: 3", ["f:3: a: the key stands twice; first on line 1"]),
    (
        "a:\n- {name: x, b: [1, {c: 1,\n c: 2}]}",
        ["f:3: a[x].b[1].c: the key stands twice; first on line 2"],
    ),
    ("a:\n\tb: 1", ["f:2: the line begins with a tab; YAML is indented with spaces"]),
    ("a:\n\tb: 1\n\tc: 1", ["f:2: this and other lines (2 in all) begin with a tab; YAML is indented with spaces"]),
    ("a: -\n  -\tb: 1\n\n \t x", ["f:4: the line begins with a tab; YAML is indented with spaces"]),
    ("a:\n  - \t\tb:\tc: 1", ["f:2: not YAML: a tab stands where only spaces may stand"]),
    ("a: &x [1]\nb: *x", ["f:1: anchors (&) and aliases (*) are not allowed; write the value where it is needed"]),
    ("b: *x", ["f:1: anchors (&) and aliases (*) are not allowed; write the value where it is needed"]),
    (BOMB, ["f:1: anchors (&) and aliases (*) are not allowed; write the value where it is needed"]),
    ("<<: {a: 1}", ["f:1: <<: merge keys (<<) are not allowed; write the keys out"]),
    ("a: !!python/object:os.system 1", ["f:1: a: tags (!) are not allowed; write the plain value"]),
    ("%TAG ! tag:x,2000:\n---\na: !foo {b: 1}", ["f:3: a: tags (!) are not allowed; write the plain value"]),
    ("a: 1\n---\nb: 1", ["f:2: a second document begins here; one file holds one document"]),
    (
        "1: a\nnull: b",
        ["f:1: 1: a key must be text; write '1' in quotes", "f:2: null: a key must be text; write 'null' in quotes"],
    ),
    ("? [a]\n: 1", ["f:1: a key must be text, not a list or a mapping"]),
    ("[" * 5000, ["f:1: nested more than 20 levels deep"]),
    ("{a: " * 5000, ["f:1: nested more than 20 levels deep"]),
    ("[" + "a," * 200_000 + "]", ["f:1: more values than a file of an inventory can mean: 200000"]),
    (
        "\t\n" * 500_000 + "\t\n\tx\n" * 100_000,
        ["f:500002: this and other lines (100000 in all) begin with a tab; YAML is indented with spaces"],
    ),
    ("a: 1\nb: \x00", ["f:2: the character U+0000 does not belong in a text file"]),
    ("a: \u2028", ["f:1: the character U+2028 does not belong in a text file"]),
    ('x: 1\na: "b\n\n', ["f:2: not YAML: a quote is not closed"]),
    ("a: [1\nb: 2", ["f:2: not YAML: a list in brackets is not closed, or a comma is missing (it began on line 1)"]),
    (
        "a: {b: 1\nc: 2",
        ["f:2: not YAML: a mapping in braces is not closed, or a comma is missing (it began on line 1)"],
    ),
    ("a:\n  - b\n - c", ["f:3: not YAML: wrong indentation, or a quote or comma is missing"]),
    ("a: b: c", ["f:1: not YAML: a colon too many, or wrong indentation; put a text with a colon in quotes"]),
    ("a:\n  - [1, ,]", ["f:2: not YAML: a value is missing here, or a bracket or comma is too many"]),
    ("a: - b", ["f:1: not YAML: a list item (-) stands where none may stand"]),
    ("a: @b", ["f:1: not YAML: @ cannot begin a value; put the value in quotes"]),
    ('"a\\nb": 1\n"a\\nb": 2', ["f:2: 'a\\nb': the key stands twice; first on line 1"]),
)


def said(document: Document) -> list[str]:
    return [str(fault) for fault in document.faults]


@pytest.mark.parametrize(("text", "faults"), REFUSED, ids=[row[1][0] for row in REFUSED])
def test_says_what_it_refuses_and_where(text: str, faults: list[str]) -> None:
    assert said(parse(text, "f")) == faults


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing", None),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("a: [0x1f, 0o17, 012, -3, 1e3, .5, 1.]", {"a": [31, 15, 12, -3, 1000.0, 0.5, 1.0]}),
        ("a: [true, False, ~, null, '', ]", {"a": [True, False, None, None, ""]}),
        (
            "a: [yes, on, off, 'true', '5', 1_000, .inf, 0b1]",
            {"a": ["yes", "on", "off", "true", "5", "1_000", ".inf", "0b1"]},
        ),
        ("a: [2029-12-31, 07:30, 10.8.0.0/16]", {"a": ["2029-12-31", "07:30", "10.8.0.0/16"]}),
        ("a: " + "9" * 19, {"a": "9" * 19}),
        ("a:\n  b:\tc", {"a": {"b": "c"}}),
        ("a: |\n  b\n  \tc\n", None),
    ],
)
def test_reads_the_core_schema_and_no_more(text: str, value: Value) -> None:
    assert parse(text, "f").value == value


def test_keeps_the_line_of_every_key_and_item() -> None:
    mark = parse("a:\n  - name: x\n    b:\n      1\n  - y\n", "f").mark
    item = mark.keys["a"].items[0]
    assert [mark.keys["a"].line, item.line, item.keys["b"].line, mark.keys["a"].items[1].line] == [1, 2, 3, 5]


def test_keeps_the_first_of_two_equal_keys() -> None:
    assert parse("a: {b: 1, b: 2, c: 3}", "f").value == {"a": {"b": 1, "c": 3}}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("devices", 0, "ports", 1, "zone"), "devices[gw-k].ports[1].zone"),
        (("devices", 7, "name"), "devices[7].name"),
        (("a\nb",), "'a\\nb'"),
        ((), ""),
    ],
)
def test_writes_a_path_with_names_where_there_are_names(path: tuple[str | int, ...], text: str) -> None:
    assert key_text({"devices": [{"name": "gw-k", "ports": [{}, {"name": "Not A Name"}]}]}, path) == text


_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_TEXT.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_reads_json_as_json_does(value: Value) -> None:
    document = parse(json.dumps({"top": value}, ensure_ascii=False), "f")
    assert (document.value, said(document)) == ({"top": value}, [])


@given(st.text())
def test_never_raises(text: str) -> None:
    document = parse(text, "f")
    assert all(fault.line >= 1 for fault in document.faults)
