"""SSH and SNMP as facts."""

from pathlib import Path

import pytest

from templates.linux_gateway.gate.mask import Mask
from tests.monitor.facts.reading import intended, running


def test_what_sshd_has_in_force_counts_and_the_file_tells_of_match_blocks(device: dict[str, str]) -> None:
    device["file /etc/ssh/sshd_config"] += (
        "Include /etc/ssh/more\nMatch Address 10.64.15.0/24\n    PasswordAuthentication yes\n"
    )
    ssh = running(device).ssh
    assert ssh is not None
    assert ssh.kex is not None
    assert ssh.kex.where.source == "sshd effective"
    assert ssh.kex.value[0] == "sntrup761x25519-sha512@openssh.com"
    assert ssh.users is not None
    assert ssh.users.value == ("fosa-read", "fosa-write")
    assert [said.value for said in ssh.listen] == ["10.64.0.1:22"]
    assert ssh.passwords is not None
    assert not ssh.passwords.value
    assert [where.text.split()[0] for where in ssh.conditional] == ["Include", "Match", "PasswordAuthentication"]


def test_a_file_that_leaves_something_to_the_server_says_nothing_of_it() -> None:
    text = "Port 22\nPort 2222\nListenAddress 10.0.0.1\nListenAddress ::1\nKexAlgorithms +diffie-hellman-group1-sha1\n"
    ssh = intended({"file /etc/ssh/sshd_config": text + "PasswordAuthentication no\n"}).ssh
    assert ssh is not None
    assert (ssh.kex, ssh.ciphers, ssh.passwords, ssh.root, ssh.users) == (None,) * 5
    assert [said.value for said in ssh.listen] == ["10.0.0.1:22", "10.0.0.1:2222", "[::1]:22", "[::1]:2222"]


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ("PasswordAuthentication yes", True),
        ("KbdInteractiveAuthentication yes\nPasswordAuthentication no", True),
        ("PasswordAuthentication no\nKbdInteractiveAuthentication no", False),
    ],
)
def test_one_way_to_ask_for_passwords_is_enough(settings: str, allowed: bool) -> None:
    ssh = intended({"file /etc/ssh/sshd_config": settings}).ssh
    assert ssh is not None
    assert ssh.passwords is not None
    assert ssh.passwords.value is allowed


def test_communities_are_found_though_their_names_are_masked(golden: Path) -> None:
    text = (golden / "gw-k/snmpd.conf").read_text()
    text += "rocommunity public 10.0.0.0/8\nrwcommunity6 private\ncom2sec x default y\ntrap2sink 10.0.0.9 public\n"
    text += 'createUser weak MD5 "long enough" DES "long enough"\nrouser weak\n'
    text += 'createUser idle SHA-512 "long enough"\nfrob 1\n'
    said = running({"file /etc/snmp/snmpd.conf": f"# fosa: mode 0600\n{Mask(b'0' * 32).text(text)}"})
    assert said.snmp is not None
    assert [(c.access, c.where.text.split()[0]) for c in said.snmp.communities] == [
        ("read", "rocommunity"),
        ("write", "rwcommunity6"),
        ("com2sec", "com2sec"),
        ("trap", "trap2sink"),
    ]
    assert "public" not in "".join(c.where.text for c in said.snmp.communities)
    assert [(u.name, u.authentication, u.privacy, u.level, u.access) for u in said.snmp.users] == [
        ("fosa", "SHA-256", "AES", "priv", "read"),
        ("weak", "MD5", "DES", "auth", "read"),
        ("idle", "SHA-512", "", "", ""),
    ]
    assert [where.text for where in said.sections[0].unknown] == ["frob 1"]
