"""Who may log in to a Junos device, by whose word, for how long, and how secrets are kept."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.juniper_junos.tree import Branch, Read
from monitor.facts.switch import Aaa, AaaServer, Hashing, Line, Lockout, PasswordPolicy, StoredSecret, User
from monitor.facts.where import Fact

__all__ = ["aaa", "banner", "lines", "lockout", "passwords", "stored", "users"]

_LOGIN = ("system", "login")
_ALL = frozenset({"super-user", "superuser"})
_SOME = frozenset({"operator", "read-only", "unauthorized"})
_METHODS = {"radius": "radius", "tacplus": "tacacs", "password": "local", "ldaps": "ldap"}


def users(read: Read) -> Iterator[User]:
    """Accounts that can log in by themselves: without `authentication` one is only what RADIUS maps people to."""
    root = read.at("system", "root-authentication")
    if root is not None:
        hashing, where = _kept(root)
        yield User("root", hashing, full=True, where=read.where(where))
    for name, branch in read.names(*_LOGIN, "user").items():
        proof = branch.below.get("authentication")
        if proof is not None and proof.below:
            hashing, where = _kept(proof)
            yield User(name, hashing, _full(read, branch), read.where(where))


def stored(read: Read) -> Iterator[StoredSecret]:
    """Every secret that stands in the text. RADIUS's, NTP's and SNMP's are `$9$`, which anybody can undo."""
    yield from _password(read, "user root", read.at("system", "root-authentication"))
    for name, branch in read.names(*_LOGIN, "user").items():
        yield from _password(read, f"user {name}", branch.below.get("authentication"))
    for level, kind in (("system", "radius"), ("system", "tacplus"), ("access", "radius")):
        for server in read.names(level, f"{kind}-server").values():
            yield from _obscured(read, f"{kind} key", server.below.get("secret"))
    for key in read.names("system", "ntp", "authentication-key").values():
        yield from _obscured(read, "ntp key", key.below.get("value"))
    yield from _snmp_keys(read)


def _password(read: Read, what: str, proof: Branch | None) -> Iterator[StoredSecret]:
    for word, branch in (proof.below.get("encrypted-password", Branch(1)).below if proof else {}).items():
        yield StoredSecret(what, _hashing(word), _scheme(word), read.where(branch))


def _snmp_keys(read: Read) -> Iterator[StoredSecret]:
    for user in read.names("snmp", "v3", "usm", "local-engine", "user").values():
        for how in user.below.values():
            for word, branch in how.below.items():
                if word.endswith(("-key", "-password")):
                    yield StoredSecret("snmp user key", Hashing.REVERSIBLE, "$9$", read.where(branch))


def _obscured(read: Read, what: str, branch: Branch | None) -> Iterator[StoredSecret]:
    for word, below in (branch.below if branch else {}).items():
        # `$8$` is encrypted under a master password that does not stand in the text.
        hashing = Hashing.HIDDEN if word.startswith("$8$") else Hashing.REVERSIBLE
        yield StoredSecret(what, hashing, _scheme(word) or "$9$", read.where(below))


def _kept(proof: Branch) -> tuple[Hashing, Branch]:
    for word, branch in proof.below.get("encrypted-password", Branch(1)).below.items():
        return _hashing(word), branch
    # Only public keys, which give nothing away.
    return Hashing.STRONG, proof


def _hashing(word: str) -> Hashing:
    """By the scheme in front (crypt(5)): sha512-crypt and sha256-crypt are slow; MD5 and Juniper's `$sha1$` are not."""
    match _scheme(word):
        case "$6$" | "$5$":
            return Hashing.STRONG
        case "$1$" | "$sha1$":
            return Hashing.WEAK
        case _:
            return Hashing.UNKNOWN


def _scheme(word: str) -> str:
    return f"${word.split('$')[1]}$" if word.startswith("$") and word.count("$") > 1 else ""


def _full(read: Read, user: Branch) -> bool | None:
    name = next(iter(user.below.get("class", Branch(1)).below), "")
    if name in _ALL | _SOME:
        return name in _ALL
    permissions = read.names(*_LOGIN, "class", name, "permissions")
    return "all" in permissions if permissions else None


# ---- AAA -------------------------------------------------------------------------------------------------------------


def aaa(read: Read) -> Aaa:
    """Juniper: "Authentication Order": without one, local passwords; local ones also when no server answers."""
    servers = tuple(
        AaaServer(_METHODS[kind], address, read.where(branch))
        for kind in ("radius", "tacplus")
        for address, branch in read.names("system", f"{kind}-server").items()
    )
    order = read.values("system", "authentication-order")
    methods = () if order is None else tuple(_METHODS.get(word, word) for word in order.value)
    login = tuple(dict.fromkeys((*methods, "local")))
    where = read.around("system") if order is None else order.where
    events = read.names("system", "accounting", "events")
    told = bool(read.names("system", "accounting", "destination")) and bool({"interactive-commands"} & set(events))
    return Aaa(servers, Fact(login, where), Fact(told, read.around("system", "accounting", "events")))


# ---- Sessions --------------------------------------------------------------------------------------------------------


def lines(read: Read) -> tuple[Line, ...]:
    """The network and the console. Time-outs belong to login classes, and root on the console is in none."""
    services = read.names("system", "services")
    transports = tuple(name for name in ("ssh", "telnet") if name in services)
    if "ssh" not in services and "ssh" in read.names("system", "services", "netconf"):
        transports = ("ssh", *transports)
    where = read.around("system", "services")
    idle = _idle(read)
    network = Line("vty", Fact(transports or ("none",), where), idle, None, where)
    late = idle if idle is not None and idle.value == 0 else None
    closed = read.at("system", "ports", "console", "disable") is not None
    place = read.around("system", "ports", "console")
    return (network,) if closed else (network, Line("console", None, late, None, place))


def _idle(read: Read) -> Fact[int] | None:
    """The longest of the classes that somebody is in; 0, never, where a class says none (as the predefined ones)."""
    found: list[Fact[int]] = []
    for branch in read.names(*_LOGIN, "user").values():
        name = next(iter(branch.below.get("class", Branch(1)).below), "")
        minutes = read.number(*_LOGIN, "class", name, "idle-timeout")
        if minutes is None:
            return Fact(0, read.where(branch))
        found.append(Fact(minutes.value * 60, minutes.where))
    return next((fact for fact in found if fact.value == 0), max(found, key=lambda fact: fact.value, default=None))


def lockout(read: Read) -> Lockout:
    """How often without an end there is no lock; how many tries there are by default depends on the release."""
    minutes = read.number(*_LOGIN, "retry-options", "lockout-period")
    where = read.around(*_LOGIN, "retry-options", "lockout-period")
    seconds = Fact(0, where) if minutes is None else Fact(minutes.value * 60, minutes.where)
    return Lockout(read.number(*_LOGIN, "retry-options", "tries-before-disconnect"), seconds)


def passwords(read: Read) -> PasswordPolicy:
    """What a new password must be like."""
    return PasswordPolicy(read.number(*_LOGIN, "password", "minimum-length"))


def banner(read: Read) -> Fact[str] | None:
    """`message` is shown before the login; `announcement` only after it."""
    found = read.value(*_LOGIN, "message")
    return None if found is None else Fact(found.value.replace("\\n", "\n").replace('\\"', '"'), found.where)
