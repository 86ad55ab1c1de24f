"""The system log's file: where logs go, and whether only TLS is spoken on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.facts.model import LogTarget, Service
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["Syslog", "read_rsyslog"]

_SPACE = re.compile(r"(?:\s+|#[^\n]*|/\*.*?(?:\*/|\Z))+", re.DOTALL)
_CALL = re.compile(r"([A-Za-z_]+)\s*\(")
_CALLS = frozenset(
    {"action", "dyn_stats", "global", "include", "input", "lookup_table", "main_queue", "module", "parser"}
    | {"ratelimit", "ruleset", "template", "timezone"}
)
_PARAMETER = re.compile(r'([A-Za-z0-9_.]+)\s*=\s*("(?:[^"\\]|\\.){0,4000}"|\[[^\]]{0,4000}\])')
_IF = re.compile(r"if\b(.{0,1000}?)\bthen\b", re.DOTALL)
_DIRECTIVE = re.compile(r"\$([A-Za-z0-9]+)[ \t]+([^\n]*)")
_LEGACY = re.compile(r"([A-Za-z0-9*,.;=!-]+|&)[ \t]+([^\n]+)")
_QUIET = re.compile(r"(?:else\b|stop\b|continue\b|call\s+[^\n]*|(?:re|un)?set\s+[^\n;]*;?|[{}])")
_TLS_DRIVERS = frozenset({"ossl", "gtls", "mbedtls"})
_INPUTS = {"imudp": "udp", "imtcp": "tcp", "imptcp": "tcp", "imrelp": "tcp"}

_Parameters = Mapping[str, Fact[str]]


@dataclass(slots=True)
class Syslog:
    """What the file says."""

    targets: list[LogTarget] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    elsewhere: list[Where] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    text: Text
    said: Syslog = field(default_factory=Syslog)
    selector: str = ""
    depth: int = 0
    """Of braces: inside them a selector holds for every action."""
    settings: dict[str, Fact[str]] = field(default_factory=dict)
    """`global` parameters in lower case; of old directives the ones that speak of TLS, under today's names."""
    actions: list[tuple[str, _Parameters, Where]] = field(default_factory=list)

    def call(self, name: str, parameters: _Parameters, where: Where) -> None:
        """`global(...)`, `action(...)`: settings may stand behind what they are for."""
        kind = parameters.get("type", Fact("", where)).value.lower()
        if name == "global":
            self.settings.update(parameters)
        elif name == "include":
            self.said.elsewhere.append(where)
        elif name == "action" and kind in {"omfwd", "omrelp"}:
            self.actions.append((self.selector, parameters, where))
            self.quiet("")
        elif name == "input" and kind in _INPUTS and "port" in parameters:
            port = parameters["port"]
            self.said.services.append(Service("syslog", _INPUTS[kind], "", _port(port.value), port.where))

    def quiet(self, word: str) -> None:
        """A brace, or anything else that ends what a selector is for."""
        self.depth = max(0, self.depth + {"{": 1, "}": -1}.get(word, 0))
        if not self.depth:
            self.selector = ""

    def directive(self, name: str, value: str, where: Where) -> None:
        """An old `$Directive value`."""
        name = name.lower()
        if name in {"includeconfig"}:
            self.said.elsewhere.append(where)
        elif "streamdriver" in name:
            plain = name.removeprefix("actionsend").replace("permittedpeer", "permittedpeers")
            self.settings[plain] = Fact(value.strip(), where)
        elif name in {"udpserverrun", "inputtcpserverrun"}:
            protocol = "udp" if name.startswith("udp") else "tcp"
            self.said.services.append(Service("syslog", protocol, "", _port(value.strip()), where))

    def legacy(self, selector: str, action: str, where: Where) -> None:
        """`*.*  @@server:port`."""
        found = re.match(r"(@@?)(?:\([^)]*\))?(\[[^\]]+\]|[^\s:;]+)(?::([0-9]+))?", action)
        if found is None:
            return
        said = {"target": found[2], "port": found[3] or "514", "protocol": "udp" if found[1] == "@" else "tcp"}
        old = {key: fact for key, fact in self.settings.items() if key.startswith("streamdriver")}
        parameters = old | {key: Fact(value, where) for key, value in said.items()}
        self.actions.append((selector, parameters, where))

    def finished(self) -> Syslog:
        """All of it, once every setting is known."""
        for selector, parameters, where in self.actions:
            self.said.targets += _targets(selector, parameters, where, self.settings)
        return self.said


