"""Where secrets stand in a text of IOS. Sources: Cisco's command references of the commands named."""

from __future__ import annotations

import re
from collections.abc import Callable

from templates.switch.masking import Secrets

__all__ = ["masked"]

_KIND = r"(?:[0-9]{1,2} )?"
_COMMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        # username NAME [privilege N] {secret | password} [TYPE] WORD
        r"^\s*username \S+(?: .*?)?? (?:secret|password) " + _KIND + r"(?P<one>\S.*)$",
        # enable {secret | password} [level N] [TYPE] WORD
        r"^\s*enable (?:secret|password) (?:level \d+ )?" + _KIND + r"(?P<one>\S.*)$",
        # a line's own: password [TYPE] WORD
        r"^\s*password " + _KIND + r"(?P<one>\S.*)$",
        # radius server / tacacs server: key [TYPE] WORD; pac key
        r"^\s*(?:pac )?key " + _KIND + r"(?!chain |config-key |generate |string )(?P<one>\S.*)$",
        r"^\s*key-string " + _KIND + r"(?P<one>\S.*)$",
        r"^\s*(?:radius-server|tacacs-server) .*?\bkey " + _KIND + r"(?P<one>\S.*)$",
        r"^\s*server-private .*?\bkey " + _KIND + r"(?P<one>\S.*)$",
        r"^\s*client \S+ server-key " + _KIND + r"(?P<one>\S.*)$",
        r"^\s*ntp authentication-key \d+ \S+ (?P<one>\S+)",
        r"^\s*snmp-server community (?P<one>\S+)",
        # the community, or the name of a user of version 3, which is none
        r"^\s*snmp-server host \S+ (?:vrf \S+ )?(?:traps |informs )?(?:version (?:1|2c) )?(?!version |traps |informs )"
        r"(?P<one>\S+)",
        r"^\s*snmp-server user \S+ \S+ (?:remote \S+ )?v3 (?:encrypted )?auth \S+(?: (?:256|384|512))? (?P<one>\S+)"
        r"(?: priv (?:aes (?:128|192|256)|des56|des|3des) (?P<two>\S+))?",
        r"^\s*(?:crypto isakmp key|pre-shared-key(?: (?:local|remote))?|pre-shared-key address \S+ key) " + _KIND
        + r"(?P<one>\S+)",
        r"^\s*(?:wpa-psk|ppp chap password|ppp pap sent-username \S+ password|ip ftp password|vtp password|"
        r"standby \d+ authentication(?: md5 key-string)?|neighbor \S+ password|ip ospf (?:authentication-key|"
        r"message-digest-key \d+ md5)|archive password|crypto key export) " + _KIND + r"(?P<one>\S+)",
    )
)  # fmt: skip
_SECRETS = Secrets(re.compile(r"secret|pass|key|community|snmp-server|wpa-psk|standby"), _COMMANDS)


def masked(text: str, mark: Callable[[str], str]) -> str:
    """The text with each secret replaced. What is masked already stays."""
    return _SECRETS.masked(text, mark)
