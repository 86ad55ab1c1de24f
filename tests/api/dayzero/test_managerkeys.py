"""The manager's keys: made once, closed to others, and never made where somebody else keeps them."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from api.dayzero.managerkeys import access_of, manager_keys
from inventory.errors import SecretError
from inventory.load import load
from inventory.model import Access
from inventory.secrets import SecretStore

PILA = Path(__file__).parents[3] / "inventory/examples/pila"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PILA, tmp_path / "office")
    return tmp_path / "office"


def access(folder: Path) -> Access:
    office = load(folder).require()
    return access_of(office, office.device("gw-b"))


def with_keys(folder: Path, read: str, write: str) -> Access:
    given = access(folder)
    logins = {
        "read": given.read.model_copy(update={"key": read}),
        "write": given.write.model_copy(update={"key": write}),
    }
    return given.model_copy(update=logins)


def test_they_are_made_once_and_closed_to_others(folder: Path) -> None:
    made = manager_keys(access(folder), SecretStore(folder))
    assert made.new == ("file:secrets/manager-read", "file:secrets/manager-write")
    for ref in made.new:
        path = folder / ref.removeprefix("file:")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    again = manager_keys(access(folder), SecretStore(folder))
    assert (again.keys, again.new) == (made.keys, ())


def test_the_public_half_is_what_ssh_keygen_says(folder: Path) -> None:
    made = manager_keys(access(folder), SecretStore(folder))
    path = folder / "secrets/manager-write"
    said = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, check=True).stdout
    assert said.split()[:2] == made.keys.write.split()[:2]


def test_a_device_without_access_gets_the_keys_of_the_others(folder: Path) -> None:
    login = "{{address: 10.64.0.1, user: fosa-{0}, key: file:own/{0}}}"
    roles = ", ".join(f"{role}: {login.format(role)}" for role in ("read", "write"))
    (folder / "access.yaml").write_text(f"access: [{{device: gw-k, {roles}}}]\n")
    found = access(folder)
    assert (found.read.key, found.write.key) == ("file:own/read", "file:own/write")
    assert (str(found.read.address), found.read.user, found.write.user) == ("10.64.16.1", "fosa-read", "fosa-write")


def test_one_key_for_both_is_refused(folder: Path) -> None:
    with pytest.raises(SecretError, match="different keys"):
        manager_keys(with_keys(folder, "file:secrets/one", "file:secrets/one"), SecretStore(folder))


def test_only_files_are_made(folder: Path) -> None:
    with pytest.raises(SecretError, match="FOSA_NO_SUCH_KEY"):
        manager_keys(with_keys(folder, "env:FOSA_NO_SUCH_KEY", "file:secrets/w"), SecretStore(folder))


def test_what_is_no_key_is_not_quoted(folder: Path) -> None:
    (folder / "secrets").mkdir(mode=0o700)
    (folder / "secrets/manager-read").touch(mode=0o600)
    (folder / "secrets/manager-read").write_text("hunter2hunter2\n")
    with pytest.raises(SecretError, match="not a private SSH key") as error:
        manager_keys(access(folder), SecretStore(folder))
    assert "hunter2" not in str(error.value)
