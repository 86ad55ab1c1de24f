"""How OpenSSH is told to trust one host key and offer one private key, and nothing of the person's own."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from inventory.access import host_key_algorithms, place
from inventory.model import Login

__all__ = ["host_variables", "known_hosts"]


def known_hosts(logins: Iterable[Login]) -> str:
    """The pinned keys, as ssh reads them."""
    lines = {f"{place(login)} {login.host_key}\n": None for login in logins}
    return "".join(lines)


def host_variables(login: Login, known: Path, key: Path | None) -> dict[str, object]:
    """Variables for one account: the pinned host key, the named private key, nothing of the person's own."""
    options = {
        # Quoted for ssh, which splits it at spaces and expands percent signs.
        "UserKnownHostsFile": '"{}"'.format(str(known).replace("%", "%%")),
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "HostKeyAlgorithms": ",".join(host_key_algorithms(login)),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "PreferredAuthentications": "publickey",
        "ControlMaster": "no",
        "ControlPath": "none",
        "ConnectTimeout": "8",
        "ServerAliveInterval": "5",
        "LogLevel": "ERROR",
    }
    common = "-F /dev/null " + " ".join(f"-o {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    variables: dict[str, object] = {
        "ansible_connection": "ssh",
        "ansible_host": str(login.address),
        "ansible_port": login.port,
        "ansible_user": login.user,
        # Said here and not only in a settings file: ansible-runner switches it off by an environment variable.
        "ansible_host_key_checking": True,
        "ansible_ssh_host_key_checking": True,
        "ansible_ssh_args": "-T",
        "ansible_ssh_common_args": common,
    }
    return variables if key is None else {**variables, "ansible_ssh_private_key_file": str(key)}
