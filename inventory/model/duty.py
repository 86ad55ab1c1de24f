"""What an office owes a platform, and what it knows better of it than the platform's profile."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime

from inventory.model.base import Name, Text, Value

__all__ = ["DailyDuty", "Notice", "ServiceSaid", "ServiceStatus"]


class ServiceStatus(StrEnum):
    """Whether a service of a platform can be used."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNAVAILABLE = "unavailable"


class ServiceSaid(Value):
    """How a service of the profile stands for this office, where that is not as the profile says."""

    name: Name
    status: ServiceStatus


class DailyDuty(Value):
    """To ask the platform every working day whether something has come. Times of day in the office's zone."""

    warn: dt.time = dt.time(12)
    """From then on it is time."""
    late: dt.time = dt.time(15)
    """From then on it is late."""


class Notice(Value):
    """An outage the platform has announced: what fails meanwhile is no alarm."""

    begins: AwareDatetime
    ends: AwareDatetime
    reason: Text

    def covers(self, moment: dt.datetime) -> bool:
        """Whether it is meant for this moment."""
        return self.begins <= moment < self.ends
