"""What a gate tells of the ways packets leave it: only what was asked for, or a fault that says which is missing."""

import pytest

from templates.linux_gateway.gate import ways as told
from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.request import parse


@pytest.mark.parametrize("role", ["read", "write"])
def test_both_accounts_may_ask_and_nothing_of_theirs_goes_along(role: str) -> None:
    assert parse(role, "ways").verb == "ways"
    for words in ("ways all", "ways;id", " ways", "ways\n"):
        with pytest.raises(GateError):
            parse(role, words)


def test_what_cannot_be_told_is_a_fault_and_no_empty_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "LISTS", {"kernel routes": ["sh", "-c", "echo default; exit 3"]})
    with pytest.raises(GateError, match="default"):
        told.ways()
