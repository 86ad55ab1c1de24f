"""Secrets that were read before: which they are, and what is said of the others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.held import HeldSecrets, hold, references
from inventory.errors import SecretError
from inventory.load import load
from inventory.secrets import SecretStore
from tests.monitor.compliance.cases import small

TWO = Path(__file__).parents[1] / "data" / "lab" / "two"
PILA = Path(__file__).parents[2] / "inventory/examples/pila"


def test_every_secret_of_an_inventory_is_named() -> None:
    office = small()
    services = office.network
    named = references(office)
    assert {access.write.key for access in office.access} < named
    assert {services.snmp.auth, services.snmp.priv} < named


def test_every_secret_that_switches_need_is_named() -> None:
    office = load(PILA).require()
    assert office.switching is not None
    assert set(office.switching.last_resort.hashes.values()) < references(office)
    assert references(office) == set(re.findall(r'"(file:secrets/[^"]+)"', office.model_dump_json()))


def test_a_text_that_looks_like_a_reference_is_none() -> None:
    office = load(TWO).require()
    assert "file:/etc/shadow" not in references(office.model_copy(update={"title": "file:/etc/shadow"}))


def test_what_was_read_is_held_and_what_was_not_says_why(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("private\n")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "open").write_text("everybody's\n")
    (tmp_path / "open").chmod(0o644)
    held = hold(SecretStore(tmp_path), ["file:key", "file:open"])
    (tmp_path / "key").unlink()
    assert held.get("file:key").get_secret_value() == "private"
    with pytest.raises(SecretError, match="can be read by others"):
        held.get("file:open")
    assert len(held.problems) == 1
    with pytest.raises(SecretError, match="not among the secrets"):
        held.get("file:other")
    assert "private" not in repr(held)
    assert "everybody" not in str(held.problems)


def test_secrets_that_are_given_are_held() -> None:
    assert HeldSecrets({"file:read": "private"}).get("file:read").get_secret_value() == "private"