def read_rsyslog(text: Text) -> Syslog:
    """Where logs are sent and taken."""
    reader, whole = _Reader(text), text.text
    at, line, seen = 0, 1, 0
    while True:
        space = _SPACE.match(whole, at)
        at = space.end() if space is not None else at
        line, seen = line + whole.count("\n", seen, at), at
        if at >= len(whole):
            return reader.finished()
        at = max(_step(reader, at, line), at + 1)


def _step(reader: _Reader, at: int, line: int) -> int:
    """Read one thing and tell where the next one is."""
    text, where = reader.text, reader.text.where(line)
    whole = text.text
    if (call := _CALL.match(whole, at)) and call[1].lower() in _CALLS:
        end, parameters = _parameters(text, call.end(), line)
        reader.call(call[1].lower(), parameters, where)
        return end
    if condition := _IF.match(whole, at):
        reader.selector = " ".join(condition[1].split())
        return condition.end()
    if directive := _DIRECTIVE.match(whole, at):
        reader.directive(directive[1], directive[2], where)
        return directive.end()
    if quiet := _QUIET.match(whole, at):
        reader.quiet(quiet[0])
        return quiet.end()
    if (old := _LEGACY.match(whole, at)) and (old[1] == "&" or "." in old[1]):
        reader.selector = reader.selector if old[1] == "&" else old[1]
        if _CALL.match(old[2]):
            return old.start(2)
        reader.legacy(reader.selector, old[2], where)
        return old.end()
    text.odd(where)
    end = whole.find("\n", at)
    return end if end >= 0 else len(whole)


def _parameters(text: Text, at: int, line: int) -> tuple[int, _Parameters]:
    """The parameters up to the closing bracket, names in lower case, and where it stands."""
    found: dict[str, Fact[str]] = {}
    whole, seen = text.text, at
    while True:
        space = _SPACE.match(whole, at)
        at = space.end() if space is not None else at
        line, seen = line + whole.count("\n", seen, at), at
        parameter = _PARAMETER.match(whole, at)
        if parameter is None:
            break
        found[parameter[1].lower()] = Fact(
            parameter[2][1:-1] if parameter[2][0] == '"' else parameter[2], text.where(line)
        )
        at = parameter.end()
    if whole[at : at + 1] == ")":
        return at + 1, found
    text.odd(text.where(line))
    end = whole.find("\n", at)
    return end if end >= 0 else len(whole), found


def _targets(selector: str, said: _Parameters, where: Where, settings: _Parameters) -> Iterator[LogTarget]:
    def one(name: str, default: str = "") -> str:
        return said[name].value if name in said else default

    relp = one("type").lower() == "omrelp"
    driver = one("streamdriver") or settings.get("defaultnetstreamdriver", Fact("", where)).value
    mode = one("streamdriver.mode", one("streamdrivermode"))
    auth = one("streamdriver.authmode", one("streamdriverauthmode", one("tls.authmode")))
    peers = one("streamdriver.permittedpeers", one("streamdriverpermittedpeers", one("tls.permittedpeer")))
    names = tuple(re.findall(r'[^\s,"\[\]]+', peers))
    tls = one("tls").lower() == "on" if relp else driver.lower() in _TLS_DRIVERS and mode == "1"
    verified = tls and auth.lower() in {"x509/name", "name", "x509/fingerprint", "fingerprint"} and bool(names)
    protocol = "relp" if relp else one("protocol", "udp").lower()
    target = said.get("target", Fact("", where))
    for server in re.findall(r'[^\s,"\[\]]+', target.value) or [""]:
        port = _port(one("port", "514"))
        yield LogTarget(server, port, protocol, tls and protocol != "udp", names, verified, selector, target.where)


def _port(value: str) -> int:
    """0 for what is no number: a name of a service."""
    return int(value) if re.fullmatch("[0-9]{1,5}", value) else 0
