"""The device as it runs now: its rules, connections, daemons and files, as sections."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from .asked import settled
from .charon import loaded
from .errors import GateError
from .managed import KEPT, KEY, MANAGED, NFTABLES, Bundle, ManagedFile
from .mask import Mask
from .tools import LIMIT_IN, must, run

Sections = dict[str, str]
"""What of a device can be compared: a name and its masked text."""


class Device:
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
        """The managed files that exist, certificate and key among them.

        A link is read as what it is: not ours, shown as its target's name.
        """
        found: Bundle = {}
        for path in (*MANAGED, *KEPT):
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
            "kernel nftables": settled(nft),
            "charon connections": charon,
            "sshd effective": "".join(sorted(sshd.splitlines(keepends=True))),
        }
        for path, file in files.items():
            if path == KEY:
                continue
            made[f"file {path}"] = f"# fosa: mode {file.mode:04o}\n{self.mask.text(file.text)}"
        return made

    def running(self) -> Sections:
        """What the device does now: the kernel's rules, charon's connections, sshd's view, the files."""
        nft = must(run(["nft", "-s", "list", "ruleset"]), "internal", NFTABLES)
        sshd, charon = run(["sshd", "-T"]), loaded()
        charon = "(charon does not answer)\n" if charon is None else charon
        return self.sections(nft, charon, sshd.text if sshd.code == 0 else "(sshd refuses its file)\n", self.present())
