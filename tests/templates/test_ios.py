"""The text of a switch with IOS, and what is known of such texts."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Platform, Requirement
from templates.cisco_ios.banner import divided
from templates.cisco_ios.secret import masked
from templates.cisco_ios.seven import hidden, shown
from templates.platforms import MEANS
from templates.render import unexpressed
from templates.switch.means import Extent
from tests.playbooks.ios import NAME, SECRETS, TODAY, intended, office, rendered, switching

GOLDEN = Path(__file__).parents[1] / "data/cisco_ios/intended.conf"


def test_the_switch_is_written_as_before() -> None:
    if os.environ.get("FOSA_UPDATE_GOLDEN"):
        GOLDEN.write_text(rendered(), encoding="utf-8")
    assert rendered() == GOLDEN.read_text(encoding="utf-8")


def test_an_office_without_servers_leaves_their_lines_out() -> None:
    text = rendered(office(hardened=switching(radius=(), ntp_key=None)))
    assert "radius" not in text
    assert "ntp authenticat" not in text
    assert re.search(r"^ntp server \S+$", text, re.MULTILINE)
    assert "aaa authentication login default local\n" in text


def test_what_the_platform_cannot_say_is_told() -> None:
    there = office()
    lacking = {each.requirement for each in unexpressed(there, there.device(NAME), TODAY)}
    assert lacking == {
        Requirement.SNMP_V3, Requirement.SNMP_SHA2, Requirement.NTP_AUTHENTICATED, Requirement.LOCKOUT,
        Requirement.SSH_MODERN,
    }  # fmt: skip
    assert MEANS[Platform.CISCO_IOS][Requirement.SNMP_SHA2].extent is Extent.NONE
    assert set(MEANS[Platform.CISCO_IOS]) == set(Requirement)


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("username a privilege 15 secret 9 $9$x$y", "$9$x$y"),
        ("username a password 7 0822455D0A16", "0822455D0A16"),
        ("enable secret level 5 9 $9$z", "$9$z"),
        ("enable password cisco", "cisco"),
        (" password 7 0822", "0822"),
        (" key 7 0822", "0822"),
        (" key two words", "two words"),
        ("radius-server host 10.0.0.1 auth-port 1812 key 7 0822", "0822"),
        ("tacacs-server key abc", "abc"),
        ("ntp authentication-key 7 md5 0822455D 7", "0822455D"),
        ("snmp-server community public RO", "public"),
        ("snmp-server host 10.0.0.1 version 2c public", "public"),
    ],
)
def test_every_secret_is_masked_once(line: str, secret: str) -> None:
    once = masked(line, lambda _said: "<secret:0123456789abcdef>")
    assert once == line.replace(secret, "<secret:0123456789abcdef>")
    assert masked(once, lambda _said: "<secret:ffffffffffffffff>") == once


def test_both_keys_of_a_user_of_snmp_are_masked() -> None:
    line = "snmp-server user a G v3 auth sha one priv aes 128 two access L"
    assert masked(line, str.upper) == line.replace("one", "ONE").replace("two", "TWO")


@pytest.mark.parametrize(
    "line",
    [
        "service password-encryption", "key chain OSPF", "aaa authentication enable default group FOSA enable",
        "snmp-server host 10.0.0.1 version 3 priv fosa", "ip ssh server algorithm hostkey rsa-sha2-512",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked(line, lambda _said: "<x>") == line


def test_no_secret_of_the_office_is_left() -> None:
    text = masked(intended(), lambda _said: "<secret:0123456789abcdef>")
    assert not [secret for secret in SECRETS.values() if secret in text]


@given(
    clear=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60), place=st.integers(0, 15)
)
def test_what_is_hidden_can_be_shown(clear: str, place: int) -> None:
    assert shown(hidden(clear, place)) == clear


def test_a_known_word_of_type_7() -> None:
    # Published in every write-up of it since 1995.
    assert shown("0822455D0A16") == "cisco"
    assert shown("") is None
    assert shown("99AA") is None
    assert shown("08xx") is None


@given(text=st.text(alphabet=st.sampled_from("banner motd login#\n^C\x03 x"), max_size=120))
def test_taking_banners_out_keeps_every_other_line_in_its_place(text: str) -> None:
    found = divided(text)
    assert found.text.count("\n") == text.count("\n")
    before, after = text.split("\n"), found.text.split("\n")
    assert all(line in ("", before[number]) or before[number].endswith(line) for number, line in enumerate(after))
