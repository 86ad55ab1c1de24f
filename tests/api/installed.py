"""fosa as it is installed: its units under a real systemd, over a small office nobody can reach."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from api.accounts.verbs import FIRST, OFFER, First, Named
from api.desk.client import Client
from api.held import references
from api.people import totp
from api.people.accounts import Newcomer
from api.people.model import Role
from api.people.proving import Proving
from inventory.load import load
from tests.systemd import Machine, booted

__all__ = ["OFFICE", "PARTS", "PASSWORD", "PYTHON", "STATE", "Installed", "installed"]

PARTS = ("watch", "work", "edge")
STATE, OFFICE, PYTHON = "/var/lib/fosa", "/etc/fosa/office", "/opt/fosa/bin/python"
PASSWORD = "seven green woodpeckers"
_ROOT = Path(__file__).parents[2]
_CODE = "/opt/code"
_ACCESS = """
access:
  - device: gw-k
    read: {address: 10.70.0.1, user: fosa-read, key: "file:secrets/read"}
    write: {address: 10.70.0.1, user: fosa-write, key: "file:secrets/write"}
"""
_ASK = """
import httpx, json, sys
with httpx.Client(base_url="http://127.0.0.1:8064", timeout=30, headers={"origin": "http://127.0.0.1:8064"}) as client:
    for path, form in json.load(sys.stdin):
        answer = client.post(path, data=form) if form else client.get(path)
    print(answer.status_code, answer.text)
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A machine on which fosa's units run."""

    machine: Machine

    def fosa(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """The command line, as root of the machine uses it."""
        return self.machine.run(*self._command("from api.cli import main; main()"), *words, text=text)

    def python(self, code: str) -> str:
        """What a few words of Python print there that have to succeed."""
        return self.machine.told(*self._command(code))

    def asked(self, *questions: str | tuple[str, Mapping[str, str]]) -> tuple[int, str]:
        """What the page answers to the last of them, to a browser that keeps its cookies."""
        wanted = [(question, None) if isinstance(question, str) else question for question in questions]
        done = self.machine.run("env", f"PYTHONPATH={_CODE}", PYTHON, "-P", "-c", _ASK, text=json.dumps(wanted))
        assert done.returncode == 0, (done.stderr, self.machine.journal("fosa-edge"))
        status, _space, text = done.stdout.partition(" ")
        return int(status), text

    @staticmethod
    def _command(code: str) -> tuple[str, ...]:
        environ = (f"PYTHONPATH={_CODE}", f"FOSA_STATE={STATE}", f"FOSA_INVENTORY={OFFICE}")
        return ("env", *environ, PYTHON, "-P", "-c", code)

    def processes(self) -> dict[str, int]:
        """The main process of each part, by the number it has in the machine."""
        return {part: int(self.machine.shown(f"fosa-{part}.service", "MainPID")) for part in PARTS}

    def accounts(self) -> dict[str, str]:
        """Under which account each part runs."""
        numbers = {part: str(pid) for part, pid in self.processes().items()}
        return {part: self.machine.told("ps", "-o", "user:20=", pid) for part, pid in numbers.items()}

    def until_anew(self, before: Mapping[str, int]) -> None:
        """Wait until every part runs as another process than before."""
        self.machine.until(lambda: all(pid not in {0, before[part]} for part, pid in self.processes().items()))

    def first(self) -> dict[str, str]:
        """Make anna the first admin; what she logs in with."""
        desk = Client(self.machine.path(f"{STATE}/desk/fosa.sock"))
        offer = desk.call(OFFER, Named(name="anna"))
        secret = parse_qs(urlsplit(offer.uri).query)["secret"][0]
        now = dt.datetime.now(dt.UTC)
        newcomer = Newcomer(name="anna", title="Anna", roles=frozenset({Role.ADMIN, Role.OPERATOR}), uid=0)
        proof = Proving(password=PASSWORD, sealed=offer.sealed, code=totp.current(secret, now))
        desk.call(FIRST, First(newcomer=newcomer, proving=proof))
        # The one just shown is used; the next one is good already.
        later = totp.current(secret, now + dt.timedelta(seconds=totp.STEP_S))
        return {"name": "anna", "password": PASSWORD, "code": later, "next": "/plans"}


@contextmanager
def installed() -> Iterator[Installed]:
    """With the files of `fosa units` in place, accounts and folders made; nothing has been started yet."""
    with booted(bound={_ROOT: _CODE, Path(sys.prefix): PYTHON.removesuffix("/bin/python")}) as machine:
        it = Installed(machine)
        machine.told("mkdir", "-p", "/etc/fosa")
        machine.told("cp", "-r", f"{_CODE}/tests/data/lab/two", OFFICE)
        for part in PARTS:
            machine.path(f"/etc/fosa/{part}.env").write_text(f"PYTHONPATH={_CODE}\n", encoding="utf-8")
        _furnish(machine.path(OFFICE))
        written = it.fosa("units", "--to", "/")
        assert written.returncode == 0, written.stderr
        for command in written.stdout.strip().splitlines()[-1].removeprefix("then: ").split("; ")[:-1]:
            machine.told(*command.split())
        yield it


def _furnish(office: Path) -> None:
    (office / "access.yaml").write_text(_ACCESS, encoding="utf-8")
    (office / "secrets").mkdir(mode=0o700)
    for ref in references(load(office).require()):
        secret = office / ref.removeprefix("file:")
        secret.write_text(f"what lies in {ref}", encoding="utf-8")
        secret.chmod(0o600)
