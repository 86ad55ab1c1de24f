"""A host key in the inventory's own text: comments stay, nothing else moves, and what is not sound is taken back."""

import os
import shutil
from pathlib import Path

import pytest

from api.dayzero.pin import pin
from api.dayzero.written import write
from inventory.edit import Edit
from inventory.errors import ConflictError, InputError, InventoryError
from inventory.load import load
from inventory.model import Access, Login

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
OLD, NEW = f"ssh-ed25519 {'A' * 68}", f"ssh-ed25519 {'B' * 67}="
BLOCK = f"""\
# Who gets in.
access:
  - device: gw-k  # the hub
    read: {{address: 10.64.0.1, user: fosa-read, host_key: {OLD}, key: "file:secrets/r"}}  # reads
    write:
      # writes
      address: 10.64.0.1
      user: fosa-write
      key: 'file:secrets/w'

# Behind the list.
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The practice office, ours to change."""
    folder = tmp_path / "office"
    shutil.copytree(PILA, folder)
    return folder


def access(device: str, address: str, key: str = NEW) -> Access:
    logins = [
        Login.model_validate(
            {"address": address, "user": f"fosa-{role}", "host_key": key, "key": f"file:secrets/{role[0]}"}
        )
        for role in ("read", "write")
    ]
    return Access(device=device, read=logins[0], write=logins[1])


def pinned(folder: Path, device: str) -> set[str | None]:
    entry = load(folder).require().access_to(device)
    assert entry is not None
    return {entry.read.host_key, entry.write.host_key}


def edit_of(folder: Path, wanted: Access) -> Edit:
    edit = pin(folder, wanted)
    assert edit is not None
    return edit


def test_the_first_access_makes_a_file(office: Path) -> None:
    edit = edit_of(office, access("gw-b", "10.64.16.1"))
    assert (edit.name, edit.before) == ("access.yaml", None)
    assert NEW in edit.diff
    write(edit)
    assert pinned(office, "gw-b") == {NEW}
    assert pin(office, access("gw-b", "10.64.16.1")) is None


def test_only_the_two_keys_change_and_every_comment_stays(office: Path) -> None:
    (office / "reach.yaml").write_text(BLOCK)
    edit = edit_of(office, access("gw-k", "10.64.0.1"))
    taken_out = edit.after.replace(NEW, OLD, 1).replace(f"host_key: {NEW}\n      ", "", 1)
    assert taken_out == BLOCK
    write(edit)
    assert pinned(office, "gw-k") == {NEW}


def test_a_second_device_comes_behind_the_first(office: Path) -> None:
    (office / "reach.yaml").write_text(BLOCK)
    edit = edit_of(office, access("gw-b", "10.64.16.1"))
    head, tail = BLOCK.split("\n\n")
    assert edit.after.startswith(head)
    assert edit.after.endswith("\n\n" + tail)
    write(edit)
    assert (pinned(office, "gw-b"), pinned(office, "gw-k")) == ({NEW}, {OLD, None})


@pytest.mark.parametrize(
    "text",
    [
        f'access: [{{device: gw-k, read: {{address: 10.64.0.1, user: fosa-read, host_key: {OLD}, key: "file:r"}}, '
        'write: {address: 10.64.0.1, user: fosa-write, key: "file:w"}}]',
        "access:\n- device: gw-k\n  read:\n    host_key:\n    address: 10.64.0.1\n    user: fosa-read\n"
        f"    key: file:r\n  write: {{key: file:w, host_key: '{OLD}', address: 10.64.0.1, user: fosa-write}}",
        f'access:\r\n  - device: gw-k\r\n    read:\r\n      host_key: "{OLD}"\r\n      address: 10.64.0.1\r\n'
        "      user: fosa-read\r\n      key: file:r\r\n"
        "    write: {address: 10.64.0.1, user: fosa-write, key: file:w}\r\n",
    ],
)
def test_an_entry_may_be_written_in_any_style(office: Path, text: str) -> None:
    (office / "reach.yaml").write_text(text, newline="")
    write(edit_of(office, access("gw-k", "10.64.0.1")))
    assert pinned(office, "gw-k") == {NEW}
    write(edit_of(office, access("gw-b", "10.64.16.1")))
    assert pinned(office, "gw-b") == {NEW}


def test_a_file_changed_meanwhile_is_left_alone(office: Path) -> None:
    (office / "reach.yaml").write_text(BLOCK)
    edit = edit_of(office, access("gw-k", "10.64.0.1"))
    (office / "reach.yaml").write_text(BLOCK + "# more\n")
    with pytest.raises(ConflictError):
        write(edit)
    assert (office / "reach.yaml").read_text() == BLOCK + "# more\n"


def test_what_is_not_sound_is_taken_back(office: Path) -> None:
    (office / "reach.yaml").write_text(BLOCK)
    edit = edit_of(office, access("gw-k", "10.64.0.1"))
    with pytest.raises(InventoryError):
        write(Edit(office, edit.name, edit.before, edit.after.replace("fosa-read", "FOSA")))
    with pytest.raises(InventoryError):
        write(Edit(office, "extra.yaml", None, "nonsense: 1\n"))
    assert (office / "reach.yaml").read_text() == BLOCK
    assert not [path for path in office.iterdir() if path.name.startswith(".fosa") or path.name == "extra.yaml"]


def test_mode_and_owner_stay(office: Path) -> None:
    target = office / "reach.yaml"
    target.write_text(BLOCK)
    target.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(target, 4711, 4712)
    before = target.stat()
    write(edit_of(office, access("gw-k", "10.64.0.1")))
    after = target.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_a_folder_that_cannot_be_written_says_so(office: Path, tmp_path: Path) -> None:
    edit = edit_of(office, access("gw-k", "10.64.0.1"))
    with pytest.raises(InputError):
        write(Edit(office, "no/such/folder.yaml", None, edit.after))
