"""A machine run by a real systemd: namespaces of its own, the machine's files below a disk that is thrown away."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.slots import lab_name

__all__ = ["Machine", "booted"]

_SYSTEMD = Path("/lib/systemd/systemd")
_PATIENCE_S = 40.0
_HOLD = r"""
set -eu
mount -t cgroup2 cgroup2 "$1"
mkdir "$1/$2"
mount -t tmpfs tmpfs "$3"
mkdir "$3/upper" "$3/work" "$3/root" "$3/units"
cat >"$3/units/stand.target" <<END
[Unit]
AllowIsolate=yes
Wants=systemd-journald.service
After=systemd-journald.service
END
ln -s stand.target "$3/units/default.target"
echo ready
exec sleep infinity
"""
_INTO_A_GROUP = r"""
set -eu
mkdir -p "$1"
echo $$ >"$1/cgroup.procs"
shift
exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup "$@"
"""
_BOOT = r"""
set -eu
place=$1 over=$2
# lay NAME LOWER TARGET: what is written there stays on the disk.
lay() {
    mkdir -p "$place/upper/$1" "$place/work/$1"
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$place/upper/$1,workdir=$place/work/$1" "$3"
}
lay all / "$place/root"
cd "$place/root"
if [ -n "$over" ]; then
    for folder in usr etc; do lay "$folder" "$over/$folder:/$folder" "$folder"; done
fi
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
for folder in run tmp dev; do mount -t tmpfs tmpfs "$folder"; done
mount --bind "$place/units" etc/systemd/system
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
echo 0123456789abcdef0123456789abcdef >etc/machine-id
ip link set lo up
mkdir -p run/outside
pivot_root . run/outside
umount --lazy run/outside
# Nothing in it may set the machine's clock, whatever it starts.
exec setpriv --bounding-set=-sys_time,-sys_module \
    env -i container=fosa PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=no
"""
_EMPTIED = r"""
until grep -qx 'populated 0' "$1/cgroup.events"; do sleep 0.05; done
find "$1" -depth -type d -exec rmdir {} +
"""


class Machine:
    """It is root's, as every machine; nothing in it reaches the network outside."""

    def __init__(self, holder: int, group: str, boot: Sequence[str]) -> None:
        """Not switched on yet. `holder` keeps its disk, `group` its processes, `boot` begins it."""
        self._holder, self._group, self._boot = holder, group, tuple(boot)
        self._process: subprocess.Popen[bytes] | None = None
        self.init = 0
        """Its systemd, by the number it has outside."""

    def switch_on(self) -> None:
        """Boot it with what is on its disk, and wait until its systemd answers."""
        words = ("sh", "-c", _INTO_A_GROUP, "group", self._group, *self._boot)
        self._process = subprocess.Popen(self._held(*words), stdin=subprocess.DEVNULL)
        limit = time.monotonic() + _PATIENCE_S
        while not self._answers():
            assert self._process.poll() is None, "it does not boot"
            assert time.monotonic() < limit, "its systemd does not answer"
            time.sleep(0.05)

    def power_cut(self) -> None:
        """End everything in it at once; its disk stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process, self.init = None, 0
            swept = self._held("sh", "-c", _EMPTIED, "empty", self._group)
            subprocess.run(swept, check=True, timeout=_PATIENCE_S)

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

    def told(self, *words: str, text: str = "") -> str:
        """What a command says that has to succeed."""
        done = self.run(*words, text=text)
        assert done.returncode == 0, (words, done.stdout, done.stderr, self.journal())
        return done.stdout.strip()

    def journal(self, unit: str = "*") -> str:
        """What a unit, and systemd about it, has said."""
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

    def _answers(self) -> bool:
        self.init = self._found() or 0
        return bool(self.init) and self.run("systemctl", "is-active", "systemd-journald").returncode == 0

    def _found(self) -> int | None:
        """The only child of what began it, once that is a systemd."""
        assert self._process is not None
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            pid = self._process.pid
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            names = {int(child): Path(f"/proc/{child}/comm").read_text(encoding="ascii") for child in children}
            return next((child for child, name in names.items() if name == "systemd\n"), None)
        return None

    def _held(self, *words: str) -> list[str]:
        return ["nsenter", f"--target={self._holder}", "--mount", *words]


@contextmanager
def booted(over: Path | None = None, bound: Mapping[Path, str] | None = None) -> Iterator[Machine]:
    """A machine that has just booted into nothing but a journal.

    Below `over`, usr and etc lie over the machine's own; `bound` are folders shown in it, read-only, by path inside.
    """
    assert _SYSTEMD.exists(), f"{_SYSTEMD} is missing: install Debian's package systemd"
    with tempfile.TemporaryDirectory(prefix="fosa-systemd-") as folder:
        groups, place = Path(folder, "groups"), Path(folder, "place")
        groups.mkdir()
        place.mkdir()
        name = f"fosa-{lab_name('boot')}-{time.monotonic_ns()}"
        binds = [word for source, target in (bound or {}).items() for word in (str(source), target)]
        holding = ["unshare", "--mount", "sh", "-c", _HOLD, "hold", str(groups), name, str(place)]
        with subprocess.Popen(holding, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"ready\n"
            machine = Machine(
                holder.pid, str(groups / name), ("sh", "-c", _BOOT, "boot", str(place), str(over or ""), *binds)
            )
            try:
                machine.switch_on()
                yield machine
            finally:
                machine.power_cut()
                holder.kill()
