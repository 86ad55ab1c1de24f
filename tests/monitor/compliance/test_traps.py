"""Traps in the texts of a gateway: each is found, by the right rules, with the right line."""

import pytest

from inventory.model import Platform
from monitor.compliance.collected import Collected, cell
from monitor.compliance.model import Result
from monitor.compliance.rules.table import RULES
from tests.monitor.compliance.cases import (
    CHARON,
    CHRONY,
    NFT,
    RSYSLOG,
    SNMP,
    SSH,
    ULOGD,
    Changed,
    facts_of,
    failures,
    judged,
    lines,
    of,
    pila,
    small,
)

PROPOSALS = "proposals = aes256gcm16-prfsha384-ecp384"
ESP = "esp_proposals = aes256gcm16-ecp384"
INPUT = "ip daddr @gateways goto to_gateways\n        meta pkttype"
STATES = "ct state vmap { invalid : drop, established : accept, related : accept }"
KEX = "KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,ecdh-sha2-nistp384"
PS = "chain from_ps {\n"


@pytest.mark.parametrize("device", ["gw-k", "gw-b", "gw-c", "gw-h", "gw-s"])
def test_what_fosa_writes_passes_every_rule_a_text_can_decide(device: str) -> None:
    office = pila() if device in {d.name for d in pila().managed} else small()
    report = judged(office, facts_of(office, device), device)
    assert not failures(report)
    collected = {rule: cell(rule, Platform.LINUX_GATEWAY).collected for rule in RULES}
    judged_ones = [f for f in report.findings if collected[f.rule] in {Collected.DECIDED, Collected.PARTLY}]
    assert {f.result for f in judged_ones if f.rule != "VP-07"} == {Result.PASS}
    assert [f.result for f in of(report, "VP-07")] == [Result.NOT_CHECKED]
    assert {f.rule for f in report.findings} == set(RULES)


