"""Junos's text: both forms, its order, its secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.juniper_junos.nine import hidden, plain
from templates.juniper_junos.shown import masked, normal
from templates.juniper_junos.text import configuration
from tests.playbooks.junos import MESS, intended, rendered


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.sampled_from("QzB17iT"))
def test_what_is_hidden_can_be_shown(secret: str, salt: str) -> None:
    assert plain(hidden(secret, salt + "abc")) == secret


@pytest.mark.parametrize("text", ["", "$9$", "$9$L", "$9$LbHX-wg4", "$9$LbHX wg4Z", "lc", "$6$a$b", "$9$\u0141bHX"])
def test_what_is_no_hidden_secret_is_none(text: str) -> None:
    assert plain(text) in {None, ""}


def test_shows_a_secret_that_a_device_has_hidden() -> None:
    # The example of CPAN's Crypt::Juniper.
    assert plain("$9$LbHX-wg4Z") == "lc"


def test_the_same_secret_is_the_same_whatever_its_salt() -> None:
    lines = [
        f'set system radius-server 192.0.2.1 secret "{hidden("one-secret", salt)}"\n'
        for salt in ("Qabc", "zdef", "B12")
    ]
    assert len({normal(line) for line in (*lines, "set system radius-server 192.0.2.1 secret one-secret")}) == 1
    assert len({masked(line, str.upper) for line in lines}) == 1


def test_braces_say_what_set_lines_say() -> None:
    assert normal(normal(MESS)) == normal(MESS)
    text = """
        system { ntp { server 192.0.2.1 key 3 prefer; } services { ssh; inactive: telnet { connection-limit 3; } } }
        /* a note
           over two lines; set system host-name wrong */
        vlans { a { vlan-id 7; } inactive: b; }  # and one to the end
        interfaces { interface-range r { member "ge-0/0/[0-3]"; member-range ge-0/0/5 to ge-0/0/7; } }
    """
    assert normal(text).splitlines() == [
        "set system ntp server 192.0.2.1 key 3",
        "set system ntp server 192.0.2.1 prefer",
        "set system services ssh",
        "set system services telnet connection-limit 3",
        'set interfaces interface-range r member "ge-0/0/[0-3]"',
        "set interfaces interface-range r member-range ge-0/0/5 to ge-0/0/7",
        "set vlans a vlan-id 7",
        "set vlans b",
        "deactivate system services telnet",
        "deactivate vlans b",
    ]


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("set system host-name a\nhello there\n", [2]),
        ('set system host-name a\nset system login message "open\n', [2]),
        ("system {\n host-name a;\n", [1, 2, 3]),
        ("system {\n host-name a;\n}\n}\n", [4, 5]),
        ('system {\n message "open;\n}\n', [2, 3, 4]),
        ("system {\n /* open\n host-name a; }\n", [2, 3, 4]),
        ("system { host-name }\n", [1]),
        ("; ;", [1]),
    ],
)
def test_counts_what_is_no_configuration(text: str, odd: list[int]) -> None:
    assert configuration(text).odd == odd


@given(st.text(max_size=200) | st.text('set ab{}[];"\\\n#/* ', max_size=200))
def test_never_raises(text: str) -> None:
    configuration(text)
    masked(normal(text), lambda _secret: "*")


@pytest.mark.parametrize(
    "bad", ["a{", "/* ", '"\\"', "a { b;", "set a b\n", "[ a ", "}", "\x00", "set " + "a " * 50, "["]
)
def test_takes_no_longer_for_each_word_of_a_long_text(bad: str) -> None:
    configuration(bad * 50_000)


def test_no_secret_is_left() -> None:
    text = masked(
        normal(intended() + 'set snmp community tajne authorization read-only\nset x secret "open'), lambda _secret: "*"
    )
    words = ("radius-secret-1", "ntp-secret-12", "snmp-auth-key", "snmp-priv-key", "Qw3rTy9", "tajne")
    assert not [word for word in words if word in text]
    assert 'encrypted-password "$6$*"' in text
    assert masked(MESS, lambda _secret: "*").count("*") == MESS.count("*") + 5


def test_a_placeholder_is_no_secret() -> None:
    assert masked(rendered(), lambda _secret: "no") == rendered()
