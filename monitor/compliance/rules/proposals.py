"""Proposals held against the office's crypto profile, an ESP proposal's encryption apart from its key exchange."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.crypto import Part, Profile, Protocol, judge, parts
from inventory.faults import Severity

__all__ = ["DEFAULT", "Opinion", "of_esp", "of_group", "of_ike"]

DEFAULT = "default"
"""The word for whatever list the daemon has built in."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a profile has against a proposal: names that readers of any language know."""

    outside: tuple[str, ...]
    """Algorithms that are not allowed."""
    tolerated: tuple[str, ...]
    """Algorithms below the profile, allowed for the time being."""
    incomplete: bool
    """Something a proposal needs is not named."""

    @property
    def good(self) -> bool:
        """Whether it may be used, if only for the time being."""
        return not (self.outside or self.incomplete)


def of_ike(proposal: str, profile: Profile) -> Opinion:
    """All of an IKE proposal."""
    return _opinion(proposal, proposal, Protocol.IKE, profile)


def of_esp(proposal: str, profile: Profile) -> Opinion:
    """An ESP proposal, its key exchange left out."""
    others = [word for word in proposal.split("-") if Part.GROUP not in parts(word)]
    # A group that is allowed stands in, so that none is missed; it cannot be objected to.
    return _opinion("-".join(others), "-".join([*others, min(profile.groups)]), Protocol.ESP, profile)


def of_group(proposal: str, profile: Profile) -> Opinion:
    """The key exchange of an ESP proposal; without one there is no forward secrecy."""
    groups = [word for word in proposal.split("-") if Part.GROUP in parts(word)]
    sealed = next(name for name in sorted(profile.encryption, reverse=True) if "gcm" in name)
    return _opinion("-".join(groups), "-".join([sealed, *groups]), Protocol.ESP, profile)


def _opinion(named: str, whole: str, protocol: Protocol, profile: Profile) -> Opinion:
    found = parts(named) if named else {}
    outside = {name for part, words in found.items() for name in words - profile.allowed(part)}
    tolerated = {name for words in found.values() for name in words & profile.tolerated}
    refused = any(objection.severity is Severity.ERROR for objection in judge(whole, protocol, profile))
    return Opinion(tuple(sorted(outside)), tuple(sorted(tolerated)), refused and not outside)
