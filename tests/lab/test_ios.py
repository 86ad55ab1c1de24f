"""The emulated IOS: what it says, what it hides, what it takes back."""

from pathlib import Path

import pytest

from lab.devices.box import Box
from lab.devices.cisco_ios.device import Ios
from lab.devices.mischief import Mischief
from lab.devices.platforms import EMULATED
from lab.devices.shell import Console, Hangup, Restart
from templates.cisco_ios.seven import shown

TEXT = """\
hostname sw1
enable secret 9 $9$enable
username admin privilege 15 secret 9 $9$admin
username reader secret 9 $9$reader
archive
 path flash:fosa-archive
interface GigabitEthernet1/0/1
interface GigabitEthernet1/0/2
line vty 0 4
 login local
"""
HASHES = {"$9$admin": "admin-pass", "$9$reader": "reader-pass", "$9$enable": "enable-pass"}


@pytest.fixture
def switch(tmp_path: Path) -> Ios:
    return Ios(Box(tmp_path, factory=TEXT, hashes=HASHES))


def typed(console: Console, *lines: str) -> str:
    return "".join(console.answer(line) for line in lines)


def test_it_is_in_the_table_of_those_that_can_be_emulated(tmp_path: Path) -> None:
    assert any(maker is Ios for maker in EMULATED.values())


def test_people_are_who_the_text_says(switch: Ios) -> None:
    assert switch.accounts == {"admin": "admin-pass", "reader": "reader-pass"}
    assert switch.console("admin").prompt() == "sw1#"
    reader = switch.console("reader")
    assert reader.prompt() == "sw1>"
    assert "Invalid input" in typed(reader, "show running-config")
    typed(reader, "enable")
    assert (reader.prompt(), reader.echoes()) == ("Password: ", False)
    typed(reader, "wrong", "wrong")
    assert "Bad secrets" in typed(reader, "wrong")
    typed(reader, "enable", "enable-pass")
    assert reader.prompt() == "sw1#"


def test_radius_is_asked_once_the_text_says_so(tmp_path: Path) -> None:
    switch = Ios(Box(tmp_path, factory=TEXT, hashes=HASHES, radius={"fosa": "word"}))
    assert "fosa" not in switch.accounts
    typed(switch.console("admin"), "configure terminal", "aaa new-model", "aaa group server radius FOSA",
          "aaa authentication login default group FOSA local")  # fmt: skip
    assert switch.accounts == {"fosa": "word"}


def test_bad_lines_are_refused_in_its_words(switch: Ios) -> None:
    console = switch.console("admin")
    typed(console, "configure terminal", "interface GigabitEthernet1/0/1")
    assert console.prompt() == "sw1(config-if)#"
    assert "% Invalid input detected at '^' marker." in typed(console, "switchport mood access")
    assert "is a dynamic port" in typed(console, "switchport port-security")
    assert "Invalid input" in typed(console, "interface GigabitEthernet9/0/1")
    assert "ERROR: Can not have both" in typed(console, "username admin password x")
    assert "Invalid input" in typed(console, "aaa authentication login default local")
    assert "[confirm]" in typed(console, "no username reader")
    typed(console, "")
    assert "reader" not in switch.accounts


def test_passwords_are_hidden_as_they_are_typed(switch: Ios) -> None:
    lines = ("service password-encryption", "username new secret hello-word", "radius server R", "key shared-key")
    typed(switch.console("admin"), "configure terminal", *lines, "ntp authentication-key 5 md5 time-key")
    text = switch.text()
    assert "hello-word" not in text
    assert "shared-key" not in text
    assert switch.accounts["new"] == "hello-word"
    (key,) = [line.split()[-1] for line in text.splitlines() if line.startswith(" key ")]
    assert shown(key) == "shared-key"


def test_it_starts_again_from_what_was_saved(switch: Ios) -> None:
    console = switch.console("admin")
    typed(
        console,
        "configure terminal",
        "hostname kept",
        "end",
        "write memory",
        "configure terminal",
        "hostname lost",
        "end",
    )
    with pytest.raises(Restart):
        typed(console, "reload")
    switch.boot()
    assert switch.hostname == "kept"
    assert Ios(Box(switch.box.disk, hashes=HASHES)).hostname == "kept"


def test_it_forgets_when_it_is_told_to(switch: Ios) -> None:
    switch.mischief = Mischief(forgets=True)
    assert "[OK]" in typed(switch.console("admin"), "write memory")
    assert switch.box.saved is None


def test_a_replaced_text_is_run_whole_or_not_at_all(switch: Ios) -> None:
    console, before = switch.console("admin"), switch.text()
    switch.disk.write("flash:/new.txt", before.replace("hostname sw1", "hostname sw2"))
    switch.disk.write("flash:/bad.txt", before + "nonsense here\n")
    assert "Failed to apply" in typed(console, "configure replace flash:/bad.txt force revert trigger error")
    assert switch.text() == before
    assert "Rollback Done" in typed(console, "configure replace flash:/new.txt force")
    assert switch.hostname == "sw2"
    assert "hostname" in typed(console, "show archive config differences system:running-config flash:/bad.txt")


def test_without_an_archive_nothing_is_guarded(tmp_path: Path) -> None:
    switch = Ios(Box(tmp_path, factory=TEXT.replace("archive\n path flash:fosa-archive\n", ""), hashes=HASHES))
    console = switch.console("admin")
    assert "Archive feature not enabled" in typed(console, "show archive")
    typed(console, "configure terminal revert timer 5")
    assert console.prompt() == "sw1#"


def test_who_shuts_himself_out_is_out(switch: Ios) -> None:
    assert not switch.shut()
    typed(switch.console("admin"), "configure terminal", "line vty 0 15", "transport input telnet")
    assert switch.shut()
    typed(switch.console("admin"), "configure terminal", "line vty 0 15", "transport input ssh")
    assert not switch.shut()
    switch.mischief = Mischief(shuts_out="^lldp run")
    typed(switch.console("admin"), "configure terminal", "lldp run")
    assert switch.shut()


def test_a_session_ends(switch: Ios) -> None:
    console = switch.console("admin")
    typed(console, "configure terminal", "interface GigabitEthernet1/0/1", "exit", "exit")
    assert console.prompt() == "sw1#"
    with pytest.raises(Hangup):
        typed(console, "exit")
