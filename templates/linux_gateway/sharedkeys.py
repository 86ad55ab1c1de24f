"""The shared keys that a file of tunnels gives to one of them, in the order charon reads them."""

from __future__ import annotations

__all__ = ["PREVIOUS", "section_of", "shared_keys_in"]

PREVIOUS = "_previous"
"""How the section of the key before the present one ends. No tunnel's name has an underscore."""


def section_of(tunnel: str) -> str:
    """The section of a tunnel's present key."""
    return f"ike-{tunnel}"


def shared_keys_in(text: str, tunnel: str) -> tuple[str, ...]:
    """Every line that says something of the tunnel's shared keys; by the last key of them the gateway proves itself.

    Of a masked text just as well: equal keys look equal.
    """
    wanted = {f"{section_of(tunnel)}{end} {{" for end in ("", PREVIOUS)}
    found, inside = [], False
    for line in (raw.strip() for raw in text.partition("\nsecrets {\n")[2].splitlines()):
        if line in wanted:
            inside = True
        elif line == "}":
            inside = False
        if inside:
            found.append(line)
    return tuple(found)
