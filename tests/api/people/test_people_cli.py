"""The commands about people, on a real terminal, with and without a service."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from api.cli import run
from api.people import totp
from api.people.accounts import caller_of_uid
from api.people.registry import Registry
from api.people.sealing import Seal
from api.people.sessions import caller_of_session, login
from api.store.ledger import Ledger
from tests.api.people.office import PAGE, PASSWORD, Clock, People, desk_of

NEW = "eight green woodpeckers"


class Terminal:
    """A person at a terminal: waits for a question, answers it, reads what is shown."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self._line, other = pty.openpty()
        environ = {**os.environ, "FOSA_STATE": str(state), "FOSA_LANG": "en", "COLUMNS": "300", "PYTHONUTF8": "1"}
        environ.pop("SUDO_UID", None)
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli import main; main()", *arguments],
            stdin=other, stdout=other, stderr=other, env=environ, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self.shown = ""

    def until(self, question: str) -> str:
        """What is shown up to the end of a question; an answer typed before it would be lost."""
        begun = len(self.shown)
        while question not in self.shown[begun:] or not self.shown.endswith(": "):
            assert select.select([self._line], [], [], 20)[0], self.shown
            piece = self._read()
            assert piece, self.shown
        return self.shown[begun:]

    def answer(self, question: str, text: str) -> None:
        self.until(question)
        self.type(text)

    def type(self, text: str) -> None:
        os.write(self._line, f"{text}\n".encode())

    def end(self) -> int:
        while self._read():
            pass
        os.close(self._line)
        return self._process.wait(30)

    def _read(self) -> str:
        piece = ""
        with contextlib.suppress(OSError):  # how a terminal says that nobody is left at its other side
            piece = os.read(self._line, 65536).decode(errors="replace")
        self.shown += piece
        return piece


def secret_of(shown: str) -> str:
    found = re.search(r"otpauth://\S+", shown)
    assert found
    return parse_qs(urlsplit(found[0]).query)["secret"][0]


