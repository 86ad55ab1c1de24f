"""A machine run by a real systemd: namespaces of its own, the machine's files below a layer that is thrown away."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.slots import lab_name

__all__ = ["Machine", "booted"]

_PATIENCE_S = 40.0
_INTO_A_GROUP = r"""
set -eu
mount -t cgroup2 cgroup2 "$1"
mkdir "$1/$2"
echo $$ >"$1/$2/cgroup.procs"
shift 2
exec unshare --pid --fork --kill-child --uts --ipc --net --cgroup "$@"
"""
_BOOT = r"""
set -eu
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
shift 2
while [ $# -ge 2 ]; do
    mkdir -p ".$2"
    mount --rbind -o ro "$1" ".$2"
    shift 2
done
mount -t proc proc proc
# What is not of a namespace is the machine's: looked at, never written.
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
mount -o remount,bind,rw proc/sys/net
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp dev etc/systemd/system root; do mount -t tmpfs tmpfs "$folder"; done
for node in null zero full random urandom tty net/tun; do
    mkdir -p dev/net
    touch "dev/$node"
    mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
rm -f etc/machine-id etc/hostname
echo 0123456789abcdef0123456789abcdef >etc/machine-id
cat >etc/systemd/system/stand.target <<END
[Unit]
AllowIsolate=yes
Wants=systemd-journald.service
After=systemd-journald.service
END
ln -s stand.target etc/systemd/system/default.target
ip link set lo up
mkdir -p run/outside
pivot_root . run/outside
umount --lazy run/outside
exec env -i container=fosa PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=no
"""
_SWEEP = r"""
mount -t cgroup2 cgroup2 "$1"
until grep -qx 'populated 0' "$1/$2/cgroup.events"; do sleep 0.05; done
find "$1/$2" -depth -type d -exec rmdir {} +
"""


class Machine:
    """A booted one. It is root's, as every machine; nothing in it reaches the network outside."""

    def __init__(self, init: int) -> None:
        """`init` is its systemd, by the number it has outside."""
        self.init = init

    def path(self, inside: str) -> Path:
        """Where one of its files is, seen from outside. Links with absolute targets lead astray."""
        return Path(f"/proc/{self.init}/root{inside}")

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in it, as its root."""
        command = ["nsenter", f"--target={self.init}", "--all", "--root", "--wd", *words]
        environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "FOSA_LANG": "en"}
        return subprocess.run(
            command, env=environ, input=text, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )

    def told(self, *words: str) -> str:
        """What a command says that has to succeed."""
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr, self.journal())
        return done.stdout.strip()

    def journal(self, unit: str = "*") -> str:
        """What a unit, and systemd about it, has said since boot."""
        return self.run("journalctl", "--no-pager", "--output=cat", f"--unit={unit}").stdout

    def shown(self, unit: str, value: str) -> str:
        """A property of a unit."""
        return self.told("systemctl", "show", "--value", f"--property={value}", unit)

    def until(self, condition: Callable[[], bool], unit: str = "*") -> None:
        """Wait for something that comes by itself."""
        limit = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < limit, self.journal(unit)
            time.sleep(0.05)


@contextmanager
def booted(layers: Sequence[Path] = (), bound: Mapping[Path, str] | None = None) -> Iterator[Machine]:
    """A machine that has just booted into nothing but a journal.

    `layers` lie over the machine's files, the first on top; `bound` are folders shown in it, read-only, by path inside.
    """
    name = f"fosa-{lab_name('boot')}"
    with tempfile.TemporaryDirectory(prefix="fosa-systemd-") as folder:
        group, place = Path(folder, "group"), Path(folder, "place")
        group.mkdir()
        place.mkdir()
        lower = ":".join(str(layer) for layer in (*layers, "/"))
        binds = [word for source, target in (bound or {}).items() for word in (str(source), target)]
        boot = ["sh", "-c", _BOOT, "boot", str(place), lower, *binds]
        command = ["unshare", "--mount", "sh", "-c", _INTO_A_GROUP, "group", str(group), name, *boot]
        with Path(folder, "said").open("w+b") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            try:
                yield _standing(process, Path(folder, "said"))
            finally:
                process.kill()
                process.wait()
                swept = ["unshare", "--mount", "sh", "-c", _SWEEP, "sweep", str(group), name]
                subprocess.run(swept, check=True, timeout=_PATIENCE_S)


def _standing(process: subprocess.Popen[bytes], said: Path) -> Machine:
    """The machine, once its systemd answers."""
    limit = time.monotonic() + _PATIENCE_S
    while True:
        assert process.poll() is None, said.read_text(encoding="utf-8")
        assert time.monotonic() < limit, said.read_text(encoding="utf-8")
        if init := _only_child(process.pid):
            machine = Machine(init)
            asked = machine.run("systemctl", "is-active", "stand.target", "systemd-journald")
            if asked.stdout.split() == ["active", "active"]:
                return machine
        time.sleep(0.05)


def _only_child(pid: int) -> int:
    """Its number, 0 while there is none that is a systemd yet."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    names = {int(child): Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() for child in children}
    return next((child for child, name in names.items() if name == "systemd"), 0)
