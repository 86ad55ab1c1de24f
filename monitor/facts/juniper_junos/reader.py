"""The one text of a Junos switch as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.facts.juniper_junos import filters, people, ports, services
from monitor.facts.juniper_junos.doubts import doubted
from monitor.facts.juniper_junos.tree import Read, read_tree
from monitor.facts.model import Facts, Section
from monitor.facts.switch import AccessList, SwitchFacts
from monitor.facts.text import Text, digest

__all__ = ["read_junos"]

_NAME = "running-config"


def read_junos(facts: Facts, sections: Mapping[str, str]) -> Facts:
    """What the text says."""
    said = sections.get(_NAME)
    if said is None:
        return facts
    text = Text(_NAME, said.replace("\r", ""))
    read = read_tree(text)
    opened = tuple(services.services(read))
    said_of = replace(
        facts,
        ssh=services.ssh(read),
        snmp=services.snmp(read),
        logging=services.logging(read),
        timing=services.timing(read),
        services=opened,
        switch=_switch(read, tuple(filters.access_lists(read, opened))),
        sections=(Section(_NAME, digest(said), read.lines, tuple(text.unknown)),),
    )
    return doubted(said_of, read.strange)


def _switch(read: Read, lists: tuple[AccessList, ...]) -> SwitchFacts:
    return SwitchFacts(
        hostname=read.value("system", "host-name"),
        users=tuple(people.users(read)),
        stored=tuple(people.stored(read)),
        aaa=people.aaa(read),
        lines=people.lines(read),
        web=services.web(read),
        banner=people.banner(read),
        banner_known=True,
        lockout=people.lockout(read),
        passwords=people.passwords(read),
        vlans=tuple(ports.vlans(read)),
        ports=tuple(ports.ports(read)),
        access_lists=lists,
        layer2=ports.layer2(read),
        unneeded=tuple(services.unneeded(read)),
        change_log=services.change_log(read),
        sources=(read.text.source,),
    )
