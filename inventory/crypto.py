"""Which algorithms a tunnel may use: named allow-lists, and the judging of proposals by them.

What is not in a list is refused. Nothing is compared by strength: `modp8192` is not "better than" what a list names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from inventory.faults import Severity
from inventory.model import CryptoProfileName
from inventory.words import gettext as _

__all__ = ["PROFILES", "Objection", "Part", "Profile", "Protocol", "agree", "judge", "parts"]


class Part(StrEnum):
    """What an algorithm of a proposal is for."""

    ENCRYPTION = "encryption"
    INTEGRITY = "integrity"
    PRF = "prf"
    GROUP = "group"
    SEQUENCE = "sequence"
    UNKNOWN = "unknown"


class Protocol(StrEnum):
    """Which security association a proposal is for."""

    IKE = "ike"
    ESP = "esp"


@dataclass(frozen=True, slots=True)
class Profile:
    """An allow-list, in strongSwan's words. `tolerated` groups are allowed with a warning. Lifetimes are seconds."""

    encryption: frozenset[str]
    integrity: frozenset[str]
    prf: frozenset[str]
    groups: frozenset[str]
    tolerated: frozenset[str]
    ike_lifetime_s: int
    esp_lifetime_s: int

    def allowed(self, part: Part) -> frozenset[str]:
        """The algorithms a proposal may name for this part."""
        lists = {
            Part.ENCRYPTION: self.encryption,
            Part.INTEGRITY: self.integrity,
            Part.PRF: self.prf,
            Part.GROUP: self.groups | self.tolerated,
            Part.SEQUENCE: frozenset({"esn", "noesn"}),
        }
        return lists.get(part, frozenset())


_SHA2 = frozenset({"sha256", "sha384", "sha512"})
_PRF_SHA2 = frozenset({"prfsha256", "prfsha384", "prfsha512"})
_HOUR = 3600

PROFILES: dict[CryptoProfileName, Profile] = {
    # RFC 8221 and 8247: what every implementation must or should have.
    CryptoProfileName.RFC_MIN: Profile(
        encryption=frozenset(
            {"aes128", "aes192", "aes256", "aes128gcm16", "aes192gcm16", "aes256gcm16", "chacha20poly1305"}
        ),
        integrity=_SHA2,
        prf=_PRF_SHA2,
        groups=frozenset(
            {"modp2048", "modp3072", "modp4096", "modp6144", "modp8192", "ecp256", "ecp384", "ecp521", "curve25519"}
        ),
        tolerated=frozenset(),
        ike_lifetime_s=24 * _HOUR,
        esp_lifetime_s=8 * _HOUR,
    ),
    # BSI TR-02102-3; group 14 (2048 bit) is under its floor since 2023, and many peers know no better.
    CryptoProfileName.EU_BSI: Profile(
        encryption=frozenset(f"aes{bits}{mode}" for bits in (128, 192, 256) for mode in ("", "ctr", "gcm16", "ccm16")),
        integrity=_SHA2,
        prf=_PRF_SHA2,
        groups=frozenset({"modp3072", "modp4096", "ecp256", "ecp384", "ecp521", "ecp256bp", "ecp384bp", "ecp512bp"}),
        tolerated=frozenset({"modp2048"}),
        ike_lifetime_s=24 * _HOUR,
        esp_lifetime_s=4 * _HOUR,
    ),
    # CNSSP 15: one size.
    CryptoProfileName.CNSA: Profile(
        encryption=frozenset({"aes256", "aes256gcm16"}),
        integrity=frozenset({"sha384"}),
        prf=frozenset({"prfsha384"}),
        groups=frozenset({"modp4096", "ecp384"}),
        tolerated=frozenset(),
        ike_lifetime_s=24 * _HOUR,
        esp_lifetime_s=8 * _HOUR,
    ),
}
"""The profiles an office may choose from."""

