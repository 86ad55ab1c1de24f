"""The unpacked daemons of the practice office find every library they are linked with."""

import subprocess
from pathlib import Path

import pytest

DAEMONS = (
    "sbin/charon-systemd",
    "sbin/swanctl",
    "sbin/nft",
    "sbin/sshd",
    "bin/sudo",
    "sbin/chronyd",
    "sbin/rsyslogd",
    "sbin/ulogd",
    "sbin/snmpd",
    "bin/snmpget",
    "bin/tcpdump",
)
# Prints each program or plugin with a library that is not there, in the tree a device sees: ours over the machine's.
CHECK = r"""
mount -t overlay overlay -o lowerdir="$0/usr":/usr /usr || exit 9
cd /usr
for file in "$@" $(find lib/ipsec lib/*/rsyslog lib/*/ulogd libexec/sudo -name '*.so*' -type f); do
    [ -e "$file" ] && ! ldd "/usr/$file" 2>&1 | grep -q 'not found' || echo "$file"
done
"""


@pytest.mark.lab
def test_every_daemon_and_plugin_finds_its_libraries(state: Path) -> None:
    command = ["unshare", "--mount", "sh", "-c", CHECK, str(state / "daemons"), *DAEMONS]
    checked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert checked.stdout.split() == []
