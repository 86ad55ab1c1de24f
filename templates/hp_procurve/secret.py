"""Where secrets stand in a text of ArubaOS-Switch. Sources: HPE's Access Security Guide; oxidized, procurve.rb."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["masked"]

_WORD = r'"?(?P<one>[^"\s]+)'
_COMMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^\s*password (?:manager|operator|port-access)(?: user-name (?:\"[^\"]*\"|\S+))? "
        r"(?:plaintext|sha1|sha256|bcrypt) " + _WORD,
        r"^\s*(?:radius|tacacs)-server (?:host \S+ )?(?:[a-z-]+ \d+ )?(?:oobm )?(?:encrypted-)?key " + _WORD,
        r"^\s*s?ntp authentication key-id \d+ authentication-mode \S+ (?:key-value|encrypted-key) " + _WORD,
        r"^\s*snmp-server community " + _WORD,
        r"^\s*snmp-server host \S+ (?:community )?" + _WORD,
        r"^\s*snmpv3 community index \S+ name " + _WORD,
        r"^\s*snmpv3 user \S+ auth (?:md5 |sha )?" + _WORD
        + r'"?(?: priv (?:des |aes )?"?(?P<two>[^"\s]+))?',
        # What stands behind a line that was continued.
        r"^\s*(?:auth (?:md5 |sha )?" + _WORD + r'"? )?priv (?:des |aes )?"?(?P<two>[^"\s]+)',
        r"^\s*auth (?:md5 |sha )?" + _WORD,
        r"^\s*aaa port-access supplicant \S+ .*?secret " + _WORD,
        r"^\s*key-chain \S+ key \d+ key-string " + _WORD,
        r"^\s*ip ospf (?:md5-auth-key-chain|authentication-key) " + _WORD,
        r"^\s*crypto key (?:client-key|host-key) " + _WORD,
        r"^\s*encrypt-credentials pre-shared-key (?:plaintext|hex) " + _WORD,
    )
)  # fmt: skip
_PERHAPS = re.compile(r"password|key|community|snmp|secret|priv |auth ")
_MARKED = re.compile(r"<secret:[0-9a-f]+>")


def masked(text: str, mark: Callable[[str], str]) -> str:
    """The text with each secret replaced. What is masked already stays, and so does the star for a key."""
    return "\n".join(_line(line, mark) if _PERHAPS.search(line) else line for line in text.split("\n"))


def _line(line: str, mark: Callable[[str], str]) -> str:
    for command in _COMMANDS:
        match = command.match(line)
        if match is None:
            continue
        for group in sorted((name for name, found in match.groupdict().items() if found is not None), reverse=True):
            word = match[group]
            if word != "*" and not _MARKED.fullmatch(word):
                line = line[: match.start(group)] + mark(word) + line[match.start(group) + len(word) :]
        return line
    return line
