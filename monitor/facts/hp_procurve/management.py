"""How an ArubaOS-Switch is managed and watched: SSH, the web, SNMP, logs, time. Defaults: HPE's guides.

What is on unless it is switched off: telnet, the web server, TFTP and SSH (HPE, ArubaOS-Switch Hardening Guide 16.04,
insecure protocols); not verified on a device.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.draft import Draft
from monitor.facts.indent import Block
from monitor.facts.model import Community, Logging, LogTarget, Service, Snmp, SnmpUser, Ssh, TimeServer, Timing
from monitor.facts.numbers import number
from monitor.facts.switch import Web
from monitor.facts.where import Fact
from templates.hp_procurve.text import unquoted

__all__ = ["READERS", "change_log", "logging", "opened", "snmp", "ssh", "timing", "unneeded", "web"]

_FLAGS = frozenset(
    {
        "telnet-server", "web-management", "web-management ssl", "tftp server", "tftp client", "ip ssh",
        "snmpv3 enable", "snmpv3 only", "snmp-server enable", "ntp enable", "ntp authentication",
        "logging notify running-config-change", "autorun", "dhcp config-file-update", "dhcp image-file-update",
        "dhcp tr69-acs-url",
    }
)  # fmt: skip
_UNNEEDED = {
    "autorun": "USB autorun", "dhcp config-file-update": "configuration from the network",
    "dhcp image-file-update": "software from the network", "dhcp tr69-acs-url": "management by a provider (TR-069)",
}  # fmt: skip
_SHA = {"md5": "MD5", "sha": "SHA"}
_LEVELS = {"managerpriv": ("priv", "write"), "managerauth": ("auth", "write"), "operatorauth": ("auth", "read"),
           "operatornoauth": ("noauth", "read")}  # fmt: skip
"""HPE, Management and Configuration Guide 16.05, snmpv3 group: what each asks for at least."""


def _said(draft: Draft, block: Block, words: list[str]) -> None:
    name = " ".join(words)
    if name in _FLAGS:
        draft.keep(f"no {name}" if block.text.startswith("no ") else name, block)
    elif words[0] in {"web-management", "tftp", "telnet-server"}:
        block.read = len(words) > 1 and words[1] in {
            "plaintext",
            "idle-timeout",
            "listen",
            "management-url",
            "support-url",
        }


def _plain(draft: Draft, block: Block, words: list[str]) -> None:
    if " ".join(words) in _UNNEEDED:
        _said(draft, block, words)


def _ip(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] == ["ssh"]:
        _said(draft, block, words)
        block.read = True
    elif words[1:2] == ["authorized-managers"] and len(words) > 3:
        draft.keep("authorized", block)
    else:
        block.read = len(words) > 1 and words[1] != "authorized-managers"
        for child in block.children:
            child.read = block.read


def _snmp(draft: Draft, block: Block, words: list[str]) -> None:
    kind = " ".join(words[:2])
    if kind in {"snmp-server community", "snmpv3 user", "snmpv3 group"}:
        if not block.text.startswith("no "):
            draft.keep(kind, block)
        block.read = True
    elif " ".join(words) in _FLAGS:
        _said(draft, block, words)
    else:
        block.read = len(words) > 1 and words[1] in {
            "contact", "location", "host", "enable", "response-source", "trap-source", "engineid", "restricted-access",
            "notify", "targetaddress", "params", "community", "mib", "listen",
        }  # fmt: skip


def _logging(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) > 1 and words[1][:1].isdigit():
        draft.keep("logging", block)
    elif " ".join(words) in _FLAGS:
        _said(draft, block, words)
    else:
        block.read = len(words) > 1 and words[1] in {
            "severity", "facility", "notify", "origin-id", "command", "priority-descr", "system-module", "filter",
        }  # fmt: skip


def _time(draft: Draft, block: Block, words: list[str]) -> None:
    kind = " ".join(words[:2])
    if kind in {"ntp server", "sntp server"}:
        draft.keep(kind, block)
    elif kind in {"ntp authentication", "sntp authentication"} and len(words) > 3:
        draft.keep("time key", block)
    elif " ".join(words) in _FLAGS or words == ["sntp", "authentication"]:
        name = "ntp authentication" if words[1] == "authentication" else " ".join(words)
        draft.keep(f"no {name}" if block.text.startswith("no ") else name, block)
    elif words[0] == "timesync" and len(words) > 1:
        draft.keep("timesync", block)
    else:
        block.read = len(words) > 1 and words[1] in {
            "unicast", "broadcast", "poll-interval", "trusted-key", "max-association", "server-name", "dhcp",
        }  # fmt: skip


READERS = {
    "telnet-server": _said,
    "web-management": _said,
    "tftp": _said,
    "autorun": _plain,
    "dhcp": _plain,
    "ip": _ip,
    "snmp-server": _snmp,
    "snmpv3": _snmp,
    "logging": _logging,
    "ntp": _time,
    "sntp": _time,
    "timesync": _time,
}


def ssh(draft: Draft) -> Ssh:
    """Version 2 only. Algorithms are switched off by name; which others a release has does not stand in its text."""
    return Ssh(
        listen=(),
        kex=None,
        ciphers=None,
        macs=None,
        host_key_algorithms=None,
        public_key_algorithms=None,
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
    """Without encryption unless it is switched off."""
    return Web(
        http=draft.flag("web-management", default=True),
        https=draft.flag("web-management ssl", default=False),
        tls=None,
    )


def opened(draft: Draft) -> Iterator[Service]:
    """What answers on the network."""
    for name, flag, protocol, port in (
        ("ssh", "ip ssh", "tcp", 22),
        ("telnet", "telnet-server", "tcp", 23),
        ("tftp", "tftp server", "udp", 69),
    ):
        found = draft.flag(flag, default=True)
        if found.value:
            yield Service(name, protocol, "", port, found.where)


def unneeded(draft: Draft) -> tuple[Fact[str], ...] | None:
    """What is on; None where the text does not say it of all: what holds by itself differs by release."""
    said = {name: draft.last(name) or draft.last(f"no {name}") for name in _UNNEEDED}
    flags = {name: draft.flag(name, default=True) for name in _UNNEEDED if said[name] is not None}
    found = tuple(Fact(_UNNEEDED[name], flag.where) for name, flag in flags.items() if flag.value)
    return found if found or len(flags) == len(_UNNEEDED) else None


def snmp(draft: Draft) -> Snmp:
    """Communities count until only version 3 is answered; a user has no access before he is in a group."""
    source = (draft.text.source,)
    on = draft.flag("snmp-server enable", default=True)
    if not on.value:
        return Snmp((), (), (), (), source)
    communities: list[Community] = []
    if not draft.flag("snmpv3 only", default=False).value:
        for block in draft.all("snmp-server community"):
            write = " unrestricted" in block.text or (" manager" in block.text and " restricted" not in block.text)
            communities.append(Community("write" if write else "read", draft.where(block)))
    groups = {}
    for block in draft.all("snmpv3 group"):
        words = unquoted(block.text).split(" ")
        if len(words) > 4:
            groups[words[4]] = words[2].lower()
    enabled = draft.flag("snmpv3 enable", default=False).value
    users = tuple(_user(draft, block, groups, enabled=enabled) for block in draft.all("snmpv3 user"))
    return Snmp((), tuple(communities), users, (), source)


def _user(draft: Draft, block: Block, groups: dict[str, str], *, enabled: bool) -> SnmpUser:
    words = unquoted(block.text).split(" ")
    name = words[2] if len(words) > 2 else "?"
    proven = words[words.index("auth") + 1] if "auth" in words[:-1] else ""
    private = words[words.index("priv") + 1] if "priv" in words[:-1] else ""
    # Shown without its word where it is DES, the first that there was.
    hidden = {"aes": "AES", "des": "DES", "": ""}.get(private, "DES")
    group = groups.get(name, "")
    level, access = _LEVELS.get(group, ("auth", "write") if group else ("", ""))
    return SnmpUser(name, _SHA.get(proven, "MD5" if proven else ""), hidden, level if enabled else "",
                    access if enabled else "", draft.where(block))  # fmt: skip


def logging(draft: Draft) -> Logging:
    """Where logs are sent."""
    return Logging(tuple(_target(draft, block) for block in draft.all("logging")), None, (), (draft.text.source,))


def _target(draft: Draft, block: Block) -> LogTarget:
    words = block.text.split(" ")
    tls = "tls" in words[2:]
    protocol = "tcp" if tls or "tcp" in words[2:] else "udp"
    port = next((said for word in words[3:] if (said := number(word)) is not None), 6514 if tls else 514)
    return LogTarget(words[1], port, protocol, tls, (), tls, "", draft.where(block))


def change_log(draft: Draft) -> Fact[bool]:
    """`logging notify running-config-change`."""
    return draft.flag("logging notify running-config-change", default=False)


def timing(draft: Draft) -> Timing:
    """By NTP or SNTP, whichever `timesync` names."""
    source = (draft.text.source,)
    chosen = draft.last("timesync")
    kind = "" if chosen is None or chosen.text.startswith("no ") else chosen.text.split(" ")[-1]
    if kind not in {"ntp", "sntp"} or (kind == "ntp" and not draft.flag("ntp enable", default=False).value):
        return Timing((), (), source)
    asks = draft.flag("ntp authentication", default=False).value
    keys = set()
    for block in draft.all("time key"):
        words = block.text.split(" ")
        if words[-1] == "trusted" and "key-id" in words[:-1]:
            keys.add(words[words.index("key-id") + 1])
    servers = []
    for block in draft.all(f"{kind} server"):
        words = block.text.split(" ")
        address = next((word for word in words[2:] if word.count(".") == 3 or ":" in word), "")
        key = words[words.index("key-id") + 1] if "key-id" in words[:-1] else ""
        if address:
            servers.append(TimeServer(address, "server", asks and key in keys, draft.where(block)))
    return Timing(tuple(servers), (), source)
