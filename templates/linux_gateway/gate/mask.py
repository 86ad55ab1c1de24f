"""Secrets, replaced by keyed hashes wherever one of our files or a tool could show them."""

from __future__ import annotations

import hashlib
import hmac
import re

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
