"""The write verbs: one change at a time, from candidate to confirmed or reverted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

from . import deadman
from .apply import apply, reload
from .bundle import parse_bundle
from .charon import loaded, tunnels
from .device import Device, Sections
from .disk import newest, sync, write
from .errors import GateError
from .files import Files
from .journal import Journal
from .keys import Keys
from .log import log
from .managed import NFTABLES, Bundle
from .proof import held
from .tools import load_text, must, run
from .trial import intended

KEEP_CANDIDATES = 5


class Change:
    """The write verbs: one change at a time, from candidate to confirmed or reverted."""

    def __init__(self, device: Device) -> None:
        self.device, self.files = device, Files(device)
        self.journal = Journal(device.root / "var/lib/fosa")

    def stage(self, token: str, raw: bytes) -> dict[str, object]:
        """Check a bundle and keep it as a candidate, with what ran at that moment."""
        if self.journal.outcome(token) or self.journal.is_armed(token):
            raise GateError("busy", "this token has been used")
        bundle = Keys(self.device).completed(parse_bundle(raw))
        self.files.room(bundle, self.journal.state)
        running, wanted = self.device.running(), intended(self.device, bundle)
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
        return {"sections": wanted, "running": running, "tunnels": tunnels()}

    def discard(self, token: str) -> dict[str, object]:
        """Forget a candidate."""
        shutil.rmtree(self.journal.candidates / token, ignore_errors=True)
        return {}

    def commit(self, token: str, seconds: int) -> dict[str, object]:
        """Arm the dead-man, then apply. Whatever fails while applying is taken back at once.

        Said again while the change is armed, the answer is the same again.
        """
        with self.journal.alone():
            self.release()
            if self.journal.is_armed(token):
                return self.armed_before(token)
            if self.journal.busy():
                raise GateError("busy", f"change {self.journal.busy()} is still armed")
            if self.journal.outcome(token) or not (self.journal.candidates / token).is_dir():
                raise self.journal.lost(token)
            raw = (self.journal.candidates / token / "bundle.json").read_bytes()
            bundle = Keys(self.device).completed(parse_bundle(raw))
            if fingerprint(self.device.running()) != (self.journal.candidates / token / "base").read_text():
                raise GateError("moved", "the device has changed since the candidate was staged")
            changed = self.arm(token, bundle, seconds)
            deadline = self.journal.deadline(token)
            try:
                self.carry_out(token, bundle, changed)
            except (GateError, OSError) as error:
                left = "".join(f", but not up again: {what}" for what in self.undo(self.journal.claim(token)))
                fault = error if isinstance(error, GateError) else GateError("internal", str(error))
                raise GateError(fault.code, f"{fault.text} (taken back{left})", fault.where) from error
        return {"deadline": deadline, "guard": "device"}

    def armed_before(self, token: str) -> dict[str, object]:
        """The answer of an earlier commit, unless that was cut short before everything was in place."""
        if not (self.journal.armed / token / "applied").exists():
            self.undo(self.journal.claim(token))
            raise GateError("internal", "the change was cut short while it was being applied (taken back)")
        return {"deadline": self.journal.deadline(token), "guard": "device"}

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
            bundle, self.journal.state, *{self.device.place(path).parent for path in changed if path in bundle}
        )
        existed = {path: path in self.device.present() for path in changed}
        try:
            Keys(self.device).keep_old(bundle)
            self.files.lay(bundle, changed)
            write(folder / "rules.nft", must(run(["nft", "list", "ruleset"]), "internal", NFTABLES))
            must(run(["nft", "-c", "-f", "-"], load_text(os.fspath(folder / "rules.nft"))), "internal", NFTABLES)
            write(folder / "journal.json", json.dumps({"existed": existed, "seconds": seconds}))
            write(folder / "charon", loaded() or "")
            sync(folder)
            self.journal.arm(token)
        except (GateError, OSError):
            if self.journal.is_armed(token):
                self.journal.finish(self.journal.claim(token), f"{token}.reverted")
            self.files.clear()
            raise
        if not deadman.start(token):
            self.journal.finish(self.journal.claim(token), f"{token}.reverted")
            self.files.clear()
            raise GateError("internal", "the dead-man could not be started; nothing was changed")
        return changed

    def carry_out(self, token: str, bundle: Bundle, changed: list[str]) -> None:
        """Apply; GateError `expired` when a revert has come meanwhile."""
        apply(self.files, bundle, changed)
        if not self.journal.is_armed(token):
            raise GateError("expired", "the time ran out while the change was being applied")
        write(self.journal.armed / token / "applied", "")

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
        # The claim comes before the lock: a commit that is still applying sees it and stops.
        with contextlib.suppress(GateError):
            self.journal.claim(token)
        with self.journal.alone(patient=True):
            if self.journal.outcome(token) == "confirmed":
                raise self.journal.lost(token)
            if self.journal.is_armed(token) or self.journal.outcome(token) == "reverting":
                self.undo(self.journal.claim(token))
            elif not self.journal.outcome(token):
                self.discard(token)
                (self.journal.done / f"{token}.reverted").mkdir(mode=0o700)
            faults = self.journal.faults(token)
        if faults:
            raise GateError("internal", f"taken back, but this did not come up again: {faults}")
        return {"state": "reverted"}

    def undo(self, claimed: Path, *, live: bool = True) -> list[str]:
        """Restore what a change replaced, all of it whatever fails on the way; what failed is returned."""
        existed = json.loads((claimed / "journal.json").read_text())["existed"]
        before = held(self.device) if live else {}
        self.files.back(existed)
        faults = reload(self.device, claimed, existed, before) if live else []
        self.journal.finish(claimed, claimed.name.replace(".reverting", ".reverted"), ", ".join(faults))
        log(f"change {claimed.stem} taken back" + "".join(f"; {fault}" for fault in faults))
        return faults

    def fire(self, token: str) -> dict[str, object]:
        """The dead-man: sleep, then revert unless confirmed."""
        return self.revert(token) if deadman.sleep(self.journal, token) else {}

    def boot(self) -> dict[str, object]:
        """After a power cut: put the files back before anything reads them; nothing runs yet."""
        with self.journal.alone(patient=True):
            reverted = [entry.name for entry in self.journal.armed.iterdir()]
            for name in reverted:
                self.undo(self.journal.claim(name.replace(".reverting", "")), live=False)
            self.files.clear()
        return {"reverted": reverted}


def fingerprint(sections: Sections) -> str:
    """What ran when a candidate was staged, in one line."""
    return hashlib.sha256(json.dumps(sections, sort_keys=True).encode()).hexdigest()
