"""Which section of a Linux gateway says what: of a device as it runs, or of the files it should have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.basis import Basis
from monitor.facts.firewall import Firewall
from monitor.facts.linux_gateway.chrony import read_chrony
from monitor.facts.linux_gateway.routes import ROUTING, read_routing
from monitor.facts.linux_gateway.rsyslog import read_rsyslog
from monitor.facts.linux_gateway.snmpd import read_snmpd
from monitor.facts.linux_gateway.sshd import conditional, read_effective, read_file, services
from monitor.facts.linux_gateway.swanctl import read_connections
from monitor.facts.linux_gateway.ulogd import read_ulogd
from monitor.facts.model import Facts, Ipsec, Logging, Service, Snmp, Ssh, Timing
from monitor.facts.nftables.ruleset import read_ruleset
from monitor.facts.routing import Routing
from monitor.facts.text import Text

__all__ = ["read_gateway"]

_NFTABLES, _SWANCTL = "file /etc/nftables.conf", "file /etc/swanctl/conf.d/fosa.conf"
_SSHD, _CHRONY = "file /etc/ssh/sshd_config", "file /etc/chrony/chrony.conf"
_ULOGD, _RSYSLOG, _SNMPD = "file /etc/ulogd.conf", "file /etc/rsyslog.conf", "file /etc/snmp/snmpd.conf"
_KERNEL, _CHARON, _EFFECTIVE = "kernel nftables", "charon connections", "sshd effective"


def read_gateway(empty: Facts, sections: Mapping[str, str]) -> Facts:
    """Everything the sections say.

    Of a running device the word of its kernel and its daemons counts, and a file only where nothing else tells.
    Intended text has nothing but files.
    """
    reader = _Reader(sections)
    intended = empty.basis is Basis.INTENDED
    ssh = reader.ssh_file() if intended else reader.ssh()
    reader.services += services(ssh) if ssh is not None else ()
    return replace(
        empty,
        firewall=reader.firewall(_NFTABLES if intended else _KERNEL),
        ipsec=reader.ipsec(),
        ssh=ssh,
        snmp=reader.snmp(),
        logging=reader.logging(),
        timing=reader.timing(),
        routing=None if intended else reader.routing(),
        services=tuple(reader.services),
        sections=tuple(text.section() for text in reader.read.values()),
    )


@dataclass(slots=True)
class _Reader:
    sections: Mapping[str, str]
    read: dict[str, Text] = field(default_factory=dict)
    """The sections that were there and looked at."""
    services: list[Service] = field(default_factory=list)

    def text(self, name: str) -> Text | None:
        if name not in self.sections:
            return None
        return self.read.setdefault(name, Text(name, self.sections[name]))

    def firewall(self, name: str) -> Firewall | None:
        text = self.text(name)
        return read_ruleset(text) if text is not None else None

    def ipsec(self) -> Ipsec | None:
        return read_connections(self.text(_SWANCTL), self.text(_CHARON))

    def ssh(self) -> Ssh | None:
        """What is in force, and the lines of the file that this does not show."""
        effective, file = self.text(_EFFECTIVE), self.text(_SSHD)
        ssh = read_effective(effective) if effective is not None else None
        if ssh is None or file is None:
            return ssh
        read_file(file)  # only for its odd lines
        return replace(ssh, conditional=conditional(file), sources=(*ssh.sources, file.source))

    def ssh_file(self) -> Ssh | None:
        text = self.text(_SSHD)
        return replace(read_file(text), conditional=conditional(text)) if text is not None else None

    def snmp(self) -> Snmp | None:
        text = self.text(_SNMPD)
        if text is None:
            return None
        snmp, found = read_snmpd(text)
        self.services += found
        return snmp

    def routing(self) -> Routing | None:
        """All of it or nothing: a rule that was not read may send everything elsewhere."""
        texts = {name: text for name in ROUTING if (text := self.text(name)) is not None}
        return read_routing(texts) if len(texts) == len(ROUTING) else None

    def timing(self) -> Timing | None:
        text = self.text(_CHRONY)
        if text is None:
            return None
        timing, found = read_chrony(text)
        self.services += found
        return timing

    def logging(self) -> Logging | None:
        text, packets = self.text(_RSYSLOG), self.text(_ULOGD)
        logs = read_ulogd(packets) if packets is not None else None
        if text is None:
            return None
        said = read_rsyslog(text)
        self.services += said.services
        sources = (text.source, packets.source) if packets is not None else (text.source,)
        return Logging(tuple(said.targets), logs, tuple(said.elsewhere), sources)
