"""Real gateways under the check: as fosa leaves them nothing fails, and every trap is found with its line."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.lab import inside_environment
from lab.device import Device
from lab.practice import Practice
from monitor.compliance.model import ClauseStatus, Finding, Report, Result

WaitFor = Callable[[Callable[[], bool], float], None]

pytestmark = pytest.mark.lab

FOSA = str(Path(sys.executable).parent / "fosa")
CHARON = "/etc/swanctl/conf.d/fosa.conf"
SNMP = "/etc/snmp/snmpd.conf"
BY_HAND = (
    "insert rule inet fosa from_ps tcp dport 8443 accept",
    "insert rule inet fosa from_sr ip daddr 10.64.1.10 drop",
    'insert rule inet fosa input iifname "vlan30" tcp dport 22 accept',
)


def _comply(practice: Practice, *options: str) -> tuple[int, Report]:
    # The switches stand as they came: nobody has pushed to them here.
    gateways = [gateway.name for gateway in practice.gateways]
    command = practice.manager_command([FOSA, "comply", "--json", *options, *gateways])
    environment = inside_environment(str(practice.paths.office))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert done.stdout, done.stderr
    return done.returncode, Report.model_validate(json.loads(done.stdout))


def _failed(report: Report) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.result is Result.FAIL:
            found.setdefault(finding.rule, []).append(finding)
    return found


def _changed(gateway: Device, path: str, old: str, new: str) -> None:
    text = gateway.must(["cat", path])
    assert old in text
    gateway.must(["tee", path], text=text.replace(old, new, 1))


def _logging(practice: Practice) -> bool:
    """A log server that could not be reached yet is called again after five seconds."""
    peers = practice.device("log-k").must(["ss", "-Htn", "state", "established", "sport = :6514"])
    return len(peers.splitlines()) >= len(practice.gateways)


def test_gateways_as_fosa_leaves_them_fail_nothing(configured: Practice, wait_for: WaitFor) -> None:
    wait_for(lambda: _logging(configured), 30)
    code, report = _comply(configured)
    assert not _failed(report), [str(finding.message) for finding in report.findings if finding.result is Result.FAIL]
    assert code == 0
    assert not report.problems
    unknown = {finding.rule for finding in report.findings if finding.result in {Result.UNKNOWN, Result.ERROR}}
    assert unknown == {"VP-08"}
    by_configuration = [finding.result for finding in report.findings if finding.rule == "VP-08"]
    # Of each gateway by its filter and by its routes; what was not listened to nor drilled is not known.
    assert by_configuration.count(Result.PASS) == 2 * len(configured.gateways)
    # For the other rules nothing of a gateway is read yet: they count, and are not decided.
    assert (report.coverage.decided, report.coverage.pairs) == (51, 107)
    met = [clause.clause for clause in report.clauses if clause.status is ClauseStatus.MET]
    assert met == ["kri-16-2"]


OPENED = {
    "ip route add 10.64.17.0/24 via {router} dev {line}": "10.64.17.0/24",
    "ip -6 route add fd64:0:a40:1000::/64 dev {line}": "fd64:0:a40:1000::/64",
    "ip rule add from 10.64.8.0/24 lookup 77 priority 77": "",
    "ip route add default via {router} dev {line} table 77": "table 77",
    "nft insert rule inet fosa translate oifname ipsec0 ip saddr 10.64.8.0/24 masquerade": "masquerade",
    "nft insert rule inet fosa forward oifname {line} ip daddr 10.64.16.0/20 accept": "ip daddr 10.64.16.0/20 accept",
    "nft insert rule inet fosa forward oifname {line} meta nfproto ipv6 accept": "nfproto ipv6",
}
"""By hand on gw-k, and what of it stands in the line that is named. The rule is told by the route it leads to."""
MENDED = (
    "ip route del 10.64.17.0/24",
    "ip -6 route del fd64:0:a40:1000::/64",
    "ip rule del priority 77",
    "ip route flush table 77",
    "nft -f /etc/nftables.conf",
)


def test_every_way_out_that_is_opened_by_hand_is_named_and_gone_once_it_is_mended(configured: Practice) -> None:
    gateway = configured.device("gw-k")
    line = next(wan for wan in configured.office.wans if wan.device == "gw-k")
    for command in OPENED:
        gateway.must(command.format(line=line.interface, router=line.gateway).split())
    code, report = _comply(configured, "--running")
    found = _failed(report)
    assert code == 2
    named = [(finding.asset, evidence.text) for finding in found["VP-08"] for evidence in finding.evidence]
    assert {asset for asset, _text in named} == {"gw-k"}
    for words in filter(None, OPENED.values()):
        assert any(words in text for _asset, text in named), (words, named)
    assert len(named) == len(list(filter(None, OPENED.values())))

    for command in MENDED:
        gateway.must(command.split())
    code, report = _comply(configured, "--running")
    assert (code, _failed(report)) == (0, {})
    assert {finding.result for finding in report.findings if finding.rule == "VP-08"} == {Result.PASS}


def test_every_trap_is_found_with_its_line(configured: Practice) -> None:
    _agree_below_the_profile(configured)
    gateway = configured.device("gw-b")
    for rule in BY_HAND:
        gateway.must(["nft", *rule.split()])
    _changed(gateway, CHARON, "aes256gcm16-prfsha384-ecp384", "aes256gcm16-prfsha384-ecp384,aes128-sha1-modp1024")
    _changed(configured.device("gw-c"), CHARON, "version = 2", "version = 0")
    _changed(gateway, SNMP, "rouser", "rocommunity public\nrouser")
    configured.device("time-1").must(["systemctl", "stop", "chrony"])
    gateway.must(["systemctl", "restart", "chrony"])
    configured.device("log-k").must(["systemctl", "stop", "rsyslog"])

    code, report = _comply(configured)
    assert code == 2
    found = {
        rule: {(finding.asset, evidence.source, evidence.text) for finding in findings for evidence in finding.evidence}
        for rule, findings in _failed(report).items()
    }
    opened = ("gw-b", "kernel nftables", 'iifname "vlan30" tcp dport 22 accept')
    assert found.pop("FW-01") == {opened, ("gw-b", "kernel nftables", "tcp dport 8443 accept")}
    assert found.pop("FW-08") == {opened}
    assert found.pop("FW-02") == {("gw-b", "kernel nftables", "ip daddr 10.64.1.10 drop")}
    weak = "proposals = aes256gcm16-prfsha384-ecp384,aes128-sha1-modp1024"
    assert found.pop("VP-02") == {("gw-b", f"file {CHARON}", weak)}
    assert found.pop("VP-01") == {("gw-c", f"file {CHARON}", "version = 0")}
    assert {(asset, source) for asset, source, _text in found.pop("VP-07")} == {
        ("gw-b", "charon list-sas k-b"),
        ("gw-k", "charon list-sas k-b"),
    }
    ((asset, source, community),) = found.pop("MG-04")
    assert (asset, source) == ("gw-b", f"file {SNMP}")
    # The line is there, the community in it is not.
    assert community.startswith("rocommunity <secret:")
    assert ("gw-b", "chronyc sources", "192.0.2.123 unreachable") in found.pop("TM-01")
    assert {asset for asset, _source, _text in found.pop("LG-01")} == {"gw-k", "gw-b", "gw-c", "gw-k2"}
    assert not found


def _agree_below_the_profile(practice: Practice) -> None:
    """Both ends of k-b agree on weak algorithms that no file of theirs names."""
    for name in ("gw-b", "gw-k"):
        gateway = practice.device(name)
        text = gateway.must(["cat", CHARON])
        before, head, tunnel = text.partition("    k-b {")
        weak = tunnel.replace("aes256gcm16-prfsha384-ecp384", "aes128-sha1-modp2048", 1)
        weak = weak.replace("aes256gcm16-ecp384", "aes128-sha1-modp2048", 1)
        gateway.must(["tee", "/etc/swanctl/weak.conf"], text=before + head + weak)
        gateway.must(["swanctl", "--load-conns", "--file", "/etc/swanctl/weak.conf"])
    spoke = practice.device("gw-b")
    # Loading may have closed the tunnel already.
    spoke.run(["swanctl", "--terminate", "--ike", "k-b"])
    spoke.must(["swanctl", "--initiate", "--child", "k-b"])
