"""The lock says versions and hashes for everything pyproject.toml asks for, and nothing about a machine."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
PYTHONS = ("3.11.2", "3.12.1", "3.13.0")


def _name(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def _asked() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tables = [project["build-system"]["requires"], project["project"]["dependencies"]]
    tables += project["project"]["optional-dependencies"].values()
    tables += project["dependency-groups"].values()
    for table in tables:
        yield from map(Requirement, table)


def _entries() -> list[tuple[Requirement, str]]:
    joined = LOCK.replace("\\\n", " ")
    split = (line.partition("--hash=") for line in joined.splitlines() if line.strip())
    return [(Requirement(requirement.strip()), mark + hashes) for requirement, mark, hashes in split]


def _environment(python: str) -> dict[str, str]:
    here = {key: str(value) for key, value in default_environment().items()}
    return here | {"python_full_version": python, "python_version": python.rpartition(".")[0]}


@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_is_locked_once_in_a_version_that_fits(python: str) -> None:
    environment = _environment(python)
    applying = [entry for entry, _ in _entries() if not entry.marker or entry.marker.evaluate(environment)]
    names = [_name(entry) for entry in applying]
    assert sorted(names) == sorted(set(names))
    versions = {_name(entry): str(entry.specifier).removeprefix("==") for entry in applying}
    for asked in _asked():
        if asked.marker is None or asked.marker.evaluate(environment):
            assert asked.specifier.contains(versions[_name(asked)]), f"scripts/lock was not run: {asked}"


def test_every_entry_is_pinned_and_hashed() -> None:
    for entry, hashes in _entries():
        assert re.fullmatch(r"==[^,]+", str(entry.specifier)), entry
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64}\s*)+", hashes), entry


def test_the_lock_names_no_address_and_no_path() -> None:
    assert not re.search(r"://|@|/|^--(index|extra|find|trusted)|^-", LOCK, re.MULTILINE)
