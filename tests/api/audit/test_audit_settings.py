"""What the environment says of the audit."""

from __future__ import annotations

import pytest

from api.settings import Settings
from inventory.errors import InputError


def test_the_audit_is_kept_two_years_and_stays_here_unless_said_otherwise() -> None:
    assert (Settings.from_environ({}).audit_days, Settings.from_environ({}).checkpoints) == (731, "")
    said = Settings.from_environ({"FOSA_AUDIT_DAYS": "1830", "FOSA_CHECKPOINTS": "/mnt/archive"})
    assert (said.audit_days, said.checkpoints) == (1830, "/mnt/archive")


@pytest.mark.parametrize("days", ["29", "-1", "two years", "1e3", "99999", "٣٦٥"])
def test_what_is_no_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(InputError, match="FOSA_AUDIT_DAYS must be a number of days from 30 to 36500"):
        Settings.from_environ({"FOSA_AUDIT_DAYS": days})
