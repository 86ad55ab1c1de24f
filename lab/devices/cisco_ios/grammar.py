"""The commands the emulated IOS knows, mode by mode. Sources: Cisco's command references of IOS 15.2E and IOS XE 16."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["MODES", "ORDER", "Command", "Shown", "command"]


class Shown(StrEnum):
    """What a text shows of a command."""

    SAID = "said"
    """It, when it was said."""
    DENIED = "denied"
    """Its `no`: without a word it holds."""
    BOTH = "both"
    """Whichever holds."""
    NUMBERS = "numbers"
    """All the numbers that were said, together."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: a stem, which `no` takes by itself, and what follows it. Groups of the stem tell two of them apart."""

    stem: re.Pattern[str]
    whole: re.Pattern[str]
    shown: Shown
    opens: str
    """The mode behind it."""

    def key(self, text: str) -> tuple[str, ...]:
        """What tells a line of this command from others: the new one replaces the old one."""
        match = self.stem.fullmatch(text)
        return (self.stem.pattern, *(match.groups() if match is not None else (text,)))


def _command(stem: str, rest: str = "", shown: Shown = Shown.SAID, opens: str = "") -> Command:
    return Command(re.compile(rf"(?:{stem})(?: .*)?"), re.compile(rf"(?:{stem}){rest}"), shown, opens)


_IP = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_VLANS = r"\d[\d,-]*"
_HIDDEN = r"(?: (?:0|5|7|8|9))? \S+"
_ENTRY = r"(?:\d+ )?((?:permit|deny|remark) .+)"

