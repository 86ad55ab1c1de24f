"""Secrets by reference: found, refused, and never said."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import SecretError
from inventory.secrets import PASSWORD_FILE, SecretStore
from inventory.vault import decrypt

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"
# Made by the ansible-vault command: the password is "moat", the contents "snmp-auth: planted-secret\nport: 5\n"
# and, in vault-list.yml, "- planted-secret\n".
SEALED = Path(__file__).parents[1] / "data" / "inventory" / "vault.yml"


def secret_file(folder: Path, name: str, content: str | bytes, mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def refusal(folder: Path, ref: str) -> str:
    with pytest.raises(SecretError) as caught:
        SecretStore(folder).get(ref)
    assert caught.value.__cause__ is None
    return str(caught.value)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "vault.yml").write_bytes(SEALED.read_bytes())
    monkeypatch.setenv(PASSWORD_FILE, str(secret_file(tmp_path, "password", "moat\n")))
    return tmp_path


def test_reads_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOSA_TEST_SECRET", "planted")
    found = SecretStore(tmp_path).get("env:FOSA_TEST_SECRET")
    assert found.get_secret_value() == "planted"
    assert "planted" not in f"{found!r}{found}"


@pytest.mark.parametrize(("content", "secret"), [("a b\n", "a b"), ("a\r\n", "a"), ("a", "a"), (KEY, KEY)])
def test_reads_a_file_without_the_line_break_of_its_one_line(tmp_path: Path, content: str, secret: str) -> None:
    (tmp_path / "secrets").mkdir()
    secret_file(tmp_path / "secrets", "x", content)
    assert SecretStore(tmp_path).get("file:secrets/x").get_secret_value() == secret


def test_reads_an_absolute_path(tmp_path: Path) -> None:
    path = secret_file(tmp_path, "x", "a")
    assert SecretStore(Path("/nonexistent")).get(f"file:{path}").get_secret_value() == "a"


def test_says_what_is_wrong_with_a_reference(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo", 0o600)
    secret_file(tmp_path, "open", "planted", 0o644)
    secret_file(tmp_path, "group", "planted", 0o640)
    secret_file(tmp_path, "empty", "\n")
    secret_file(tmp_path, "binary", b"\xffplanted")
    secret_file(tmp_path, "long", "x" * 70_000)
    here = f"{tmp_path}/"
    assert refusal(tmp_path, "env:FOSA_NOT_SET") == (
        "env:FOSA_NOT_SET: the environment variable FOSA_NOT_SET is not set"
    )
    assert refusal(tmp_path, "file:none") == f"file:none: cannot read {here}none: No such file or directory"
    for name in ("open", "group"):
        assert refusal(tmp_path, f"file:{name}") == (
            f"file:{name}: {here}{name} can be read by others; run: chmod 600 {here}{name}"
        )
    assert refusal(tmp_path, "file:empty") == "file:empty: the secret is empty"
    assert refusal(tmp_path, "file:binary") == "file:binary: the secret is not UTF-8 text"
    assert refusal(tmp_path, "file:long") == f"file:long: {here}long is longer than 65536 bytes"
    assert refusal(tmp_path, "file:fifo") == f"file:fifo: {here}fifo is not a file"
    assert refusal(tmp_path, "planted") == "a secret's reference is env:NAME, file:PATH or vault:PATH#KEY"


def test_reads_a_vault_file(vault: Path) -> None:
    assert SecretStore(vault).get("vault:vault.yml#snmp-auth").get_secret_value() == "planted-secret"


def test_says_what_is_wrong_with_a_vault_file(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "list.yml").write_bytes(SEALED.with_name("vault-list.yml").read_bytes())
    secret_file(vault, "plain.yml", "snmp-auth: planted-secret")
    secret_file(vault, "cut.yml", SEALED.read_bytes()[:-10])
    messages = {
        "vault:vault.yml#none": "the vault file has no key none",
        "vault:vault.yml#port": "the value of port in the vault file is not text; put it in quotes",
        "vault:list.yml#x": "what the vault file holds is not a YAML mapping",
        "vault:vault.yml": "name the file and the key: vault:PATH#KEY",
        "vault:plain.yml#snmp-auth": "not a vault file; make one with: ansible-vault encrypt FILE",
        "vault:cut.yml#snmp-auth": "the vault file is damaged",
        "vault:none.yml#x": f"cannot read {vault}/none.yml: No such file or directory",
    }
    assert {ref: refusal(vault, ref) for ref in messages} == {ref: f"{ref}: {why}" for ref, why in messages.items()}
    ref = "vault:vault.yml#snmp-auth"
    password = secret_file(vault, "password", "wrong")
    assert refusal(vault, ref) == f"{ref}: the vault password is wrong, or the vault file is damaged"
    password.chmod(0o644)
    assert refusal(vault, ref) == f"{ref}: {password} can be read by others; run: chmod 600 {password}"
    secret_file(vault, "password", " \n")
    assert refusal(vault, ref) == f"{ref}: {password} holds no password"
    monkeypatch.delenv(PASSWORD_FILE)
    assert refusal(vault, ref) == f"{ref}: {PASSWORD_FILE} must name the file with the vault password"


@pytest.mark.skipif(find_spec("ansible") is None, reason="the extra `ansible` is not installed")
@pytest.mark.parametrize("label", [(), ("--encrypt-vault-id", "office")], ids=["1.1", "1.2"])
def test_opens_what_the_real_ansible_vault_sealed(tmp_path: Path, label: tuple[str, ...]) -> None:
    content = "a: zażółć\nb: |\n" + "  line\n" * 50
    plain = secret_file(tmp_path, "plain", content)
    password = secret_file(tmp_path, "password", "gęślą jaźń\n")
    sealed = tmp_path / "sealed"
    command = [sys.executable, "-m", "ansible.cli.vault", "encrypt", "--vault-id", f"office@{password}", *label]
    environment = {
        **os.environ,
        "ANSIBLE_LOCAL_TEMP": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    subprocess.run([*command, "--output", sealed, plain], check=True, capture_output=True, env=environment)
    assert sealed.read_bytes().startswith(b"$ANSIBLE_VAULT;1.2" if label else b"$ANSIBLE_VAULT;1.")
    assert decrypt(sealed.read_bytes(), "gęślą jaźń".encode()).decode() == content


@given(
    st.binary(max_size=300)
    | st.binary(max_size=300).map(lambda body: b"$ANSIBLE_VAULT;1.1;AES256\n" + body.hex().encode())
)
def test_a_damaged_vault_file_is_only_ever_a_secret_error(sealed: bytes) -> None:
    with pytest.raises(SecretError):
        decrypt(sealed, b"moat")


def test_a_store_shows_its_folder_and_nothing_else(tmp_path: Path) -> None:
    assert repr(SecretStore(tmp_path)) == f"SecretStore('{tmp_path}')"
