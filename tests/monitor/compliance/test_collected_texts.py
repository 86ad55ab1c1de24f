"""The table of rules by platforms, held against what rules say of texts of each platform."""

from functools import cache

import pytest

from inventory.model import Platform, Requirement
from monitor.compliance.collected import TABLE, Cell, Collected
from monitor.compliance.model import Result
from templates.platforms import MEANS
from templates.switch.means import Extent
from tests.monitor.facts.judging import PLATFORMS, UNUSUAL, intended, mess, said

NEEDS = {
    "ID-01": Requirement.CENTRAL_AAA,
    "ID-06": Requirement.LOCKOUT,
    "ID-07": Requirement.STRONG_HASH,
    "L2-02": Requirement.PORT_SECURITY,
    "L2-03": Requirement.ARP_INSPECTION,
    "MG-04": Requirement.SNMP_SHA2,
    "MG-06": Requirement.IDLE_TIMEOUT,
    "MG-07": Requirement.BANNER,
}
"""What a device must be able to do before the rule passes: where its platform cannot wholly, every text may fail."""
STAYS = "stays unknown"
"""Said of a cell that no text makes pass."""
NEVER_FAILS = {("MG-02", Platform.ARUBA_AOSCX)}
"""It has no web server without TLS, and its text does not say which TLS."""
OTHERWISE: dict[Platform, tuple[tuple[str, str], ...]] = {
    Platform.CISCO_IOS: (
        ("vtp mode transparent\n", "vtp mode transparent\nsecurity passwords min-length 12\n"),
        ("vtp mode transparent\n", "vtp mode transparent\nsecurity passwords min-length 8\n"),
        ("ip ssh version 2\n", "ip ssh version 2\nip ssh server algorithm hostkey ecdsa-sha2-nistp384\n"),
        ("\n shutdown\n", "\n no shutdown\n"),
    ),
    Platform.HP_PROCURVE: (("no autorun\n", "autorun\n"), ("   disable\n", "   enable\n")),
    Platform.ARUBA_AOSCX: (
        ("interface 1/1/20\n", "interface 1/1/48\n"),
        ("spanning-tree\n", "spanning-tree\ndhcp-server vrf default\n    enable\n"),
    ),
    Platform.JUNIPER_JUNOS: (
        ("protocol-version v2", "protocol-version v1"),
        ("minimum-length 12", "minimum-length 8"),
        ("ge-0/0/20 ", "ge-0/0/40 "),
        ("set switch-options voip interface ge-0/0/1.0 vlan voip\n", ""),
        ("set system login message ", "set system login announcement "),
        ("@secret{file:secrets/awaria-juniper-junos}@", "$6$salt$hash"),
    ),
    Platform.MIKROTIK_ROUTEROS: (
        ("ether19 ] disabled=yes", "ether19 ] disabled=no"),
        ("ciphers=aes-ctr,", "ciphers=3des-cbc,aes-ctr,"),
    ),
}
"""What is written otherwise in an intended text."""


@cache
def told(platform: Platform) -> dict[str, set[Result]]:
    """By rule, the worst it says of each of many texts."""
    text = intended(platform)
    assert all(old in text for old, _new in OTHERWISE[platform])
    every = [text, mess(platform), *(text.replace(old, new) for old, new in OTHERWISE[platform])]
    every += [path.read_bytes().decode("utf-8") for path in sorted((UNUSUAL / platform.value).glob("*"))]
    found: dict[str, set[Result]] = {rule: set() for rule in TABLE}
    for each in every:
        for rule, result in said(platform, each).items():
            found[rule].add(result)
    return found


def judged_cells(platform: Platform) -> dict[str, Cell]:
    """Those of rules that look at all."""
    cells = {rule: row[platform] for rule, row in TABLE.items()}
    return {rule: one for rule, one in cells.items() if one.collected in {Collected.DECIDED, Collected.PARTLY}}


def open_ended(one: Cell) -> bool:
    """Whether it is said that nothing passes there."""
    return one.why is not None and STAYS in one.why.text


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
def test_each_rule_that_decides_fails_some_texts_and_passes_others(platform: Platform) -> None:
    for rule, one in judged_cells(platform).items():
        results, need = told(platform)[rule], NEEDS.get(rule)
        able = need is None or MEANS[platform][need].extent is Extent.WHOLE
        if not open_ended(one):
            assert (Result.FAIL in results) is ((rule, platform) not in NEVER_FAILS), rule
            assert Result.PASS in results or not able, rule


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
def test_what_is_said_to_stay_unknown_does_and_is_partly_decided_at_most(platform: Platform) -> None:
    for rule, one in judged_cells(platform).items():
        if open_ended(one):
            assert one.collected is Collected.PARTLY
            assert Result.UNKNOWN in told(platform)[rule], rule
            assert Result.PASS not in told(platform)[rule], rule


def test_where_nothing_passes_it_is_said() -> None:
    said_so = {(rule, platform.value) for platform in PLATFORMS for rule, one in judged_cells(platform).items()
               if open_ended(one)}  # fmt: skip
    assert said_so == {
        ("MG-03", "hp_procurve"),
        ("MG-03", "mikrotik_routeros"),
        ("ID-07", "aruba_aoscx"),
        ("ID-07", "mikrotik_routeros"),
    }
