"""What somebody in configuration mode has before him."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.devices.cisco_ios.config import Config, Node

__all__ = ["Desk"]


@dataclass(slots=True)
class Desk:
    """The configuration that is edited, and where in it somebody is."""

    config: Config
    hashes: dict[str, str]
    """Stored form -> password: grows with every password that is typed in clear."""
    snmp: dict[str, str]
    """Users of SNMP, which no text shows: name -> the line that made them."""
    path: list[tuple[str, list[Node]]] = field(default_factory=list)
    """The mode and the lines one is under, outermost first; a range of terminals is several at once."""
    asked: str = ""
    """The user whose removal waits for its confirmation."""
