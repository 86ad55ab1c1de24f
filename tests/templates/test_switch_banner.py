"""Numbers of VLANs in lists, and banners of a switch's text, however long or torn either is."""

import re

import pytest

from templates.switch.banner import Closed, apart
from templates.switch.spans import numbers, spans


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10,20-22", [10, 20, 21, 22]),
        ("20-22,21,10", [10, 20, 21, 22]),
        ("22-20", []),
        ("4093-9999", [4093, 4094]),
        ("5000,none,-,1-", [1]),
        (f"{'9' * 5000},7", [7]),
        (",".join(["1-4094"] * 100_000), [*range(1, 4095)]),
    ],
    ids=["plain", "twice", "backwards", "beyond", "none", "endless", "long"],
)
def test_numbers_come_once_and_in_order(text: str, found: list[int]) -> None:
    assert list(numbers(text)) == found


def test_spans_are_the_same_back() -> None:
    assert spans([22, 10, 20, 21]) == "10,20-22"
    assert spans([]) == ""


def test_lines_keep_their_numbers_where_a_banner_was() -> None:
    def closing(opening: re.Match[str]) -> Closed | None:
        end = text.find("!", opening.end())
        return None if end < 0 else Closed(("said",), end, end + 1)

    text = "one\nbanner motd a\nb!\nfour\nbanner exec c\nsix"
    found = apart(text, re.compile(r"^banner (\S+)", re.MULTILINE), closing)
    assert found.text == "one\n\n\nfour\nbanner exec c\nsix"
    assert [(banner.kind, banner.number) for banner in found.banners] == [("motd", 2)]
