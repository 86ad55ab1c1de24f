"""How an AOS-CX switch is managed and watched: SSH, the web, SNMP, logs, time. Defaults: Aruba's guides, each named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.facts.draft import Draft
from monitor.facts.indent import Block
from monitor.facts.model import Community, Logging, LogTarget, Service, Snmp, SnmpUser, Ssh, TimeServer, Timing
from monitor.facts.numbers import number
from monitor.facts.switch import Web
from monitor.facts.where import Fact

__all__ = ["READERS", "change_log", "logging", "opened", "snmp", "ssh", "timing", "web"]

_ALGORITHMS = frozenset({"ciphers", "macs", "key-exchange-algorithms", "host-key-algorithms", "public-key-algorithms"})
_SHA = {"md5": "MD5", "sha": "SHA", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_AES = {"des": "DES", "aes": "AES", "aes192": "AES-192", "aes256": "AES-256"}
_PORTS = {"udp": 514, "tcp": 514, "tls": 6514}
_MANY = 4


def _ssh(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:3] == ["server", "vrf"]:
        draft.keep("ssh", block)
    elif words[1:] == ["server", "allow-list"]:
        draft.keep("allow-list", block)
        for child in block.children:
            child.read = child.text == "enable" or child.text.startswith(("ip ", "ipv6 "))
    elif len(words) > 2 and words[1] in _ALGORITHMS:
        draft.keep(words[1], block)
    else:
        block.read = words[1:2] in (["maximum-auth-attempts"], ["public-key-authentication"], ["host-key"], ["server"])


def _named(name: str) -> Callable[[Draft, Block, list[str]], None]:
    def keep(draft: Draft, block: Block, words: list[str]) -> None:
        if words[1:3] == ["server", "vrf"] or words[1:2] == ["vrf"]:
            draft.keep(name, block)
        else:
            block.read = words[1:2] in (["rest"], ["session-timeout"], ["max-user-sessions"])

    return keep


def _snmp(draft: Draft, block: Block, words: list[str]) -> None:
    kind = " ".join(words[:2])
    if kind in {"snmp-server vrf", "snmp-server community", "snmp-server snmpv3-only", "snmpv3 user"}:
        draft.keep(kind, block)
        for child in block.children:
            child.read = True
    elif kind == "snmpv3 security-level":
        draft.keep(kind, block)
    else:
        block.read = len(words) > 1 and words[1] in {
            "system-location", "system-contact", "system-description", "trap", "host", "agent-port", "response-source",
            "historical-counters-monitor", "context", "engine-id",
        }  # fmt: skip


def _logging(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) > 1 and words[1][:1].isdigit():
        draft.keep("logging", block)
    else:
        block.read = len(words) > 1 and words[1] in {"facility", "filter", "console", "persistent-storage", "threshold"}


def _ntp(draft: Draft, block: Block, words: list[str]) -> None:
    kind = " ".join(words[:2])
    if kind in {"ntp server", "ntp authentication-key", "ntp trusted-key"}:
        draft.keep(kind, block)
    elif words in (["ntp", "enable"], ["ntp", "authentication"]):
        draft.keep(f"no {kind}" if block.text.startswith("no ") else kind, block)
    else:
        block.read = words[1:2] in (["vrf"], ["conductor"], ["master"])


READERS = {
    "ssh": _ssh,
    "telnet": _named("telnet"),
    "https-server": _named("https"),
    "snmp-server": _snmp,
    "snmpv3": _snmp,
    "logging": _logging,
    "ntp": _ntp,
}


def ssh(draft: Draft) -> Ssh:
    """Version 2 only (Aruba, Hardening Guide 10.14: SSH Version 2.0); default algorithms change with the release."""

    def names(kind: str) -> Fact[tuple[str, ...]] | None:
        block = draft.last(kind)
        return None if block is None else draft.fact(block, tuple(block.text.replace(",", " ").split()[2:]))

    return Ssh(
        listen=(),
        kex=names("key-exchange-algorithms"),
        ciphers=names("ciphers"),
        macs=names("macs"),
        host_key_algorithms=names("host-key-algorithms"),
        public_key_algorithms=names("public-key-algorithms"),
        versions=draft.silent((2,)),
        authentication_methods=None,
        passwords=None,
        empty_passwords=None,
        root=None,
        users=None,
        conditional=(),
        sources=(draft.text.source,),
    )


def web(draft: Draft) -> Web:
    """Only HTTPS, and only where a VRF is named."""
    block = draft.last("https")
    return Web(
        http=draft.silent(False),
        https=draft.silent(False) if block is None else draft.fact(block, not block.text.startswith("no ")),
        tls=None,
    )


def opened(draft: Draft) -> Iterator[Service]:
    """What answers on the network."""
    for name, protocol, port in (("ssh", "tcp", 22), ("telnet", "tcp", 23), ("https", "tcp", 443)):
        block = draft.first(name)
        if block is not None and not block.text.startswith("no "):
            yield Service(name, protocol, "", port, draft.where(block))
    agent = draft.first("snmp-server vrf")
    if agent is not None:
        yield Service("snmp", "udp", "", 161, draft.where(agent))


def snmp(draft: Draft) -> Snmp:
    """Nothing answers before a VRF is named; then `public` does, unless another community or version 3 only is set.

    Source: Aruba, SNMP/MIB Guide, snmp-server community (default `public`) and snmp-server snmpv3-only.
    """
    agent = draft.first("snmp-server vrf")
    source = (draft.text.source,)
    if agent is None:
        return Snmp((), (), (), (), source)
    communities = [Community("read", draft.where(block)) for block in draft.all("snmp-server community")]
    if draft.first("snmp-server snmpv3-only") is not None:
        communities = []
    elif not communities:
        communities = [Community("read", draft.where(agent))]
    level = draft.last("snmpv3 security-level")
    least = None if level is None else level.text.split(" ")[-1]
    users = (_user(draft, block, least) for block in draft.all("snmpv3 user"))
    return Snmp((), tuple(communities), tuple(user for user in users if user is not None), (), source)


def _user(draft: Draft, block: Block, least: str | None) -> SnmpUser | None:
    words = block.text.split(" ")
    if len(words) < _MANY or "auth" not in words:
        return None
    proven = _SHA.get(words[words.index("auth") + 1], "?")
    private = _AES.get(words[words.index("priv") + 1], "?") if "priv" in words[:-1] else ""
    access = "write" if block.text.endswith(" access-level rw") else "read"
    level = {"auth-privacy": "priv", "auth": "auth", "no-auth": "noauth"}.get(least or "auth-privacy", "auth")
    # What the device asks for at least where no line says it is not known for every release.
    return SnmpUser(
        words[2], proven, private if least is not None or private == "DES" else "", level, access, draft.where(block)
    )


def logging(draft: Draft) -> Logging:
    """Where logs are sent."""
    return Logging(tuple(_target(draft, block) for block in draft.all("logging")), None, (), (draft.text.source,))


def _target(draft: Draft, block: Block) -> LogTarget:
    words = block.text.split(" ")
    protocol = next((word for word in words[2:3] if word in _PORTS), "udp")
    named = number(words[3]) if len(words) > 3 and words[2] in _PORTS else None
    port = _PORTS[protocol] if named is None else named
    severity = words[words.index("severity") + 1] if "severity" in words[:-1] else ""
    tls = protocol == "tls"
    return LogTarget(words[1], port, "tcp" if tls else protocol, tls, (), tls, severity, draft.where(block))


def change_log(draft: Draft) -> Fact[bool]:
    """`include-auditable-events`: who did what goes to the log server, too."""
    told = [block for block in draft.all("logging") if block.text.endswith("include-auditable-events")]
    return draft.fact(told[0], True) if told else draft.silent(False)


def timing(draft: Draft) -> Timing:
    """Keys count where they are asked for."""
    asks = draft.flag("ntp authentication", default=False).value
    trusted = {block.text.split(" ")[2] for block in draft.all("ntp trusted-key")}
    trusted |= {
        block.text.split(" ")[2] for block in draft.all("ntp authentication-key") if block.text.endswith(" trusted")
    }
    servers = []
    for block in draft.all("ntp server") if draft.flag("ntp enable", default=True).value else ():
        words = block.text.split(" ")
        key = words[words.index("key-id") + 1] if "key-id" in words[:-1] else ""
        if len(words) > 2:
            servers.append(TimeServer(words[2], "server", asks and key in trusted, draft.where(block)))
    return Timing(tuple(servers), (), (draft.text.source,))
