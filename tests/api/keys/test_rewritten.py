"""A tunnel's shared keys in the inventory's YAML: changed in place, with every comment, or not at all."""

import shutil
from pathlib import Path

import pytest

from api.dayzero.written import write
from api.keys.newsecret import forget, make
from api.keys.rewritten import next_reference, rewritten
from inventory.errors import InputError, SecretError
from inventory.load import load
from inventory.model import Authentication, AuthenticationKind

TWO = Path(__file__).parents[2] / "data/lab/two/office.yaml"
OLD, NEW = "file:secrets/k-b", "file:secrets/k-b.2"
TAIL = "    assumed: false  # the end\n"
BOTH = Authentication(kind=AuthenticationKind.PSK, psk=NEW, previous=OLD)
ONE = Authentication(kind=AuthenticationKind.PSK, psk=NEW)
FORMS = (
    '    authentication: {kind: psk, psk: "file:secrets/k-b"}  # theirs\n',
    '    authentication: {psk: "file:secrets/k-b", kind: psk}\n',
    "    authentication:  # a key\n      kind: psk  # not certificates\n      psk: file:secrets/k-b  # where it is\n",
    "    authentication:\n      psk: 'file:secrets/k-b'\n\n      kind: psk\n",
)


def office(folder: Path, form: str, tail: str = TAIL) -> Path:
    shutil.copy(TWO, folder)
    with (folder / "office.yaml").open("a") as file:
        file.write(form + tail)
    assert load(folder).errors == ()
    return folder


def authentication(folder: Path) -> Authentication:
    return load(folder).require().tunnels[0].authentication


@pytest.mark.parametrize("form", FORMS)
def test_the_new_key_comes_and_the_previous_one_goes_without_touching_anything_else(tmp_path: Path, form: str) -> None:
    folder = office(tmp_path, form)
    before = (folder / "office.yaml").read_text()
    write(rewritten(folder, "k-b", BOTH))
    assert authentication(folder) == BOTH
    middle = (folder / "office.yaml").read_text()
    assert [line.partition("#")[2] for line in middle.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in before.splitlines() if "#" in line
    ]
    write(rewritten(folder, "k-b", ONE))
    assert authentication(folder) == ONE
    after = (folder / "office.yaml").read_text()
    assert after.replace(f'"{NEW}"', "X") == before.replace(f'"{OLD}"', "X").replace(f"'{OLD}'", "X").replace(OLD, "X")


def test_a_previous_key_that_stands_first_goes_too(tmp_path: Path) -> None:
    for number, form in enumerate(
        (
            f'    authentication: {{previous: "{OLD}", kind: psk, psk: "{NEW}"}}\n',
            f"    authentication:\n      previous: {OLD}  # until monday\n      kind: psk\n      psk: {NEW}\n",
        )
    ):
        (tmp_path / str(number)).mkdir()
        folder = office(tmp_path / str(number), form)
        write(rewritten(folder, "k-b", ONE))
        assert authentication(folder) == ONE
        assert "previous" not in (folder / "office.yaml").read_text()


def test_a_file_that_ends_in_the_key_gets_its_line(tmp_path: Path) -> None:
    folder = office(tmp_path, "    authentication:\n      kind: psk\n      psk: file:secrets/k-b", tail="")
    write(rewritten(folder, "k-b", BOTH))
    assert authentication(folder) == BOTH


def test_what_is_written_in_another_way_is_left_to_who_wrote_it(tmp_path: Path) -> None:
    folder = office(tmp_path, '    authentication: {kind: psk, psk: "file:secrets/k-b"\n      }\n')
    edit = rewritten(folder, "k-b", BOTH)
    assert edit.diff
    bare = folder / "none"
    bare.mkdir()
    shutil.copy(TWO, bare)
    with pytest.raises(InputError, match="no shared key of tunnel k-b"):
        rewritten(bare, "k-b", BOTH)


def test_the_next_key_lies_beside_the_present_one_under_a_free_number(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    assert next_reference(tmp_path, OLD) == NEW
    (tmp_path / "secrets/k-b.2").touch()
    assert next_reference(tmp_path, OLD) == "file:secrets/k-b.3"
    assert next_reference(tmp_path, "file:secrets/k-b.7") == "file:secrets/k-b.8"
    for elsewhere in ("vault:secrets.yaml#k-b", "env:PSK"):
        with pytest.raises(InputError, match="name it as psk of the tunnel and the present one as previous"):
            next_reference(tmp_path, elsewhere)


def test_a_new_key_is_its_owners_alone_and_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/k-b").write_text("the old one")
    make(tmp_path, NEW, OLD)
    file = tmp_path / "secrets/k-b.2"
    assert (file.stat().st_mode & 0o777, len(bytes.fromhex(file.read_text()))) == (0o600, 32)
    first = file.read_text()
    with pytest.raises(SecretError, match=r"k-b\.2: the new key cannot be written: File exists") as told:
        make(tmp_path, NEW, OLD)
    assert file.read_text() == first
    assert first not in str(told.value)
    forget(tmp_path, NEW)
    assert not file.exists()
    with pytest.raises(SecretError, match="No such file"):
        make(tmp_path, "file:nowhere/k-b.2", OLD)
