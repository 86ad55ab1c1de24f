"""The commands the emulated ArubaOS-Switch knows, mode by mode. Sources: HPE's guides of 16.02 to 16.09."""

from __future__ import annotations

from lab.devices.lines import Grammar, command

__all__ = ["GRAMMAR"]

_IP = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_NAME = r'(?:"[^"]*"|\S+)'
_KEY = r'(?:"[^"]+"|\S+)'
_METHODS = r"(?: (?:radius|tacacs|local|none))+"

_GLOBAL = (
    command("hostname", f" {_NAME}"),
    command("(include-credentials|encrypt-credentials)"),
    command("password (manager|operator)", f"(?: user-name {_NAME})? (?:plaintext|sha1|sha256) {_KEY}"),
    command("password minimum-length", r" \d+"),
    command("password non-plaintext-sha256"),
    command("console idle-timeout", r" \d+"),
    command("console idle-timeout serial-usb", r" \d+"),
    command("(telnet-server|web-management|autorun)", denied=True),
    command("web-management ssl"),
    command("tftp (client|server)", denied=True),
    command("cdp run", denied=True),
    command("dhcp (config-file-update|image-file-update|tr69-acs-url)", denied=True),
    command(rf"ip authorized-managers ({_IP} {_IP})", r"(?: access (?:manager|operator))?(?: access-method \w+)?"),
    command("ip ssh", denied=True),
    command(r"ip ssh (cipher \S+|kex \S+|mac \S+)", denied=True),
    command("ip default-gateway", f" {_IP}"),
    command(rf"ip route ({_IP} {_IP} {_IP})"),
    command(rf"radius-server host ({_IP})", f"(?: (?:encrypted-)?key {_KEY})?"),
    command(rf"tacacs-server host ({_IP})", f"(?: (?:encrypted-)?key {_KEY})?"),
    command("aaa authentication login privilege-mode"),
    command("aaa authentication ((?:console|ssh|telnet|web) (?:login|enable))", _METHODS),
    command("aaa authentication port-access", " (?:local|eap-radius|chap-radius)"),
    command("aaa authentication (num-attempts|lockout-delay)", r" \d+"),
    command("aaa accounting (commands|exec|network|system)", r" (?:start-stop|stop-only) radius"),
    command("aaa port-access authenticator active"),
    command(r"aaa port-access authenticator (\d+)"),
    command(r"aaa port-access authenticator (\d+) client-limit", r" \d+"),
    command(rf"logging ({_IP})"),
    command("logging severity", r" (?:major|error|warning|info|debug)"),
    command("logging facility", r" \w+"),
    command("logging notify running-config-change"),
    command(rf"snmp-server community ({_NAME})", r"(?: (?:operator|manager))?(?: (?:unrestricted|restricted))?"),
    command("snmp-server (contact|location)", f" {_NAME}"),
    command("snmpv3 (enable|only|restricted-access)"),
    command(rf"snmpv3 group (\S+) user ({_NAME})", " sec-model ver3"),
    command(rf"snmpv3 user ({_NAME})", f" auth (?:md5|sha) {_KEY} priv (?:des|aes) {_KEY}"),
    command("timesync", r" \w+"),
    command("sntp (unicast|broadcast)"),
    command(r"sntp server priority (\d)", f" {_IP}(?: \\d+)?"),
    command("ntp (unicast|enable|authentication)"),
    command(r"ntp authentication key-id (\d+)",
            rf" authentication-mode (?:md5|sha1) (?:key-value|encrypted-key) {_KEY}(?: trusted)?"),
    command(rf"ntp server ({_IP})", r"(?: key-id \d+)?(?: iburst)?"),
    command("spanning-tree"),
    command(r"spanning-tree (\d+ (?:admin-edge-port|bpdu-protection|bpdu-filter))"),
    command("dhcp-snooping"),
    command(rf"dhcp-snooping authorized-server ({_IP})"),
    command("dhcp-snooping option 82", denied=True),
    command(r"dhcp-snooping vlan (\d+)"),
    command("arp-protect"),
    command(r"arp-protect vlan (\d+)"),
    command(r"port-security (\d+)", r" learn-mode [\w-]+(?: address-limit \d+)?(?: action [\w-]+)?"),
    command(r"lldp admin-status (\d+)", " (?:disable|txonly|rxonly|tx_rx)"),
    command(r"vlan (\d{1,4})", opens="vlan"),
    command(r"interface (\d+)", opens="interface"),
)  # fmt: skip

GRAMMAR: Grammar = {
    "": ("config", _GLOBAL),
    "interface": (
        "eth-{}",
        (
            command("name", f" {_NAME}"),
            command("(disable|enable)"),
            command(r"untagged vlan (\d+)"),
            command(r"tagged vlan (\d+)"),
            command("rate-limit bcast in", r" percent \d+"),
            command("dhcp-snooping trust"),
            command("arp-protect trust"),
            command("speed-duplex", r" \S+"),
        ),
    ),
    "vlan": (
        "vlan-{}",
        (
            command("name", f" {_NAME}"),
            command("voice"),
            command("ip address", rf" (?:dhcp-bootp|{_IP} {_IP})"),
            command("(untagged|tagged) (\\S+)"),
        ),
    ),
}
"""Mode -> what its prompt says, and its commands."""
