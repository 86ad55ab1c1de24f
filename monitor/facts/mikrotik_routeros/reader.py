"""The one text of a RouterOS switch as facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from monitor.facts.mikrotik_routeros import people, ports, services
from monitor.facts.mikrotik_routeros.doubts import doubted, strayed
from monitor.facts.mikrotik_routeros.tree import Read, read_text
from monitor.facts.model import Facts, Section
from monitor.facts.switch import SwitchFacts
from monitor.facts.text import Text, digest

__all__ = ["read_routeros"]

_NAME = "running-config"
_SAID = re.compile(r"^[^\S\n]*+(?:[^\s#]|#(?:error|interrupted)\b)", re.MULTILINE)
"""How a line begins that is no comment."""


def read_routeros(facts: Facts, sections: Mapping[str, str]) -> Facts:
    """What the text says; of one that is none of RouterOS's, nothing is said."""
    said = sections.get(_NAME)
    if said is None:
        return facts
    text = Text(_NAME, said.replace("\r", ""))
    read = read_text(text)
    section = Section(_NAME, digest(said), len(_SAID.findall(text.text)), tuple(text.unknown))
    if not read.script.entries or strayed(read):
        return replace(facts, sections=(section,))
    said_of = replace(
        facts,
        ssh=services.ssh(read),
        snmp=services.snmp(read),
        logging=services.logging(read),
        timing=services.timing(read),
        services=tuple(services.services(read)),
        switch=_switch(read),
        sections=(section,),
    )
    return doubted(said_of, read)


def _switch(read: Read) -> SwitchFacts:
    return SwitchFacts(
        hostname=read.setting(("system", "identity"), "name"),
        users=people.users(read),
        stored=tuple(people.stored(read)),
        aaa=people.aaa(read),
        lines=tuple(people.lines(read)),
        web=services.web(read),
        # Over SSH the note comes after the login (manual, "/system/note").
        banner=None,
        banner_known=True,
        lockout=None,
        passwords=people.passwords(read),
        vlans=tuple(ports.vlans(read)),
        ports=ports.ports(read),
        access_lists=tuple(people.access_lists(read)),
        layer2=ports.layer2(read),
        unneeded=tuple(services.unneeded(read)),
        change_log=services.change_log(read),
        sources=(read.text.source,),
    )
