"""Junos's text written as nobody expects it: read as it is meant, or its facts are not known."""

from ipaddress import IPv4Network

import pytest

from monitor.facts.switch import SwitchFacts
from tests.monitor.facts.test_junos import port, read, switch

BOTH = "set system services ssh\nset system services telnet\n"
HALF = "set interfaces ge-0/0/5 unit 0 family ethernet-switching\n"


def unknown(text: str) -> list[str]:
    return [where.text for where in read(text).sections[0].unknown]


def decided(found: SwitchFacts) -> set[str]:
    """The parts that are known, of those a stray statement may change."""
    return {name for name in ("users", "lines", "ports", "access_lists", "unneeded", "aaa") if getattr(found, name)}


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("deactivate system services telnet\n", {"ssh"}),
        ("deactivate system services telnet\nactivate system services telnet\n", {"ssh", "telnet"}),
        ("protect system services\nunprotect system services\n", {"ssh", "telnet"}),
        ("set system services ftp ## by hand\n", {"ssh", "telnet", "ftp"}),
    ],
)
def test_reads_what_is_switched_off_and_on_again_and_notes(more: str, names: set[str]) -> None:
    assert {service.name for service in read(BOTH + more).services} == names
    assert unknown(BOTH + more) == []


def test_a_note_behind_a_secret_is_no_part_of_it() -> None:
    (user,) = switch('set system root-authentication encrypted-password "$6$a$b#c" ## SECRET-DATA\n').users or ()
    assert (user.name, user.hashing.value) == ("root", "strong")
    found = switch('set system login message "## nie wchodzic"\n').banner
    assert found is not None
    assert found.value == "## nie wchodzic"


@pytest.mark.parametrize(
    "text",
    [
        BOTH + "delete system services telnet\n",
        BOTH + "edit system services\n",
        "set groups g system services telnet\nset groups g apply-groups h\nset apply-groups g\n",
        f"set groups g interfaces <ge-*> disable\nset apply-groups g\n{HALF}"
        "set interfaces ge-0/0/5 apply-groups-except g\n",
        "system { services { ssh; telnet; } }\nreplace: system { services { ssh; } }\n",
        "system { services { ssh; } }\ninactive: {\n",
    ],
)
def test_where_lines_change_what_others_say_nothing_is_known(text: str) -> None:
    assert decided(switch(text)) == set()


@pytest.mark.parametrize("which", ["member-range ge-0/0/4 to ge-1/0/3", 'member "ge-*/0/*"'])
def test_a_range_of_ports_nobody_can_name_leaves_no_port_known(which: str) -> None:
    text = f"{HALF}set interfaces interface-range r {which}\nset interfaces interface-range r disable\n"
    assert switch(text).ports is None
    assert len(unknown(text)) == 1


def test_a_vlan_may_name_its_ports() -> None:
    text = f"{HALF}set vlans biuro vlan-id 30\nset vlans biuro interface ge-0/0/5.0\n"
    assert port(text, "ge-0/0/5").vlan == 30


def test_a_filter_without_a_family_is_one_of_inet() -> None:
    start = "set system services ssh\nset interfaces lo0 unit 0 family inet filter "
    text = f"{start}input f\nset firewall filter f term a from source-address 10.0.0.1/32\n"
    (found,) = switch(text).access_lists or ()
    assert [(each.permits, each.sources) for each in found.entries] == [(True, (IPv4Network("10.0.0.1/32"),))]
    assert switch(f"{start}input-chain f\n").access_lists is None


def test_what_is_applied_further_in_goes_before_what_is_applied_around_it() -> None:
    text = (
        "set groups a system host-name outer\nset groups b system host-name inner\n"
        "set apply-groups a\nset system apply-groups b\n"
    )
    found = switch(text).hostname
    assert found is not None
    assert found.value == "inner"


def test_a_digit_that_is_no_number_breaks_nothing() -> None:
    lines = "vlans v vlan-id ²\nset switch-options voip interface ge-0/0/5.0 vlan ²\n"
    text = f"{HALF}set {lines}set interfaces ge-0/0/5 unit 0 family ethernet-switching vlan members ²\n"
    assert port(text, "ge-0/0/5").vlan is None


@pytest.mark.parametrize(
    "text",
    [
        'system { services { /* { " */ ssh; # }\n protect: telnet; } }',
        "system\n{\n\tservices\n{\tssh\n;\ntelnet ;}}",
        'system { services { "ssh"; inactive: ftp; telnet { connection-limit 3; } } }',
        "system { services { inactive: ftp { connection-limit 3; } ssh { root-login deny; } telnet; } }",
    ],
)
def test_braces_may_stand_anywhere(text: str) -> None:
    assert {service.name for service in read(text).services} == {"ssh", "telnet"}
    assert unknown(text) == []


def test_the_time_it_takes_grows_with_the_text_only() -> None:
    """With its square each would take longer than any test may."""
    off = "".join(f"set system a{number} b\ndeactivate system a{number}\n" for number in range(15_000))
    for text in (off, "protect: " * 60_000, "\n \n" * 90_000, "a { [ " + "b " * 60_000, "a\tb " * 60_000):
        assert 0.0 <= read(text).understood() <= 1.0
