"""The emulated Junos on its own: what it takes, what it shows, what it says of bad lines."""

from pathlib import Path

import pytest

from lab.devices.box import Box
from lab.devices.juniper_junos.braces import braces
from lab.devices.juniper_junos.console import JunosConsole
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.juniper_junos.tree import BadLineError, Tree
from lab.devices.shell import Hangup, Restart
from templates.juniper_junos.nine import plain
from templates.juniper_junos.shown import normal
from tests.playbooks.junos import HASH, MESS, PASSWORD, intended


@pytest.fixture
def switch(tmp_path: Path) -> JunosSwitch:
    return JunosSwitch(Box(tmp_path, factory=MESS, hashes={HASH: PASSWORD}, radius={"ewa": "ewas-password"}))


@pytest.fixture
def console(switch: JunosSwitch) -> JunosConsole:
    return JunosConsole(switch, "jan")


def tree(*lines: str) -> Tree:
    made = Tree()
    for line in lines:
        made.do(line)
    return made


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("set foo", "syntax error"),
        ("set system foo", "syntax error"),
        ("copy system", "syntax error"),
        ("set vlans a vlan-id 5000", "Value 5000 is not within range (1..4094)"),
        ("set vlans a vlan-id x", "Invalid numeric value: 'x'"),
        ("set system host-name", "missing argument."),
        ("delete vlans b", "statement not found"),
        ("delete system host-name sw", "syntax error"),
        ("deactivate vlans b", "statement not found"),
        ("set snmp v3 usm local-engine user u authentication-sha256 authentication-password short", "password must be"),
    ],
)
def test_refuses_a_bad_line_in_the_makers_words(line: str, message: str) -> None:
    with pytest.raises(BadLineError, match=message.replace("(", r"\(").replace(")", r"\)")):
        tree("set system host-name sw", "set vlans a vlan-id 3").do(line)


def test_one_value_takes_the_place_of_another_and_values_stand_beside_each_other() -> None:
    made = tree("set system host-name a", "set system host-name b", "set apply-groups [ x y ]")
    assert made.lines() == ["set apply-groups x", "set apply-groups y", "set system host-name b"]


def test_shows_secrets_as_junos_does() -> None:
    made = tree("set system radius-server 192.0.2.1 secret clear-text", *[
        f"set snmp v3 usm local-engine user u {how}-password some-password"
        for how in ("authentication-sha256 authentication", "privacy-aes128 privacy")
    ])  # fmt: skip
    text = "\n".join(made.lines())
    assert "clear-text" not in text
    assert "some-password" not in text
    assert plain(made.value("system", "radius-server", "192.0.2.1", "secret")) == "clear-text"


def test_what_is_taken_away_leaves_no_empty_containers() -> None:
    made = tree(
        "set system services ssh", "set vlans a vlan-id 3", "delete system services ssh", "delete vlans a vlan-id"
    )
    assert made.lines() == ["set vlans a"]


def test_braces_and_set_lines_are_the_same_configuration() -> None:
    made = tree(*normal(MESS).splitlines(), *intended().splitlines())
    assert normal(braces(made)) == normal("\n".join(made.lines()))


def test_local_accounts_are_asked_only_when_no_server_answers(switch: JunosSwitch) -> None:
    user = f'set system login user awaria authentication encrypted-password "{HASH}"'
    switch.load([user, "set system login user awaria class super-user"])
    switch.commit("root", None)
    assert switch.accounts == {"awaria": PASSWORD}
    switch.load(["set system authentication-order radius", "set system radius-server 192.0.2.1 secret s3cret-s3cret"])
    switch.commit("root", None)
    assert switch.accounts == {"ewa": "ewas-password"}
    switch.box.radius = {}
    assert switch.accounts == {"awaria": PASSWORD}


def test_what_is_committed_is_there_after_a_restart(switch: JunosSwitch) -> None:
    switch.load(["set vlans nowy vlan-id 99"])
    switch.commit("jan", None)
    switch.boot()
    assert "set vlans nowy vlan-id 99" in switch.running.lines()


def test_can_be_changed_by_hand(console: JunosConsole, switch: JunosSwitch) -> None:
    assert console.prompt() == "jan@przelacznik-2> "
    assert "host-name przelacznik-2;" in console.answer("show configuration")
    assert "set system host-name przelacznik-2\n" in console.answer("show configuration | display set")
    assert "Entering" in console.answer("configure")
    assert console.prompt() == "[edit]\njan@przelacznik-2# "
    assert console.answer("set vlans nowy vlan-id 99") == ""
    assert console.answer("set vlans nowy vlan-id x") == "Invalid numeric value: 'x'\n"
    assert console.answer("show | compare") == "[edit]\n+  set vlans nowy vlan-id 99\n"
    assert console.answer("commit check") == "configuration check succeeds\n"
    assert console.answer("commit") == "commit complete\n"
    assert console.answer("show | compare") == ""
    console.answer("delete system root-authentication")
    assert "root-authentication" in console.answer("commit")
    assert console.answer("rollback 0") == "load complete\n"
    console.answer("exit")
    assert "unknown command" in console.answer("enable")
    assert switch.commits[0].user == "jan"
    with pytest.raises(Restart):
        console.answer("request system reboot")
    with pytest.raises(Hangup):
        console.answer("exit")