TRAPS: dict[str, tuple[Changed, dict[str, str | None]]] = {
    "a weak IKE proposal offered second": (
        Changed(CHARON, PROPOSALS, PROPOSALS + ",aes128-sha1-modp1024"),
        {"VP-02": "proposals = aes256gcm16-prfsha384-ecp384,aes128-sha1-modp1024"},
    ),
    "an IKE proposal without a prf": (
        Changed(CHARON, PROPOSALS, "proposals = aes256gcm16-ecp384"),
        {"VP-02": "proposals = aes256gcm16-ecp384"},
    ),
    "whatever the daemon has built in": (
        Changed(CHARON, PROPOSALS, PROPOSALS + ",default"),
        {"VP-02": "proposals = aes256gcm16-prfsha384-ecp384,default"},
    ),
    "a weak ESP proposal offered second": (
        Changed(CHARON, ESP, ESP + ",aes128-sha1-ecp384"),
        {"VP-03": "esp_proposals = aes256gcm16-ecp384,aes128-sha1-ecp384"},
    ),
    "no forward secrecy in the second proposal": (
        Changed(CHARON, ESP, ESP + ",aes256gcm16"),
        {"VP-04": "esp_proposals = aes256gcm16-ecp384,aes256gcm16"},
    ),
    "a group of too few bits": (
        Changed(CHARON, ESP, "esp_proposals = aes256gcm16-modp1024"),
        {"VP-04": "esp_proposals = aes256gcm16-modp1024"},
    ),
    "IKE version 1 still answered": (Changed(CHARON, "version = 2", "version = 0"), {"VP-01": "version = 0"}),
    "IKE version 1 by leaving the line out": (Changed(CHARON, "        version = 2\n", ""), {"VP-01": "k-b {"}),
    "aggressive mode": (
        Changed(CHARON, "version = 2", "version = 1\n        aggressive = yes"),
        {"VP-01": "version = 1"},
    ),
    "a rule typed by hand": (
        Changed(NFT, PS, PS + "        tcp dport 8443 accept\n"),
        {"FW-01": "tcp dport 8443 accept"},
    ),
    "a policy that accepts, behind a last rule that denies": (
        Changed(
            NFT,
            "type filter hook forward priority filter; policy drop;",
            "type filter hook forward priority filter; policy accept;",
        ),
        {},
    ),
    "nothing filtered on the way out": (
        Changed(
            NFT,
            "type filter hook output priority filter; policy drop;",
            "type filter hook output priority -400; policy accept; accept",
        ),
        {"FW-01": "type filter hook output priority -400; policy accept; accept", "VP-08": None},
    ),
    "a denial without a log": (
        Changed(NFT, PS, PS + "        ip daddr 10.64.1.10 drop\n"),
        {"FW-02": "ip daddr 10.64.1.10 drop"},
    ),
    "a denial logged to a group that nobody reads": (
        Changed(NFT, PS, PS + '        ip daddr 10.64.1.10 log prefix "x " group 9 drop\n'),
        {"FW-02": 'ip daddr 10.64.1.10 log prefix "x " group 9 drop'},
    ),
    "logged packets that nobody writes down": (Changed(ULOGD, "group=5", "group=6"), {"FW-02": None}),
    "management open from a user zone": (
        Changed(NFT, INPUT, 'iifname "vlan30" tcp dport 22 accept\n        ' + INPUT),
        {"FW-01": 'iifname "vlan30" tcp dport 22 accept', "FW-08": 'iifname "vlan30" tcp dport 22 accept'},
    ),
    "SNMP open from the line": (
        Changed(NFT, "chain from_wan {\n", "chain from_wan {\n        udp dport 161 accept\n"),
        {"FW-01": "udp dport 161 accept", "FW-08": "udp dport 161 accept"},
    ),
    "telnet let in from the management zone": (
        Changed(NFT, INPUT, "ip saddr 10.64.16.0/24 tcp dport 23 accept\n        " + INPUT),
        {
            "FW-01": "ip saddr 10.64.16.0/24 tcp dport 23 accept",
            "FW-08": "ip saddr 10.64.16.0/24 tcp dport 23 accept",
            "MG-01": "ip saddr 10.64.16.0/24 tcp dport 23 accept",
        },
    ),
    "no guard on the way through": (
        Changed(
            NFT,
            f"policy drop;\n        jump guard\n        {STATES}\n        ip saddr @gateways",
            f"policy drop;\n        {STATES}\n        ip saddr @gateways",
        ),
        {"VP-08": None},
    ),
    "a guard that comes after what stands": (
        Changed(
            NFT,
            f"jump guard\n        {STATES}\n        ip saddr @gateways",
            f"{STATES}\n        jump guard\n        ip saddr @gateways",
        ),
        {"VP-08": STATES},
    ),
    "a hole in the guard": (
        Changed(NFT, "chain guard {\n", "chain guard {\n        ip daddr 10.64.1.10 accept\n"),
        {"FW-01": "ip daddr 10.64.1.10 accept", "VP-08": "ip daddr 10.64.1.10 accept"},
    ),
    "weak key exchange offered last": (
        Changed(SSH, "ecdh-sha2-nistp384", "ecdh-sha2-nistp384,diffie-hellman-group1-sha1"),
        {"MG-03": f"{KEX},diffie-hellman-group1-sha1"},
    ),
    "CBC in SSH": (
        Changed(SSH, "aes256-ctr", "aes256-ctr,aes256-cbc"),
        {"MG-03": "Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr,aes256-cbc"},
    ),
    "SHA-1 in SSH": (
        Changed(SSH, "MACs hmac-sha2-512-etm@openssh.com", "MACs hmac-sha1,hmac-sha2-512-etm@openssh.com"),
        {"MG-03": "MACs hmac-sha1,hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com"},
    ),
    "a DSA host key": (
        Changed(SSH, "HostKeyAlgorithms ssh-ed25519", "HostKeyAlgorithms ssh-ed25519,ssh-dss"),
        {"MG-03": "HostKeyAlgorithms ssh-ed25519,ssh-dss"},
    ),
    "a community beside SNMP version 3": (
        Changed(SNMP, "\nrouser ", "\nrocommunity public\nrouser "),
        {"MG-04": "rocommunity public"},
    ),
    "an SNMP user let in without encryption": (
        Changed(SNMP, "rouser fosa priv", "rouser fosa auth"),
        {"MG-04": "rouser fosa auth -V fosa"},
    ),
    "an SNMP user with MD5": (Changed(SNMP, "SHA-256", "MD5"), {"MG-04": "rouser fosa priv -V fosa"}),
    "logs sent elsewhere": (
        Changed(RSYSLOG, 'target="10.64.1.20"', 'target="10.64.1.99"'),
        {"LG-01": 'target="10.64.1.99"'},
    ),
    "logs in clear": (Changed(RSYSLOG, 'StreamDriverMode="1"', 'StreamDriverMode="0"'), {"LG-01": None}),
    "a log server that need not prove itself": (
        Changed(RSYSLOG, 'StreamDriverAuthMode="x509/name"', 'StreamDriverAuthMode="anon"'),
        {"LG-01": None},
    ),
    "one source of time": (
        Changed(CHRONY, "server 192.0.2.124 iburst\n", ""),
        {"TM-01": "server 192.0.2.123 iburst"},
    ),
    "a source of time nobody named": (
        Changed(CHRONY, "server 192.0.2.124 iburst\n", "server 192.0.2.124 iburst\nserver 198.51.100.99\n"),
        {"TM-01": "server 198.51.100.99"},
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_found_by_its_rules_with_its_line(name: str) -> None:
    change, expected = TRAPS[name]
    found = failures(judged(pila(), facts_of(pila(), "gw-b", change)))
    assert set(found) == set(expected)
    for rule, text in expected.items():
        assert text is None or text in lines(found[rule]), [str(f.message) for f in found[rule]]
        assert all(finding.fix for finding in found[rule])
