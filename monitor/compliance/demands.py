"""What rules ask for in figures: the defaults of the baseline, in one place."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEMANDS", "Demands"]


@dataclass(frozen=True, slots=True)
class Demands:
    """Figures a device is held against."""

    idle_s: int = 600
    """How long an idle session may last (CIS IOS 17.x 1.2; STIG NDM asks for 300)."""
    tries: int = 3
    """Wrong passwords before an account is locked (STIG NDM V-215813)."""
    locked_s: int = 900
    """For how long it is locked, at the least (the same)."""
    password_length: int = 12
    """Of a new password, at the least (CERT Polska; CIS Controls 5.2 asks for 14 without a second factor)."""
    time_sources: int = 2


DEMANDS = Demands()
