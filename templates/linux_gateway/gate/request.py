"""What may be asked: the grammar of each account, and root's own command lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import GateError

TOKEN = "[a-z0-9]{8,32}"  # noqa: S105  a pattern, no password
INTERFACE = "[a-z][a-z0-9.-]{0,14}"
READ_WORDS = rf"fetch|normal|status|vici|links|certificates|asked|ways|sniff {INTERFACE} [1-9][0-9]?"
CONNECTION = "[a-z][a-z0-9-]{0,30}"
KEY_WORDS = rf"newkey {TOKEN}|revocations|reauthenticate {CONNECTION}"
WRITE_WORDS = rf"{READ_WORDS}|(?:stage|confirm|revert|discard) {TOKEN}|commit {TOKEN} [1-9][0-9]{{0,3}}|{KEY_WORDS}"
GRAMMAR = {"read": re.compile(rf"(?:{READ_WORDS})\Z"), "write": re.compile(rf"(?:{WRITE_WORDS})\Z")}


class Request(NamedTuple):
    """One request, parsed. `token` may be the name of something else; `seconds` only matters for commit and sniff."""

    verb: str
    token: str = ""
    seconds: int = 0


def request_of(argv: list[str]) -> Request:
    """The request of a command line: an account's, or root's own."""
    if len(argv) == 2 and argv[0] in GRAMMAR:
        return parse(*argv)
    if argv == ["boot"]:
        return Request("boot")
    if len(argv) == 2 and argv[0] == "fire" and re.match(TOKEN + r"\Z", argv[1]):
        return Request("fire", argv[1])
    raise GateError("refused", "usage: gate read|write WORDS, gate boot, gate fire TOKEN")


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
