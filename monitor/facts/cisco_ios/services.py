"""Services in a text of IOS: SSH, the web, SNMP, logs, time, and what nobody needs. Defaults: Cisco's references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.facts.cisco_ios.page import Page
from monitor.facts.model import Community, Logging, LogTarget, Service, Snmp, SnmpUser, Ssh, TimeServer, Timing
from monitor.facts.switch import Web
from monitor.facts.where import Fact, Where

__all__ = ["logging", "opened", "snmp", "ssh", "timing", "unneeded", "web"]

_ALGORITHMS = re.compile(r"ip ssh server algorithm (\S+)((?: \S+)+)")
_VERSION = re.compile(r"ip ssh version ([12])")
_SSH_REST = re.compile(
    r"ip ssh (?:time-out|authentication-retries|dh min size|logging|source-interface|port|maxstartups)\b.*"
)


def ssh(page: Page) -> Ssh:
    """`ip ssh`; version 1.99 where nothing is said (Cisco, `ip ssh version`): not known here."""
    named = {match[1]: Fact(tuple(match[2].split()), page.where(block))
             for block, match in page.matching("ip ssh", _ALGORITHMS)}  # fmt: skip
    versions = [Fact((int(match[1]),), page.where(block)) for block, match in page.matching("ip ssh", _VERSION)]
    for _ in page.matching("ip ssh", _SSH_REST):
        pass
    return Ssh(
        listen=(), kex=named.get("kex"), ciphers=named.get("encryption"), macs=named.get("mac"),
        host_key_algorithms=named.get("hostkey"), public_key_algorithms=None,
        versions=versions[-1] if versions else None, authentication_methods=None, passwords=None, empty_passwords=None,
        root=None, users=None, conditional=(), sources=(page.source,),
    )  # fmt: skip


_TLS = re.compile(r"ip http tls-version TLSv(\d\.\d)")


def web(page: Page) -> Web:
    """Both are shown, whichever holds."""
    found = [Fact((match[1],), page.where(block)) for block, match in page.matching("ip http", _TLS)]
    return Web(page.either("ip http server"), page.either("ip http secure-server"), found[-1] if found else None)


_COMMUNITY = re.compile(r"snmp-server community (\S+)(?: view \S+)?(?: (RO|RW))?(?: \S+)?", re.IGNORECASE)
_GROUP = re.compile(r"snmp-server group (\S+) v3 (auth|noauth|priv)((?: .+)?)")
_OLD_GROUP = re.compile(r"snmp-server group \S+ v(?:1|2c).*")
_USER = re.compile(
    r"snmp-server user (\S+) (\S+)(?: remote \S+)? v3(?: encrypted)?(?: auth (md5|sha(?: \d+|-2 \d+)?) \S+"
    r"(?: priv (des|3des|aes(?: \d+)?) \S+)?)?(?: access \S+)?"
)
_SNMP_REST = re.compile(
    r"snmp-server (?:view|enable|location|contact|host|source-interface|trap-source|chassis-id|ifindex|"
    r"tftp-server-list|packetsize|queue-length|system-shutdown|engineID|file-transfer|trap)\b.*"
)
_SHA = {"sha": "SHA", "md5": "MD5"}


def snmp(page: Page) -> Snmp:
    """Its users no running text shows: of a group without one the most that can be said is who would be let in."""
    communities = tuple(
        Community({"rw": "write"}.get((match[2] or "ro").lower(), "read"), page.where(block))
        for block, match in page.matching("snmp-server community", _COMMUNITY)
    )
    groups = {match[1]: (match, page.where(block)) for block, match in page.matching("snmp-server group", _GROUP)}
    shown = list(page.matching("snmp-server user", _USER))
    named = [_user(match, *groups.get(match[2], (None, page.where(block)))) for block, match in shown]
    hidden = [_hidden(name, match, where) for name, (match, where) in groups.items()
              if name not in {match[2] for _, match in shown}]  # fmt: skip
    for pattern in (_SNMP_REST, _OLD_GROUP):
        for _ in page.matching("snmp-server", pattern):
            pass
    return Snmp((), communities, (*named, *hidden), (), (page.source,))


def _user(match: re.Match[str], group: re.Match[str] | None, where: Where) -> SnmpUser:
    auth = (match[3] or "").split()
    length = auth[-1] if len(auth) > 1 else ""
    privacy = (match[4] or "").upper().replace(" ", "-")
    proven = f"SHA-{length}" if length else _SHA.get(auth[0] if auth else "", "")
    level = group[2] if group is not None else ""
    return SnmpUser(match[1], proven, privacy, level, _rights(group), where)


def _hidden(name: str, group: re.Match[str], where: Where) -> SnmpUser:
    return SnmpUser(name, "", "", group[2], _rights(group), where)


def _rights(group: re.Match[str] | None) -> str:
    if group is None:
        return ""
    return "write" if " write " in f"{group[3]} " else "read"


_HOST = re.compile(
    r"logging (?:host )?(?:ipv6 )?(?P<server>\d[\d.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+|[a-z][\w-]*(?:\.[\w-]+)+)"
    r"(?: vrf \S+)?(?: transport (?P<how>udp|tcp|tls)(?: port (?P<port>\d{1,9}))?.*)?(?: discriminator \S+)?"
)
_LOG_REST = re.compile(
    r"(?:no )?logging (?:buffered|console|monitor|trap|source-interface|facility|userinfo|count|on|origin-id|history|"
    r"rate-limit|synchronous|event|discriminator|exception|esm|file|persistent|message-counter|snmp-trap|"
    r"alarm|delimiter)\b.*"
)
_SYSLOG, _TLS_PORT = 514, 6514


def logging(page: Page) -> Logging:
    """Where logs go: nowhere, where nothing is said."""
    targets = []
    for block, match in page.matching("logging", _HOST):
        how = match["how"] or "udp"
        port = int(match["port"] or (_TLS_PORT if how == "tls" else _SYSLOG))
        kind = "tcp" if how == "tls" else how
        targets.append(LogTarget(match["server"], port, kind, how == "tls", (), False, "", page.where(block)))
    for first in ("logging", "no logging"):
        for _ in page.matching(first, _LOG_REST):
            pass
    return Logging(tuple(targets), None, (), (page.source,))


_SERVER = re.compile(r"s?ntp (server|peer|pool) (?:ip |ipv6 )?(?:vrf \S+ )?(\S+)((?: .+)?)")
_KEY_OF = re.compile(r".* key (\d+).*")
_NUMBER = re.compile(r"ntp (authentication-key|trusted-key) (\d+)(?: .+)?")
_NTP_REST = re.compile(r"ntp (?:source|source-interface|logging|master|update-calendar|access-group|max-associations|"
                       r"passive|orphan|allow)\b.*")  # fmt: skip


def timing(page: Page) -> Timing:
    """A source proves itself when authentication is on and its key is known and trusted (Cisco, `ntp authenticate`)."""
    numbers: dict[str, set[str]] = {"authentication-key": set(), "trusted-key": set()}
    for _, match in page.matching("ntp", _NUMBER):
        numbers[match[1]].add(match[2])
    trusted = numbers["authentication-key"] & numbers["trusted-key"]
    on = page.said("ntp authenticate") is not None
    servers = []
    for first in ("ntp", "sntp"):
        for block, match in page.matching(first, _SERVER):
            key = _KEY_OF.fullmatch(match[3])
            proven = on and key is not None and key[1] in trusted
            servers.append(TimeServer(match[2], match[1], proven, page.where(block)))
    for _ in page.matching("ntp", _NTP_REST):
        pass
    return Timing(tuple(servers), (), (page.source,))


_UNNEEDED = {
    "ip finger": "finger", "service finger": "finger", "service tcp-small-servers": "TCP small servers",
    "service udp-small-servers": "UDP small servers", "service pad": "PAD", "ip bootp server": "BOOTP",
    "service config": "configuration from the network", "ip identd": "identd", "vstack": "smart install",
    "ip source-route": "IP source routing",
}  # fmt: skip
_ON_BY_ITSELF = ("vstack", "ip source-route")
"""On in IOS 12 and 15 unless their `no` is shown (Cisco, Smart Install guide; `ip source-route`)."""
_OLD = re.compile(r"version 1[25]\..*")
_FROM_NETWORK = re.compile(r"boot (?:host|network) .*")


def unneeded(page: Page) -> tuple[Fact[str], ...]:
    """What is on, by the text or by itself."""
    found = []
    old = [block for block, _ in page.matching("version", _OLD)]
    for line, name in _UNNEEDED.items():
        said = page.either(line)
        if said is not None and said.value:
            found.append(Fact(name, said.where))
        elif said is None and old and line in _ON_BY_ITSELF:
            found.append(Fact(name, page.where(old[0])))
    found += [Fact("configuration from the network", page.where(block))
              for block, _ in page.matching("boot", _FROM_NETWORK)]  # fmt: skip
    return tuple(found)


_OPENS = (
    ("tftp-server", re.compile(r"tftp-server .*"), "tftp", "udp", 69),
    ("ftp-server", re.compile(r"ftp-server enable"), "ftp", "tcp", 21),
    ("ip rcmd", re.compile(r"ip rcmd rsh-enable"), "rsh", "tcp", 514),
)


def opened(page: Page) -> Iterator[Service]:
    """Servers in clear that are no line."""
    for first, pattern, name, protocol, port in _OPENS:
        for block, _ in page.matching(first, pattern):
            yield Service(name, protocol, "", port, page.where(block))
