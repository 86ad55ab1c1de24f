"""What a Junos device offers and tells: SSH, SNMP, the web, its logs, its clock, and what nobody needs."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.juniper_junos.tree import Branch, Read
from monitor.facts.model import Community, Logging, LogTarget, Service, Snmp, SnmpUser, Ssh, TimeServer, Timing
from monitor.facts.switch import Web
from monitor.facts.where import Fact

__all__ = ["change_log", "logging", "services", "snmp", "ssh", "timing", "unneeded", "web"]

_SERVICES = ("system", "services")
_PORTS = {
    "ftp": ("tcp", 21),
    "ssh": ("tcp", 22),
    "telnet": ("tcp", 23),
    "tftp-server": ("udp", 69),
    "finger": ("tcp", 79),
    "xnm-clear-text": ("tcp", 3221),
    "xnm-ssl": ("tcp", 3220),
    "rest": ("tcp", 3000),
    "dhcp-local-server": ("udp", 67),
}
_KEX = {
    "dh-group1-sha1": "diffie-hellman-group1-sha1",
    "dh-group14-sha1": "diffie-hellman-group14-sha1",
    "group-exchange-sha1": "diffie-hellman-group-exchange-sha1",
    "group-exchange-sha2": "diffie-hellman-group-exchange-sha256",
}
"""Juniper's words for what RFC 4253 and 4419 name."""
_HOST_KEYS = {
    "ssh-dss": "ssh-dss",
    "ssh-rsa": "rsa-sha2-512",
    "ssh-ecdsa": "ecdsa-sha2-nistp256",
    "ssh-ed25519": "ssh-ed25519",
}
_LEVELS = {"privacy": "priv", "authentication": "auth", "none": "noauth"}
_AUTHENTICATION = {
    "authentication-md5": "MD5",
    "authentication-sha": "SHA",
    "authentication-sha224": "SHA-224",
    "authentication-sha256": "SHA-256",
}
_PRIVACY = {"privacy-des": "DES", "privacy-3des": "3DES", "privacy-aes128": "AES"}
_UNNEEDED = ("finger", "ftp", "tftp-server", "xnm-clear-text", "xnm-ssl", "rest", "dhcp-local-server", "outbound-ssh")
_LOUD = frozenset({"any", "info", "notice"})
"""Levels at which a change is logged (Juniper's change-log messages are `info` and `notice`)."""


def ssh(read: Read) -> Ssh | None:
    """None: it is not configured. Which algorithms an unsaid list holds depends on the release."""
    path = (*_SERVICES, "ssh")
    here = read.at(*path)
    if here is None:
        return None
    port = read.value(*path, "port")
    kex = read.values(*path, "key-exchange")
    versions = read.values(*path, "protocol-version")
    passwords = read.at(*path, "no-passwords")
    return Ssh(
        listen=() if port is None else (Fact(f"0.0.0.0:{port.value}", port.where),),
        kex=None if kex is None else Fact(tuple(_KEX.get(word, word) for word in kex.value), kex.where),
        ciphers=read.values(*path, "ciphers"),
        macs=read.values(*path, "macs"),
        host_key_algorithms=_host_keys(read),
        public_key_algorithms=None,
        versions=None if versions is None else Fact(_versions(versions.value), versions.where),
        authentication_methods=None,
        passwords=None if passwords is None else Fact(value=False, where=read.where(passwords)),
        empty_passwords=None,
        root=read.value(*path, "root-login"),
        users=None,
        conditional=(),
        sources=(read.text.source,),
    )


def _versions(words: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(word[1:]) for word in words if word in {"v1", "v2"})


def _host_keys(read: Read) -> Fact[tuple[str, ...]] | None:
    """Known only where each kind is either asked for or refused."""
    said = read.values(*_SERVICES, "ssh", "hostkey-algorithm")
    if said is None or any(kind not in said.value and f"no-{kind}" not in said.value for kind in _HOST_KEYS):
        return None
    return Fact(tuple(name for kind, name in _HOST_KEYS.items() if kind in said.value), said.where)


def services(read: Read) -> Iterator[Service]:
    """What is opened on every address of the device."""
    said = read.names(*_SERVICES)
    for name, (protocol, number) in _PORTS.items():
        if name in said:
            port = read.number(*_SERVICES, name, "port")
            usual = name.removesuffix("-server") if name == "tftp-server" else name
            yield Service(usual, protocol, "", number if port is None else port.value, read.where(said[name]))
    netconf = read.at(*_SERVICES, "netconf", "ssh")
    if netconf is not None:
        port = read.number(*_SERVICES, "netconf", "ssh", "port")
        yield Service("netconf", "tcp", "", 830 if port is None else port.value, read.where(netconf))
    for name, number in (("http", 80), ("https", 443)):
        branch = read.at(*_SERVICES, "web-management", name)
        if branch is not None:
            yield Service(name, "tcp", "", number, read.where(branch))
    if read.names("snmp", "community") or read.names("snmp", "v3", "usm"):
        yield Service("snmp", "udp", "", 161, read.where(read.at("snmp")))


