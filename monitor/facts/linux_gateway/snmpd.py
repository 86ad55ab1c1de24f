"""The SNMP agent's file, secrets masked. Its words know no case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.facts.model import Community, Service, Snmp, SnmpUser
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["read_snmpd"]

_COMMUNITIES = {
    **dict.fromkeys(("rocommunity", "rocommunity6"), "read"),
    **dict.fromkeys(("rwcommunity", "rwcommunity6"), "write"),
    **dict.fromkeys(("trapsink", "trap2sink", "informsink", "trapcommunity"), "trap"),
    **dict.fromkeys(("com2sec", "com2sec6", "com2secunix", "authcommunity"), ""),
}
_ELSEWHERE = frozenset(
    {"includefile", "includedir", "access", "authaccess", "setaccess", "proxy", "usmuser", "trapsess"}
)
_KNOWN = """
    agentgroup agentuser agentxperms agentxpinginterval agentxretries agentxsocket agentxtimeout authgroup
    authtrapenable defaultmonitors defauthtype defcontext defpassphrase defprivtype defsecuritylevel
    defsecurityname defversion disk dontlogtcpwrappersconnects engineid engineidnic engineidtype exec extend
    extendfix file group ignore ignoredisk includealldisks interface iquerysecname linkupdownnotifications load
    logoption master maxgetbulkrepeats maxgetbulkresponses monitor notificationevent override pass pass_persist
    persistentdir pollinginterval proc procfix sh smuxpeer smuxsocket swap syscontact sysdescr syslocation
    sysname sysobjectid sysservices tsmuseprefix v1trapaddress view
"""
_WORDS = frozenset(_KNOWN.split())
_CIPHERS = ("aes", "des")


@dataclass(slots=True)
class _Made:
    authentication: str
    privacy: str
    where: Where


@dataclass(slots=True)
class _Agent:
    listen: list[Fact[str]] = field(default_factory=list)
    communities: list[Community] = field(default_factory=list)
    made: dict[str, _Made] = field(default_factory=dict)
    users: list[SnmpUser] = field(default_factory=list)
    elsewhere: list[Where] = field(default_factory=list)

    def take(self, key: str, words: Sequence[str], where: Where) -> bool:
        """One line; False when it is not understood."""
        if key == "agentaddress" and words:
            self.listen += [Fact(address, where) for address in words[0].strip('"').split(",") if address]
        elif key in _COMMUNITIES:
            self.communities.append(Community(_COMMUNITIES[key] or key, where))
        elif key == "createuser":
            return self._create(words, where)
        elif key in {"rouser", "rwuser"}:
            return self._let_in("read" if key == "rouser" else "write", words, where)
        elif key in _ELSEWHERE:
            self.elsewhere.append(where)
        return key in _WORDS or key in _ELSEWHERE or key in _COMMUNITIES or (key == "agentaddress" and bool(words))

    def _create(self, words: Sequence[str], where: Where) -> bool:
        """`createUser [-e ENGINE] NAME SHA-256 <secret> AES <secret>`."""
        words = words[2:] if words[:1] == ["-e"] else words
        if not words:
            return False
        privacy = next((word for word in words[2:] if word.lower().split("-")[0] in _CIPHERS), "")
        self.made[words[0]] = _Made(words[1] if len(words) > 1 else "", privacy, where)
        return True

    def _let_in(self, access: str, words: Sequence[str], where: Where) -> bool:
        """`rouser [-s MODEL] NAME [noauth|auth|priv ...]`: `auth` where nothing is said."""
        words = words[2:] if words[:1] == ["-s"] else words
        if not words:
            return False
        level = words[1].lower() if len(words) > 1 else "auth"
        self.users.append(SnmpUser(words[0].strip('"'), "", "", level, access, where))
        return level in {"noauth", "auth", "priv"}

    def all_users(self) -> Iterable[SnmpUser]:
        """Those that are let in, with how they prove themselves; then those made and not let in."""
        for user in self.users:
            known = self.made.get(user.name)
            authentication, privacy = (known.authentication, known.privacy) if known else ("", "")
            yield SnmpUser(user.name, authentication, privacy, user.level, user.access, user.where)
        let_in = {user.name for user in self.users}
        for name, made in self.made.items():
            if name not in let_in:
                yield SnmpUser(name, made.authentication, made.privacy, "", "", made.where)


def read_snmpd(text: Text) -> tuple[Snmp, tuple[Service, ...]]:
    """Who may read what, and where it listens."""
    agent = _Agent()
    for where in text.lines():
        key, *words = where.text.split()
        if not agent.take(key.lower(), words, where):
            text.odd(where)
    snmp = Snmp(
        tuple(agent.listen),
        tuple(agent.communities),
        tuple(agent.all_users()),
        tuple(agent.elsewhere),
        (text.source,),
    )
    return snmp, tuple(_service(said.value, said.where) for said in agent.listen)


def _service(address: str, where: Where) -> Service:
    """`udp:10.64.0.1:161`, `10.64.0.1`, `161`, `tcp6:[::1]:161`."""
    head, colon, rest = address.partition(":")
    protocol, place = (head, rest) if colon and head.isidentifier() else ("udp", address)
    host, _, port = place.rpartition(":")
    if not port.isdecimal():
        host, port = place, "161"
    return Service("snmp", protocol.lower(), host.strip("[]"), int(port[:5]), where)