def fosa(state: Path, *arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
    """The same without a terminal, in this process: a start costs more than what is tried here."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setenv("FOSA_STATE", str(state))
        patch.setenv("FOSA_TOKEN", token)
        code = run(arguments)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def be_first(state: Path, name: str = "anna") -> tuple[Terminal, str]:
    terminal = Terminal(state, "people", "first", name, "--title", "Anna", "--role", "operator")
    terminal.answer("New password:", PASSWORD)
    terminal.answer("The same again:", PASSWORD)
    secret = secret_of(terminal.until("Code the authenticator shows:"))
    terminal.type("000000")
    terminal.answer("Code the authenticator shows:", totp.current(secret, Clock.real()))
    return terminal, secret


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A state folder whose desk answers."""
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    ledger.migrate()
    (tmp_path / "desk").mkdir()
    (tmp_path / "work").mkdir()
    people = People(Registry(ledger, Seal.of(tmp_path / "work")), Clock())
    with desk_of(people, tmp_path / "desk" / "fosa.sock"):
        yield tmp_path
    ledger.close()


def test_the_first_admin_is_made_without_a_service(tmp_path: Path) -> None:
    terminal, secret = be_first(tmp_path)
    assert terminal.end() == 0
    assert PASSWORD not in terminal.shown
    assert "this is not the code" in terminal.shown
    assert len(re.findall(r"^  (?:[a-z2-7]{4}-){3}[a-z2-7]{4}\r$", terminal.shown, re.MULTILINE)) == 8
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    assert caller_of_uid(ledger, os.getuid()).account == "anna"
    registry = Registry(ledger, Seal.of(tmp_path / "work"), lambda: Clock.real() + Clock.STEP)
    begun = login(registry, PAGE, "anna", PASSWORD, totp.current(secret, registry.now()))
    assert caller_of_session(ledger, begun.secret, "192.0.2.7", registry.now()).account == "anna"
    ledger.close()
    again = Terminal(tmp_path, "people", "first", "jan", "--title", "Jan")
    again.answer("New password:", PASSWORD)
    again.answer("The same again:", PASSWORD)
    secret = secret_of(again.until("Code the authenticator shows:"))
    again.type(totp.current(secret, Clock.real()))
    assert again.end() == 1
    assert "there are accounts already" in again.shown


def test_people_are_made_changed_and_listed_over_the_desk(served: Path) -> None:
    assert be_first(served)[0].end() == 0
    added = fosa(served, "people", "add", "jan", "--title", "Jan", "--role", "viewer", "--json")
    code = json.loads(added.stdout)["code"]
    joining = Terminal(served, "people", "accept", "jan")
    joining.answer("Code from the admin:", code)
    joining.answer("New password:", PASSWORD)
    joining.answer("The same again:", PASSWORD)
    offered = secret_of(joining.until("Code the authenticator shows:"))
    joining.type(totp.current(offered, Clock.real()))
    assert joining.end() == 0
    changed = fosa(served, "people", "change", "jan", "--role", "operator", "--role", "approver")
    assert changed.stdout == "jan  approver operator  Jan\n"
    listed = fosa(served, "people")
    assert listed.stdout == f"anna  admin operator, uid {os.getuid()}  Anna\njan   approver operator  Jan\n"
    last = fosa(served, "people", "change", "anna", "--disable")
    assert (last.returncode, last.stderr[:30]) == (3, "anna is the last admin: make s")
    assert "code not used yet" in fosa(served, "people", "reset", "jan").stdout + fosa(served, "people").stdout
    for wrong in ("add Jan! --title x --role viewer", "add ola --title x", "reset ola"):
        assert fosa(served, "people", *wrong.split()).returncode == 3


def test_ones_own_password_and_second_factor_are_set_anew(served: Path) -> None:
    terminal, secret = be_first(served)
    assert terminal.end() == 0
    changing = Terminal(served, "people", "password")
    changing.answer("Password so far", PASSWORD)
    changing.answer("New password:", NEW)
    changing.answer("The same again:", NEW)
    assert changing.end() == 0
    renewing = Terminal(served, "people", "second-factor")
    renewing.answer("Password:", NEW)
    recovery = re.findall(r"(?:[a-z2-7]{4}-){3}[a-z2-7]{4}", terminal.shown)
    renewing.answer("Code of the second factor so far", recovery[0])
    other = secret_of(renewing.until("Code the authenticator shows:"))
    renewing.type(totp.current(other, Clock.real()))
    assert renewing.end() == 0
    assert other != secret
    wrong = Terminal(served, "people", "password")
    wrong.answer("Password so far", PASSWORD)
    wrong.answer("New password:", NEW)
    wrong.answer("The same again:", NEW)
    assert wrong.end() == 1
    assert "name, password or code is wrong" in wrong.shown


def test_two_passwords_that_differ_change_nothing(served: Path) -> None:
    terminal = Terminal(served, "people", "first", "anna", "--title", "Anna")
    terminal.answer("New password:", PASSWORD)
    terminal.answer("The same again:", NEW)
    assert terminal.end() == 3
    assert "the two are not the same" in terminal.shown


@pytest.mark.parametrize(
    "command", [("first", "anna", "--title", "x"), ("accept", "jan"), ("password",), ("second-factor",)]
)
def test_passwords_are_typed_on_a_terminal_only(tmp_path: Path, command: tuple[str, ...]) -> None:
    found = fosa(tmp_path, "people", *command)
    assert (found.returncode, "only on a terminal" in found.stderr) == (1, True)


def test_a_token_is_made_used_and_ended(served: Path) -> None:
    assert be_first(served)[0].end() == 0
    made = json.loads(fosa(served, "token", "add", "a script", "--scope", "see", "--days", "30", "--json").stdout)
    listed = fosa(served, "token").stdout
    assert listed.startswith(f"{made['id']}  anna  see  until ")
    assert listed.endswith("never used  a script\n")
    by_token = fosa(served, "token", token=made["token"])
    assert (by_token.returncode, "its scope does not hold it" in by_token.stderr) == (1, True)
    assert fosa(served, "token", "add", "x", "--scope", "approve", "--days", "1").returncode == 3
    assert fosa(served, "token", "add", "x", "--scope", "see", "--days", "400").returncode == 3
    assert fosa(served, "token", "end", made["id"]).returncode == 0
    assert fosa(served, "token").stdout == "no tokens\n"


def test_without_a_service_it_is_said_so(tmp_path: Path) -> None:
    found = fosa(tmp_path, "people")
    assert (found.returncode, "fosa serve is not running here" in found.stderr) == (1, True)