def web(read: Read) -> Web:
    """J-Web is off where it is not said."""
    path = (*_SERVICES, "web-management")
    return Web(read.flag(*path, "http"), read.flag(*path, "https"), None)


def unneeded(read: Read) -> Iterator[Fact[str]]:
    """What no office switch needs: old ways in, and what fetches a configuration from somebody else."""
    for name in _UNNEEDED:
        branch = read.at(*_SERVICES, name)
        if branch is not None:
            yield Fact(name, read.where(branch))
    for path in (("system", "autoinstallation"), ("system", "phone-home"), ("chassis", "auto-image-upgrade")):
        branch = read.at(*path)
        if branch is not None:
            yield Fact(path[-1], read.where(branch))


# ---- SNMP ------------------------------------------------------------------------------------------------------------


def snmp(read: Read) -> Snmp:
    """Version 3 users with what they may; a community reads where nothing is said (Juniper: community)."""
    communities = tuple(
        Community("write" if "read-write" in branch.below.get("authorization", branch).below else "read",
                  read.where(branch))
        for branch in read.names("snmp", "community").values()
    )  # fmt: skip
    mapped = tuple(Community("v3 mapped", read.where(b)) for b in read.names("snmp", "v3", "snmp-community").values())
    traps = tuple(Community("trap", read.where(branch)) for branch in read.names("snmp", "trap-group").values())
    local = read.names("snmp", "v3", "usm", "local-engine", "user")
    users = tuple(_user(read, name, branch) for name, branch in local.items())
    return Snmp((), (*communities, *mapped, *traps), users, (), (read.text.source,))


def _user(read: Read, name: str, branch: Branch) -> SnmpUser:
    authentication = next((_AUTHENTICATION[word] for word in branch.below if word in _AUTHENTICATION), "")
    privacy = next((_PRIVACY[word] for word in branch.below if word in _PRIVACY), "")
    group = read.value(
        "snmp", "v3", "vacm", "security-to-group", "security-model", "usm", "security-name", name, "group"
    )
    level, access, where = "", "", read.where(branch)
    if group is not None:
        where = group.where
        found = list(_access(read, group.value))
        # The least that is asked, and the most that may be done.
        level = next((each for each in ("noauth", "auth", "priv") if any(each == had for had, _ in found)), "")
        access = "write" if any(had == "write" for _, had in found) else "read" if found else ""
    return SnmpUser(name, authentication, privacy, level, access, where)


def _access(read: Read, group: str) -> Iterator[tuple[str, str]]:
    for context in read.names("snmp", "v3", "vacm", "access", "group", group).values():
        for model, branch in context.below.get("security-model", Branch(1)).below.items():
            for level, views in branch.below.get("security-level", Branch(1)).below.items():
                if model in {"usm", "any"}:
                    yield _LEVELS.get(level, "noauth"), "write" if "write-view" in views.below else "read"


# ---- Logs and time ---------------------------------------------------------------------------------------------------

_NO_FACILITY = frozenset(
    {"port", "source-address", "transport", "structured-data", "log-prefix", "match", "tlsdetails"}
)


def logging(read: Read) -> Logging:
    """Every `syslog host` that is sent something."""
    return Logging(tuple(_targets(read)), None, (), (read.text.source,))


def _targets(read: Read) -> Iterator[LogTarget]:
    for server, branch in read.names("system", "syslog", "host").items():
        told = [name for name in branch.below if name not in _NO_FACILITY]
        if not told:
            continue
        port = read.number("system", "syslog", "host", server, "port")
        transport = next(iter(branch.below.get("transport", Branch(1)).below), "udp")
        selector = "; ".join(f"{name} {' '.join(branch.below[name].below)}".rstrip() for name in told)
        number = 514 if port is None else port.value
        tls = transport == "tls"
        yield LogTarget(server, number, "tcp" if tls else transport, tls, (), tls, selector, read.where(branch))


def change_log(read: Read) -> Fact[bool]:
    """Whether a change to the configuration is logged with who made it: facility `change-log`, or `any`."""
    for kind in ("host", "file"):
        for name in read.names("system", "syslog", kind):
            for facility in ("change-log", "any"):
                level = read.value("system", "syslog", kind, name, facility)
                if level is not None and level.value in _LOUD - ({"notice"} if facility == "any" else set()):
                    return Fact(value=True, where=level.where)
    return Fact(value=False, where=read.around("system", "syslog"))


def timing(read: Read) -> Timing:
    """A server is authenticated when its key is there and trusted (Juniper: "NTP Authentication Keys")."""
    keys = set(read.names("system", "ntp", "authentication-key")) & set(read.names("system", "ntp", "trusted-key"))
    servers = tuple(
        TimeServer(address, kind, bool(keys & set(branch.below.get("key", Branch(1)).below)), read.where(branch))
        for kind in ("server", "peer")
        for address, branch in read.names("system", "ntp", kind).items()
    )
    return Timing(servers, (), (read.text.source,))
