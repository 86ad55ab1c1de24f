"""Where secrets stand in a text of ArubaOS-Switch. Sources: HPE's Access Security Guide; oxidized, procurve.rb."""

from __future__ import annotations

import re
from collections.abc import Callable

from templates.switch.masking import Secrets

__all__ = ["masked"]

_WORD = r'"?(?P<one>(?<=")[^"]+|[^"\s]+)'
"""Up to the next quote, where it begins with one."""
_TWO = _WORD.replace("one", "two")
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
        + r'"?(?: priv (?:des |aes )?' + _TWO + ")?",
        # What stands behind a line that was continued.
        r"^\s*(?:auth (?:md5 |sha )?" + _WORD + r'"? )?priv (?:des |aes )?' + _TWO,
        r"^\s*auth (?:md5 |sha )?" + _WORD,
        r"^\s*aaa port-access supplicant \S+ .*?secret " + _WORD,
        r"^\s*key-chain \S+ key \d+ key-string " + _WORD,
        r"^\s*ip ospf (?:md5-auth-key-chain|authentication-key) " + _WORD,
        r"^\s*crypto key (?:client-key|host-key) " + _WORD,
        r"^\s*encrypt-credentials pre-shared-key (?:plaintext|hex) " + _WORD,
    )
)  # fmt: skip
_SECRETS = Secrets(re.compile(r"password|key|community|snmp|secret|priv |auth "), _COMMANDS, frozenset({"*"}))


def masked(text: str, mark: Callable[[str], str]) -> str:
    """The text with each secret replaced. What is masked already stays, and so does the star for a key."""
    return _SECRETS.masked(text, mark)
