"""RouterOS's text written as nobody expects it: read as it is meant, or its facts are not known."""

import pytest

from tests.monitor.facts.test_routeros import read, switch

BRIDGE = "/interface bridge\nadd name=b vlan-filtering=yes\n"
PORT = f"{BRIDGE}/interface bridge port\nadd bridge=b interface=ether1 pvid=30\n"
SNMP = "/snmp\nset enabled=yes\n/snmp community\n"
NAMED = "/system identity\nset name=sw\n"


def unknown(text: str) -> list[str]:
    return [where.text for where in read(text).sections[0].unknown]


@pytest.mark.parametrize(
    "command",
    [
        "set telnet,ftp disabled=yes",
        "set numbers=telnet,ftp disabled=yes",
        "disable telnet,ftp",
        'set "telnet" disabled="\\79es"\ndisable [ find name=ftp ]',
        "set telnet address=10.0.0.0/8 \\\n    disabled=yes\nset [find where name=ftp] disabled=true",
    ],
)
def test_reads_services_that_are_switched_off_in_any_way(command: str) -> None:
    text = f"{NAMED}/ip service\n{command}\n"
    assert not {"telnet", "ftp"} & {service.name for service in read(text).services}
    assert unknown(text) == []


@pytest.mark.parametrize(
    "command",
    [
        "set 0 disabled=yes",
        "set *1 disabled=yes",
        "set [find] disabled=yes",
        'set [ find where name~"tel" ] disabled=yes',
        "set [ find name=telnet || name=ftp ] disabled=yes",
        "set numbers=[find name=telnet] disabled=yes",
        "set telnet disabled=yes;",
        "set telnet disabled=$x",
        "set telnet disabled=(1=1)",
        "unset telnet address",
    ],
)
def test_a_command_nobody_can_follow_leaves_its_menu_unknown(command: str) -> None:
    text = f"{NAMED}/ip service\n{command}\n"
    found = switch(text)
    assert (found.lines, found.web, found.unneeded, found.access_lists) == (None, None, None, None)
    assert found.hostname is not None
    assert unknown(text) == [command]


@pytest.mark.parametrize(
    "line",
    [
        ":global x 1",
        ":foreach i in=[/ip service find] do={ /ip service set $i disabled=yes }",
        "{",
        "#error exporting /ip",
    ],
)
def test_a_script_or_a_torn_export_leaves_nothing_known(line: str) -> None:
    text = f"{NAMED}/ip service\nset telnet disabled=yes\n{line}\n"
    found = read(text)
    assert found.ssh is None
    assert found.switch is not None
    assert (found.switch.hostname, found.switch.lines, found.switch.ports) == (None, None, None)
    assert line in unknown(text)


@pytest.mark.parametrize("lines", ["/ip\nservice", "/ip service\n..\nservice", "/ip\n/\nip service"])
def test_a_menu_entered_from_another_leaves_the_text_unread(lines: str) -> None:
    assert read(f"{NAMED}{lines}\nset telnet disabled=yes\n").switch is None


@pytest.mark.parametrize("which", ["public", "[ find name=public ]", "[ find default=yes ]"])
def test_the_community_that_is_there_by_itself_may_be_named(which: str) -> None:
    found = read(f"{SNMP}set {which} disabled=yes\n").snmp
    assert found is not None
    assert found.communities == ()
    assert read(f"{SNMP}set 0 disabled=yes\n").snmp is None


@pytest.mark.parametrize(
    "text",
    [
        f"{PORT}set 0 pvid=40\n",
        f"{PORT}set [find] bpdu-guard=yes\n",
        f'{PORT}set [find interface~"ether"] bpdu-guard=yes\n',
        f"{PORT}/interface list\nadd name=L\n/interface bridge port\nadd bridge=b interface=L\n",
        f"{PORT}/interface\ndisable ether1\n",
        f"{PORT}/interface ethernet\nset [ find default-name=ether1 ] name=up\nset up disabled=yes\n",
    ],
)
def test_ports_that_are_set_otherwise_than_one_by_one_are_not_known(text: str) -> None:
    assert switch(text).ports is None


def test_ports_may_be_switched_off_together() -> None:
    ports = switch(f"{PORT}/interface ethernet\ndisable ether1,ether2\n").ports or ()
    assert [(each.name, each.shut) for each in ports] == [("ether1", True), ("ether2", True)]


def test_an_account_that_is_added_by_a_strange_word_is_counted() -> None:
    text = f"{NAMED}/user\nadd admin group=full name=janek\n"
    assert switch(text).users is None
    assert unknown(text) == ["add admin group=full name=janek"]


def test_the_time_it_takes_grows_with_the_text_only() -> None:
    """With its square each would take longer than any test may."""
    names = ",".join(f"ether{number}" for number in range(9_000))
    for text in (
        f"{BRIDGE}/interface bridge vlan\n" + f"add bridge=b tagged={names} vlan-ids=7\n" * 8,
        f"/ip service\nset {names} disabled=yes\n",
        f"{BRIDGE}/interface bridge port\n" + "add bridge=b interface=ether1\nremove [find interface=ether1]\n" * 9_000,
        "/ip service\n" + "set telnet comment=" + '"a;"' * 40_000,
        "/ip service\n" + "x\n" * 200_000,
    ):
        assert 0.0 <= read(text).understood() <= 1.0
