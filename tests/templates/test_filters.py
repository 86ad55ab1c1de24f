"""What may stand in a configuration."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.filters import (
    Fragment,
    UnsafeValueError,
    braces,
    comma,
    elements,
    label,
    quoted,
    spans,
    typed,
    whole_text,
)
from templates.linux_gateway.policy import Span


class _Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        ("gw-k", "gw-k"),
        ("/etc/fosa", "/etc/fosa"),
        (_Colour.RED, "red"),
        (IPv4Address("10.0.0.1"), "10.0.0.1"),
        (IPv4Network("10.0.0.0/8"), "10.0.0.0/8"),
        (IPv4Network("10.0.0.1/32"), "10.0.0.1"),
        (IPv6Network("fd00::/64"), "fd00::/64"),
        (Fragment("{ a, b }"), "{ a, b }"),
    ],
)
def test_values_of_known_types_are_written(value: object, text: str) -> None:
    assert typed(value) == text


@pytest.mark.parametrize(
    "value",
    ["", " ", "a b", "a\n", "a\r", 'a"', "a'", "a;b", "{", "}", "a#b", "a\\b", "$x", "`x`", "%x", "*", "-a", "a\x00",
     "ą", True, None, 1.5, b"a", ["a"], ("a",), {"a": 1}, object()],
)  # fmt: skip
def test_everything_else_is_refused(value: object) -> None:
    with pytest.raises(UnsafeValueError, match="may not stand in a configuration"):
        typed(value)


@given(st.text())
def test_a_text_that_passes_is_one_plain_word(text: str) -> None:
    try:
        written = typed(text)
    except UnsafeValueError:
        return
    assert written == text
    assert text.isascii()
    assert not set(text) & set(" \t\r\n\v\f'\"`{}[]()<>;#\\$%*?&|!~^=,")


def test_lists_are_written_as_sets_only_where_there_are_several() -> None:
    assert braces([IPv4Network("10.0.0.0/24")]) == "10.0.0.0/24"
    assert braces([1, 2]) == "{ 1, 2 }"
    assert quoted(["wan0"]) == '"wan0"'
    assert quoted(["wan0", "lte0"]) == '{ "wan0", "lte0" }'
    assert spans([Span(53, 53), Span(5000, 5010)]) == "{ 53, 5000-5010 }"
    assert comma(["a", "b"]) == "a, b"
    assert elements([1]) == "{ 1 }"


@pytest.mark.parametrize(
    ("networks", "text"),
    [
        (["10.0.0.0/24", "10.0.1.0/24"], "10.0.0.0/23"),
        (["10.0.1.0/24", "10.0.2.0/27"], "10.0.1.0-10.0.2.31"),
        (["10.0.0.0/24", "10.0.2.0/24"], "{ 10.0.0.0/24, 10.0.2.0/24 }"),
        (["10.0.0.0/32", "10.0.0.1/32"], "{ 10.0.0.0, 10.0.0.1 }"),
        (["10.0.0.0/24", "10.0.1.0/32"], "10.0.0.0-10.0.1.0"),
    ],
)
def test_networks_that_touch_are_one_value(networks: list[str], text: str) -> None:
    assert braces(IPv4Network(network) for network in networks) == text


def test_a_long_set_takes_several_lines() -> None:
    written = elements(IPv4Address(number) for number in range(1 << 24, (1 << 24) + 40))
    assert written.startswith("{\n")
    assert written.endswith("\n        }")
    assert max(map(len, written.splitlines())) <= 120


@pytest.mark.parametrize("write", [braces, quoted, spans, elements])
def test_an_empty_list_is_refused_since_it_would_match_everything(write: object) -> None:
    assert callable(write)
    with pytest.raises(UnsafeValueError):
        write([])


def test_labels_leave_room_for_two_in_a_log_prefix() -> None:
    longest = label("a" * 31)
    assert len(f"fosa deny {longest}>{longest} ") <= 63


def test_an_embedded_text_cannot_end_its_here_document() -> None:
    assert whole_text("a\nb", end="END") == "a\nb"
    with pytest.raises(UnsafeValueError):
        whole_text("a\nEND\nrm -rf /", end="END")
