"""The emulated RouterOS at its console."""

import asyncio
from pathlib import Path

import pytest

from lab.devices.box import Box
from lab.devices.mikrotik_routeros.device import Routeros
from lab.devices.shell import Hangup, Restart


@pytest.fixture
def switch(tmp_path: Path) -> Routeros:
    return Routeros(Box(tmp_path, radius={"anna": "radius-password"}))


def said(switch: Routeros, line: str) -> str:
    return switch.console("admin+ct511w4098h").answer(line)


def test_takes_a_line_and_shows_it(switch: Routeros) -> None:
    assert said(switch, "/system identity set name=sw-1") == ""
    assert switch.console("admin+ct").prompt() == "[admin@sw-1] > "
    assert "set name=sw-1\n" in said(switch, "/export")
    assert said(switch, ":put [/system identity get name]") == "sw-1\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/frobnicate add name=x", "bad command name frobnicate (line 1 column 2)"),
        ("/interface bridge port set [ find interface=ether1 ] pvid=4095", "value of pvid out of range (1..4094)"),
        ("/interface bridge port set [ find interface=ether1 ] pvdi=3", "expected end of command (line 1 column 54)"),
        ("/interface bridge port add bridge=bridge interface=ether99", "input does not match any value of interface"),
        ("/interface bridge port add bridge=bridge interface=ether1", "failure: already have such item"),
        ("/interface vlan add interface=bridge name=x", "missing value(s) of argument(s) vlan-id"),
        ("/ip service set nosuch disabled=yes", "no such item"),
        ("hostname x", "bad command name hostname (line 1 column 1)"),
    ],
)
def test_refuses_a_bad_line_and_stays_as_it_was(switch: Routeros, line: str, why: str) -> None:
    before = said(switch, "/export")
    assert said(switch, line) == f"{why}\n"
    assert said(switch, "/export") == before


def test_judges_a_script_without_doing_it(switch: Routeros) -> None:
    before = said(switch, "/export")
    assert (
        said(switch, r':local fosa [:parse "/ip dns set servers=\"192.0.2.1\"\n/ip ssh set strong-crypto=yes"]') == ""
    )
    assert "expected end" in said(switch, ':local fosa [:parse "/ip ssh set strong=yes"]')
    assert said(switch, "/export") == before


def test_shows_no_password_and_other_secrets_only_when_asked(switch: Routeros) -> None:
    said(switch, "/radius add address=192.0.2.1 secret=very-secret service=login")
    assert "very-secret" not in said(switch, "/export")
    assert "very-secret" in said(switch, "/export show-sensitive")
    assert "printed-on-it" not in said(switch, "/user export") + said(switch, "/export show-sensitive")


def test_asks_radius_for_names_that_are_not_its_own(switch: Routeros) -> None:
    assert set(switch.accounts) == {"admin"}
    said(switch, "/radius add address=192.0.2.1 secret=very-secret service=login")
    said(switch, "/user aaa set use-radius=yes")
    assert set(switch.accounts) == {"admin", "anna"}
    said(switch, "/user settings set minimum-password-length=12")
    assert "too short" in said(switch, "/user add group=full name=eva password=short")


def test_a_backup_is_loaded_by_a_restart_and_every_change_outlives_one(switch: Routeros) -> None:
    assert "saved" in said(switch, "/system backup save name=one dont-encrypt=yes")
    said(switch, "/system identity set name=sw-2")
    switch.boot()
    assert switch.name == "sw-2"
    console = switch.console("admin")
    assert console.answer('/system backup load name=one.backup password=""') == ""
    assert "[y/N]" in console.prompt()
    with pytest.raises(Restart):
        console.answer("y")
    switch.boot()
    assert switch.name == "MikroTik"
    with pytest.raises(Hangup):
        console.answer("/export")


def test_its_scheduler_really_runs(tmp_path: Path) -> None:
    switch = Routeros(Box(tmp_path, minute_s=0.06))

    async def armed() -> None:
        said(switch, "/system backup save name=one dont-encrypt=yes")
        event = '"/system backup load name=one.backup password=\\"\\""'
        said(switch, f"/system scheduler add name=back start-time=startup interval=1m on-event={event}")
        said(switch, "/system identity set name=sw-2")
        while switch.name == "sw-2":
            await asyncio.sleep(0.01)

    asyncio.run(armed())
    assert switch.name == "MikroTik"
    assert switch.store.rows["system", "scheduler"] == []
