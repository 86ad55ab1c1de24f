"""`fosa audit` over a real desk: shown, verified, exported; tampered with behind its back."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts.handlers import answers_of
from api.archive.archive import Archive
from api.archive.handlers import proofs_of
from api.archive.keeper import Keeper as ArchiveKeeper
from api.archive.kept import CHECKS, OFFICE
from api.archive.model import Origin, OriginKind
from api.audit.handlers import answers_of as audit_answers_of
from api.audit.keeper import Keeper
from api.cli import run
from api.people import accounts
from api.people.accounts import Alteration
from api.people.model import Caller, Role
from tests.api.audit.chains import Audit, chain
from tests.api.people.office import People, desk_of


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Audit, People]]:
    """A served office; whoever runs the tests is its auditor and admin."""
    for name in ("desk", "work", "away"):
        (tmp_path / name).mkdir()
    people = People.at(f"sqlite:///{tmp_path}/ledger/ledger.db", tmp_path / "work")
    work = tmp_path / "work"
    keeper = Keeper(people.ledger, work, "pila", tmp_path / "away", dt.timedelta(days=731), people.clock, work / "log")
    people.first("anna", os.getuid(), Role.AUDITOR)
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    bound = {**answers_of(people.registry), **audit_answers_of(keeper)}
    bound |= proofs_of(Archive(work, clock=people.clock), people.ledger, people.clock)
    with desk_of(people, tmp_path / "desk" / "fosa.sock", bound=bound):
        yield Audit(keeper, people.clock), people
    people.ledger.close()


def fosa(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["audit", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_what_was_done_and_read_is_shown(office: tuple[Audit, People], capsys: pytest.CaptureFixture[str]) -> None:
    audit, _people = office
    audit.do(3)
    code, out, _err = fosa(capsys, "show", "--action", "plan", "--limit", "2")
    assert code == 0
    assert [line.strip().split("  ")[2:4] for line in out.splitlines()[:2]] == [
        ["anna (socket uid 1000)", "plan.show"]
    ] * 2
    assert "there is more" in out
    found = json.loads(fosa(capsys, "show", "--subject", "anna", "--json")[1])
    assert [entry["deed"]["action"] for entry in found["entries"]] == ["people.first"]
    # Looking is a deed too.
    assert "audit.show" in fosa(capsys, "show", "--who", "anna")[1]
    assert fosa(capsys, "show", "--since", "2030-01-01")[1] == ""
    assert fosa(capsys, "show", "--since", "yesterday")[0] == 3


def test_who_has_no_right_to_it_sees_what_is_said_of_himself(
    office: tuple[Audit, People], capsys: pytest.CaptureFixture[str]
) -> None:
    _audit, people = office
    people.join("jan", Role.ADMIN)
    jan = Caller(account="jan", roles=frozenset({Role.ADMIN}), origin="console")
    accounts.change(people.registry, jan, Alteration(name="anna", roles=frozenset({Role.VIEWER})))
    assert fosa(capsys, "show", "--who", "anna")[0] == 0
    for command in (["show"], ["show", "--who", "jan"], ["verify"], ["export", "x.ndjson"]):
        code, _out, err = fosa(capsys, *command)
        assert (code, "it takes the role admin or auditor or officer" in err) == (1, True)


def test_a_whole_audit_is_whole_and_a_bent_one_is_not(
    office: tuple[Audit, People], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    audit, _people = office
    code, out, _err = fosa(capsys, "verify")
    assert (code, "there is no checkpoint" in out) == (1, True)
    audit.do(5)
    audit.keeper.make()
    code, out, _err = fosa(capsys, "verify")
    assert code == 0
    assert out.startswith("whole: records 1 to ")
    assert "Only --checkpoints and --key kept elsewhere" in out
    held, key = sorted((tmp_path / "away").iterdir())
    elsewhere = ["--checkpoints", str(held), "--key", str(key)]
    code, out, _err = fosa(capsys, "verify", *elsewhere)
    assert (code, "Only" in out) == (0, False)
    audit.tamper("UPDATE audit SET entry = replace(entry, 'anna', 'jan') WHERE number = 4")
    code, out, _err = fosa(capsys, "verify")
    assert (code, out) == (1, "record 4 was changed after it was written\nup to record 3 it is whole\n")
    audit.make_anew(1, lambda _begin: chain(12, who="jan"))
    code, out, _err = fosa(capsys, "verify", *elsewhere, "--json")
    verdict = json.loads(out)
    assert (code, verdict["whole"], verdict["finding"]["fault"]) == (1, False, "rewritten")


def test_the_audit_is_held_against_the_history(
    office: tuple[Audit, People], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    audit, people = office
    archive = Archive(tmp_path / "work", clock=people.clock)
    keeper = ArchiveKeeper(archive, people.ledger)
    for number in range(3):
        origin = Origin(kind=OriginKind.CHANGE, who="anna", why="a printer", plan=f"p-20261123-000{number}")
        keeper.tell(archive.keep("gw-b", {"file /etc/hosts": f"{number}\n"}, None, origin))
    audit.keeper.make()
    assert fosa(capsys, "verify")[0] == 0
    checked = people.ledger.get(CHECKS, OFFICE)
    assert checked is not None
    assert (checked.value.revisions, checked.value.fault) == (3, None)
    newest, middle, _oldest = archive.revisions()
    ref, objects = (tmp_path / "work/archive.git" / name for name in ("refs/heads/main", "objects"))
    ref.write_text(f"{middle.id}\n")
    code, out, _err = fosa(capsys, "verify", "--json")
    finding = json.loads(out)["finding"]
    assert (code, finding["fault"]) == (1, "history")
    assert fosa(capsys, "verify")[1].splitlines() == [
        f"record {finding['number']} tells of revision {newest.short} of gw-b, which the history does not have",
        f"up to record {finding['number'] - 1} it is whole",
    ]
    ref.write_text(f"{newest.id}\n")
    (objects / middle.id[:2] / middle.id[2:]).unlink()
    code, out, _err = fosa(capsys, "verify")
    assert (code, f"{middle.id} is missing" in out, "put it back from a backup" in out) == (1, True, True)
    checked = people.ledger.get(CHECKS, OFFICE)
    assert checked is not None
    assert checked.value.fault is not None


def test_a_cut_off_tail_is_missed(office: tuple[Audit, People], capsys: pytest.CaptureFixture[str]) -> None:
    audit, _people = office
    audit.do(20)
    last = audit.keeper.make()[0].number
    audit.tamper("DELETE FROM audit WHERE number > 10")
    code, out, _err = fosa(capsys, "verify")
    # What was read for this verification has taken the numbers of what is gone.
    assert code == 1
    assert f"the records from 13 to {last} are gone: the chain was cut off" in out


def test_an_exported_audit_is_verified_without_a_service(
    office: tuple[Audit, People], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, _people = office
    audit.do(5)
    audit.keeper.make()
    file = tmp_path / "audit.ndjson"
    assert fosa(capsys, "export", str(file))[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert fosa(capsys, "export", str(file))[0] == 3
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "nowhere"))
    (key,) = (tmp_path / "away").glob("*.pem")
    assert fosa(capsys, "verify", str(file), "--key", str(key))[0] == 0
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if '"number": 3,' not in line))
    code, out, _err = fosa(capsys, "verify", str(file))
    assert (code, out.splitlines()[0]) == (1, "record 3 is missing: record 4 comes next")
    file.write_text("".join(lines[:-1]))
    assert "the chain was cut off" in fosa(capsys, "verify", str(file))[1]
    for wrong in ("", "{}\n", "nonsense\n", lines[0] + "nonsense\n", "".join(lines[:4]) + "{}\n"):
        file.write_text(wrong)
        assert fosa(capsys, "verify", str(file))[0] == 3
    for option in ("--key", "--checkpoints"):
        assert fosa(capsys, "verify", str(file), option, str(tmp_path / "none"))[0] == 3


def test_a_checkpoint_that_cannot_leave_is_said_so_at_the_export(
    office: tuple[Audit, People], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    audit, _people = office
    audit.do(1)
    with contextlib.suppress(FileNotFoundError):
        (tmp_path / "away").rename(tmp_path / "gone")
    code, _out, err = fosa(capsys, "export", str(tmp_path / "audit.ndjson"))
    assert (code, "checkpoints do not leave this machine" in err) == (0, True)
