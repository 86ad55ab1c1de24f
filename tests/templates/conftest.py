"""Offices to render, and a sandbox in which the real daemons judge what was rendered."""

import datetime as dt
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from yaml import safe_load

from inventory.load import load
from inventory.model import Office

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def today() -> dt.date:
    return dt.date(2026, 11, 21)


@pytest.fixture(scope="session")
def pila() -> Office:
    return load(ROOT / "inventory/examples/pila").require()


@pytest.fixture(scope="session")
def small() -> Office:
    """Two buildings with everything the templates can be asked for, the rare cases too."""
    text = (ROOT / "tests/data/linux_gateway/small/office.yaml").read_text(encoding="utf-8")
    return Office.model_validate(safe_load(text))


# ---- The real daemons, unpacked and never installed ------------------------------------------------------------------

_ROOM = """\
set -e
mount -t overlay overlay -o ro,lowerdir={usr}:/usr /usr
mount -t tmpfs tmpfs /etc
mkdir -p /etc/ssh /etc/swanctl
ln -s /usr/share/zoneinfo/UTC /etc/localtime
printf '%s\\n' 'root:x:0:0:root:/:/bin/sh' 'sshd:x:990:990::/run/sshd:/bin/false' '_chrony:x:991:991::/:/bin/false' \
    'nobody:x:65534:65534::/:/bin/false' >/etc/passwd
printf '%s\\n' 'root:x:0:' 'sshd:x:990:' '_chrony:x:991:' 'nogroup:x:65534:' >/etc/group
mount -t tmpfs -o mode=755 tmpfs /dev
for node in null,1,3 zero,1,5 random,1,8 urandom,1,9 tty,5,0 tun,10,200; do
    IFS=, read -r name major minor <<END
$node
END
    mknod -m 666 /dev/$name c $major $minor
done
mkdir /dev/net
mv /dev/tun /dev/net/tun
ln -s /proc/self/fd /dev/fd
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/sshd
mount -t tmpfs tmpfs /var
mkdir -p /var/lib/chrony /var/spool/rsyslog /var/lib/snmp
ln -s /run /var/run
cp -a {files}/etc/. /etc/
cp -a {files}/run/. /run/
mount -o remount,bind,ro /
ip link set lo up
set +e
"""

Judge = Callable[[str, Mapping[str, str]], subprocess.CompletedProcess[str]]


def _daemons() -> Path:
    state = os.environ.get("FOSA_STATE")
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return (Path(state) if state else Path(home) / "fosa") / "daemons/usr"


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Runs a shell script beside these files (in /etc and /run), in namespaces of its own, /usr with the daemons."""
    usr = _daemons()
    if not (usr / "sbin/nft").exists():
        pytest.fail(f"no unpacked daemons in {usr}: run scripts/setup, or set FOSA_STATE")

    def run(script: str, files: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        for path, text in {"/etc/fosa": "", "/run/fosa": "", **files}.items():
            target = tmp_path / "files" / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            target.chmod(0o600)
        room = _ROOM.format(usr=shlex.quote(str(usr)), files=shlex.quote(str(tmp_path / "files")))
        command = ["unshare", "--mount", "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return subprocess.run(
            [*command, "--propagation", "private", "sh", "-c", room + script],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )

    return run
