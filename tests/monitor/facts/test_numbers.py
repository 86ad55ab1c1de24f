"""Numbers no device takes: they are read as what they are, and nothing passes or fails by them."""

import re

import pytest

from inventory.model import Platform
from monitor.compliance.model import Result
from monitor.facts.numbers import DIGITS, number
from tests.monitor.facts.judging import clash, intended, mess, read, said

INDENTED = (Platform.CISCO_IOS, Platform.HP_PROCURVE, Platform.ARUBA_AOSCX)
LONG = "9" * 5000
"""Python takes no number of so many digits from a text."""


def test_a_number_is_one_that_a_device_takes() -> None:
    assert (number("0"), number("007"), number("9" * DIGITS)) == (0, 7, 999_999_999)
    assert {number(word) for word in ("", "-1", "1.5", "²", "x", LONG, "9" * (DIGITS + 1))} == {None}


@pytest.mark.parametrize("platform", INDENTED, ids=str)
def test_a_number_of_thousands_of_digits_breaks_nothing(platform: Platform) -> None:
    for text in (intended(platform), mess(platform)):
        lines = text.split("\n")
        kinds = {re.sub("[0-9]+", "0", line): at for at, line in enumerate(lines) if re.search("[0-9]", line)}
        for at in kinds.values():
            instead = re.sub(r"[0-9]+(?=[^0-9]*\Z)", LONG, lines[at])
            assert read(platform, "\n".join([*lines[:at], instead, *lines[at + 1 :]])).sections


@pytest.mark.parametrize("sign", ["²", "٣", "x", LONG])
@pytest.mark.parametrize("platform", INDENTED, ids=str)
def test_a_text_whose_digits_are_none_is_read_and_judged(platform: Platform, sign: str) -> None:
    assert Result.ERROR not in said(platform, re.sub("[0-9]", sign, intended(platform))).values()


@pytest.mark.parametrize(
    ("platform", "line", "instead"),
    [
        (
            Platform.CISCO_IOS,
            "login block-for 900 attempts 3 within 60",
            f"login block-for {LONG} attempts 3 within 60",
        ),
        (Platform.CISCO_IOS, " exec-timeout 5 0", f" exec-timeout {LONG} 0"),
        (Platform.HP_PROCURVE, "console idle-timeout 300", "console idle-timeout x"),
        (Platform.HP_PROCURVE, "password minimum-length 12", "password minimum-length x"),
        (Platform.HP_PROCURVE, "aaa authentication lockout-delay 900", f"aaa authentication lockout-delay {LONG}"),
        (Platform.ARUBA_AOSCX, "    timeout 5", "    timeout x"),
        (Platform.ARUBA_AOSCX, "    minimum-length 12", "    minimum-length x"),
        (Platform.ARUBA_AOSCX, "        client-limit 2", "        client-limit x"),
        (Platform.ARUBA_AOSCX, "    vlan trunk native 4094", "    vlan trunk native x"),
    ],
)
def test_a_number_that_is_not_understood_decides_nothing(platform: Platform, line: str, instead: str) -> None:
    text = intended(platform)
    assert f"{line}\n" in text
    assert not clash(said(platform, text), said(platform, text.replace(f"{line}\n", f"{instead}\n")))
