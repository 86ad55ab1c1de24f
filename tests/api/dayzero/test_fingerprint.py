"""Fingerprints: counted as ssh-keygen counts them, and found in what people bring."""

import subprocess
from pathlib import Path

import pytest

from api.dayzero.fingerprint import fingerprint, given
from inventory.errors import InputError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of ssh-keygen's own."""
    path = tmp_path_factory.mktemp("key") / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "gw-b", "-f", path], check=True)
    return path.with_suffix(".pub")


def test_it_is_what_ssh_keygen_shows(made: Path) -> None:
    shown = subprocess.run(["ssh-keygen", "-lf", made], capture_output=True, text=True, check=True).stdout
    assert fingerprint(made.read_text()) == shown.split()[1]


@pytest.mark.parametrize(
    "shape",
    [
        "{key}",
        "10.64.16.1 {key} gw-b\n",
        "host key to be pinned in the inventory:\n{key}\n256 {print} gw-b (ED25519)\n",
        "256 {print} gw-b (ED25519)",
        "{print}",
        "  {bare} \n",
    ],
)
def test_it_is_found_in_whatever_form(made: Path, shape: str) -> None:
    key = " ".join(made.read_text().split()[:2])
    wanted = fingerprint(key)
    text = shape.format(key=key, print=wanted, bare=wanted.removeprefix("SHA256:"))
    assert given(text) == wanted


@pytest.mark.parametrize("text", ["", "yes", "SHA256:tooshort", "MD5:" + ":".join(["ab"] * 16), "SHA256:" + "A" * 44])
def test_what_names_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no fingerprint"):
        given(text)


def test_two_different_ones_are_refused(made: Path) -> None:
    with pytest.raises(InputError, match="several"):
        given(made.read_text() + "SHA256:" + "A" * 43)


@pytest.mark.parametrize("key", ["", "ssh-ed25519", "ssh-ed25519 not/base64!"])
def test_what_is_no_key_has_none(key: str) -> None:
    with pytest.raises(InputError):
        fingerprint(key)
