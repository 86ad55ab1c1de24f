"""Where secrets stand in a text of AOS-CX. Sources: Aruba's command references; oxidized, aoscx.rb."""

from __future__ import annotations

import re
from collections.abc import Callable

from templates.switch.masking import Secrets

__all__ = ["masked"]

_COMMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^\s*user \S+ (?:group \S+ )?password (?:plaintext |ciphertext )?(?P<one>\S.*)$",
        r"^\s*(?:radius|tacacs)-server (?:host \S+ )?(?:port \d+ )?key (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*(?:radius|tacacs)-server tracking .*?password (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*ntp authentication-key \d+ \S+ (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*snmp-server community (?P<one>\S+)",
        r"^\s*snmp-server host \S+ .*?community (?P<one>\S+)",
        r"^\s*snmpv3 context \S+ .*?community (?P<one>\S+)",
        r"^\s*snmpv3 user \S+ auth \S+ auth-pass (?:plaintext |ciphertext )?(?P<one>\S+)"
        r"(?: priv \S+ priv-pass (?:plaintext |ciphertext )?(?P<two>\S+))?",
        r"^\s*(?:key-string|password|shared-secret|authentication-key) (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*neighbor \S+ password (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*ip ospf (?:authentication-key|message-digest-key \d+ md5) (?:plaintext |ciphertext )?(?P<one>\S+)",
        r"^\s*aaa authentication port-access .*?password (?:plaintext |ciphertext )?(?P<one>\S+)",
    )
)
_SECRETS = Secrets(re.compile(r"pass|key|community|secret"), _COMMANDS, frozenset({"complexity", "*"}))


def masked(text: str, mark: Callable[[str], str]) -> str:
    """The text with each secret replaced. What is masked already stays, and so does the star for a key."""
    return _SECRETS.masked(text, mark)