_ALIASES = {"x25519": "curve25519", "sha": "sha1", "prfsha": "prfsha1", "x448": "curve448"}
_TAGS = {"64": "8", "96": "12", "128": "16"}
_AEAD = re.compile(r"(aes|camellia)(128|192|256)(gcm|ccm)(8|12|16|64|96|128)|chacha20poly1305")
_KINDS = (
    (Part.ENCRYPTION, re.compile(r"(aes|camellia|blowfish|twofish|serpent|cast|chacha20)[a-z0-9]*|3?des|null")),
    (Part.INTEGRITY, re.compile(r"md5|sha[0-9]*")),
    (Part.PRF, re.compile(r"prf[a-z0-9]+")),
    (Part.GROUP, re.compile(r"modp[a-z0-9]+|ecp[a-z0-9]+|curve(25519|448)|modpnull")),
    (Part.SEQUENCE, re.compile(r"(no)?esn")),
)
_MACS = frozenset({"aesxcbc", "aescmac"})


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a proposal, and whether it may be used all the same."""

    severity: Severity
    message: str


def parts(proposal: str) -> dict[Part, frozenset[str]]:
    """The algorithms a proposal names, by what they are for, each under one name."""
    found: dict[Part, set[str]] = {}
    for word in proposal.split("-"):
        name = _canonical(word)
        found.setdefault(_part(name), set()).add(name)
    return {part: frozenset(names) for part, names in found.items()}


def agree(one: str, other: str) -> bool:
    """Whether two proposals have a common algorithm for each part either of them names."""
    mine, theirs = parts(one), parts(other)
    return all(mine.get(part, frozenset()) & theirs.get(part, frozenset()) for part in mine.keys() | theirs.keys())


def judge(proposal: str, protocol: Protocol, profile: Profile) -> tuple[Objection, ...]:
    """Everything a profile has against a proposal; nothing when it is allowed as it stands."""
    named = parts(proposal)
    return (*_outside(named, profile), *_incomplete(named, protocol))


def _outside(named: dict[Part, frozenset[str]], profile: Profile) -> list[Objection]:
    found = []
    for part, names in sorted(named.items()):
        allowed = profile.allowed(part)
        for name in sorted(names - allowed):
            message = _("{name} is not allowed by the crypto profile").format(name=name)
            if allowed:
                message = _("{name} is not allowed by the crypto profile; allowed: {allowed}").format(
                    name=name, allowed=", ".join(sorted(allowed))
                )
            found.append(Objection(Severity.ERROR, message))
        for name in sorted(names & profile.tolerated):
            message = _("{name} is below the crypto profile and only tolerated; agree on one of: {better}").format(
                name=name, better=", ".join(sorted(profile.groups))
            )
            found.append(Objection(Severity.WARNING, message))
    return found


def _incomplete(named: dict[Part, frozenset[str]], protocol: Protocol) -> list[Objection]:
    sealed = {name for name in named.get(Part.ENCRYPTION, ()) if _AEAD.fullmatch(name)}
    plain = named.get(Part.ENCRYPTION, frozenset()) - sealed
    wanted = {
        _("an encryption algorithm"): Part.ENCRYPTION in named,
        _("a key exchange group (perfect forward secrecy)"): Part.GROUP in named,
        _("an integrity algorithm beside the encryption"): not plain or Part.INTEGRITY in named,
        _("a prf beside the sealed encryption"): protocol is Protocol.ESP or not sealed or Part.PRF in named,
    }
    messages = [_("the proposal lacks {what}").format(what=what) for what, there in wanted.items() if not there]
    if sealed and plain:
        messages.append(_("sealed (gcm, ccm, poly1305) and plain encryption need a proposal each"))
    return [Objection(Severity.ERROR, message) for message in messages]


def _canonical(word: str) -> str:
    if (match := _AEAD.fullmatch(word)) and match[4] in _TAGS:
        return f"{match[1]}{match[2]}{match[3]}{_TAGS[match[4]]}"
    return _ALIASES.get(word, word)


def _part(name: str) -> Part:
    if name in _MACS:
        return Part.INTEGRITY
    return next((part for part, pattern in _KINDS if pattern.fullmatch(name)), Part.UNKNOWN)
