"""The one way in: the running text of an ArubaOS-Switch as facts. Never fails, whatever the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.facts.draft import Draft, doubted, read_lines
from monitor.facts.hp_procurve import management, people, ports
from monitor.facts.indent import Block, blocks, numbered
from monitor.facts.model import Facts
from monitor.facts.switch import SwitchFacts
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where
from templates.hp_procurve.text import Banner, divided, unquoted

__all__ = ["read_procurve"]

_SECTION = "running-config"
_KNOWN = frozenset({
    "Running", "Startup", "exit", "end", "module", "time", "timezone", "max-vlans", "primary-vlan",
    "management-vlan", "trunk", "stack", "fault-finder", "cdp", "autorun", "dhcp", "crypto",
    "vlan-precedence", "alias", "router", "class", "policy", "qos", "mirror", "sflow", "gvrp",
    "power-over-ethernet", "loop-protect", "ipv6", "access-list", "mac-age-time", "oobm", "device-profile",
    "job", "cwmp", "aruba-central", "instrumentation", "rate-limit", "broadcast-limit", "monitor", "igmp",
    "mesh", "filter", "lockout-mac", "connection-rate-filter", "vsf", "stacking", "flexible-module",
    "front-panel-security", "activate", "rest-interface", "allow-v1-modules", "allow-v2-modules",
    "energy-efficient-ethernet", "device-identity", "usb-port", "redundancy", "arp", "dns", "domain",
    "mac-notify", "link-keepalive", "smart-link", "banner",
})  # fmt: skip
"""First words of lines that are of no matter for what fosa judges; nor is what stands under them."""
_PARTS = {
    "users": {"password", "include-credentials"},
    "stored": {"password", "radius-server", "tacacs-server", "snmpv3"},
    "aaa": {"aaa", "radius-server", "tacacs-server"},
    "lines": {"console", "telnet-server"},
    "web": {"web-management"},
    "lockout": {"aaa"},
    "passwords": {"password"},
    "vlans": {"vlan"},
    "ports": {"vlan"},
    "access_lists": {"ip"},
    "layer2": {"spanning-tree", "dhcp-snooping", "arp-protect"},
}
"""What is not known any more where such a line was not understood."""


def read_procurve(facts: Facts, sections: Mapping[str, str]) -> Facts:
    """The facts with what the section `running-config` says; without that section as they were."""
    if (said := sections.get(_SECTION)) is None:
        return facts
    text = Text(_SECTION, said, comments=";")
    parted = divided(said.replace("\r", ""))
    top = blocks(numbered(parted.text, comments=";"))
    draft = Draft(text)
    read_lines(draft, top, {**management.READERS, **people.READERS, **ports.READERS, "hostname": _hostname}, _KNOWN)
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
    if len(words) > 1:
        draft.keep("hostname", block)


def _switch(draft: Draft, banners: tuple[Banner, ...]) -> SwitchFacts:
    name = draft.last("hostname")
    shown = [banner for banner in banners if banner.kind == "motd" and any(banner.lines)]
    banner = (
        Fact("\n".join(shown[-1].lines), Where(draft.text.source, shown[-1].number, "banner motd")) if shown else None
    )
    return SwitchFacts(
        hostname=None if name is None else draft.fact(name, unquoted(name.text)[9:].strip('"')),
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
        unneeded=management.unneeded(draft),
        change_log=management.change_log(draft),
        sources=(draft.text.source,),
    )
