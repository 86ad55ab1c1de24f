"""What RouterOS serves, whom it tells its logs, whom it asks for the time."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.mikrotik_routeros.people import services_on
from monitor.facts.mikrotik_routeros.tree import Read, Row
from monitor.facts.model import (
    Community,
    Logging,
    LogTarget,
    Service,
    Snmp,
    SnmpUser,
    Ssh,
    TimeServer,
    Timing,
)
from monitor.facts.switch import Web
from monitor.facts.where import Fact, Where

__all__ = ["change_log", "logging", "services", "snmp", "ssh", "timing", "unneeded", "web"]

_SSH = ("ip", "ssh")
_SNMP = ("snmp",)
_CLIENT = ("system", "ntp", "client")
_PORTS = {"api": 8728, "api-ssl": 8729, "ftp": 21, "ssh": 22, "telnet": 23, "winbox": 8291, "www": 80, "www-ssl": 443}
_CIPHERS = {
    "3des-cbc": ("3des-cbc",),
    "aes-cbc": ("aes128-cbc", "aes192-cbc", "aes256-cbc"),
    "aes-ctr": ("aes128-ctr", "aes192-ctr", "aes256-ctr"),
    "aes-gcm": ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com"),
    "null": ("none",),
}
"""Families of RouterOS (manual, "/ip/ssh") and what they are called in SSH."""
_AUTHENTICATION = {"MD5": "MD5", "SHA1": "SHA", "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512"}
_LEVELS = {"private": "priv", "authorized": "auth"}
_UNNEEDED = {
    ("ip", "proxy"): "web proxy",
    ("ip", "smb"): "smb",
    ("ip", "socks"): "socks",
    ("ip", "upnp"): "upnp",
    ("tool", "bandwidth-server"): "bandwidth-test",
    ("tool", "mac-server", "ping"): "mac-ping",
    ("tool", "romon"): "romon",
}
_TELLING = frozenset({"info", "account", "system"})


def services(read: Read) -> Iterator[Service]:
    """What answers on IP."""
    for name, row in services_on(read).items():
        where = row.where if isinstance(row, Row) else row
        port = row.item.said.get("port", "") if isinstance(row, Row) else ""
        yield Service(name, "tcp", "", int(port[:5]) if port.isdecimal() else _PORTS[name], where)
    enabled = read.on(_SNMP)
    if enabled.value:
        yield Service("snmp", "udp", "", 161, enabled.where)


def ssh(read: Read) -> Ssh:
    """Version 2 only (manual, "SSH"); which key exchanges and MACs are offered it cannot be told."""
    ciphers = read.setting(_SSH, "ciphers")
    families = ciphers.value.split(",")
    named = tuple(name for family in families for name in _CIPHERS.get(family, (family,)))
    kind = read.setting(_SSH, "host-key-type")
    source = read.text.source
    return Ssh(
        listen=(),
        kex=None,
        ciphers=None if "auto" in families else Fact(named, ciphers.where),
        macs=None,
        host_key_algorithms=Fact(("ssh-ed25519",), kind.where) if kind.value == "ed25519" else None,
        public_key_algorithms=None,
        versions=Fact((2,), read.around(_SSH)),
        authentication_methods=None,
        passwords=None,
        empty_passwords=None,
        root=None,
        users=None,
        conditional=(),
        sources=(source,),
    )


def web(read: Read) -> Web:
    """Of WebFig."""
    around = read.around(("ip", "service"))
    on = services_on(read)

    def answers(name: str) -> Fact[bool]:
        row = on.get(name, around)
        return Fact(name in on, row.where if isinstance(row, Row) else row)

    row = on.get("www-ssl")
    only = isinstance(row, Row) and row.item.said.get("tls-version") == "only-1.2"
    tls = Fact(("1.2",), row.where) if only and isinstance(row, Row) else None
    return Web(answers("www"), answers("www-ssl"), tls)


def snmp(read: Read) -> Snmp:
    """A community is one of version 1 and 2c, or with a security a user of version 3."""
    source = (read.text.source,)
    if not read.on(_SNMP).value:
        return Snmp((), (), (), (), source)
    rows = [row for row in read.rows("snmp", "community") if row.on]
    communities = [Community(_access(row), row.where) for row in rows if row["security"] == "none"]
    if not any(row.item.found.endswith("default=yes ]") for row in read.rows("snmp", "community")):
        communities.append(Community("read", read.around(("snmp", "community"))))
    return Snmp((), tuple(communities), tuple(_user(row) for row in rows if row["security"] != "none"), (), source)


def _user(row: Row) -> SnmpUser:
    level = _LEVELS.get(row["security"], "noauth")
    privacy = row["encryption-protocol"] if level == "priv" else ""
    return SnmpUser(
        row["name"], _AUTHENTICATION.get(row["authentication-protocol"], "?"), privacy, level, _access(row), row.where
    )


def _access(row: Row) -> str:
    return "write" if row["write-access"] == "yes" else "read"


def logging(read: Read) -> Logging:
    """Servers that some rule sends something to."""
    servers: dict[str, tuple[str, str, str, Where]] = {}
    for entry, where in read.others("system", "logging", "action"):
        # The fourth of those that are there by themselves is called `remote` (manual, "Log").
        if entry.target in {"3", "remote"} and "remote" in entry.said:
            servers["remote"] = (entry.said["remote"], entry.said.get("remote-port", "514"), "udp", where)
    for row in read.rows("system", "logging", "action"):
        if row["target"] == "remote" or row["name"] == "remote":
            servers[row["name"]] = (row["remote"], row["remote-port"], row["remote-protocol"], row.where)
    return Logging(tuple(_targets(read, servers)), None, (), (read.text.source,))


def _targets(read: Read, servers: dict[str, tuple[str, str, str, Where]]) -> Iterator[LogTarget]:
    topics: dict[str, list[str]] = {}
    for row in read.rows("system", "logging"):
        if row.on:
            topics.setdefault(row["action"], []).append(row["topics"])
    for entry, _ in read.others("system", "logging"):
        topics.setdefault(entry.said.get("action", ""), []).append(entry.said.get("topics", ""))
    for name, (server, port, protocol, where) in servers.items():
        if name in topics:
            number = int(port[:5]) if port.isdecimal() else 0
            tls = protocol == "tls"
            yield LogTarget(
                server, number, protocol, tls, (), verified=False, selector="; ".join(topics[name]), where=where
            )


def change_log(read: Read) -> Fact[bool]:
    """Who changed what is logged under `system,info`; whether a rule takes it out of the device."""
    for row in read.rows("system", "logging"):
        if row.on and row["action"] not in {"memory", "disk", "echo"} and _TELLING & set(row.listed("topics")):
            return Fact(value=True, where=row.where)
    return Fact(value=False, where=read.around(("system", "logging")))


def timing(read: Read) -> Timing:
    """Whom it asks, where it asks at all."""
    source = (read.text.source,)
    enabled = read.on(_CLIENT)
    if not enabled.value:
        return Timing((), (), source)
    rows = [row for row in read.rows("system", "ntp", "client", "servers") if row.on]
    found = [TimeServer(row["address"], "server", row["auth-key"] != "none", row.where) for row in rows]
    for name in ("servers", "primary-ntp", "secondary-ntp", "server-dns-names"):
        old = read.setting(_CLIENT, name)
        found += [
            TimeServer(each, "server", authenticated=False, where=old.where) for each in old.value.split(",") if each
        ]
    return Timing(tuple(found), (), source)


def unneeded(read: Read) -> Iterator[Fact[str]]:
    """Services that are on and that no office switch needs, also those that are on by themselves."""
    for path, name in _UNNEEDED.items():
        enabled = read.on(path)
        if enabled.value:
            yield Fact(name, enabled.where)
    requests = read.on(("ip", "dns"), "allow-remote-requests")
    if requests.value:
        yield Fact("dns server", requests.where)
    for name in ("api", "api-ssl"):
        row = services_on(read).get(name)
        if row is not None:
            yield Fact(name, row.where if isinstance(row, Row) else row)
    for entry, where in read.others("ip", "dhcp-server"):
        if entry.verb == "add" and entry.said.get("disabled") != "yes":
            yield Fact("dhcp server", where)
