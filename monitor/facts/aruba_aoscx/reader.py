"""The one way in: the running text of a switch with AOS-CX as facts. Never fails, whatever the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.facts.aruba_aoscx import management, people, ports
from monitor.facts.draft import Draft, doubted, read_lines
from monitor.facts.indent import Block, blocks, numbered
from monitor.facts.model import Facts
from monitor.facts.switch import SwitchFacts
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where
from templates.aruba_aoscx.text import Banner, divided

__all__ = ["read_aoscx"]

_SECTION = "running-config"
_KNOWN = frozenset({
    "Current", "Startup", "end", "exit", "led", "clock", "vsf", "vrf", "loop-protect", "qos", "module",
    "system", "ip", "ipv6", "class", "policy", "mirror", "sflow", "bluetooth", "usb", "router", "debug",
    "profile", "banner", "alias", "crypto", "event", "mac", "hosts", "copp-policy", "errdisable",
    "redundant-management", "energy-efficient-ethernet", "front-panel-security", "job", "schedule",
    "cfg-restore", "fault-monitor", "user-group", "erps", "mvrp", "power-over-ethernet", "aruba-central",
    "client", "device-fingerprinting", "mdns-sd", "smartlink", "nae-script", "nae-agent",
    "allow-unsupported-transceiver", "diag-dump", "route-map", "prefix-list", "dhcpv4-relay", "dhcpv6-snooping",
    "object-group", "track", "svi", "vsx", "lacp", "include-credentials", "tftp",
})  # fmt: skip
"""First words of lines that are of no matter for what fosa judges; nor is what stands under them."""
_PARTS = {
    "users": {"user"},
    "stored": {"user", "radius-server", "tacacs-server", "snmpv3"},
    "aaa": {"aaa", "radius-server", "tacacs-server"},
    "lines": {"cli-session", "ssh", "telnet"},
    "web": {"https-server"},
    "lockout": {"aaa"},
    "passwords": {"password"},
    "vlans": {"vlan"},
    "access_lists": {"access-list", "apply"},
    "layer2": {"spanning-tree", "dhcpv4-snooping"},
}
"""What is not known any more where such a line was not understood."""


def read_aoscx(facts: Facts, sections: Mapping[str, str]) -> Facts:
    """The facts with what the section `running-config` says; without that section as they were."""
    if (said := sections.get(_SECTION)) is None:
        return facts
    text = Text(_SECTION, said, comments="!")
    parted = divided(said.replace("\r", ""))
    top = blocks(numbered(parted.text))
    draft = Draft(text)
    read_lines(
        draft,
        top,
        {**management.READERS, **people.READERS, **ports.READERS, "hostname": _hostname, "dhcp-server": _dhcp},
        _KNOWN,
    )
    found = replace(
        facts,
        ssh=management.ssh(draft),
        snmp=management.snmp(draft),
        logging=management.logging(draft),
        timing=management.timing(draft),
        services=tuple(management.opened(draft)),
        switch=_switch(draft, parted.banners),
    )
    return replace(doubted(found, top, _PARTS), sections=(*facts.sections, draft.section(top)))


def _hostname(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) == 2:
        draft.keep("hostname", block)


def _dhcp(draft: Draft, block: Block, _words: list[str]) -> None:
    draft.keep("dhcp-server", block)
    for child in block.children:
        child.read = True
        for each in child.children:
            each.read = True


def _switch(draft: Draft, banners: tuple[Banner, ...]) -> SwitchFacts:
    name = draft.last("hostname")
    shown = [banner for banner in banners if banner.kind == "motd" and banner.lines]
    banner = (
        Fact("\n".join(shown[-1].lines), Where(draft.text.source, shown[-1].number, "banner motd")) if shown else None
    )
    return SwitchFacts(
        hostname=None if name is None else draft.fact(name, name.text.split(" ")[1]),
        users=people.users(draft),
        stored=people.stored(draft),
        aaa=people.aaa(draft),
        lines=people.lines(draft),
        web=management.web(draft),
        banner=banner,
        banner_known=True,
        lockout=people.lockout(draft),
        passwords=people.passwords(draft),
        vlans=ports.vlans(draft),
        ports=ports.ports(draft),
        access_lists=people.access_lists(draft),
        layer2=ports.layer2(draft),
        unneeded=tuple(draft.fact(block, "dhcp-server") for block in draft.all("dhcp-server")),
        change_log=management.change_log(draft),
        sources=(draft.text.source,),
    )
