"""`show | compare` of the emulated Junos: which statements come and which go, in their places."""

from __future__ import annotations

from lab.devices.juniper_junos.tree import Tree

__all__ = ["compared"]


def compared(older: Tree, newer: Tree) -> str:
    """Empty where nothing differs. A real Junos writes the difference with braces; nobody here reads it but people."""
    before, after = older.lines(), newer.lines()
    gone = [f"-  {line}" for line in before if line not in set(after)]
    come = [f"+  {line}" for line in after if line not in set(before)]
    return "".join(f"{line}\n" for line in ["[edit]", *gone, *come]) if gone or come else ""
