"""People at the desk: over its socket, by the kernel's word, by a session, by a token."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts import verbs
from api.accounts.verbs import Accept, First, Login, Named, Secret, TokenId, Whose
from api.desk.client import Client
from api.desk.verb import Nothing
from api.people.accounts import Alteration, Newcomer
from api.people.model import Action, Role
from api.people.tokens import Wanted
from inventory.errors import InputError, RefusedError
from tests.api.people.office import PASSWORD, People, desk_of

ME = os.getuid()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[People]:
    made = People.at(f"sqlite:///{tmp_path}/ledger/ledger.db", tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def client(office: People, tmp_path: Path) -> Iterator[Client]:
    with desk_of(office, tmp_path / "fosa.sock") as made:
        yield made


def first(office: People, client: Client, name: str = "anna") -> tuple[str, ...]:
    newcomer = Newcomer(name=name, title="Anna", roles=frozenset({Role.ADMIN, Role.OPERATOR}), uid=ME)
    return client.call(verbs.FIRST, First(newcomer=newcomer, proving=office.proving(name))).codes


def test_the_first_admin_makes_the_others(office: People, client: Client) -> None:
    with pytest.raises(RefusedError, match="nobody has an account here yet"):
        client.call(verbs.LIST, Nothing())
    assert len(first(office, client)) == 8
    with pytest.raises(RefusedError, match="there are accounts already"):
        first(office, client, "jan")
    me = client.call(verbs.WHOAMI, Nothing())
    assert (me.account, me.roles, me.origin) == ("anna", ("admin", "operator"), f"socket uid {ME}")
    code = client.call(verbs.ADD, Newcomer(name="jan", title="Jan", roles=frozenset({Role.VIEWER}))).code
    assert [person.code_until is None for person in client.call(verbs.LIST, Nothing()).people] == [True, False]
    client.call(verbs.ACCEPT, Accept(name="jan", code=code, proving=office.proving("jan")))
    _anna, jan = client.call(verbs.LIST, Nothing()).people
    assert (jan.password, jan.second_factor, jan.recovery_codes, jan.code_until) == (True, True, 8, None)
    assert client.call(verbs.CHANGE, Alteration(name="jan", disabled=True)).account.disabled
    assert client.call(verbs.RESET, Named(name="jan")).code
    assert not client.call(verbs.LIST, Nothing()).people[1].password


def test_only_root_or_who_runs_the_service_is_first(office: People, tmp_path: Path) -> None:
    with desk_of(office, tmp_path / "fosa.sock", edges=frozenset({ME})) as client:
        reader = Client(tmp_path / "fosa.sock", reader="192.0.2.7")
        with pytest.raises(RefusedError, match="made by root, on the console"):
            first(office, reader)
        assert office.deeds() == [("nobody", "people.first", "account anna", "refused")]
        assert client.call(verbs.OFFER, Named(name="anna")).uri.startswith("otpauth://totp/fosa:anna?")


def test_somebody_logs_in_on_the_page_and_out(office: People, tmp_path: Path) -> None:
    office.first("anna", 65533)
    office.join("jan", Role.VIEWER)
    office.clock.forward(seconds=60)
    socket = tmp_path / "fosa.sock"
    with desk_of(office, socket, edges=frozenset({ME})):
        door = Client(socket, reader="192.0.2.7")
        begun = door.call(verbs.LOGIN, Login(name="jan", password=PASSWORD, code=office.code("jan")))
        page = Client(socket, session=begun.secret, reader="192.0.2.7")
        assert page.call(verbs.WHOAMI, Nothing()).origin == "page 192.0.2.7"
        with pytest.raises(RefusedError, match=r"jan may not do this \(people\)"):
            page.call(verbs.RESET, Named(name="anna"))
        with pytest.raises(RefusedError, match="log in"):
            Client(socket, session=begun.secret, reader="192.0.2.8").call(verbs.WHOAMI, Nothing())
        page.call(verbs.SEEN, Secret(secret=begun.secret))
        page.call(verbs.LOGOUT, Secret(secret=begun.secret))
        with pytest.raises(RefusedError, match="log in"):
            page.call(verbs.WHOAMI, Nothing())


def test_nobody_logs_in_but_on_the_page(office: People, client: Client) -> None:
    first(office, client)
    office.clock.forward(seconds=60)
    with pytest.raises(RefusedError, match="sessions are for the page"):
        client.call(verbs.LOGIN, Login(name="anna", password=PASSWORD, code=office.code("anna")))


def test_a_program_comes_by_its_token(office: People, client: Client, tmp_path: Path) -> None:
    first(office, client)
    wanted = Wanted(title="a script", scope=frozenset({Action.SEE}), days=3)
    issued = client.call(verbs.TOKEN_ADD, wanted)
    program = Client(tmp_path / "fosa.sock", token=issued.token)
    assert program.call(verbs.WHOAMI, Nothing()).origin == f"token {issued.id}"
    for attempt in (
        lambda: program.call(verbs.TOKEN_ADD, wanted),
        lambda: program.call(verbs.TOKEN_LIST, Whose()),
        lambda: program.call(verbs.RESET, Named(name="anna")),
    ):
        with pytest.raises(RefusedError, match="its scope does not hold it"):
            attempt()
    (shown,) = client.call(verbs.TOKEN_LIST, Whose(everybody=True)).tokens
    assert (shown.id, shown.used_on, shown.scope) == (issued.id, office.clock().date(), (Action.SEE,))
    assert issued.token not in shown.model_dump_json()
    client.call(verbs.TOKEN_END, TokenId(id=issued.id))
    with pytest.raises(RefusedError, match="has been ended"):
        program.call(verbs.WHOAMI, Nothing())


def test_everybodys_tokens_are_an_admins_to_see(office: People, client: Client) -> None:
    office.first("anna", 65533)
    office.join("jan", Role.VIEWER, uid=ME)
    assert client.call(verbs.TOKEN_LIST, Whose()).tokens == ()
    with pytest.raises(RefusedError, match=r"jan may not do this \(prove\): it takes the role admin"):
        client.call(verbs.TOKEN_LIST, Whose(everybody=True))


def test_a_question_that_cannot_be_is_refused_without_repeating_it(client: Client) -> None:
    given = Login.model_construct(name="anna", password="planted-secret", code="x" * 200)
    with pytest.raises(InputError, match="the question is not understood: code") as caught:
        client.call(verbs.LOGIN, given)
    assert "planted-secret" not in str(caught.value)
