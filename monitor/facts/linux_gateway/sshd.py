"""The SSH server: what `sshd -T` says is in force, or what its file says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from monitor.facts.model import Service, Ssh
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["conditional", "read_effective", "read_file", "services"]

_Said = Mapping[str, Sequence[Fact[str]]]
_LINE = re.compile(r"([A-Za-z0-9]+)(?:\s*=\s*|\s+|$)(.*)")
_MANY = frozenset({"listenaddress", "port", "allowusers", "hostkey", "acceptenv", "setenv"})
"""Keys that add up. Of all others the first one counts."""
_LONGEST = 100
"""No address is longer."""


def read_effective(text: Text) -> Ssh | None:
    """What is in force, but for `Match` blocks. None when the server does not say."""
    said = _settings(text, text.lines())
    return _ssh(said, (text.source,)) if "kexalgorithms" in said or "listenaddress" in said else None


def read_file(text: Text) -> Ssh:
    """What a file says. What it leaves to the server is None."""
    elsewhere = {where.line for where in conditional(text)}
    return _ssh(_settings(text, (where for where in text.lines() if where.line not in elsewhere)), (text.source,))


def conditional(text: Text) -> tuple[Where, ...]:
    """The lines of a file that no reading of effective settings shows: `Include`, and everything from a `Match` on."""
    found, matched = [], False
    for where in text.lines():
        word = where.text.split(maxsplit=1)[0].lower()
        matched |= word == "match"
        if matched or word == "include":
            found.append(where)
    return tuple(found)


def services(ssh: Ssh) -> tuple[Service, ...]:
    """Where it listens."""
    places = ((said.value.rpartition(":"), said.where) for said in ssh.listen)
    return tuple(
        Service("ssh", "tcp", "" if host in {"0.0.0.0", "[::]"} else host.strip("[]"), int(port), where)  # noqa: S104
        for (host, _, port), where in places
    )


def _settings(text: Text, lines: Iterable[Where]) -> _Said:
    said: dict[str, list[Fact[str]]] = {}
    for where in lines:
        found = _LINE.fullmatch(where.text)
        if found is None:
            text.odd(where)
            continue
        said.setdefault(found[1].lower(), []).append(Fact(found[2].strip().strip('"'), where))
    return {key: facts if key in _MANY else facts[:1] for key, facts in said.items()}


def _ssh(said: _Said, sources: tuple[str, ...]) -> Ssh:
    return Ssh(
        listen=_listen(said),
        kex=_list(said, "kexalgorithms"),
        ciphers=_list(said, "ciphers"),
        macs=_list(said, "macs"),
        host_key_algorithms=_list(said, "hostkeyalgorithms"),
        public_key_algorithms=_list(said, "pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes"),
        versions=_versions(said),
        authentication_methods=_list(said, "authenticationmethods"),
        passwords=_passwords(said),
        empty_passwords=_yes(said, "permitemptypasswords"),
        root=next(iter(said.get("permitrootlogin", ())), None),
        users=_users(said),
        conditional=(),
        sources=sources,
    )


def _list(said: _Said, *keys: str) -> Fact[tuple[str, ...]] | None:
    """A list as it is in force. `+`, `-` and `^` change the server's own list, which nobody here knows: None."""
    for fact in (fact for key in keys for fact in said.get(key, ())):
        if fact.value[:1] not in {"+", "-", "^", ""}:
            return Fact(tuple(word for word in re.split(r"[,\s]+", fact.value) if word), fact.where)
    return None


def _versions(said: _Said) -> Fact[tuple[int, ...]] | None:
    listed = _list(said, "protocol")
    if listed is None:
        return None
    return Fact(tuple(int(word) for word in listed.value if word in {"1", "2"}), listed.where)


def _yes(said: _Said, key: str) -> Fact[bool] | None:
    fact = next(iter(said.get(key, ())), None)
    return Fact(fact.value.lower() != "no", fact.where) if fact is not None else None


def _passwords(said: _Said) -> Fact[bool] | None:
    """One `yes` is enough; `no` must be said of both ways to ask for one."""
    plain = _yes(said, "passwordauthentication")
    asked = _yes(said, "kbdinteractiveauthentication") or _yes(said, "challengeresponseauthentication")
    for fact in (plain, asked):
        if fact is not None and fact.value:
            return fact
    return plain if plain is not None and asked is not None else None


def _users(said: _Said) -> Fact[tuple[str, ...]] | None:
    facts = said.get("allowusers", ())
    return Fact(tuple(user for fact in facts for user in fact.value.split()), facts[0].where) if facts else None


def _listen(said: _Said) -> tuple[Fact[str], ...]:
    """Every address with its port: one without a port of its own has all the ports."""
    ports = [fact.value for fact in said.get("port", ()) if re.fullmatch("[0-9]{1,5}", fact.value)] or ["22"]
    found = []
    for fact in (fact for fact in said.get("listenaddress", ()) if len(fact.value) < _LONGEST):
        bare = re.fullmatch(r"[^:\[\]]+|\[[^\]]*\]|[^\[\]]*:[^\[\]]*:[^\[\]]*", fact.value)
        ported = re.fullmatch(r"(.*):[0-9]{1,5}", fact.value)
        if bare is not None:
            host = f"[{fact.value}]" if ":" in fact.value and "[" not in fact.value else fact.value
            found += [Fact(f"{host}:{port}", fact.where) for port in ports]
        elif ported is not None:
            found.append(fact)
    return tuple(found)
