"""The one way in: the running text of a switch with IOS as facts. Never fails, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from monitor.facts.cisco_ios import logins, ports, services
from monitor.facts.cisco_ios import passwords as secrets
from monitor.facts.cisco_ios.page import Page
from monitor.facts.indent import Block, torn, unread
from monitor.facts.model import Facts
from monitor.facts.switch import SwitchFacts
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["read_ios"]

_SECTION = "running-config"
_HOSTNAME = re.compile(r"hostname (\S+)")
_OF_LINE = re.compile(r"(?:no )?(?:exec-timeout|transport|access-class|login|session-timeout)\b")
_NO_MATTER = re.compile(
    r"Building configuration.*|Current configuration .*|Using \d+ .*|end|version .*|boot-.*|boot system .*|"
    r"(?:no )?service (?:timestamps|tcp-keepalives|password-encryption|sequence-numbers|compress-config|dhcp|"
    r"unsupported-transceiver|nagle|linenumber|slave-log|call-home|counters|internal).*|"
    r"(?:no )?ip (?:domain|routing|cef|gratuitous-arps|default-gateway|classless|forward-protocol|subnet-zero|"
    r"name-server|route|dhcp|arp|device|igmp|tftp|http|scp|host|multicast-routing|options|verify|sla|tcp|nbar|radius|tacacs)\b.*|"
    r"(?:no )?aaa (?!authentication login ).*|(?:no )?login (?:on-|quiet-mode|delay).*|"
    r"(?:no )?file (?:prompt|verify).*|(?:no )?dot1x .*|(?:no )?errdisable .*|"
    r"(?:no )?(?:lldp|cdp) (?:timer|holdtime|reinit|tlv-select|advertise-v2).*|"
    r"switch \d+ .*|system (?:mtu|env|disable).*|(?:no )?platform .*|license .*|clock .*|call-home.*|vtp .*|"
    r"vlan (?:internal|dot1q|access-log).*|(?:no )?mls .*|(?:no )?mac .*|transceiver .*|diagnostic .*|power .*|"
    r"(?:no )?auto .*|class-map .*|policy-map .*|control-plane.*|redundancy.*|memory .*|hw-module .*|"
    r"ntp clock-period .*|alias .*|macro .*|template .*|device-tracking .*|access-session .*|authentication .*|"
    r"radius-server .*|crypto (?:pki|key).*|certificate .*|quit|sdm .*|event .*|privilege .*|flow .*|monitor .*|qos .*|"
    r"(?:no )?ipv6 .*|(?:no )?network-clock .*|no ip .*|no vstack|no setup .*|stack-.*|udld .*|port-channel .*|"
    r"security (?:passwords|authentication) .*|password encryption aes|key config-key .*|no service .*"
)
"""Known to IOS, and of no matter for what fosa judges; nor is what stands under it."""
_PARTS = {
    "users": {"username", "enable"},
    "stored": {"username", "enable"},
    "aaa": {"radius", "tacacs", "tacacs-server", "aaa"},
    "lines": {"line"},
    "lockout": {"login"},
    "vlans": {"vlan"},
    "access_lists": {"access-list", "ip"},
}
"""What is not known any more where a line with such a first word was not understood."""


def read_ios(facts: Facts, sections: Mapping[str, str]) -> Facts:
    """The facts with what the section `running-config` says; without that section as they were."""
    if _SECTION not in sections:
        return facts
    text = Text(_SECTION, sections[_SECTION], comments="!")
    page = Page(text)
    found = replace(
        facts,
        ssh=services.ssh(page),
        snmp=services.snmp(page),
        logging=services.logging(page),
        timing=services.timing(page),
        services=tuple(services.opened(page)),
        switch=_switch(page),
    )
    _pass_over(page.top)
    for where in unread(text, page.top):
        text.odd(where)
    return replace(_doubted(found, page.top), sections=(*facts.sections, text.section()))


def _switch(page: Page) -> SwitchFacts:
    names = [page.fact(block, match[1]) for block, match in page.matching("hostname", _HOSTNAME)]
    return SwitchFacts(
        hostname=names[-1] if names else None,
        users=secrets.users(page),
        stored=secrets.stored(page),
        aaa=logins.aaa(page),
        lines=logins.lines(page),
        web=services.web(page),
        banner=_banner(page),
        banner_known=True,
        lockout=logins.lockout(page),
        passwords=logins.passwords(page),
        vlans=ports.vlans(page),
        ports=ports.ports(page),
        access_lists=logins.access_lists(page),
        layer2=ports.layer2(page),
        unneeded=services.unneeded(page),
        change_log=_change_log(page),
        sources=(page.source,),
    )


def _banner(page: Page) -> Fact[str] | None:
    """Both that are shown before somebody logs in (Cisco, `banner motd`, `banner login`)."""
    shown = [banner for banner in page.banners if banner.kind in {"motd", "login"} and banner.lines]
    if not shown:
        return None
    where = Where(page.source, shown[0].number, f"banner {shown[0].kind}")
    return Fact("\n".join(line for banner in shown for line in banner.lines), where)


def _change_log(page: Page) -> Fact[bool]:
    """`archive`, `log config`, `logging enable`."""
    found = Fact(False, page.anywhere())
    for block in page.beginning("archive"):
        block.read = True
        for child in block.children:
            child.read = child.text.startswith(("path ", "maximum ", "log config", "time-period ", "write-memory"))
            for line in child.children if child.text == "log config" else ():
                line.read = line.text.startswith(("logging ", "notify syslog", "hidekeys", "record "))
                if line.text == "logging enable":
                    found = Fact(True, page.where(line))
    return found


def _doubted(found: Facts, top: list[Block]) -> Facts:
    """Without the parts of which a line was not understood: it may say the opposite of all that was."""
    words = {block.text.removeprefix("no ").partition(" ")[0].lower() for block in top if not block.read}
    words |= {
        "line" for block in top if block.text.startswith("line ") and not all(each.read for each in block.children)
    }
    if not words or found.switch is None:
        return found
    gone: dict[str, None] = {part: None for part, mine in _PARTS.items() if mine & words}
    if torn(top):
        gone["ports"] = None
    if torn(top, _OF_LINE):
        gone["lines"] = None
    switch = replace(found.switch, **gone)  # type: ignore[arg-type]  # fields by name
    if "banner" in words:
        switch = replace(switch, banner=None, banner_known=False)
    return replace(
        found,
        switch=switch,
        snmp=None if "snmp-server" in words else found.snmp,
        logging=None if "logging" in words else found.logging,
        timing=None if words & {"ntp", "sntp"} else found.timing,
        ssh=None if "ip" in words else found.ssh,
    )


def _pass_over(top: list[Block]) -> None:
    for block in top:
        if not block.read and _NO_MATTER.fullmatch(block.text) is not None:
            _read_whole(block)


def _read_whole(block: Block) -> None:
    waiting = [block]
    while waiting:
        one = waiting.pop()
        one.read = True
        waiting += one.children
