"""fosa's units under a real systemd: who the parts are, what they cannot do, how they end and come back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.api.installed import OFFICE, PARTS, PYTHON, STATE, Installed, installed

pytestmark = [pytest.mark.lab, pytest.mark.timeout(120)]

# Tries what a part must not be able to, with its own unit around it; prints what could be done.
FORBIDDEN = """
import ctypes, json, os, socket, sys
def done(what):
    try:
        return bool(what())
    except OSError:
        return False
def into(path):
    with open(path, "a"):
        return True
def out_of(path):
    with open(path, "rb") as opened:
        return opened.read() or True
def reach(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        return one.connect(address) is None
libc = ctypes.CDLL(None, use_errno=True)
state, office, other = sys.argv[1:]
tried = {
    "write /etc": lambda: into("/etc/written"),
    "write the inventory": lambda: into(office + "/written.yaml"),
    "write /usr": lambda: into("/usr/lib/written"),
    "write the state folder": lambda: into(state + "/written"),
    "write serve": lambda: into(state + "/serve/written"),
    "write store": lambda: into(state + "/store/written"),
    "write ledger": lambda: into(state + "/ledger/written"),
    "write work": lambda: into(f"{state}/work/written"),
    "read the ledger": lambda: out_of(state + "/ledger/ledger.db"),
    "read the engine": lambda: out_of(f"{state}/work/work.db"),
    "read the store": lambda: out_of(state + "/store/fosa.db"),
    "read the inventory": lambda: out_of(office + "/office.yaml"),
    "read a secret": lambda: out_of(office + "/secrets/write"),
    "read another's secrets": lambda: out_of(f"/run/fosa-{other}/secrets"),
    "see another's processes": lambda: out_of("/proc/1/cmdline"),
    "reach the page's port": lambda: reach(socket.AF_INET, ("127.0.0.1", 8064)),
    "reach the desk": lambda: reach(socket.AF_UNIX, state + "/desk/fosa.sock"),
    "open a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "open a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0),
    "become root": lambda: os.setuid(0) is None,
    "make a namespace": lambda: libc.unshare(0x10000000) == 0,
    "mount": lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0,
    "trace a process": lambda: libc.ptrace(16, os.getppid(), 0, 0) == 0,
    "turn the clock": lambda: libc.settimeofday(None, ctypes.byref(ctypes.c_int64(0))) == 0,
    "map writable code": lambda: libc.personality(0x0400000) not in {-1},
}
print(json.dumps([name for name, what in tried.items() if done(what)]))
"""
PROBE = """
[Service]
Type=oneshot
Restart=no
RemainAfterExit=no
ExecStartPre=
ExecStart=
ExecStart={python} /opt/forbidden.py {state} {office} {other}
StandardOutput=journal
SyslogIdentifier=probe-{part}
"""
ALL_MAY = {"read the inventory", "reach the desk"}
MAY = {
    "edge": ALL_MAY | {"read the store"},
    "watch": ALL_MAY | {"write serve", "write store", "read the store", "reach the page's port", "open a raw socket"},
    "work": ALL_MAY | {"write ledger", "write work", "read the ledger", "read the engine", "reach the page's port"},
}


@pytest.fixture(scope="module")
def fosa() -> Iterator[Installed]:
    with installed() as it:
        it.machine.told("systemctl", "enable", "--now", "fosa.target")
        it.machine.until(lambda: it.machine.path(f"{STATE}/ledger/ledger.db").exists())
        it.machine.until(lambda: it.machine.path(f"{STATE}/serve/watch.sock").exists())
        it.machine.until(lambda: it.machine.path(f"{STATE}/store/fosa.db").exists())
        yield it


def test_three_parts_run_under_three_accounts(fosa: Installed) -> None:
    assert fosa.accounts() == {part: f"fosa-{part}" for part in PARTS}
    assert json.loads(fosa.asked("/api/v1/office")[1])["name"] == "two"
    # The picture comes from the watch, by the store and its socket.
    fosa.machine.until(lambda: "how to reach gw-b" in fosa.asked("/healthz")[1])
    assert not list(fosa.machine.path("/run/fosa-watch").iterdir())
    assert not list(fosa.machine.path("/run/fosa-work").iterdir())


@pytest.mark.parametrize("part", PARTS)
def test_what_a_unit_forbids_is_forbidden(fosa: Installed, part: str) -> None:
    machine, name = fosa.machine, f"probe-{part}"
    machine.path("/opt/forbidden.py").write_text(FORBIDDEN)
    other = "watch" if part == "work" else "work"
    words = {"python": PYTHON, "state": STATE, "office": OFFICE, "other": other, "part": part}
    machine.told("cp", f"/usr/lib/systemd/system/fosa-{part}.service", f"/etc/systemd/system/{name}.service")
    folder = machine.path(f"/etc/systemd/system/{name}.service.d")
    folder.mkdir(exist_ok=True)
    (folder / "probe.conf").write_text(PROBE.format(**words))
    machine.told("systemctl", "daemon-reload")
    machine.told("systemctl", "start", name)
    said = machine.told("journalctl", "--no-pager", "--output=cat", f"--identifier={name}")
    assert set(json.loads(said.splitlines()[-1])) == MAY[part]


def test_a_reload_reads_the_inventory_anew_if_it_is_sound(fosa: Installed) -> None:
    file, before = fosa.machine.path(f"{OFFICE}/office.yaml"), fosa.processes()
    text = file.read_text(encoding="utf-8")
    file.write_text("nonsense: 1\n", encoding="utf-8")
    refused = fosa.machine.run("systemctl", "reload", "fosa-work")
    assert refused.returncode == 1
    # It answers for the work; the other two may be reading still.
    fosa.machine.until(lambda: "No jobs" in fosa.machine.told("systemctl", "list-jobs"))
    assert "nonsense: unknown key" in fosa.machine.journal("fosa-work")
    assert "Traceback" not in fosa.machine.journal("fosa-work")
    assert fosa.processes() == before
    file.write_text(text.replace("title: Two", "title: New", 1), encoding="utf-8")
    assert fosa.python("from api.cli.anew import renew; print(renew())") == "True"
    fosa.until_anew(before)
    fosa.machine.until(lambda: '"title":"New' in fosa.asked("/api/v1/office")[1])


def test_who_comes_in_by_the_page_is_known_at_the_desk(fosa: Installed) -> None:
    proof = fosa.first()
    assert "nobody" not in fosa.fosa("people").stdout
    status, page = fosa.asked(("/login", proof), "/plans")
    assert (status, '<span class="who">anna</span>' in page) == (200, True), page


def test_whatever_is_killed_comes_back_and_nobody_is_sent_away(fosa: Installed) -> None:
    before = fosa.processes()
    for part in PARTS:
        fosa.machine.told("systemctl", "kill", "--signal=KILL", f"fosa-{part}.service")
    # Whoever asks meanwhile waits at the sockets, which are systemd's.
    assert fosa.fosa("people").stdout.startswith("anna")
    assert fosa.asked("/login")[0] == 200
    fosa.until_anew(before)


def test_nobody_else_serves_from_its_folder(fosa: Installed) -> None:
    fosa.machine.until(lambda: fosa.machine.path(f"{STATE}/serve/watch.sock").exists())
    second = fosa.fosa("serve", "--port", "8065")
    assert (second.returncode, f"serves from {STATE}/serve already" in second.stderr) == (3, True), second.stderr
    assert fosa.fosa("people").stdout.startswith("anna")


def test_a_backup_root_restores_belongs_to_the_parts_again(fosa: Installed) -> None:
    machine = fosa.machine
    machine.path("/root/passphrase").write_text("nine blue herons by the lake")
    machine.path("/root/passphrase").chmod(0o600)
    made = fosa.fosa("backup", "/root/all.fosa", "--passphrase-file", "/root/passphrase")
    assert made.returncode == 0, made.stderr
    machine.told("systemctl", "stop", "fosa.target")
    machine.told("sh", "-c", f"rm -rf {STATE}/* {OFFICE}")
    back = fosa.fosa("restore", "--everything", "/root/all.fosa", "--passphrase-file", "/root/passphrase")
    assert back.returncode == 0, back.stderr
    machine.told("systemctl", "start", "fosa.target")
    assert fosa.fosa("people").stdout.startswith("anna")
    verified = fosa.fosa("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    machine.until(lambda: fosa.machine.path(f"{STATE}/store/fosa.db").exists())
    assert fosa.accounts() == {part: f"fosa-{part}" for part in PARTS}


def test_the_target_ends_everything(fosa: Installed) -> None:
    fosa.machine.told("systemctl", "stop", "fosa.target")
    assert set(fosa.processes().values()) == {0}
    names = {f"fosa-{part}" for part in PARTS}
    assert not names & set(fosa.machine.told("ps", "-eo", "user:20=").split())
    fosa.machine.until(lambda: not fosa.machine.path(f"{STATE}/desk/fosa.sock").exists())
    units = fosa.machine.run("systemctl", "--failed", "--no-legend", "--plain", "fosa*").stdout
    assert units == ""
