"""ID: what a switch asks of passwords, what it does with wrong ones, and how it keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.demands import DEMANDS
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import clean, doubtful, failed, passed, settled, silent, unsaid
from monitor.facts.switch import Hashing, Lockout, StoredSecret, SwitchFacts

__all__ = ["ID_04", "ID_06", "ID_07"]

# ---- ID-04 -----------------------------------------------------------------------------------------------------------


def _long_passwords(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    length = None if switch is None or switch.passwords is None else switch.passwords.least_length
    if switch is None or length is None:
        yield silent(case)
    elif length.value < DEMANDS.password_length:
        message = N_("passwords of {length} characters are taken; {least} are asked for")
        said = say(message, length=length.value, least=DEMANDS.password_length)
        yield failed(said, case.evidence(length.where))
    else:
        enough = say(N_("passwords have {length} characters or more"), length=length.value)
        yield passed(enough, (case.evidence(length.where),), switch.sources)


ID_04 = Rule(
    id="ID-04",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Passwords are long enough")),
    rationale=say(N_("A short password is tried out; a long one is not.")),
    fix=say(N_("Have the device refuse passwords of fewer than twelve characters, where it can.")),
    judge=_long_passwords,
)

# ---- ID-06 -----------------------------------------------------------------------------------------------------------


def _locked_out(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None:
        yield silent(case)
    elif switch.lockout is None:
        yield unsaid(case, Requirement.LOCKOUT)
    else:
        message = N_("an account is locked for {minutes} minutes or more after {tries} wrong passwords at most")
        said = say(message, minutes=DEMANDS.locked_s // 60, tries=DEMANDS.tries)
        facts = [fact for fact in (switch.lockout.tries, switch.lockout.seconds) if fact is not None]
        otherwise = passed(said, (case.evidence(fact.where) for fact in facts), switch.sources)
        yield from settled(_lenient(case, switch.lockout), otherwise)


def _lenient(case: Case, lockout: Lockout) -> Iterator[Judged]:
    tries, seconds = lockout.tries, lockout.seconds
    if tries is None:
        yield doubtful(say(N_("the text does not say how many wrong passwords are taken")))
    elif not 0 < tries.value <= DEMANDS.tries:
        message = N_("wrong passwords before an account is locked: {tries} (0: never); {most} at most are allowed")
        said = say(message, tries=tries.value, most=DEMANDS.tries)
        yield failed(said, case.evidence(tries.where), requirement=Requirement.LOCKOUT)
    if seconds is None:
        yield doubtful(say(N_("the text does not say for how long an account is locked")))
    elif seconds.value < DEMANDS.locked_s:
        message = N_("an account is locked for {seconds} seconds; {least} are asked for")
        said = say(message, seconds=seconds.value, least=DEMANDS.locked_s)
        yield failed(said, case.evidence(seconds.where), requirement=Requirement.LOCKOUT)


ID_06 = Rule(
    id="ID-06",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Wrong passwords lock an account")),
    rationale=say(N_("Without it a machine tries passwords night and day.")),
    fix=say(N_("Set the lock-out of the inventory (fosa push does).")),
    judge=_locked_out,
)

# ---- ID-07 -----------------------------------------------------------------------------------------------------------

_SHARED = frozenset({"radius", "tacacs", "snmp", "ntp", "key"})
"""What a secret is for that a device must know itself, to prove it to another: it cannot be kept as a hash."""

_OF_USER = "user "


def _kept_safely(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.stored is None:
        yield silent(case)
        return
    found = [judged for secret in switch.stored for judged in _kept(case, secret)]
    if not any(judged.result is not Result.INFORMATIONAL for judged in found):
        found.append(_nothing_weak(case, switch, switch.stored))
    yield from found


def _nothing_weak(case: Case, switch: SwitchFacts, stored: Iterable[StoredSecret]) -> Judged:
    """What holds where no secret is kept badly; a text that shows no password tells nothing of how it is kept."""
    hidden = next((user for user in switch.users or () if user.hashing in {Hashing.HIDDEN, Hashing.UNKNOWN}), None)
    if hidden is not None:
        message = say(N_("how the password of {user} is kept does not stand in the text"), user=hidden.name)
        return doubtful(message, case.evidence(hidden.where))
    if switch.users is None and not any(secret.what.startswith(_OF_USER) for secret in stored):
        return silent(case)
    return clean(case, say(N_("every password is kept as a strong hash")), switch.sources)


def _kept(case: Case, secret: StoredSecret) -> Iterator[Judged]:
    place = case.evidence(secret.where)
    words = {"what": secret.what, "word": secret.word or "?"}
    if secret.hashing is Hashing.CLEAR:
        message = say(N_("{what} stands in clear in the configuration"), what=secret.what)
        yield failed(message, place, requirement=Requirement.STRONG_HASH)
    elif _shared(secret):
        if secret.hashing is Hashing.REVERSIBLE:
            told = N_("{what} can be read out of the configuration ({word}): the device must know it to use it")
            yield Judged(Result.INFORMATIONAL, say(told, **words), (place,))
    elif secret.hashing in {Hashing.REVERSIBLE, Hashing.WEAK}:
        message = say(N_("{what} is kept in a form that gives it away ({word})"), **words)
        yield failed(message, place, requirement=Requirement.STRONG_HASH)
    elif secret.hashing is not Hashing.STRONG:
        message = say(N_("how {what} is kept does not stand in the text ({word})"), **words)
        yield doubtful(message, place)


def _shared(secret: StoredSecret) -> bool:
    words = secret.what.casefold().split()
    return words[:1] != ["user"] and not _SHARED.isdisjoint(words)


ID_07 = Rule(
    id="ID-07",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Passwords are kept as strong hashes")),
    rationale=say(N_("A configuration is copied and mailed; whoever has it should not have the passwords too.")),
    fix=say(N_("Keep the account of last resort as the platform's strongest hash (fosa push does).")),
    judge=_kept_safely,
)
