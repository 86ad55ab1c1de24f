"""What fosa would write to a switch, held against the rules: only what the platform cannot do fails."""

import datetime as dt
from functools import cache
from ipaddress import IPv4Address

import pytest

from inventory.model import LastResort, NtpKey, Office, Platform, PortMode, Radius, SwitchPorts, Waiver
from monitor.basis import Basis
from monitor.compliance.collected import Collected, cell
from monitor.compliance.model import Finding, Result
from monitor.compliance.rules.table import RULES
from monitor.facts.read import facts, intended_sections
from monitor.facts.switches import SWITCHES
from templates.render import render, unexpressed
from templates.switch.means import Extent
from tests.monitor.compliance.cases import TODAY, judged
from tests.monitor.compliance.switches import office

PORTS = {
    Platform.CISCO_IOS: "GigabitEthernet1/0/",
    Platform.JUNIPER_JUNOS: "ge-0/0/",
    Platform.HP_PROCURVE: "",
    Platform.ARUBA_AOSCX: "1/1/",
    Platform.MIKROTIK_ROUTEROS: "ether",
}
READ = [platform for platform in Platform if platform in SWITCHES]
NAME = "sw-b-1"


def _office(platform: Platform) -> Office:
    given = office()
    head = PORTS[platform]
    ports = (
        SwitchPorts(ports=(f"{head}[1-4]",), mode=PortMode.ACCESS, zone="ps"),
        SwitchPorts(ports=(f"{head}[5-6]",), mode=PortMode.ACCESS, zone="ps", dot1x=True),
        SwitchPorts(ports=(f"{head}7",), mode=PortMode.UNUSED),
        SwitchPorts(ports=(f"{head}8",), mode=PortMode.TRUNK, tagged=("mgmt", "ps"), uplink=True),
    )
    device = given.device(NAME).model_copy(update={"platform": platform, "switch_ports": ports})
    assert given.switching is not None
    switching = given.switching.model_copy(
        update={
            "last_resort": LastResort(user="awaria", hashes={platform: "file:secrets/hash"}),
            "radius": (Radius(address=IPv4Address("10.64.0.9"), key="file:secrets/radius"),),
            "ntp_key": NtpKey(number=7, key="file:secrets/ntp"),
        }
    )
    devices = tuple(device if each.name == NAME else each for each in given.devices)
    return given.model_copy(update={"devices": devices, "switching": switching})


def _excused(given: Office) -> Office:
    """With an exception for everything the platform does not do wholly."""
    lacks = unexpressed(given, given.device(NAME), TODAY)
    waivers = tuple(
        Waiver(requirement=lack.requirement, why="the platform", until=TODAY + dt.timedelta(days=1)) for lack in lacks
    )
    assert all(lack.means.extent is not Extent.WHOLE for lack in lacks)
    assert given.switching is not None
    return given.model_copy(update={"switching": given.switching.model_copy(update={"waivers": waivers})})


@cache
def _findings(platform: Platform) -> tuple[Finding, ...]:
    given = _excused(_office(platform))
    rendered = render(given, given.device(NAME), TODAY)
    read = facts(NAME, platform, Basis.INTENDED, intended_sections(rendered), None)
    return judged(given, read, NAME).findings


@pytest.mark.parametrize("platform", READ)
def test_what_is_written_fails_only_where_the_platform_cannot_do_it(platform: Platform) -> None:
    unexcused = [f for f in _findings(platform) if f.result is Result.FAIL and f.waived is None]
    assert not [f"{f.rule}: {f.message}" for f in unexcused]


@pytest.mark.parametrize("platform", READ)
def test_what_the_table_calls_decided_is_decided(platform: Platform) -> None:
    decided = {rule for rule in RULES if cell(rule, platform).collected is Collected.DECIDED}
    open_ = [f for f in _findings(platform) if f.result is Result.UNKNOWN and f.rule in decided]
    assert not [f"{f.rule}: {f.message}" for f in open_]


@pytest.mark.parametrize("platform", READ)
def test_no_rule_breaks_on_what_is_written(platform: Platform) -> None:
    assert Result.ERROR not in {finding.result for finding in _findings(platform)}
    assert {finding.rule for finding in _findings(platform)} == set(RULES)
