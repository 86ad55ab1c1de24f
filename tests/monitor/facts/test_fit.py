"""Texts that are marked, in another coding, or longer than a device's can be: understood, or said not to be."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from inventory.model import Platform
from monitor.compliance.model import Result
from monitor.facts.fit import LONGEST_LINE, MARKS, MOST_LINES, most, unfit
from monitor.facts.model import Facts
from monitor.facts.text import digest
from tests.monitor.facts.judging import PLATFORMS, intended, judged, mess, read
from tests.monitor.facts.reading import running

EVERY = pytest.mark.parametrize("platform", PLATFORMS, ids=str)
TEXT = "running-config"

CODED: dict[str, Callable[[str], str]] = {
    "UTF-16 taken for UTF-8": lambda text: text.encode("utf-16").decode("utf-8", "replace"),
    "UTF-16 taken for Latin-1": lambda text: text.encode("utf-16-be").decode("latin-1"),
    "UTF-32": lambda text: text.encode("utf-32").decode("utf-8", "replace"),
    "a NUL before it": lambda text: f"\0{text}",
    "a NUL in it": lambda text: text.replace("\n", "\n\0", 1),
}


def nothing_but_why(found: Facts) -> str:
    """No rule decides, and those that would all say the same: why."""
    report = judged(found)
    assert (found.understood(), report.coverage.assets_judged, report.coverage.decided) == (0.0, 0, 0)
    (why,) = {str(finding.message) for finding in report.findings if finding.result is Result.UNKNOWN}
    return why


@EVERY
@pytest.mark.parametrize("mark", MARKS, ids=["UTF-8", "Latin-1"])
def test_a_byte_order_mark_says_nothing(platform: Platform, mark: str) -> None:
    for text in (intended(platform), mess(platform)):
        plain, marked = read(platform, text), read(platform, f"{mark}{text}")
        (section,) = marked.sections
        assert section.sha256 == digest(f"{mark}{text}")
        assert replace(marked, sections=plain.sections) == plain
        assert replace(section, sha256=plain.sections[0].sha256) == plain.sections[0]


@EVERY
@pytest.mark.parametrize("coded", CODED)
def test_a_text_in_another_coding_is_not_read_and_says_so(platform: Platform, coded: str) -> None:
    assert nothing_but_why(read(platform, CODED[coded](intended(platform)))) == (
        f"the text {TEXT} holds NUL characters, and is not read: it is not in UTF-8"
    )


@EVERY
def test_a_text_is_read_up_to_its_bound(platform: Platform) -> None:
    text = intended(platform)
    comments = "# nic nic nic nic nic nic nic nic nic nic\n" * (most(platform, TEXT) // 42 + 1)
    whole = text + comments[: most(platform, TEXT) - len(text)]
    assert unfit(platform, TEXT, whole) is None
    assert nothing_but_why(read(platform, f"{whole}\n")) == (
        f"the text {TEXT} is longer than {most(platform, TEXT)} characters, and is not read: no device shows so many"
    )


@EVERY
def test_a_line_longer_than_any_device_shows_leaves_the_text_unread(platform: Platform) -> None:
    text, number = intended(platform), intended(platform).count("\n") + 1
    assert unfit(platform, TEXT, text + "x" * LONGEST_LINE) is None
    assert nothing_but_why(read(platform, text + "x" * (LONGEST_LINE + 1))) == (
        f"line {number} of the text {TEXT} is longer than {LONGEST_LINE} characters: it is not read"
    )


@EVERY
def test_more_lines_than_any_switch_has_leave_the_text_unread(platform: Platform) -> None:
    text = intended(platform)
    left = MOST_LINES - text.count("\n")
    assert unfit(platform, TEXT, text + "\n" * left) is None
    assert nothing_but_why(read(platform, text + "\n" * (left + 1))) == (
        f"the text {TEXT} has more than {MOST_LINES} lines, and is not read: no switch's text has"
    )


SNMPD = "file /etc/snmp/snmpd.conf"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        (SNMPD, "# ł\n" * 250_000),
        (SNMPD, "x" * (LONGEST_LINE + 1)),
        (SNMPD, "agentaddress udp:10.64.0.1:161\0"),
        ("kernel nftables", "# nic\n" * 700_000),
    ],
    ids=["a file", "a line", "a NUL", "what a tool says"],
)
def test_a_gateway_of_which_one_text_cannot_be_read_is_not_known(
    device: dict[str, str], name: str, instead: str
) -> None:
    found = running(device | {name: instead})
    assert [(section.name, section.understood) for section in found.sections] == [(name, 0.0)]
    assert nothing_but_why(found).find(name) > 0


def test_a_text_of_a_gateway_that_nobody_needs_may_be_anything(device: dict[str, str]) -> None:
    assert running(device | {"file /etc/motd": "\0" * (5 << 20)}) == running(device)
