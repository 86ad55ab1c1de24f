"""What fosa ships of central platforms: sound, sourced, and never a guess."""

import pytest

from inventory.errors import CatalogueError
from inventory.model import ChannelKind, Confidence, ServiceStatus
from inventory.profiles import names, profile, read

EMPATIA = "pl-csizs-empatia"
SMALL = """\
name: xx-small
title: Small
country: XX
version: 2026.1.1
sources: [{name: letter, title: A letter}]
way: {kind: https_mtls, initiator: unit, source: letter, confidence: assumed}
"""


@pytest.mark.parametrize("name", names())
def test_every_profile_is_sound_and_bears_the_name_of_its_file(name: str) -> None:
    found = profile(name)
    assert found is not None
    assert found.name == name


def test_the_polish_platform_is_told_as_its_sources_tell_it() -> None:
    found = profile(EMPATIA)
    assert found is not None
    assert found.way.kind is ChannelKind.HTTPS_MTLS
    # Names of 2013 and 2014 are never said to be today's.
    assert {endpoint.confidence for endpoint in found.endpoints} == {Confidence.HISTORICAL}
    assert found.duty is not None
    assert found.duty.confidence is Confidence.CONFIRMED
    assert found.duty.times.confidence is Confidence.ASSUMED
    status = {service.name: service.status for service in found.services}
    assert status["cepik-vehicles"] is ServiceStatus.INACTIVE
    assert status["zus-insured"] is ServiceStatus.UNAVAILABLE
    assert [service.name for service in found.services if service.canary] == ["dictionaries"]
    assert found.unknown


def test_there_is_no_profile_by_another_name() -> None:
    assert profile("../pl-csizs-empatia") is None
    assert profile("") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SMALL.replace("source: letter", "source: rumour"), "rumour"),
        (SMALL + "extra: 1\n", "extra"),
        (SMALL.replace("confidence: assumed", "confidence: certain"), "confidence"),
        (SMALL.replace("title: Small", "title: &a Small"), "xx.yaml"),
        ("", "xx.yaml"),
    ],
)
def test_a_profile_that_is_not_sound_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(CatalogueError, match=why):
        read(text, "xx.yaml")


def test_a_small_profile_leaves_everything_else_unknown() -> None:
    found = read(SMALL, "xx.yaml")
    assert found.duty is None
    assert found.services == ()
