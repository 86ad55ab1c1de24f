"""Logging in on the page: limits in time, replays, guessing made slow, and no word of which accounts there are."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.people import accounts, attempts, sessions
from api.people.accounts import Alteration
from api.people.attempts import wait_after
from api.people.model import Caller, Role
from api.people.sessions import Begun, caller_of_session
from api.people.shelf import ATTEMPTS
from api.people.sweep import sweep
from api.store.ledger import Ledger
from inventory.errors import ConflictError, RefusedError
from tests.api.people.office import PAGE, PASSWORD, People

HERE = "192.0.2.7"


def joined(people: People) -> People:
    people.first()
    people.join("jan", Role.OPERATOR)
    people.clock.forward(seconds=60)
    return people


@pytest.fixture
def jan(people: People) -> People:
    """An office with an operator called jan, and nobody logged in."""
    return joined(people)


def fail(people: People, name: str) -> None:
    """Fail as `login` does, without the time a password takes."""
    attempts.Trial.of(people.registry, PAGE, "session.begin", name).failed()


def login(people: People, name: str = "jan", password: str = PASSWORD, code: str = "", page: Caller = PAGE) -> Begun:
    return sessions.login(people.registry, page, name, password, code or people.code("jan"))


def who(people: People, begun: Begun, address: str = HERE) -> Caller:
    return caller_of_session(people.ledger, begun.secret, address, people.clock())


def test_a_session_begins_with_password_and_code(jan: People) -> None:
    begun = login(jan)
    assert who(jan, begun) == Caller(account="jan", roles=frozenset({Role.OPERATOR}), origin=f"page {HERE}")
    assert begun.until == jan.clock() + dt.timedelta(hours=12)
    assert len(begun.secret) == 43
    assert begun.secret not in repr(begun)
    assert jan.deeds()[-1] == ("jan", "session.begin", "account jan", "done")


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("jan", "not the password", ""),
        ("jan", PASSWORD, "000000"),
        ("jan", "", ""),
        ("ola", PASSWORD, ""),
        ("", "", ""),
        ("no account's name; at all", PASSWORD, "000000"),
    ],
)
def test_whatever_is_wrong_is_said_in_the_same_words(jan: People, name: str, password: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        login(jan, name, password, code)
    assert str(caught.value) == str(attempts.Trial.refusal())
    subject = "account jan" if name == "jan" else "account ?"
    assert jan.deeds()[-1] == ("nobody", "session.begin", subject, "refused")


def test_what_is_no_account_is_treated_as_a_wrong_password(jan: People) -> None:
    admin = Caller(account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000")
    accounts.change(jan.registry, admin, Alteration(name="jan", disabled=True))
    accounts.add(jan.registry, admin, accounts.Newcomer(name="ewa", title="Ewa", roles=frozenset({Role.VIEWER})))
    for name in ("jan", "ewa", "ola"):
        with pytest.raises(RefusedError, match="name, password or code is wrong"):
            login(jan, name)


def test_a_code_is_good_for_one_session(jan: People) -> None:
    login(jan)
    with pytest.raises(RefusedError):
        login(jan)
    jan.clock.forward(seconds=30)
    assert who(jan, login(jan)).account == "jan"


def test_of_many_replays_at_once_one_is_let_in(anywhere: People) -> None:
    jan = joined(anywhere)
    code = jan.code("jan")

    def attempt(_n: int) -> bool:
        try:
            login(jan, code=code)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, range(4))) == 1


def test_a_session_is_over_after_silence_and_after_half_a_day(jan: People) -> None:
    begun = login(jan)
    jan.clock.forward(minutes=29, seconds=59)
    caller = who(jan, begun)
    sessions.seen(jan.registry, caller, begun.secret)
    jan.clock.forward(minutes=30)
    with pytest.raises(RefusedError, match="the session is over"):
        who(jan, begun)
    again = login(jan)
    for _quarter in range(47):
        jan.clock.forward(minutes=15)
        sessions.seen(jan.registry, who(jan, again), again.secret)
    jan.clock.forward(minutes=15)
    with pytest.raises(RefusedError):
        who(jan, again)


def test_a_clock_that_is_set_back_makes_no_session_longer(jan: People) -> None:
    begun = login(jan)
    jan.clock.forward(minutes=-4)
    assert who(jan, begun).account == "jan"
    jan.clock.forward(days=-1)
    with pytest.raises(RefusedError, match="the session is over"):
        who(jan, begun)


def test_a_clock_that_is_set_back_keeps_nobody_out_for_a_day(jan: People) -> None:
    jan.clock.forward(days=1)
    for _time in range(12):
        fail(jan, "jan")
        jan.clock.forward(minutes=1)
    jan.clock.forward(days=-1)
    assert who(jan, login(jan)).account == "jan"


def test_a_use_is_noted_every_five_minutes_at_most(jan: People) -> None:
    begun = login(jan)
    before = jan.ledger.last()[0]
    for _minute in range(10):
        jan.clock.forward(minutes=1)
        sessions.seen(jan.registry, who(jan, begun), begun.secret)
    assert jan.ledger.last()[0] == before + 2


def test_a_session_is_good_from_where_it_began_and_until_it_is_ended(jan: People) -> None:
    begun = login(jan)
    for secret, address in ((begun.secret, "192.0.2.8"), (begun.secret[:-1], HERE), ("", HERE)):
        with pytest.raises(RefusedError):
            caller_of_session(jan.ledger, secret, address, jan.clock())
    sessions.end(jan.registry, who(jan, begun), begun.secret)
    with pytest.raises(RefusedError):
        who(jan, begun)
    sessions.end(jan.registry, PAGE, begun.secret)
    assert jan.deeds()[-1] == ("jan", "session.end", "account jan", "done")


def test_roles_and_disabling_take_effect_at_once(jan: People) -> None:
    begun = login(jan)
    admin = Caller(account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000")
    accounts.change(jan.registry, admin, Alteration(name="jan", roles=frozenset({Role.VIEWER})))
    assert who(jan, begun).roles == {Role.VIEWER}
    accounts.change(jan.registry, admin, Alteration(name="jan", disabled=True))
    with pytest.raises(RefusedError):
        who(jan, begun)


def test_the_edge_reads_a_session_without_writing(anywhere: People, url: str) -> None:
    jan = joined(anywhere)
    begun = login(jan)
    reader = Ledger(url, read_only=True)
    assert caller_of_session(reader, begun.secret, HERE, jan.clock()).account == "jan"
    reader.close()


def test_who_fails_again_and_again_waits_longer_and_longer(jan: People) -> None:
    for _time in range(5):
        fail(jan, "jan")
    with pytest.raises(RefusedError):
        login(jan, password="wrong")
    noted = jan.ledger.last()[0]
    # Even the right answer is not taken now, and nothing more is counted or noted.
    with pytest.raises(RefusedError):
        login(jan)
    assert jan.ledger.last()[0] == noted
    jan.clock.forward(seconds=1)
    with pytest.raises(RefusedError):
        login(jan, password="wrong")
    jan.clock.forward(seconds=1.9)
    with pytest.raises(RefusedError):
        login(jan)
    jan.clock.forward(seconds=0.1)
    assert who(jan, login(jan)).account == "jan"
    # A success begins the count anew.
    with pytest.raises(RefusedError):
        login(jan, password="wrong")
    jan.clock.forward(seconds=30)
    assert who(jan, login(jan)).account == "jan"


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (5, 0), (6, 1), (7, 2), (10, 16), (15, 512), (16, 900), (17, 900), (9999, 900)]
)
def test_the_waits_double_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures, attempts.FREE_BY_ACCOUNT) == dt.timedelta(seconds=seconds)


def test_one_origin_cannot_go_through_all_the_names(jan: People) -> None:
    for number in range(21):
        fail(jan, f"name{number}")
    before = jan.ledger.last()[0]
    with pytest.raises(RefusedError):
        login(jan)
    assert jan.ledger.last()[0] == before
    # Somebody else's page is not concerned, and an own account does not clear the origin's count.
    assert login(jan, page=Caller.unproved("page 192.0.2.9")).account == "jan"
    jan.clock.forward(seconds=31)
    login(jan)
    with pytest.raises(RefusedError):
        login(jan, "name0")
    jan.clock.forward(seconds=1.5)
    with pytest.raises(RefusedError):
        login(jan)


def test_guesses_at_once_are_all_counted(anywhere: People) -> None:
    jan = joined(anywhere)

    def guess(_n: int) -> None:
        with pytest.raises(RefusedError):
            login(jan, password="wrong", code="000000")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(guess, range(5)))
    kept = jan.ledger.get(ATTEMPTS, "account jan")
    assert kept is not None
    assert kept.value.failures == 5


def test_a_guess_noted_meanwhile_makes_a_success_a_conflict(jan: People) -> None:
    trial = attempts.Trial.of(jan.registry, PAGE, "session.begin", "jan")
    with pytest.raises(RefusedError):
        login(jan, password="wrong")
    from api.people.registry import deed

    with pytest.raises(ConflictError):
        jan.ledger.write(deed(PAGE, "session.begin", "account jan"), [trial.cleared()])


def test_what_is_over_is_swept_away_and_what_is_not_stays(jan: People) -> None:
    over = login(jan)
    jan.clock.forward(hours=11, minutes=50)
    begun = login(jan)
    with pytest.raises(RefusedError):
        login(jan, "ola")
    assert sweep(jan.registry) == 1
    assert who(jan, begun).account == "jan"
    with pytest.raises(RefusedError):
        who(jan, over)
    jan.clock.forward(hours=25)
    assert sweep(jan.registry) == 3
    assert sweep(jan.registry) == 0
    assert jan.deeds()[-1] == ("schedule:people", "people.sweep", "", "done")
