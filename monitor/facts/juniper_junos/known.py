"""The statements that are understood: read into facts, or known to say nothing a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FIRST_WORDS", "KNOWN", "NOTHING", "SYSTEM_WORDS", "Known", "understood"]

_TEXT = """
version
apply-groups *
chassis ...
class-of-service ...
forwarding-options storm-control-profiles * all ...
forwarding-options storm-control-profiles * action-shutdown
interfaces interface-range * member *
interfaces interface-range * member-range * to *
interfaces * description *
interfaces * disable
interfaces * enable
interfaces * mtu *
interfaces * native-vlan-id *
interfaces * ether-options ...
interfaces * speed *
interfaces * unit * description *
interfaces * unit * disable
interfaces * unit * family ethernet-switching interface-mode *
interfaces * unit * family ethernet-switching port-mode *
interfaces * unit * family ethernet-switching native-vlan-id *
interfaces * unit * family ethernet-switching vlan members *
interfaces * unit * family ethernet-switching storm-control *
interfaces * unit * family ethernet-switching filter ...
interfaces * unit * family inet address ...
interfaces * unit * family inet dhcp ...
interfaces * unit * family inet filter input *
interfaces * unit * family inet filter input-list *
interfaces * unit * family inet filter output *
interfaces * unit * family inet6 ...
firewall family inet filter * term * from source-address ...
firewall family inet filter * term * from destination-address ...
firewall family inet filter * term * from source-prefix-list ...
firewall family inet filter * term * from protocol *
firewall family inet filter * term * from port *
firewall family inet filter * term * from source-port *
firewall family inet filter * term * from destination-port *
firewall family inet filter * term * from tcp-established
firewall family inet filter * term * from tcp-initial
firewall family inet filter * term * from icmp-type *
firewall family inet filter * term * then ...
firewall family ethernet-switching ...
firewall policer ...
policy-options ...
poe ...
routing-options static ...
security pki ...
security ssh-known-hosts ...
access radius-server ...
access profile ...
snmp name *
snmp description *
snmp location ...
snmp contact ...
snmp community * authorization *
snmp community * clients ...
snmp community * view *
snmp client-list ...
snmp interface *
snmp view ...
snmp engine-id ...
snmp v3 usm ...
snmp v3 vacm ...
snmp v3 target-address ...
snmp v3 target-parameters ...
snmp v3 notify ...
snmp trap-group ...
snmp trap-options ...
switch-options interface * interface-mac-limit ...
switch-options interface * persistent-learning
switch-options interface * no-mac-learning
switch-options voip interface * ...
system accounting ...
system authentication-order *
system auto-snapshot
system autoinstallation ...
system commit ...
system domain-name *
system domain-search *
system host-name *
system internet-options ...
system license ...
system location ...
system login announcement *
system login class * idle-timeout *
system login class * permissions *
system login class * login-alarms
system login class * allow-commands *
system login class * deny-commands *
system login message *
system login password minimum-length *
system login password maximum-length *
system login password format *
system login password change-type *
system login password minimum-changes *
system login password minimum-numerics *
system login password minimum-upper-cases *
system login password minimum-lower-cases *
system login password minimum-punctuations *
system login retry-options ...
system login user * authentication encrypted-password *
system login user * authentication ssh-rsa *
system login user * authentication ssh-ecdsa *
system login user * authentication ssh-ed25519 *
system login user * class *
system login user * full-name *
system login user * uid *
system max-configurations-on-flash *
system max-configuration-rollbacks *
system name-server ...
system no-ping-record-route
system no-ping-time-stamp
system no-redirects
system ntp authentication-key * ...
system ntp boot-server *
system ntp server * ...
system ntp peer * ...
system ntp source-address ...
system ntp trusted-key *
system phone-home ...
system ports console log-out-on-disconnect
system ports console insecure
system ports console disable
system ports console type *
system ports auxiliary ...
system processes ...
system radius-options ...
system radius-server * ...
system root-authentication encrypted-password *
system root-authentication ssh-rsa *
system root-authentication ssh-ecdsa *
system root-authentication ssh-ed25519 *
system services dhcp-local-server ...
system services finger ...
system services ftp ...
system services netconf ssh ...
system services netconf rfc-compliant
system services outbound-ssh ...
system services rest ...
system services ssh authentication-order *
system services ssh ciphers *
system services ssh client-alive-count-max *
system services ssh client-alive-interval *
system services ssh connection-limit *
system services ssh fingerprint-hash *
system services ssh hostkey-algorithm *
system services ssh key-exchange *
system services ssh log-key-changes
system services ssh macs *
system services ssh max-sessions-per-connection *
system services ssh max-pre-authentication-packets *
system services ssh no-passwords
system services ssh no-public-keys
system services ssh no-tcp-forwarding
system services ssh tcp-forwarding
system services ssh port *
system services ssh protocol-version *
system services ssh rate-limit *
system services ssh root-login *
system services telnet ...
system services tftp-server ...
system services web-management http ...
system services web-management https ...
system services web-management session ...
system services xnm-clear-text ...
system services xnm-ssl ...
system syslog ...
system tacplus-options ...
system tacplus-server * ...
system time-zone *
vlans * description *
vlans * l3-interface *
vlans * vlan-id *
vlans * interface *
vlans * forwarding-options dhcp-security arp-inspection
vlans * forwarding-options dhcp-security ip-source-guard
vlans * forwarding-options dhcp-security group * interface ...
vlans * forwarding-options dhcp-security group * overrides trusted
vlans * forwarding-options dhcp-security group * overrides untrusted
virtual-chassis ...
protocols dot1x authenticator ...
protocols igmp-snooping ...
protocols layer2-control bpdu-block interface * ...
protocols layer2-control bpdu-block disable-timeout *
protocols lldp interface * ...
protocols lldp management-address *
protocols lldp port-id-subtype *
protocols lldp-med interface * ...
protocols rstp ...
protocols mstp ...
protocols vstp ...
"""
"""`*`: one word of any kind; `...`: anything, or nothing. A statement that stops half-way says nothing, and is one."""


class Known:
    """What is understood behind a word."""

    __slots__ = ("other", "words")

    def __init__(self) -> None:
        self.words: dict[str, Known] = {}
        """By the next one."""
        self.other = self
        """Behind a next word that is none of these."""


NOTHING = Known()
"""Nothing, nor the word itself."""
_ANYTHING = Known()


def _made() -> Known:
    top = Known()
    top.other = NOTHING
    for row in _TEXT.split("\n"):
        at = top
        for word in row.split():
            at = _behind(at, word)
    top.words["version"].other = _ANYTHING
    top.words["firewall"].words["filter"] = top.words["firewall"].words["family"].words["inet"].words["filter"]
    # What a range gives its members is what could stand at each of them.
    interfaces = top.words["interfaces"]
    ranged = interfaces.words["interface-range"].other
    ranged.words = {**interfaces.other.words, **ranged.words}
    return top


def _behind(at: Known, word: str) -> Known:
    if word == "...":
        at.other = _ANYTHING
        return _ANYTHING
    found = at.other if word == "*" else at.words.get(word, NOTHING)
    if found is NOTHING:
        found = Known()
        found.other = NOTHING
        if word == "*":
            at.other = found
        else:
            at.words[word] = found
    return found


KNOWN = _made()
FIRST_WORDS = frozenset({
    *KNOWN.words, "accounting-options", "applications", "bridge-domains", "dynamic-profiles", "event-options", "fabric",
    "multi-chassis", "multicast-snooping-options", "routing-instances", "schedulers", "services", "unified-edge",
})  # fmt: skip
"""What a statement of Junos may begin with (Juniper, "CLI User Guide": top-level statements); nothing else does."""
SYSTEM_WORDS = frozenset({
    *KNOWN.words["system"].words, "arp", "backup-router", "configuration-database", "ddos-protection",
    "default-address-selection", "dump-device",
    "encrypt-configuration-files", "extensions", "fips", "inet6-backup-router", "kernel-replication",
    "management-instance", "master-password", "mirror-flash-on-disk", "no-multicast-echo", "packet-forwarding-options",
    "pic-console-authentication", "proxy", "saved-core-context", "saved-core-files", "scripts", "static-host-mapping",
    "storage", "switchover-on-routing-crash", "tracing",
})  # fmt: skip
"""The same below `system`."""


def understood(words: Sequence[str]) -> bool:
    """Whether a statement is one of these."""
    at = KNOWN
    for word in words:
        at = at.words.get(word, at.other)
    return at is not NOTHING
