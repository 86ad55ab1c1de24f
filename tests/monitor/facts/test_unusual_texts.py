"""The same configuration written in unusual but legal ways: the same facts, the same findings."""

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from inventory.model import Platform
from monitor.facts.model import Section
from monitor.facts.where import Where
from tests.monitor.facts.judging import UNUSUAL, read, said

TEXTS = sorted(path for path in UNUSUAL.glob("*/*") if path.stem != "plain")


def content(path: Path) -> str:
    """With the line ends it has."""
    return path.read_bytes().decode("utf-8")


def shown(value: object) -> object:
    """Without lines and their order, and without the words of the banner."""
    if isinstance(value, Where | Section):
        return None
    if is_dataclass(value):
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: part is None if name == "banner" else shown(part) for name, part in parts.items()}
    if isinstance(value, tuple):
        return sorted((shown(each) for each in value), key=repr)
    return value


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_unusual_writing_says_the_same(path: Path) -> None:
    platform = Platform(path.parent.name)
    (plain,) = path.parent.glob("plain.*")
    usual, unusual = read(platform, content(plain)), read(platform, content(path))
    assert [where.text for where in unusual.sections[0].unknown] == []
    assert shown(unusual) == shown(usual)
    assert said(platform, content(path)) == said(platform, content(plain))


def test_every_platform_has_some() -> None:
    assert {path.parent.name for path in TEXTS} == {platform.value for platform in Platform if platform.switch}
