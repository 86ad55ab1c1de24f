"""Texts that are no switch's, or not whole, or not that platform's: nothing breaks, nothing passes, nothing fails."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Platform
from monitor.compliance.model import Result
from tests.monitor.facts.judging import PLATFORMS, clash, intended, mess, read, said

EVERY = pytest.mark.parametrize("platform", PLATFORMS, ids=str)
PROSE = (
    "Interfejs jest wyłączony przez administratora;",
    "Имя коммутатора не задано;",
    "接口 已 关闭;",
    "xyzzy on;",
    "%LINK-3-UPDOWN: Interface changed state to up;",
    "<secret:0123456789abcdef>;",
)
"""Lines no platform knows."""
SOUP = st.text(st.sampled_from("{}[]\"'\\;/!#%^C \t\r\n=-.,:azAZ09\x00\x1b\ufeff\u2028ł"), max_size=60)
NO_TEXT = {
    "nothing": "",
    "blank": "\n\r\n  \n\t\n",
    "an end": "end\n",
    "refused": "% Invalid input detected at '^' marker.\n",
    "a page": "<html><body><h1>502 Bad Gateway</h1></body></html>\n",
    "bytes": bytes(range(256)).decode("latin-1") * 40,
    "other languages": "\n".join(PROSE) * 20,
    "comments": "# nic\n! nic\n; nic\n/* nic */\n" * 20,
}


def decided(platform: Platform, text: str) -> set[str]:
    """Rules that pass, fail or break; without those that fail whatever the text: the platform cannot."""
    nothing = {rule for rule, result in said(platform, "").items() if result is Result.FAIL}
    told = said(platform, text).items()
    return {rule for rule, result in told if result in {Result.PASS, Result.FAIL, Result.ERROR}} - nothing


@EVERY
@pytest.mark.parametrize("name", NO_TEXT)
def test_what_is_no_text_of_a_switch_decides_nothing(platform: Platform, name: str) -> None:
    assert not decided(platform, NO_TEXT[name])


@EVERY
@pytest.mark.parametrize("text", [intended, mess], ids=["intended", "mess"])
def test_the_text_of_another_platform_decides_nothing(platform: Platform, text: Callable[[Platform], str]) -> None:
    for other in PLATFORMS:
        assert other is platform or not decided(platform, text(other))


@EVERY
def test_a_text_longer_than_any_switch_has_room_for_is_not_read(platform: Platform) -> None:
    text = intended(platform)
    found = read(platform, text * (50_000_000 // len(text) + 1))
    assert found.understood() == 0.0
    assert found.switch is None


PIECES = (
    "{",
    "[",
    '"',
    "\\\n",
    "a ",
    "a\n ",
    "banner motd ^\n",
    "/ip\n",
    "interface 1\n",
    "vlan 1-4094\n",
    "vlan 1-999999999\n voice\n",
    "interface 1/1/1\n vlan trunk native 1\n vlan trunk allowed 1-999999999\n",
)


@EVERY
def test_the_time_it_takes_grows_with_the_length_of_the_text_only(platform: Platform) -> None:
    """With its square it would take longer than any test may."""
    for piece in PIECES:
        assert 0.0 <= read(platform, piece * (60_000 // len(piece))).understood() <= 1.0


@EVERY
@settings(max_examples=50, derandomize=True, deadline=None)
@given(data=st.data())
def test_a_text_cut_and_soiled_anywhere_is_read_and_judged(platform: Platform, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([intended(platform), mess(platform)]))
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = begin + data.draw(st.one_of(st.integers(0, 4), st.integers(0, len(text))))
        text = text[:begin] + data.draw(SOUP) + text[end:]
    assert Result.ERROR not in said(platform, text).values()


CHANGED: tuple[Callable[[str], str], ...] = (
    lambda line: f"no {line.strip()}",
    lambda line: line[: len(line) - len(line.lstrip())] + line.split()[0],
    lambda line: line.rstrip().rpartition(" ")[0],
    lambda line: f"{line} 99999999999999999999",
    lambda line: "".join(" x " if sign.isdigit() else sign for sign in line),
)


@EVERY
def test_whatever_is_done_to_one_line_the_text_is_read(platform: Platform) -> None:
    for text in (intended(platform), mess(platform)):
        lines = text.split("\n")
        kinds = {
            tuple(re.sub("[0-9]+", "0", line).split()[:4]): number for number, line in enumerate(lines) if line.split()
        }
        for number in kinds.values():
            for change in CHANGED:
                read(platform, "\n".join([*lines[:number], change(lines[number]), *lines[number + 1 :]]))


@EVERY
@settings(max_examples=50, derandomize=True, deadline=None)
@given(data=st.data())
def test_lines_nobody_knows_make_nothing_pass_and_nothing_fail(platform: Platform, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([intended(platform), mess(platform)]))
    lines = text.split("\n")
    for line in data.draw(st.lists(st.sampled_from(PROSE), min_size=1, max_size=3)):
        lines.insert(data.draw(st.sampled_from(_between(lines))), line)
    assert not clash(said(platform, text), said(platform, "\n".join(lines)))


def _between(lines: list[str]) -> list[int]:
    """Where no line is continued and no banner is open."""
    outer = [number for number, line in enumerate(lines) if line[:1].strip() and not lines[number - 1].endswith("\\")]
    return [number for number in outer if not any("anner" in line for line in lines[max(0, number - 12) : number])]


@pytest.mark.parametrize(
    ("platform", "anchor", "line"),
    [
        (Platform.CISCO_IOS, " switchport mode access", "xyzzy"),
        (Platform.CISCO_IOS, " description gw-k", " switchport xyzzy"),
        (Platform.CISCO_IOS, "line vty 0 4", "xyzzy"),
        (Platform.HP_PROCURVE, "   enable", "no"),
        (Platform.ARUBA_AOSCX, "    port-access port-security", "xyzzy"),
        (Platform.ARUBA_AOSCX, "        client-limit 2", "    xyzzy"),
        (Platform.MIKROTIK_ROUTEROS, "set www disabled=yes", "/xyzzy list"),
    ],
)
def test_a_line_that_tears_a_block_apart_makes_nothing_fail(platform: Platform, anchor: str, line: str) -> None:
    text = intended(platform)
    assert f"{anchor}\n" in text
    assert not clash(said(platform, text), said(platform, text.replace(f"{anchor}\n", f"{anchor}\n{line}\n", 1)))


@pytest.mark.parametrize("line", ["[", "{", "}", "xyzzy {", "xyzzy", "no", '"', "/*"])
def test_a_torn_brace_of_junos_makes_nothing_pass(line: str) -> None:
    text = mess(Platform.JUNIPER_JUNOS)
    truth, lines = said(Platform.JUNIPER_JUNOS, text), text.split("\n")
    for at in range(0, len(lines), 23):
        told = said(Platform.JUNIPER_JUNOS, "\n".join([*lines[:at], line, *lines[at:]]))
        assert [rule for rule, (_, now) in clash(truth, told).items() if now is Result.PASS] == []