_GLOBAL = (
    _command("hostname", r" [A-Za-z][\w.-]{0,62}"),
    _command(r"service (pad|dhcp)", shown=Shown.DENIED),
    _command(r"service (password-encryption)", shown=Shown.BOTH),
    _command(r"service (timestamps (?:debug|log))", r"(?: datetime| msec| localtime| show-timezone| year| uptime)*"),
    _command(r"service (tcp-keepalives-in|tcp-keepalives-out|finger|tcp-small-servers|udp-small-servers|config|"
             r"linenumber|sequence-numbers|unsupported-transceiver)"),
    _command("file prompt quiet"),
    _command("enable (secret|password)", r"(?: level \d+)?" + _HIDDEN),
    _command(r"username (\S+)", r"(?: privilege \d+)?(?: (?:secret|password)(?: [05789])? \S+)?"),
    _command("aaa new-model"),
    _command(r"aaa group server (?:radius|tacacs\+) (\S+)", opens="group"),
    _command(r"aaa ((?:authentication|authorization|accounting) \S+ \S+)", r"(?: [\w.+-]+)+"),
    _command("aaa session-id", " (?:common|unique)"),
    _command(r"radius server (\S+)", opens="radius"),
    _command(r"radius-server (host \S+|key|timeout|retransmit)", r"(?: \S+)*"),
    _command(r"tacacs-server (host \S+|key|timeout)", r"(?: \S+)*"),
    _command(r"ip (source-route|gratuitous-arps|domain-lookup)", shown=Shown.DENIED),
    _command("ip domain-name", r" \S+"),
    _command(r"ip (http server|http secure-server)", shown=Shown.BOTH),
    _command(r"ip (http authentication)", r" \S+"),
    _command("ip dhcp snooping vlan", f" ({_VLANS})", Shown.NUMBERS),
    _command("ip dhcp snooping information option", shown=Shown.DENIED),
    _command("ip dhcp snooping"),
    _command("ip arp inspection vlan", f" ({_VLANS})", Shown.NUMBERS),
    _command("ip arp inspection validate", r"(?: src-mac| dst-mac| ip)+"),
    _command("ip default-gateway", f" {_IP}"),
    _command(r"ip ssh (time-out|authentication-retries|version|dh min size)", r" \d+"),
    _command(r"ip ssh server algorithm (mac|encryption|kex|hostkey)", r"(?: [\w@.-]+)+"),
    _command("ip scp server enable"),
    _command(r"ip (finger|bootp server|rcmd rsh-enable|rcmd rcp-enable|ftp server enable)"),
    _command(r"ip access-list (standard|extended) (\S+)", opens="list"),
    _command(r"login block-for", r" \d+ attempts \d+ within \d+"),
    _command(r"login quiet-mode access-class", r" \S+"),
    _command(r"login (on-failure|on-success) log"),
    _command("vstack", shown=Shown.DENIED),
    _command("vtp mode", " (?:server|client|transparent|off)"),
    _command("vtp domain", r" \S+"),
    _command("archive", opens="archive"),
    _command("spanning-tree mode", " (?:pvst|rapid-pvst|mst)"),
    _command("spanning-tree extend system-id"),
    _command(r"spanning-tree (portfast (?:edge )?(?:default|bpduguard default))"),
    _command(r"spanning-tree (vlan \S+ priority)", r" \d+"),
    _command("dot1x system-auth-control"),
    _command(rf"vlan ({_VLANS})", opens="vlan"),
    _command("lldp run"),
    _command("cdp run", shown=Shown.DENIED),
    _command(r"interface ([A-Za-z]+ ?[\d/.]+)", opens="interface"),
    _command(r"logging (buffered|trap|source-interface|console|facility)", r"(?: \S+)+"),
    _command(r"logging (userinfo)"),
    _command(r"logging host (\S+)"),
    _command(r"snmp-server (community \S+)", r"(?: (?:RO|RW|ro|rw))?(?: \S+)?"),
    _command(r"snmp-server view (\S+ \S+)", r" (?:included|excluded)"),
    _command(r"snmp-server group (\S+ (?:v1|v2c|v3 (?:auth|noauth|priv)))",
             r"(?: (?:read|write|notify|access) \S+)*"),
    _command(r"snmp-server user (\S+) \S+ v3", r" auth (?:md5|sha) \S+ priv (?:des|3des|aes (?:128|192|256)) \S+"
             r"(?: access \S+)?", Shown.NEVER),
    _command(r"snmp-server host (\S+)", r"(?: \S+)+"),
    _command(r"snmp-server (location|contact)", r" .+"),
    _command(r"line (con 0|vty \d+(?: \d+)?)", opens="line"),
    _command("ntp authenticate"),
    _command(r"ntp authentication-key (\d+)", r" md5 \S+(?: 7)?"),
    _command(r"ntp trusted-key (\d+)"),
    _command("ntp source", r" \S+"),
    _command(rf"ntp server ({_IP})", r"(?: key \d+)?(?: prefer)?"),
)  # fmt: skip
_INTERFACE = (
    _command("description", r" .+"),
    _command("switchport access vlan", r" \d+"),
    _command("switchport voice vlan", r" \d+"),
    _command("switchport trunk native vlan", r" \d+"),
    _command("switchport trunk allowed vlan", f" ((?:add )?{_VLANS})", Shown.NUMBERS),
    _command("switchport mode", " (?:access|trunk|dynamic auto|dynamic desirable)"),
    _command("switchport nonegotiate"),
    _command("switchport port-security maximum", r" \d+"),
    _command("switchport port-security violation", " (?:protect|restrict|shutdown)"),
    _command("switchport port-security"),
    _command("shutdown"),
    _command("spanning-tree portfast(?: edge)?"),
    _command("spanning-tree bpduguard", " (?:enable|disable)"),
    _command(r"storm-control (\S+) level", r" [\d.]+"),
    _command("storm-control action", r" \S+"),
    _command("authentication host-mode", r" \S+"),
    _command("authentication port-control", r" (?:auto|force-authorized|force-unauthorized)"),
    _command("dot1x pae authenticator"),
    _command("mab"),
    _command("lldp (transmit|receive)", shown=Shown.DENIED),
    _command("cdp enable", shown=Shown.DENIED),
    _command("ip dhcp snooping trust"),
    _command("ip arp inspection trust"),
    _command("ip address", f" {_IP} {_IP}", Shown.BOTH),
    _command("ip (redirects|unreachables|proxy-arp)", shown=Shown.DENIED),
    _command("(speed|duplex)", r" \w+"),
    _command(r"channel-group", r" \d+ mode \w+"),
)
_LINE = (
    _command("access-class", r" \S+ in"),
    _command("exec-timeout", r" \d+(?: \d+)?"),
    _command("transport input", r"(?: \w+)+"),
    _command("login(?: local)?"),
    _command("login authentication", r" \S+"),
    _command("password", _HIDDEN),
    _command("privilege level", r" \d+"),
    _command("logging synchronous"),
    _command("length", r" \d+"),
)

MODES: dict[str, tuple[str, tuple[Command, ...]]] = {
    "": ("config", _GLOBAL),
    "interface": ("config-if", _INTERFACE),
    "vlan": ("config-vlan", (_command("name", r" \S{1,32}"),)),
    "line": ("config-line", _LINE),
    "archive": (
        "config-archive",
        (_command("log config", opens="log"), _command("path", r" \S+"), _command("maximum", r" \d+")),
    ),
    "log": (
        "config-archive-log-cfg",
        (_command("logging enable"), _command("notify syslog contenttype plaintext"), _command("hidekeys")),
    ),
    "radius": (
        "config-radius-server",
        (_command("address ipv4", rf" {_IP} auth-port \d+ acct-port \d+"), _command("key", r"(?: [07])? \S+")),
    ),
    "group": ("config-sg-radius", (_command(r"server name (\S+)"),)),
    "list": ("config-std-nacl", (_command(_ENTRY),)),
}
"""Mode -> what its prompt says, and its commands."""


ORDER = {(mode, each.stem.pattern): place for mode, (_, known) in MODES.items() for place, each in enumerate(known)}
"""Mode and stem -> the place in which a text shows it."""


def command(mode: str, text: str, *, negated: bool) -> Command | None:
    """The command of a mode that is meant, the longest first; None: there is none."""
    found = (each for each in MODES[mode][1] if (each.stem if negated else each.whole).fullmatch(text) is not None)
    return max(found, key=lambda each: len(each.stem.pattern), default=None)
