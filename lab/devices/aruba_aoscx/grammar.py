"""The commands the emulated AOS-CX knows, mode by mode. Sources: Aruba's command references of 10.06 to 10.14."""

from __future__ import annotations

from lab.devices.lines import Grammar, command

__all__ = ["GRAMMAR"]

_IP = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_VLANS = r"\d[\d,-]*"
_KEY = r"(?: (?:plaintext|ciphertext))? \S+"
_ORDER = r"(?: (?:group \S+|local|none))+"

_GLOBAL = (
    command("hostname", r" [A-Za-z][\w.-]{0,31}"),
    command(r"user (\S+)", r" (?:group \S+ )?password (?:plaintext|ciphertext) \S+"),
    command("cli-session", opens="cli-session"),
    command("password complexity", opens="complexity"),
    command(r"logging (\d\S*)", r"(?: (?:udp|tcp|tls)(?: \d+)?)?(?: severity \w+)?(?: vrf \S+)?"
            r"(?: include-auditable-events)?"),
    command("ntp (enable|authentication)"),
    command(r"ntp authentication-key (\d+)", r" (?:md5|sha1)" + _KEY + "(?: trusted)?"),
    command(r"ntp trusted-key (\d+)"),
    command(r"ntp server (\S+)", r"(?: key-id \d+)?(?: (?:minpoll|maxpoll|version) \d+)*(?: iburst)?(?: prefer)?"),
    command("ntp vrf", r" \S+"),
    command(rf"radius-server host ({_IP})", r"(?: port \d+)?(?: key" + _KEY + r")?(?: vrf \S+)?"),
    command(rf"tacacs-server host ({_IP})", r"(?: port \d+)?(?: key" + _KEY + r")?(?: vrf \S+)?"),
    command(r"aaa group server (?:radius|tacacs) (\S+)", opens="group"),
    command(r"aaa authentication login (\S+)", _ORDER),
    command("aaa authentication limit-login-attempts", r" \d{1,2} lockout-time \d{1,4}"),
    command("aaa authentication console-login-attempts", r" \d{1,2} console-lockout-time \d{1,4}"),
    command("aaa authentication port-access dot1x authenticator", opens="dot1x"),
    command(r"aaa accounting (all-mgmt \S+)", r" start-stop" + _ORDER),
    command(r"access-list ip (\S+)", opens="list"),
    command(r"apply access-list ip \S+ (control-plane vrf \S+)"),
    command("port-access port-security enable"),
    command("dhcpv4-snooping"),
    command(r"ssh server vrf (\S+)"),
    command(r"telnet server vrf (\S+)"),
    command(r"https-server vrf (\S+)"),
    command("ssh (ciphers|macs|key-exchange-algorithms|host-key-algorithms|public-key-algorithms)", r"(?: [\w@.-]+)+"),
    command("ssh maximum-auth-attempts", r" \d+"),
    command(r"snmp-server vrf (\S+)"),
    command("snmp-server snmpv3-only"),
    command(r"snmp-server community (\S+)"),
    command(r"snmp-server (system-location|system-contact)", r" .+"),
    command("snmpv3 security-level", " (?:no-auth|auth|auth-privacy)"),
    command(r"snmpv3 user (\S+)", r" auth (?:md5|sha|sha224|sha256|sha384|sha512) auth-pass" + _KEY
            + r" priv (?:des|aes|aes192|aes256) priv-pass" + _KEY),
    command(rf"vlan ({_VLANS})", opens="vlan"),
    command("spanning-tree"),
    command("spanning-tree mode", " (?:mstp|rpvst)"),
    command("lldp", denied=True),
    command(r"interface (\d+/\d+/\d+|vlan ?\d+|lag \d+|mgmt)", opens="interface"),
    command(rf"ip route (\S+ {_IP})"),
    command("clock timezone", r" \S+"),
)  # fmt: skip
_INTERFACE = (
    command("shutdown", denied=True),
    command("description", r" .+"),
    command("routing", denied=True),
    command("vlan access", r" \d+"),
    command("vlan trunk native", r" \d+(?: tag)?"),
    command("vlan trunk allowed", f" (?:all|{_VLANS})"),
    command(r"rate-limit (broadcast|multicast|unknown-unicast)", r" \d+ (?:kbps|pps)"),
    command("arp inspection trust"),
    command("dhcpv4-snooping trust"),
    command("lldp (transmit|receive)", denied=True),
    command("spanning-tree (bpdu-guard|bpdu-filter|root-guard)"),
    command("spanning-tree port-type", " (?:admin-edge|admin-network)"),
    command("port-access port-security", opens="port-security"),
    command("aaa authentication port-access client-limit", r" \d+"),
    command("aaa authentication port-access dot1x authenticator", opens="port-dot1x"),
    command("ip address", r" \S+/\d+"),
    command("ip dhcp"),
    command("lag", r" \d+"),
    command("mtu", r" \d+"),
)
_ENABLE = command("enable")

GRAMMAR: Grammar = {
    "": ("config", _GLOBAL),
    "interface": ("config-if", _INTERFACE),
    "vlan": (
        "config-vlan-{}",
        (
            command("name", r" \S{1,32}"),
            command("description", r" .+"),
            command("(voice|dhcpv4-snooping|arp inspection)"),
            command("shutdown"),
        ),
    ),
    "cli-session": ("config-cli-session", (command("timeout", r" \d+"), command("max-per-user", r" \d"))),
    "complexity": ("config-pwd-cplx", (command("minimum-length", r" \d+"), _ENABLE)),
    "group": ("config-sg", (command(rf"server ({_IP})", r"(?: vrf \S+)?"),)),
    "dot1x": ("config-dot1x-auth", (command("radius server-group", r" \S+"), _ENABLE)),
    "list": (
        "config-acl-ip",
        (command(r"(\d+)", r" (?:permit|deny) \S+ \S+ \S+(?: eq \d+)?(?: log)?"),),
    ),
    "port-security": ("config-if-port-security", (command("client-limit", r" \d+"), _ENABLE)),
    "port-dot1x": ("config-if-dot1x-auth", (_ENABLE, command("reauth"))),
}
"""Mode -> what its prompt says, and its commands."""
