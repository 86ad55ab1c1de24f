#!/usr/bin/python3 -I
"""The gate: the only program of fosa on a gateway. It reads, checks, applies and takes back a whole configuration.

    gate read|write "WORDS OF THE SSH COMMAND"     forced command of fosa-read and fosa-write, by sudo
    gate boot                                      before anything loads rules: takes back what was armed
    gate fire TOKEN                                the dead-man's sleeper, started by commit

A commit arms a sleeper that takes everything back unless `confirm` comes first; the rename of one folder decides
between the two. Only the standard library; Python 3.9 and later. Everything read has a bound.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import hmac
import json
import os
import re
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import syslog
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

NFTABLES, SWANCTL = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf"
SSHD, CHRONY, RSYSLOG = "/etc/ssh/sshd_config", "/etc/chrony/chrony.conf", "/etc/rsyslog.conf"
ULOGD, SNMPD = "/etc/ulogd.conf", "/etc/snmp/snmpd.conf"
MANAGED = (NFTABLES, SWANCTL, SSHD, CHRONY, ULOGD, RSYSLOG, SNMPD)
REQUIRED = (NFTABLES, SSHD)
"""Without these a device would be open, or closed to us: a bundle that would remove one is refused."""
MODES = (0o600, 0o640, 0o644)
UNITS = {SSHD: ("reload", "ssh"), CHRONY: ("restart", "chrony"), ULOGD: ("restart", "ulogd2"),
         RSYSLOG: ("restart", "rsyslog"), SNMPD: ("restart", "snmpd")}  # fmt: skip

LIMIT_IN, LIMIT_OUT, LIMIT_SECONDS = 1 << 20, 4 << 20, 30
KEEP_CANDIDATES, KEEP_OUTCOMES = 5, 20
MARGIN = 1 << 20
REFUSED_EXIT = 77
TOKEN = "[a-z0-9]{8,32}"  # noqa: S105  a pattern, no password
READ_WORDS = r"fetch|normal|status"
WRITE_WORDS = rf"{READ_WORDS}|(?:stage|confirm|revert|discard) {TOKEN}|commit {TOKEN} [1-9][0-9]{{0,3}}"
GRAMMAR = {"read": re.compile(rf"(?:{READ_WORDS})\Z"), "write": re.compile(rf"(?:{WRITE_WORDS})\Z")}

FORBIDDEN = {
    NFTABLES: r"\binclude\b",
    SWANCTL: r"\b(include|updown|file|handle|slot|module)\b",
    SSHD: r"(?i)^\s*(include|authorized\w+command|pkcs11provider|securitykeyprovider|xauthlocation)\b",
    CHRONY: r"(?i)^\s*(include|confdir|sourcedir|mailonchange)\b",
    ULOGD: r"(?i)\binclude\b",
    RSYSLOG: r"(?i)includeconfig|\binclude\s*\(|\b(omprog|mmexternal|improg)\b|\^|lookup_table"
    r"|\bload\s*=\s*\"[^\"]*/|\$modload\s+\S*/",
    SNMPD: r"(?i)^\s*(\[|include\w*|extend\S*|exec\S*|sh|pass\w*|perl|dlmod|load\w*)\b",
}
"""What would let a candidate read another file into an error message, load code, or run a program as root."""


class GateError(Exception):
    """A request that ends without what was asked; nothing is changed, or what was changed has been taken back."""

    def __init__(self, code: str, text: str, where: str = "") -> None:
        super().__init__(text)
        self.code, self.text, self.where = code, text, where


class Request(NamedTuple):
    """One request, parsed. `seconds` only matters for commit."""

    verb: str
    token: str = ""
    seconds: int = 0


def load_text(path: str) -> str:
    """What nft is given to put a file in place of everything, in one transaction."""
    return f'flush ruleset\ninclude "{path}"\n'


class ManagedFile(NamedTuple):
    """A file as it is on the device, or as a bundle wants it."""

    mode: int
    text: str


Bundle = dict[str, ManagedFile]
Sections = dict[str, str]


# --- Requests -------------------------------------------------------------------------------------------------------


def parse(role: str, words: str) -> Request:
    """A request of an account, or GateError `refused`."""
    grammar = GRAMMAR.get(role)
    if grammar is None or not grammar.match(words):
        raise GateError("refused", "this account may not do that")
    parts = words.split(" ")
    seconds = int(parts[2]) if len(parts) == 3 else 0
    if parts[0] == "commit" and not 5 <= seconds <= 3600:
        raise GateError("refused", "the time to revert must be 5 to 3600 seconds")
    return Request(parts[0], parts[1] if len(parts) > 1 else "", seconds)


def parse_bundle(raw: bytes) -> Bundle:
    """The files of a bundle, or GateError `invalid`: the shape is exact, and a path is one of MANAGED."""
    if len(raw) > LIMIT_IN:
        raise GateError("invalid", "the bundle is larger than 1 MiB")
    try:
        data = json.loads(raw.decode("utf-8"))
        entries = data["files"] if isinstance(data, dict) and set(data) == {"files"} else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise GateError("invalid", 'the bundle is not {"files": [{"path": ..., "mode": ..., "text": ...}]}')
    bundle: Bundle = {}
    for entry in entries:
        path, file = parse_file(entry)
        if path in bundle:
            raise GateError("invalid", "the bundle names a file twice", path)
        bundle[path] = file
    for path in REQUIRED:
        if path not in bundle:
            raise GateError("invalid", "the bundle lacks this file", path)
    return bundle


def parse_file(entry: dict[str, object]) -> tuple[str, ManagedFile]:
    """One file of a bundle."""
    path, mode, text = entry.get("path"), entry.get("mode"), entry.get("text")
    if set(entry) != {"path", "mode", "text"} or not isinstance(path, str) or path not in MANAGED:
        raise GateError("invalid", "the bundle names a file that is not managed")
    if type(mode) is not int or mode not in MODES:
        raise GateError("invalid", "the mode must be 0600, 0640 or 0644", path)
    if not isinstance(text, str) or re.search(r"[^\t\n -~\u00a0-\ud7ff\ue000-\uffff]", text):
        raise GateError("invalid", "the text holds a control character", path)
    found = re.search(FORBIDDEN[path], re.sub(r"(?m)^\s*#.*$", "", text).replace("\\\n", " "), re.MULTILINE)
    if found:
        raise GateError("invalid", f"not allowed in this file: {found.group().strip()}", path)
    return path, ManagedFile(mode, text)


def read_input() -> bytes:
    """Standard input up to its end, at most LIMIT_IN + 1 bytes and LIMIT_SECONDS."""
    return drain([sys.stdin.fileno()], LIMIT_IN, time.monotonic() + LIMIT_SECONDS)[0]


# --- Tools ----------------------------------------------------------------------------------------------------------


class Output(NamedTuple):
    """What a tool answered."""

    code: int
    text: str
    fault: str


def drain(streams: list[int], limit: int, until: float) -> list[bytes]:
    """Read descriptors to their ends. Stops one byte after `limit`; GateError when the time is over."""
    chunks = {stream: bytearray() for stream in streams}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            # A regular file (stdin from a file, by hand) cannot be polled.
            if stat.S_ISREG(os.fstat(stream).st_mode):
                chunks[stream] += os.read(stream, limit + 1)
            else:
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0.0, until - time.monotonic()))
            if not ready:
                raise GateError("internal", "no end of input in time")
            for key, _ in ready:
                chunk = os.read(key.fd, 65536)
                chunks[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
            if any(len(chunk) > limit for chunk in chunks.values()):
                break
    return [bytes(chunks[stream][: limit + 1]) for stream in streams]


def run(argv: list[str], given: str = "", seconds: int = LIMIT_SECONDS) -> Output:
    """Run a tool in a session of its own: bounded in time and output, killed with its children. `given` is short."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    try:
        tool = subprocess.Popen(  # fixed words; of a request only scratch paths
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        return Output(127, "", f"{argv[0]}: {error.strerror}")
    with tool:
        assert tool.stdin is not None  # noqa: S101  pipes were asked for
        assert tool.stdout is not None  # noqa: S101
        assert tool.stderr is not None  # noqa: S101
        try:
            with contextlib.suppress(BrokenPipeError):
                tool.stdin.write(given.encode())
                tool.stdin.close()
            out, fault = drain([tool.stdout.fileno(), tool.stderr.fileno()], LIMIT_OUT, time.monotonic() + seconds)
            # A tool that says too much is stuck in a full pipe by now.
            tool.wait(seconds if max(len(out), len(fault)) <= LIMIT_OUT else 0)
        except (GateError, subprocess.TimeoutExpired):
            # Only here: a daemon that a tool started stays in its group.
            os.killpg(tool.pid, signal.SIGKILL)
            return Output(124, "", f"{argv[0]} did not end in time or said too much")
    return Output(tool.returncode, out.decode("utf-8", "replace"), fault.decode("utf-8", "replace"))


def must(output: Output, code: str, where: str, scratch: str = "") -> str:
    """The text of a tool that was content, or GateError with what it said (scratch paths shown as the real ones)."""
    if output.code == 0:
        return output.text
    said = (output.fault or output.text).strip() or f"exit code {output.code}"
    raise GateError(code, said.replace(scratch, "")[-2000:] if scratch else said[-2000:], where)


Tree = dict[str, object]


def tree(text: str) -> list[Tree]:
    """The messages of `swanctl --pretty`, each as nested dictionaries and lists."""
    messages: list[Tree] = []
    nodes: list[object] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if line in ("}", "]"):
            nodes.pop()
        elif line.endswith(("{", "[")):
            node: object = {} if line.endswith("{") else []
            if not nodes:
                messages.append(node if isinstance(node, dict) else {})
                nodes.append(messages[-1])
                continue
            put(nodes[-1], line[:-1].rstrip(" ="), node)
            nodes.append(node)
        elif nodes and line:
            key, equals, value = line.partition(" = ")
            put(nodes[-1], key if equals else line.rstrip(" ="), value if equals else "")
    return messages


def put(node: object, key: str, value: object) -> None:
    """Add to a list or a dictionary of a tree."""
    if isinstance(node, list):
        node.append(key if value == "" else f"{key} = {value}")
    elif isinstance(node, dict):
        node[key] = value


def lines(node: object, indent: str = "") -> Iterator[str]:
    """A tree as text: keys sorted, one value a line."""
    for key, value in sorted(node.items()) if isinstance(node, dict) else ():
        if isinstance(value, dict):
            yield f"{indent}{key}"
            yield from lines(value, indent + "  ")
        else:
            yield f"{indent}{key} = {', '.join(map(str, value)) if isinstance(value, list) else value}"


def connections(pretty: str) -> str:
    """What charon has loaded, as text that does not depend on the order of loading."""
    merged: Tree = {}
    for message in tree(pretty):
        merged.update(message)
    return "".join(f"{line}\n" for line in lines(merged))


# --- Secrets --------------------------------------------------------------------------------------------------------

QUOTED = r'"(?:[^"\\\n]|\\.)*"|[^\n#}]+)'
SECRETS = (
    re.compile(r"(?P<keep>\b(?:secret|psk|pin)[\w-]*[ \t]*=[ \t]*)(?P<secret>" + QUOTED),
    re.compile(r"(?i)(?P<keep>\b\w*(?:pass|pwd)\w*[ \t]*=[ \t]*)(?P<secret>" + QUOTED),
    re.compile(r"(?im)^(?P<keep>[ \t]*createUser[ \t]+(?:-e[ \t]+\S+[ \t]+)?\S+[ \t]+)(?P<secret>\S.*)$"),
    re.compile(
        r"(?im)^(?P<keep>[ \t]*(?:def\w*(?:pass\w*|key)|com2sec6?|r[ow]community6?|\w*sink|trap\w+|usmUser|proxy)"
        r"[ \t]+)(?P<secret>\S.*)$"
    ),
    re.compile(r"(?s)(?P<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>.*?)(?=-----END|\Z)"),
)  # fmt: skip
SNMP_WORDS = re.compile(r"(?i)(MD5|SHA(-?(1|224|256|384|512))?|DES|AES(-?(128|192|256))?)\Z")


class Mask:
    """Replaces every secret by a keyed hash of it: equal secrets look equal, and nobody can guess without the key."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.known: dict[str, str] = {}

    def mark(self, secret: str) -> str:
        """The stand-in of a secret, remembered so that `hide` finds it elsewhere."""
        bare = secret.strip()
        bare = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
        mark = f"<secret:{hmac.new(self.key, bare.encode(), hashlib.sha256).hexdigest()[:16]}>"
        for piece in (bare, bare.replace('\\"', '"').replace("\\\\", "\\"), *re.split(r'[\s"\\{}#;=]+', bare)):
            if len(piece) >= 6:
                self.known.setdefault(piece, mark)
        return mark

    def text(self, text: str) -> str:
        """A configuration with its secrets replaced, wherever the grammar of one of our files puts one."""
        for pattern in SECRETS:
            text = pattern.sub(self.found, text)
        return text

    def found(self, match: re.Match[str]) -> str:
        """The replacement of one match; the words of SNMP that are no secrets stay."""
        keep, secret = match["keep"], match["secret"]
        if "createuser" not in keep.lower():
            tail = secret[len(secret.rstrip()) :]
            return f"{keep}{self.mark(secret)}{tail}"
        return keep + " ".join(word if SNMP_WORDS.match(word) else self.mark(word) for word in secret.split())

    def hide(self, text: str) -> str:
        """Any text, with the secrets met so far replaced: for tool messages."""
        for secret in sorted(self.known, key=len, reverse=True):
            text = text.replace(secret, self.known[secret])
        return text


# --- What runs, and what a bundle would make of it -------------------------------------------------------------------

CHARON = """
set -e
for folder in /etc /var; do mount --bind $folder $folder; mount -o remount,bind,ro $folder; done
mount --bind "$1/etc/swanctl/conf.d" /etc/swanctl/conf.d
mount -t tmpfs -o mode=755 tmpfs /run
export STRONGSWAN_CONF=/etc/swanctl/conf.d/strongswan.alone
charon-systemd >/run/charon.log 2>&1 &
tries=0
until swanctl --stats >/dev/null 2>&1; do
  tries=$((tries + 1)); [ $tries -lt 100 ] || { cat /run/charon.log >&2; exit 9; }; sleep 0.05
done
swanctl --load-all --noprompt >/run/said 2>&1 || { cat /run/said >&2; exit 3; }
exec swanctl --list-conns --pretty
"""
CHARON_CONF = """
include /etc/strongswan.conf
charon { syslog { daemon { default = -1 } auth { default = -1 } } }
charon-systemd { journal { default = -1 } }
"""
ALONE = ["unshare", "--net"]
INSIDE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
NFT_LIST = "nft -f - && nft -s list ruleset"


class Gate:
    """The device below `root`: its files, its tools, its state. Another root than `/` is for trying the files alone."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.mask = Mask(bytes.fromhex((root / "etc/fosa/mask.key").read_text().strip()))
        if len(self.mask.key) < 32:
            raise GateError("internal", "the mask key is too short", "/etc/fosa/mask.key")

    def place(self, path: str) -> Path:
        """Where a managed file is."""
        return self.root / path.lstrip("/")

    def present(self) -> Bundle:
        """The managed files that exist. A link is read as what it is: not ours, shown as its target's name."""
        found: Bundle = {}
        for path in MANAGED:
            with contextlib.suppress(FileNotFoundError):
                status = self.place(path).lstat()
                text = f"(a link or no file)\n{os.fspath(self.place(path).resolve())}\n"
                if stat.S_ISREG(status.st_mode):
                    with self.place(path).open("rb") as file:
                        text = file.read(LIMIT_IN).decode("utf-8", "replace")
                owner = (
                    ""
                    if (status.st_uid, status.st_gid) == (0, 0)
                    else f"# fosa: owner {status.st_uid}:{status.st_gid}\n"
                )
                found[path] = ManagedFile(stat.S_IMODE(status.st_mode), owner + text)
        return found

    def sections(self, nft: str, charon: str, sshd: str, files: Bundle) -> Sections:
        """The masked sections of an answer."""
        made = {
            "kernel nftables": nft,
            "charon connections": charon,
            "sshd effective": "".join(sorted(sshd.splitlines(keepends=True))),
        }
        for path, file in files.items():
            made[f"file {path}"] = f"# fosa: mode {file.mode:04o}\n{self.mask.text(file.text)}"
        return made

    def running(self) -> Sections:
        """What the device does now: the kernel's rules, charon's connections, sshd's view, the files."""
        nft = must(run(["nft", "-s", "list", "ruleset"]), "internal", NFTABLES)
        loaded, sshd = run(["swanctl", "--list-conns", "--pretty"]), run(["sshd", "-T"])
        charon = connections(loaded.text) if loaded.code == 0 else "(charon does not answer)\n"
        return self.sections(nft, charon, sshd.text if sshd.code == 0 else "(sshd refuses its file)\n", self.present())

    def intended(self, bundle: Bundle) -> Sections:
        """What the device would do with a bundle, without touching it; GateError `invalid` with what a tool said."""
        for file in bundle.values():
            self.mask.text(file.text)
        with tempfile.TemporaryDirectory(prefix="fosa-", dir=self.root / "run") as scratch:
            (Path(scratch) / "etc/swanctl/conf.d").mkdir(parents=True)
            for path, file in bundle.items():
                target = Path(scratch) / path.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(file.text)
                target.chmod(0o600)
            return self.sections(*self.tried(scratch, bundle), bundle)

    def tried(self, scratch: str, bundle: Bundle) -> tuple[str, str, str]:
        """Load the candidate where it can do nothing: empty namespaces, a charon of its own, checks that only read."""
        nft = must(run([*ALONE, "sh", "-c", NFT_LIST], load_text(scratch + NFTABLES)), "invalid", NFTABLES, scratch)
        sshd = must(run([*ALONE, "sshd", "-T", "-f", scratch + SSHD]), "invalid", SSHD, scratch)
        if RSYSLOG in bundle:
            must(run([*ALONE, "rsyslogd", "-N1", "-f", scratch + RSYSLOG]), "invalid", RSYSLOG, scratch)
        if CHRONY in bundle:
            must(run([*ALONE, "chronyd", "-p", "-f", scratch + CHRONY]), "invalid", CHRONY, scratch)
        (Path(scratch) / "etc/swanctl/conf.d/strongswan.alone").write_text(CHARON_CONF)
        charon = run([*INSIDE, "sh", "-c", CHARON, "charon", scratch])
        return nft, connections(must(charon, "invalid", SWANCTL, scratch)), sshd


# --- Stage, commit, confirm, revert ---------------------------------------------------------------------------------


def fingerprint(sections: Sections) -> str:
    """What ran when a candidate was staged, in one line."""
    return hashlib.sha256(json.dumps(sections, sort_keys=True).encode()).hexdigest()


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a new file that is on the disk when this returns."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def beside(path: Path, what: str) -> Path:
    """The name of a new or old copy in the same folder: a rename needs no room on the disk."""
    return path.with_name(f".{path.name}.fosa-{what}")


class Journal:
    """Which change is armed. A change is a folder; its place and name are its state, and a rename moves it on:

    candidate/T  ->  armed/T  ->  done/T.confirmed
                              ->  armed/T.reverting  ->  done/T.reverted
    """

    def __init__(self, state: Path) -> None:
        self.state = state
        self.candidates, self.armed, self.done = state / "candidate", state / "armed", state / "done"
        for folder in (self.state, self.candidates, self.armed, self.done):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def alone(self, *, patient: bool = False) -> Iterator[None]:
        """One at a time: applying, restoring and confirming never overlap. The lock goes with the process."""
        with (self.state / "lock").open("w") as file:
            until = time.monotonic() + LIMIT_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise GateError("busy", "another request is at work on this device") from None
                    time.sleep(0.05)
            yield

    def watch(self, token: str) -> int:
        """Show, for as long as this process lives, that a change has its sleeper."""
        descriptor = os.open(self.armed / token / "journal.json", os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor

    def orphaned(self, token: str) -> bool:
        """Whether a change is there without a sleeper that lives."""
        for name in (token, f"{token}.reverting"):
            with contextlib.suppress(FileNotFoundError), (self.armed / name / "journal.json").open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True

    def busy(self) -> str:
        """The name of the change that is armed or being taken back, or nothing."""
        return next((entry.name for entry in sorted(self.armed.iterdir())), "")

    def arm(self, token: str) -> Path:
        """Candidate to armed."""
        (self.candidates / token).rename(self.armed / token)
        sync(self.armed)
        return self.armed / token

    def is_armed(self, token: str) -> bool:
        """Whether neither confirm nor revert has come yet."""
        return (self.armed / token).is_dir()

    def confirm(self, token: str) -> None:
        """Armed to confirmed, unless a revert came first."""
        self.move(self.armed / token, self.done / f"{token}.confirmed")

    def claim(self, token: str) -> Path:
        """Armed to reverting, unless confirm came first. The same again after a restore that was cut short."""
        claimed = self.armed / f"{token}.reverting"
        if not claimed.is_dir():
            self.move(self.armed / token, claimed)
        return claimed

    def move(self, source: Path, target: Path) -> None:
        """The rename that decides; who comes second gets GateError `expired`."""
        try:
            source.rename(target)
        except FileNotFoundError:
            raise self.lost(source.name) from None
        sync(source.parent)

    def lost(self, token: str) -> GateError:
        """Why a token is not armed."""
        state = self.outcome(token)
        return (
            GateError("expired", f"already {state}") if state else GateError("unknown_token", "no such change is armed")
        )

    def outcome(self, token: str) -> str:
        """`confirmed`, `reverted`, `reverting`, or nothing."""
        found = [entry.suffix[1:] for folder in (self.done, self.armed) for entry in folder.glob(f"{token}.*")]
        return found[0] if found else ""

    def finish(self, folder: Path, name: str) -> None:
        """Empty a change of its texts, keep its outcome, drop the oldest."""
        for entry in folder.iterdir():
            entry.unlink()
        if folder.parent != self.done:
            folder.rename(self.done / name)
        newest(self.done, KEEP_OUTCOMES)


def newest(folder: Path, keep: int) -> None:
    """Remove all but the newest entries of a folder."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime)[:-keep]:
        shutil.rmtree(entry, ignore_errors=True)


class Files:
    """Puts managed files in place together, and back: everything that needs room happens before the first rename."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def changed(self, bundle: Bundle) -> list[str]:
        """The paths a bundle would write or remove."""
        present = self.gate.present()
        return [path for path in MANAGED if bundle.get(path) != present.get(path)]

    def room(self, bundle: Bundle, *folders: Path) -> None:
        """GateError `no_space` unless everything fits twice, with a margin, in every folder."""
        need = 2 * sum(len(file.text.encode()) for file in bundle.values()) + MARGIN
        for folder in folders:
            status = os.statvfs(folder)
            if status.f_bavail * status.f_frsize < need or (status.f_files and status.f_favail < 64):
                raise GateError("no_space", "the disk is full; nothing was changed", os.fspath(folder))

    def lay(self, bundle: Bundle, paths: list[str]) -> None:
        """Write the new files beside the old ones and keep a second name of each old one."""
        for path in paths:
            place = self.gate.place(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            if path in bundle:
                write(beside(place, "new"), bundle[path].text, bundle[path].mode)
            with contextlib.suppress(FileNotFoundError):
                os.link(place, beside(place, "old"), follow_symlinks=False)
            sync(place.parent)

    def switch(self, bundle: Bundle, paths: list[str]) -> None:
        """The new files take the names."""
        for path in paths:
            place = self.gate.place(path)
            if path in bundle:
                beside(place, "new").replace(place)
            else:
                place.unlink()
            sync(place.parent)

    def back(self, existed: dict[str, bool]) -> None:
        """The old files take their names again. May be repeated after being cut short."""
        for path, was in existed.items():
            place = self.gate.place(path)
            with contextlib.suppress(FileNotFoundError):
                if was:
                    # A rename onto another name of the same file does nothing, hence the unlink after it.
                    beside(place, "old").replace(place)
                else:
                    place.unlink()
        self.clear()

    def clear(self) -> None:
        """Remove the copies; only when no change is armed."""
        for path in MANAGED:
            for what in ("new", "old"):
                with contextlib.suppress(OSError):
                    beside(self.gate.place(path), what).unlink()
            with contextlib.suppress(OSError):
                sync(self.gate.place(path).parent)


class Change:
    """The write verbs: one change at a time, from candidate to confirmed or reverted."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self.files = gate, Files(gate)
        self.journal = Journal(gate.root / "var/lib/fosa")

    def stage(self, token: str, raw: bytes) -> dict[str, object]:
        """Check a bundle and keep it as a candidate, with what ran at that moment."""
        if self.journal.outcome(token) or self.journal.is_armed(token):
            raise GateError("busy", "this token has been used")
        bundle = parse_bundle(raw)
        self.files.room(bundle, self.journal.state)
        running, intended = self.gate.running(), self.gate.intended(bundle)
        folder = self.journal.candidates / token
        self.discard(token)
        try:
            folder.mkdir(mode=0o700)
            write(folder / "bundle.json", raw.decode())
            write(folder / "base", fingerprint(running))
        except OSError:
            self.discard(token)
            raise
        newest(self.journal.candidates, KEEP_CANDIDATES)
        return {"sections": intended, "running": running, "tunnels": tunnels()}

    def discard(self, token: str) -> dict[str, object]:
        """Forget a candidate."""
        shutil.rmtree(self.journal.candidates / token, ignore_errors=True)
        return {}

    def commit(self, token: str, seconds: int) -> dict[str, object]:
        """Arm the dead-man, then apply. Whatever fails while applying is taken back at once."""
        with self.journal.alone():
            self.release()
            if self.journal.busy():
                raise GateError("busy", f"change {self.journal.busy()} is still armed")
            if self.journal.outcome(token) or not (self.journal.candidates / token).is_dir():
                raise self.journal.lost(token)
            bundle = parse_bundle((self.journal.candidates / token / "bundle.json").read_bytes())
            if fingerprint(self.gate.running()) != (self.journal.candidates / token / "base").read_text():
                raise GateError("moved", "the device has changed since the candidate was staged")
            changed = self.arm(token, bundle, seconds)
            deadline = time.time() + seconds
            try:
                self.apply(token, bundle, changed)
            except (GateError, OSError) as error:
                self.undo(self.journal.claim(token))
                fault = error if isinstance(error, GateError) else GateError("internal", str(error))
                raise GateError(fault.code, f"{fault.text} (taken back)", fault.where) from error
        return {"deadline": deadline, "guard": "device"}

    def release(self) -> None:
        """Take back a change whose sleeper is dead: nobody else would."""
        for name in [entry.name.replace(".reverting", "") for entry in self.journal.armed.iterdir()]:
            if self.journal.orphaned(name):
                self.undo(self.journal.claim(name))

    def arm(self, token: str, bundle: Bundle, seconds: int) -> list[str]:
        """Everything the way back needs, on the disk; then the sleeper. Fails closed, with nothing changed."""
        folder, changed = self.journal.candidates / token, self.files.changed(bundle)
        self.files.clear()
        self.files.room(
            bundle, self.journal.state, *{self.gate.place(path).parent for path in changed if path in bundle}
        )
        existed = {path: path in self.gate.present() for path in changed}
        try:
            self.files.lay(bundle, changed)
            write(folder / "rules.nft", must(run(["nft", "list", "ruleset"]), "internal", NFTABLES))
            must(run(["nft", "-c", "-f", "-"], load_text(os.fspath(folder / "rules.nft"))), "internal", NFTABLES)
            write(folder / "journal.json", json.dumps({"existed": existed, "seconds": seconds}))
            sync(folder)
            self.journal.arm(token)
        except (GateError, OSError):
            self.files.clear()
            raise
        if not self.sleeper(token):
            self.journal.finish(self.journal.claim(token), f"{token}.reverted")
            self.files.clear()
            raise GateError("internal", "the dead-man could not be started; nothing was changed")
        return changed

    def sleeper(self, token: str) -> bool:
        """Start `gate fire` so that this session can neither hold nor end it; true once it says that it sleeps."""
        said, tells = os.pipe()
        subprocess.Popen(
            [sys.executable, "-I", os.fspath(Path(__file__).resolve()), "fire", token], stdin=subprocess.DEVNULL,
            stdout=tells, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        )  # fmt: skip
        os.close(tells)
        with contextlib.suppress(GateError):
            return drain([said], 64, time.monotonic() + 5)[0] == b"asleep"
        return False

    def apply(self, token: str, bundle: Bundle, changed: list[str]) -> None:
        """Files, then the kernel, then charon, then the units whose files changed."""
        self.files.switch(bundle, changed)
        must(run(["nft", "-f", "-"], load_text(os.fspath(self.gate.place(NFTABLES)))), "internal", NFTABLES)
        must(run(["swanctl", "--load-all", "--noprompt"]), "internal", SWANCTL)
        for path in changed:
            if path in UNITS:
                must(run(["systemctl", *UNITS[path]]), "internal", path)
                must(run(["systemctl", "is-active", UNITS[path][1]]), "internal", path)
        if not self.journal.is_armed(token):
            raise GateError("expired", "the time ran out while the change was being applied")

    def confirm(self, token: str) -> dict[str, object]:
        """Keep the change. Said twice it is still confirmed."""
        with self.journal.alone():
            if self.journal.outcome(token) != "confirmed":
                self.journal.confirm(token)
                self.journal.finish(self.journal.done / f"{token}.confirmed", "")
                self.files.clear()
        return {"state": "confirmed"}

    def revert(self, token: str) -> dict[str, object]:
        """Take the change back now. Said twice it is still reverted; said too early, no commit can follow it."""
        faults: list[str] = []
        # The claim comes before the lock: a commit that is still applying sees it and stops.
        with contextlib.suppress(GateError):
            self.journal.claim(token)
        with self.journal.alone(patient=True):
            if self.journal.outcome(token) == "confirmed":
                raise self.journal.lost(token)
            if self.journal.is_armed(token) or self.journal.outcome(token) == "reverting":
                faults = self.undo(self.journal.claim(token))
            elif not self.journal.outcome(token):
                self.discard(token)
                (self.journal.done / f"{token}.reverted").mkdir(mode=0o700)
        if faults:
            raise GateError("internal", f"taken back, but this did not come up again: {', '.join(faults)}")
        return {"state": "reverted"}

    def undo(self, claimed: Path, *, live: bool = True) -> list[str]:
        """Restore what a change replaced, all of it whatever fails on the way; what failed is returned."""
        existed = json.loads((claimed / "journal.json").read_text())["existed"]
        self.files.back(existed)
        faults = self.reload(claimed, existed) if live else []
        self.journal.finish(claimed, claimed.name.replace(".reverting", ".reverted"))
        log(f"change {claimed.stem} taken back" + "".join(f"; {fault}" for fault in faults))
        return faults

    def reload(self, claimed: Path, existed: dict[str, bool]) -> list[str]:
        """The kernel as it was (by hand or not), else as its file says; then charon and the units."""
        rules = [os.fspath(claimed / "rules.nft"), os.fspath(self.gate.place(NFTABLES))]
        codes = [0] if any(run(["nft", "-f", "-"], load_text(path)).code == 0 for path in rules) else [1]
        faults = ["nft"] if codes != [0] else []
        if run(["swanctl", "--load-all", "--noprompt"]).code:
            faults.append("swanctl")
        for path, was in existed.items():
            action, unit = UNITS.get(path, ("", ""))
            if unit and run(["systemctl", action if was else "stop", unit]).code:
                faults.append(unit)
        return faults

    def fire(self, token: str) -> dict[str, object]:
        """The dead-man: sleep, then revert unless confirmed. The clock on the wall plays no part."""
        seconds = json.loads((self.journal.armed / token / "journal.json").read_text())["seconds"]
        until = time.monotonic() + seconds
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("-900")
        watch = self.journal.watch(token)
        os.write(1, b"asleep")
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        while self.journal.is_armed(token) and time.monotonic() < until:
            time.sleep(min(0.5, max(0.0, until - time.monotonic())))
        # The lock of the watch is let go by the end of this process only.
        return self.revert(token) if watch and self.journal.is_armed(token) else {}

    def boot(self) -> dict[str, object]:
        """After a power cut: put the files back before anything reads them; nothing runs yet."""
        with self.journal.alone(patient=True):
            reverted = [entry.name for entry in self.journal.armed.iterdir()]
            for name in reverted:
                self.undo(self.journal.claim(name.replace(".reverting", "")), live=False)
            self.files.clear()
        return {"reverted": reverted}

    def status(self) -> dict[str, object]:
        """Tunnels, units, and what is armed."""
        return {
            "tunnels": tunnels(),
            "units": {
                unit: run(["systemctl", "is-active", unit]).text.strip() or "unknown" for _, unit in UNITS.values()
            },
            "armed": self.journal.busy(),
            "done": sorted(entry.name for entry in self.journal.done.iterdir()),
        }


def tunnels() -> dict[str, dict[str, object]]:
    """Connection -> state and children, the best where one is there twice (during a rekeying)."""
    found: dict[str, dict[str, object]] = {}
    for message in tree(run(["swanctl", "--list-sas", "--pretty"]).text):
        for name, sa in message.items():
            children = sa.get("child-sas", {}) if isinstance(sa, dict) else {}
            if not isinstance(sa, dict) or found.get(name, {}).get("state") == "ESTABLISHED":
                continue
            states = {str(child.get("name", key)): child.get("state", "") for key, child in children.items()}
            found[name] = {"state": sa.get("state", ""), "children": states}
    return found


# --- The way in -----------------------------------------------------------------------------------------------------


def log(text: str) -> None:
    """One line to the log of authentication, or to stderr where there is no log."""
    if Path("/dev/log").exists():
        syslog.openlog("fosa-gate", syslog.LOG_PID, syslog.LOG_AUTH)
        syslog.syslog(syslog.LOG_NOTICE, text)
    else:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"fosa-gate: {text}\n")


def answer(gate: Gate, request: Request) -> dict[str, object]:
    """Do what a request asks."""
    if request.verb == "fetch":
        return {"sections": gate.running()}
    if request.verb == "normal":
        return {"sections": gate.intended(parse_bundle(read_input()))}
    change = Change(gate)
    if request.verb == "stage":
        return change.stage(request.token, read_input())
    if request.verb == "commit":
        return change.commit(request.token, request.seconds)
    if request.verb in ("status", "boot"):
        return change.status() if request.verb == "status" else change.boot()
    simple: dict[str, Callable[[str], dict[str, object]]]
    simple = {"confirm": change.confirm, "revert": change.revert, "discard": change.discard, "fire": change.fire}
    return simple[request.verb](request.token)


def request_of(argv: list[str]) -> Request:
    """The request of a command line: an account's, or root's own."""
    if len(argv) == 2 and argv[0] in GRAMMAR:
        return parse(*argv)
    if argv == ["boot"]:
        return Request("boot")
    if len(argv) == 2 and argv[0] == "fire" and re.match(TOKEN + r"\Z", argv[1]):
        return Request("fire", argv[1])
    raise GateError("refused", "usage: gate read|write WORDS, gate boot, gate fire TOKEN")


def main(argv: list[str]) -> int:
    """One request, one JSON object, one exit code."""
    os.umask(0o077)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    gate: Gate | None = None
    try:
        request = request_of(argv)
        gate = Gate()
        said: dict[str, object] = {"ok": True, **answer(gate, request)}
    except GateError as error:
        said = {"ok": False, "code": error.code, "text": error.text, "where": error.where}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        said = {
            "ok": False,
            "code": "no_space" if full else "internal",
            "text": error.strerror or str(error),
            "where": error.filename or "",
        }
    words = " ".join(argv)[:200].encode("unicode_escape").decode()
    if argv[:1] == ["write"] or said.get("code") == "refused":
        log(f"{words}: {said.get('code', 'ok')}")
    if gate and not said["ok"]:
        said = {key: gate.mask.hide(value) if isinstance(value, str) else value for key, value in said.items()}
    # Whoever asked may be cut off by now: what is armed stays armed, and silence means revert.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    return 0 if said["ok"] else REFUSED_EXIT if said.get("code") == "refused" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
