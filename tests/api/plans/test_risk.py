"""What a change touches and what it would fix or cause, on the gateways' own texts."""

from pathlib import Path

import pytest

from api.plans.judged import judged
from api.plans.model import Risk, RuleChange
from api.plans.risk import risks
from api.plans.touched import Looked
from inventory.model import Platform
from monitor.compliance.model import Result
from playbooks.reach import Compared
from templates.render import Rendered, render
from tests.api.plans.offices import MONDAY, tried

P, T, D, M, S = Risk.POLICY, Risk.TUNNELS, Risk.DEFAULT_ROUTE, Risk.MANAGEMENT_PATH, Risk.SERVICES
NFT, CHARON, SSHD = "kernel nftables", "charon connections", "sshd effective"
CONNECTION = """\
k-b
  children
    k-b
      local-ts = 10.64.16.0/20
      remote-ts = 10.64.0.0/20
  remote_addrs = 203.0.113.10
"""


HOOK = "type filter hook input priority filter; policy drop;"
BARE = Rendered("none", Platform.LINUX_GATEWAY, ())


def row(change: RuleChange) -> tuple[str, str, Result, Result]:
    return change.rule, change.asset, change.before, change.after


def sections(rendered: Rendered) -> dict[str, str]:
    """As a gateway shows itself: the file of the packet filter reads like the kernel's listing."""
    files = {f"file {file.path}": f"# fosa: mode {file.mode:04o}\n{file.text}" for file in rendered.files}
    return {NFT: rendered.file("/etc/nftables.conf").text, CHARON: CONNECTION, SSHD: "port 22\n", **files}


ROWS: tuple[tuple[str, str, str, str, set[Risk]], ...] = (
    ("gw-b", SSHD, "port 22", "port 2222", {M}),
    ("gw-b", "file /etc/chrony/chrony.conf", "\n", "\n# by hand\n", {S}),
    ("gw-b", "file /etc/network/interfaces", "", "auto wan0\n", {D, M}),
    ("gw-b", CHARON, "10.64.0.0/20", "10.64.0.0/16", {T, M}),
    ("gw-k", CHARON, "10.64.0.0/20", "10.64.0.0/16", {T}),
    ("gw-b", CHARON, "10.64.0.0/20", "0.0.0.0/0", {T, D, M}),
    # Rules: one that concerns nobody but two zones, the manager's own, the way in for IKE, and a whole chain.
    ("gw-b", NFT, HOOK, HOOK.removesuffix(" policy drop;"), {P, M, T}),
    ("gw-b", NFT, 'ip daddr 10.64.16.1 tcp dport 22 accept comment "management"', "", {P, M}),
    ("gw-k", NFT, 'ip daddr 10.64.16.1 tcp dport 22 accept comment "management"', "", {P, M}),
    # A far building is managed through its tunnel.
    ("gw-b", NFT, 'ip saddr @peers udp dport { 500, 4500 } accept comment "IKE"', "", {P, T, M}),
    ("gw-k", NFT, 'ip saddr @peers udp dport { 500, 4500 } accept comment "IKE"', "", {P, T}),
    ("gw-b", NFT, "elements = { 203.0.113.10, ", "elements = { 203.0.113.11, ", {P, T, M}),
    ("gw-b", NFT, 'ip daddr 10.64.16.1 udp dport 161 accept comment "monitoring"', "", {P}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "section", "old", "new", "expected"), ROWS)
def test_risks_are_read_from_what_changes(  # noqa: PLR0917  one row of the table
    tmp_path: Path, name: str, section: str, old: str, new: str, expected: set[Risk]
) -> None:
    office = tried(tmp_path).office
    device = office.device(name)
    running = sections(render(office, device, MONDAY.date()))
    assert old in running.get(section, "")
    intended = {**running, section: running.get(section, "").replace(old, new, 1) if old else new}
    assert set(risks(office, device, running, intended)) == expected


def test_a_flow_between_two_zones_touches_nothing_else(tmp_path: Path) -> None:
    office = tried(tmp_path)
    device = office.office.device("gw-b")
    running = sections(render(office.office, device, MONDAY.date()))
    office.add_flow(None, "https")
    intended = sections(render(office.office, device, MONDAY.date()))
    assert risks(office.office, device, running, intended) == (P,)


def test_what_would_be_fixed_and_caused_is_said_beforehand(tmp_path: Path) -> None:
    office = tried(tmp_path).office
    good = {name: sections(render(office, office.device(name), MONDAY.date())) for name in ("gw-b", "gw-c")}
    holed = {
        name: {**texts, NFT: texts[NFT].replace(HOOK, f"{HOOK}\n        tcp dport 23 accept")}
        for name, texts in good.items()
    }
    verdict = judged(
        office,
        [
            Looked(office.device("gw-b"), Compared("gw-b", holed["gw-b"], good["gw-b"]), BARE),
            Looked(office.device("gw-c"), Compared("gw-c", good["gw-c"], holed["gw-c"]), BARE),
        ],
        MONDAY,
    )
    assert ("FW-01", "gw-b", Result.FAIL, Result.PASS) in {row(change) for change in verdict.fixed}
    assert {change.asset for change in verdict.fixed} == {"gw-b"}
    assert ("FW-01", "gw-c", Result.PASS, Result.FAIL) in {row(change) for change in verdict.caused}
    assert {change.asset for change in verdict.caused} == {"gw-c"}


def test_without_facts_a_rule_is_not_fine_and_says_so(tmp_path: Path) -> None:
    office = tried(tmp_path).office
    good = sections(render(office, office.device("gw-b"), MONDAY.date()))
    silent = {name: text for name, text in good.items() if name != NFT}
    verdict = judged(office, [Looked(office.device("gw-b"), Compared("gw-b", good, silent), BARE)], MONDAY)
    assert ("FW-01", "gw-b", Result.PASS, Result.UNKNOWN) in {row(change) for change in verdict.caused}
    assert "FW-01" in str(verdict.unjudged[0])
