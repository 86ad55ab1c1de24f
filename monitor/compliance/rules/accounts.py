"""ID: who may log in to a switch, by whose word, and with which rights."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from inventory.model import Platform, Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import clean, doubtful, failed, listed, passed, settled, silent
from monitor.facts.switch import Aaa, User

__all__ = ["ID_01", "ID_02", "ID_09"]

_CENTRAL = frozenset({"radius", "tacacs"})
_LOCAL = "local"

# ---- ID-01 -----------------------------------------------------------------------------------------------------------


def _asked_centrally(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.aaa is None or switch.users is None:
        yield silent(case)
        return
    aaa = switch.aaa
    message = N_("{servers} is asked who may log in, and one local account is left for the day it is silent")
    said = say(message, servers=listed(server.address for server in aaa.servers))
    otherwise = passed(said, (case.evidence(server.where) for server in aaa.servers), switch.sources)
    found = [*_servers(case, aaa), *_order(case, aaa), *_last_resort(case, switch.users)]
    yield from settled(found, otherwise)


def _servers(case: Case, aaa: Aaa) -> Iterator[Judged]:
    switch, switching = case.facts.switch, case.office.switching
    if not aaa.servers and switch is not None:
        message = say(N_("no server is asked who may log in: every account is the device's own"))
        yield failed(message, *map(case.whole, switch.sources), requirement=Requirement.CENTRAL_AAA)
    known = None if switching is None else {str(radius.address) for radius in switching.radius}
    for server in aaa.servers:
        if known is not None and server.address not in known:
            message = say(
                N_("{server} is asked who may log in, which the inventory does not name"), server=server.address
            )
            yield failed(message, case.evidence(server.where), requirement=Requirement.CENTRAL_AAA)


def _order(case: Case, aaa: Aaa) -> Iterator[Judged]:
    if not aaa.servers:
        return
    if aaa.login is None:
        yield doubtful(
            say(N_("the text does not say who is asked first at a login")), case.evidence(aaa.servers[0].where)
        )
        return
    order, place = aaa.login.value, case.evidence(aaa.login.where)
    if not order or order[0] not in _CENTRAL:
        message = say(N_("local accounts are asked before the server: {order}"), order=", ".join(order) or "?")
        yield failed(message, place, requirement=Requirement.CENTRAL_AAA)
    if order and _LOCAL not in order:
        message = say(N_("when no server answers, nobody can log in: {order}"), order=", ".join(order))
        yield failed(message, place, requirement=Requirement.LAST_RESORT)


def _last_resort(case: Case, users: Iterable[User]) -> Iterator[Judged]:
    accounts = [user for user in users if not _resident(case, user)]
    if not accounts:
        switch = case.facts.switch
        message = say(N_("there is no local account for the day no server answers"))
        sources = () if switch is None else switch.sources
        yield failed(message, *map(case.whole, sources), requirement=Requirement.LAST_RESORT)
    elif len(accounts) > 1:
        names = listed(user.name for user in accounts)
        message = say(N_("there are {n} local accounts, and one is asked for: {users}"), n=len(accounts), users=names)
        places = (case.evidence(user.where) for user in accounts)
        yield failed(message, *places, requirement=Requirement.LAST_RESORT)


def _resident(case: Case, user: User) -> bool:
    """Whether the platform cannot be without the account.

    Junos commits nothing without `system root-authentication` (Juniper, "Configuring the Root Password").
    """
    return case.facts.platform is Platform.JUNIPER_JUNOS and user.name == "root"


ID_01 = Rule(
    id="ID-01",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("One place knows who may log in")),
    rationale=say(
        N_("Who leaves the office must lose his access at once and everywhere, not on ten switches one by one.")
    ),
    fix=say(N_("Name the RADIUS servers and keep one local account (fosa push does).")),
    judge=_asked_centrally,
)

# ---- ID-02 -----------------------------------------------------------------------------------------------------------

_ANYBODY = frozenset(
    {"admin", "administrator", "root", "manager", "operator", "user", "guest", "support", "test", "monitor", "service"}
    | {"cisco", "juniper", "aruba", "hp", "procurve", "mikrotik"}
)
"""Names that makers give, and names that say nothing of who it is. From general knowledge."""


def _known_people(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.users is None:
        yield silent(case)
        return
    message = say(N_("every local account is one that the inventory names"))
    named = _named(case)
    found = (judged for user in switch.users for judged in _account(case, user, named))
    yield from settled(found, clean(case, message, switch.sources))


def _account(case: Case, user: User, named: Collection[str]) -> Iterator[Judged]:
    place = case.evidence(user.where)
    if _resident(case, user):
        yield from _root(case, user)
    elif user.name.casefold() in _ANYBODY:
        message = say(N_("account {user} bears a name that makers give and everybody knows"), user=user.name)
        yield failed(message, place, requirement=Requirement.LAST_RESORT)
    elif user.name not in named:
        message = say(N_("account {user} stands for nobody in the inventory"), user=user.name)
        yield failed(message, place, requirement=Requirement.LAST_RESORT)


def _root(case: Case, user: User) -> Iterator[Judged]:
    root = None if case.facts.ssh is None else case.facts.ssh.root
    if root is None:
        message = say(N_("the text does not say whether {user} may log in over the network"), user=user.name)
        yield doubtful(message, case.evidence(user.where))
    elif root.value not in {"no", "deny"}:
        message = say(N_("account {user} may log in over the network"), user=user.name)
        yield failed(message, case.evidence(root.where), requirement=Requirement.LAST_RESORT)


def _named(case: Case) -> frozenset[str]:
    switching, access = case.office.switching, case.office.access_to(case.device.name)
    logins = () if access is None else (access.read.user, access.write.user)
    return frozenset(logins if switching is None else (switching.last_resort.user, *logins))


ID_02 = Rule(
    id="ID-02",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("Every account stands for somebody")),
    rationale=say(N_("A maker's account is the first that is tried, and a shared one tells nobody who it was.")),
    fix=say(N_("Take the account out, or name it in the inventory (fosa push keeps only those named there).")),
    judge=_known_people,
)

# ---- ID-09 -----------------------------------------------------------------------------------------------------------


def _least_rights(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.users is None:
        yield silent(case)
        return
    message = say(N_("no local account may do everything but those that administer"))
    administering = _administering(case)
    found = (judged for user in switch.users for judged in _rights(case, user, administering))
    yield from settled(found, clean(case, message, switch.sources))


def _administering(case: Case) -> frozenset[str]:
    switching, access = case.office.switching, case.office.access_to(case.device.name)
    last_resort = () if switching is None else (switching.last_resort.user,)
    writing = () if access is None or access.write.user == access.read.user else (access.write.user,)
    return frozenset((*last_resort, *writing))


def _rights(case: Case, user: User, administering: Collection[str]) -> Iterator[Judged]:
    if user.name in administering or _resident(case, user):
        return
    if user.full is None:
        message = say(N_("the text does not say what account {user} may do"), user=user.name)
        yield doubtful(message, case.evidence(user.where))
    elif user.full:
        yield failed(say(N_("account {user} may do everything"), user=user.name), case.evidence(user.where))


ID_09 = Rule(
    id="ID-09",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Only those who administer may do everything")),
    rationale=say(N_("What an account may not do, nobody can do with its password.")),
    fix=say(N_("Lower the account's privilege, or take it out (fosa push does).")),
    judge=_least_rights,
)
