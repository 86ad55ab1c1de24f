"""The file of tunnels, as text."""

from __future__ import annotations

__all__ = ["PATH", "without_connection"]

PATH = "/etc/swanctl/conf.d/fosa.conf"


def without_connection(text: str, tunnel: str) -> str:
    """The file without one connection; as it was when it has none of that name. Shared keys stay: nobody uses them."""
    kept, inside = [], False
    head, end, rest = text.partition("\n}\n")
    for line in head.split("\n"):
        if line == f"    {tunnel} {{":
            inside = True
        if not inside:
            kept.append(line)
        if line == "    }":
            inside = False
    return "\n".join(kept) + end + rest
