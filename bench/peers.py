"""Tools that others use for the same work, at fixed versions and in an environment of their own: no part of fosa.

Made once in the state folder, from the package index (600 MB: Ansible brings all its collections).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from api.settings import Settings

__all__ = ["ROOT", "VERSIONS", "installed"]

ROOT = Path(__file__).parents[1]
VERSIONS = (
    "ansible==12.3.0",
    "ansible-pylibssh==1.4.0",
    "ciscoconfparse2==0.9.18",
    "netmiko==4.8.0",
    "nornir==3.6.0",
    "nornir-netmiko==1.0.1",
)


def installed() -> Path:
    """The folder of their commands, `python` among them."""
    home = Settings.from_environ(os.environ).state / "peers"
    commands, stamp, wanted = home / "bin", home / "stamp", "\n".join(VERSIONS)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print("installing the tools to compare with...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([commands / "pip", "install", "--disable-pip-version-check", "-q", *VERSIONS], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return commands
