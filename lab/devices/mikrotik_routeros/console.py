"""The console of the emulated RouterOS: commands of its menus, and as much scripting as a question needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.devices.mikrotik_routeros.export import exported
from lab.devices.mikrotik_routeros.grammar import MENUS
from lab.devices.mikrotik_routeros.store import RefusedError, Row
from lab.devices.mischief import matches
from lab.devices.shell import Hangup, Restart
from templates.mikrotik_routeros.text import Entry, Path, parsed, plain

if TYPE_CHECKING:
    from lab.devices.mikrotik_routeros.inside import Inside

__all__ = ["RouterosConsole"]

_EACH = re.compile(r":foreach (\w+) in=\[(/.+? find)\] do=\{:put \[(/.+?) get \$\1 ([a-z-]+)\]\}\Z")
_PUT = re.compile(r":put \[(?P<what>.+)\]\Z")
_LENGTH = re.compile(r":len \[(?P<menu>/.+?) find (?P<conditions>.+)\]\Z")
_PARSE = re.compile(r':local \w+ \[:parse (?P<script>".*")\]\Z', re.DOTALL)
_BACKUP = re.compile(r"/system backup (?P<verb>save|load) (?P<said>.+)\Z")
_ASKED = "Restore and reboot? [y/N]: "


class RouterosConsole:
    """`Console` for RouterOS. It has one mode, and no pages for a dumb terminal."""

    def __init__(self, device: Inside, user: str) -> None:
        self._device, self._user, self._started = device, user, device.started
        self._restoring = ""

    def greeting(self) -> str:
        """The maker's name, and the note."""
        store = self._device.store
        note = store.setting(("system", "note"), "note")
        shown = store.setting(("system", "note"), "show-at-login") == "yes"
        return (
            f"\n  MikroTik RouterOS 7.21.2 (c) 1999-2026 (emulated)\n\n{f'{note}{chr(10)}' if note and shown else ''}"
        )

    def prompt(self) -> str:
        """Who is where."""
        return _ASKED if self._restoring else f"[{self._user}@{self._device.name}] > "

    def echoes(self) -> bool:
        """What is typed is shown, passwords in a line as well."""
        return True

    def refusal(self, line: str) -> str:
        """Some word of it is bad; RouterOS names the place."""
        return f"bad command name {line.partition(' ')[0].strip('/:')[:20]} (line 1 column 1)\n"

    def paging(self) -> str:
        """None."""
        return ""

    def answer(self, line: str) -> str:
        """Do a line."""
        if self._device.started != self._started:
            raise Hangup
        if self._restoring:
            return self._restored(line)
        said = line.strip()
        try:
            answer = self._answer(said)
        except RefusedError as error:
            return f"{error}\n"
        return f"{answer}\n" if answer and not answer.endswith("\n") else answer

    def _answer(self, said: str) -> str:
        if said in {"", "quit", "/quit", "/system reboot"}:
            if said == "/system reboot":
                raise Restart
            if said:
                raise Hangup
            return ""
        if (match := _BACKUP.match(said)) is not None:
            return self._backup(match["verb"], match["said"])
        if said.startswith("/file remove "):
            return self._file_gone(said)
        if " export" in f" {said.replace('/export', ' export')}":
            words = said.replace("/", " ").split()
            at = words.index("export")
            return exported(self._device.store, sensitive="show-sensitive" in words, menu=tuple(words[:at]))
        for pattern, asked in self._scripts():
            if (match := pattern.match(said)) is not None:
                return asked(match)
        entry = self._parsed(said)
        self._device.store.do(entry)
        self._device.done(entry)
        return ""

    def _parsed(self, said: str) -> Entry:
        entry = parsed(said)
        if entry is None:
            raise RefusedError(self.refusal(said).rstrip())
        return entry

    # ---- Backups -----------------------------------------------------------------------------------------------------

    def _backup(self, verb: str, said: str) -> str:
        names = [plain(word.partition("=")[2]) for word in said.split() if word.startswith("name=")]
        if not names:
            raise RefusedError("missing value(s) of argument(s) name")
        if verb == "save":
            self._device.backup(names[0])
            return "Saving system configuration\nConfiguration backup saved"
        if self._device.file(names[0]) is None:
            raise RefusedError("backup file not found")
        self._restoring = names[0]
        return ""

    def _restored(self, line: str) -> str:
        name, self._restoring = self._restoring, ""
        if line.strip().lower() != "y" or not self._device.restore(name):
            return "action cancelled\n"
        raise Restart

    def _file_gone(self, said: str) -> str:
        entry = self._parsed(said)
        self._device.forget((entry.find or {}).get("name", entry.target))
        return ""

    # ---- Scripts -----------------------------------------------------------------------------------------------------

    def _scripts(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
        return (_EACH, self._each), (_PARSE, self._judged), (_PUT, self._put)

    def _each(self, match: re.Match[str]) -> str:
        path = _path(match[2].removesuffix(" find"))
        return "\n".join(self._device.store.value(path, row, match[4]) for row in self._device.store.rows[path])

    def _judged(self, match: re.Match[str]) -> str:
        for line in plain(match["script"]).split("\n"):
            if matches(self._device.mischief.refuse, line):
                raise RefusedError(self._device.mischief.says or self.refusal(line).rstrip())
            self._device.store.judge(self._parsed(line))
        return ""

    def _put(self, match: re.Match[str]) -> str:
        what = match["what"]
        if (length := _LENGTH.match(what)) is not None:
            return str(self._length(length["menu"], f"[find {length['conditions']}]"))
        path, _, name = what.rpartition(" get ")
        if path == "/system identity" and name == "name":
            return self._device.name
        raise RefusedError(self.refusal(what).rstrip())

    def _length(self, menu: str, conditions: str) -> int:
        entry = self._parsed(f"{menu} set {conditions}")
        wanted = entry.find or {}
        if menu == "/file":
            return int(self._device.file(wanted.get("name", "")) is not None)
        rows: list[Row] = self._device.store.find(_path(menu), wanted)
        return len(rows)


def _path(menu: str) -> Path:
    path = tuple(menu.replace("/", " ").split())
    if path not in MENUS:
        raise RefusedError(f"bad command name {path[-1]} (line 1 column 2)")
    return path
