"""MG: nothing in clear, and strong algorithms where a device is managed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.entry import CLEAR_NAMES, in_clear
from monitor.compliance.rules.sayings import doubtful, failed, passed, settled, silent
from monitor.compliance.spaces import TCP, UDP, numbers, told
from monitor.facts.model import Snmp, SnmpUser, Ssh
from monitor.facts.space import Field
from monitor.facts.where import Fact

__all__ = ["MG_01", "MG_03", "MG_04"]

# ---- MG-01 -----------------------------------------------------------------------------------------------------------

_CLEAR = {"tcp": (21, 23, 512, 513, 514), "udp": (69,)}
"""FTP, telnet, rexec, rlogin, rsh; TFTP."""


def _nothing_in_clear(case: Case) -> Iterator[Judged]:
    if case.on_switch:
        yield from in_clear(case)
        return
    yield from settled(_clear_services(case), _nothing_found(case))


def _nothing_found(case: Case) -> Judged:
    firewall = case.facts.firewall
    if firewall is None or case.ways is None:
        return silent(case)
    message = say(N_("no telnet, rsh, FTP or TFTP is opened, and the firewall lets none in"))
    return passed(message, map(case.whole, firewall.sources), firewall.sources)


def _clear_services(case: Case) -> Iterator[Judged]:
    for service in case.facts.services:
        if service.name in CLEAR_NAMES or service.port in _CLEAR.get(service.protocol, ()):
            message = say(N_("{service} is open on port {port}"), service=service.name, port=service.port)
            yield failed(message, case.evidence(service.where))
    told_of = set()
    for path, space in case.ways.reaching if case.ways is not None else ():
        for protocol, number in (("tcp", TCP), ("udp", UDP)):
            part = space.narrowed(Field.PROTOCOL, number)
            part = part and part.narrowed(Field.DESTINATION_PORT, numbers(*_CLEAR[protocol]))
            if part is not None and path.where not in told_of:
                told_of.add(path.where)
                message = say(N_("the firewall lets protocols in clear reach a gateway: {packets}"), packets=told(part))
                yield failed(message, case.evidence(path.where))


MG_01 = Rule(
    id="MG-01",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("No management in clear")),
    rationale=say(N_("telnet, rsh, FTP and TFTP show every password to whoever listens on the way.")),
    fix=say(N_("Switch the service off and take the rule out that lets it in.")),
    judge=_nothing_in_clear,
)

# ---- MG-03 -----------------------------------------------------------------------------------------------------------

_KEX = frozenset(
    {
        "sntrup761x25519-sha512",
        "sntrup761x25519-sha512@openssh.com",
        "mlkem768x25519-sha256",
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        *(f"ecdh-sha2-nistp{bits}" for bits in (256, 384, 521)),
        *(f"diffie-hellman-group{group}-sha512" for group in (15, 16, 17, 18)),
    }
)
"""An allow-list. Group exchange is not in it: how large its groups are stands in no configuration."""
_CIPHERS = frozenset(
    {
        *(f"aes{bits}-ctr" for bits in (128, 192, 256)),
        *(f"aes{bits}-gcm{end}" for bits in (128, 256) for end in ("", "@openssh.com")),
        "chacha20-poly1305@openssh.com",
    }
)
_MACS = frozenset(f"hmac-sha2-{bits}{end}" for bits in (256, 512) for end in ("", "-etm@openssh.com"))
_HOST_KEYS = frozenset(
    {
        "ssh-ed25519",
        *(f"ecdsa-sha2-nistp{bits}" for bits in (256, 384, 521)),
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
_RSA = frozenset({"rsa-sha2-256", "rsa-sha2-512"})


def _strong_ssh(case: Case) -> Iterator[Judged]:
    ssh = case.facts.ssh
    if ssh is None:
        yield silent(case)
        return
    message = say(N_("SSH speaks version 2 and offers allowed algorithms only"))
    lists = (ssh.kex, ssh.ciphers, ssh.macs, ssh.host_key_algorithms)
    evidence = [case.evidence(fact.where) for fact in lists if fact is not None]
    yield from settled(_weak_ssh(case, ssh), passed(message, evidence, ssh.sources))


def _weak_ssh(case: Case, ssh: Ssh) -> Iterator[Judged]:
    if ssh.versions is not None and set(ssh.versions.value) != {2}:
        one = say(N_("SSH version 1 is spoken"))
        yield failed(one, case.evidence(ssh.versions.where), requirement=Requirement.SSH_MODERN)
    if ssh.versions is None and case.on_switch:
        yield doubtful(say(N_("the text does not say which version of SSH is spoken")))
    asked: Mapping[str, tuple[Fact[tuple[str, ...]] | None, frozenset[str]]] = {
        "KexAlgorithms": (ssh.kex, _KEX),
        "Ciphers": (ssh.ciphers, _CIPHERS),
        "MACs": (ssh.macs, _MACS),
        "HostKeyAlgorithms": (ssh.host_key_algorithms, _HOST_KEYS | _RSA),
    }
    for keyword, (fact, allowed) in asked.items():
        yield from _outside(case, keyword, fact, allowed)
    yield from _rsa(case, ssh.host_key_algorithms)
    for where in ssh.conditional:
        message = N_("this line brings in settings that are not in the effective ones")
        yield Judged(Result.UNKNOWN, say(message), (case.evidence(where),))


def _outside(case: Case, keyword: str, fact: Fact[tuple[str, ...]] | None, allowed: frozenset[str]) -> Iterator[Judged]:
    if fact is None:
        message = N_("the text does not say {keyword}: the server's own default holds, which is not known")
        yield Judged(Result.UNKNOWN, say(message, keyword=keyword))
        return
    if outside := [name for name in fact.value if _plain(name) not in allowed]:
        message = N_("{keyword} offers {outside}, which is not allowed")
        said = say(message, keyword=keyword, outside=", ".join(outside))
        yield failed(said, case.evidence(fact.where), requirement=Requirement.SSH_MODERN)


def _plain(name: str) -> str:
    """A host key algorithm without the form for certificates."""
    return name.replace("-cert-v01@openssh.com", "@openssh.com" if name.startswith("sk-") else "")


def _rsa(case: Case, fact: Fact[tuple[str, ...]] | None) -> Iterator[Judged]:
    if fact is not None and any(_plain(name) in _RSA for name in fact.value):
        message = N_("an RSA host key may be offered; whether it has 3072 bits stands in no configuration")
        yield Judged(Result.UNKNOWN, say(message), (case.evidence(fact.where),))


MG_03 = Rule(
    id="MG-03",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("SSH version 2 with strong algorithms only")),
    rationale=say(N_("One weak algorithm that is still offered is the one an attacker will choose.")),
    fix=say(N_("Name the allowed algorithms in sshd_config (fosa push does) and nothing else.")),
    switch_fix=say(N_("Name the allowed algorithms (fosa push does) and nothing else, where the platform can.")),
    judge=_strong_ssh,
)

# ---- MG-04 -----------------------------------------------------------------------------------------------------------

_SHA2 = frozenset({"SHA-224", "SHA-256", "SHA-384", "SHA-512"})


def _snmp_3_only(case: Case) -> Iterator[Judged]:
    snmp = case.facts.snmp
    if snmp is None:
        yield silent(case)
        return
    users = [user for user in snmp.users if user.level]
    message = say(N_("no community is set, and every user is authenticated with SHA-2 and encrypted with AES"))
    evidence = [case.evidence(user.where) for user in users] or [case.whole(name) for name in snmp.sources]
    yield from settled(_weak_snmp(case, snmp, users), passed(message, evidence, snmp.sources))


def _weak_snmp(case: Case, snmp: Snmp, users: list[SnmpUser]) -> Iterator[Judged]:
    for community in snmp.communities:
        message = say(N_("SNMP version 1 and 2c are answered: a community is set ({access})"), access=community.access)
        yield failed(message, case.evidence(community.where), requirement=Requirement.SNMP_V3)
    for user in users:
        if user.level != "priv":
            message = say(N_("SNMP user {user} may come without encryption"), user=user.name)
            yield failed(message, case.evidence(user.where), requirement=Requirement.SNMP_V3)
        elif case.on_switch and not (user.authentication and user.privacy):
            # Not every switch shows its SNMP users: what it does not show is not known to be weak.
            message = say(
                N_("the text does not show what SNMP user {user} is proven and encrypted with"), user=user.name
            )
            yield doubtful(message, case.evidence(user.where))
        elif user.authentication.upper() not in _SHA2 or not user.privacy.upper().startswith("AES"):
            message = say(
                N_("SNMP user {user} uses {authentication} and {privacy}; SHA-2 and AES are asked for"),
                user=user.name,
                authentication=user.authentication or "?",
                privacy=user.privacy or "?",
            )
            yield failed(message, case.evidence(user.where), requirement=Requirement.SNMP_SHA2)
    for where in snmp.elsewhere:
        said = say(N_("this line brings in settings that were not read: they may let others in"))
        yield Judged(Result.UNKNOWN, said, (case.evidence(where),))


MG_04 = Rule(
    id="MG-04",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("SNMP version 3 only, authenticated and encrypted")),
    rationale=say(N_("A community is a password in clear that opens the device to whoever heard it once.")),
    fix=say(N_("Take communities out, leave one user with SHA-2 and AES and level priv (fosa push does).")),
    judge=_snmp_3_only,
)
