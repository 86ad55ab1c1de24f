"""Every state and reason has words, in both languages."""

import pytest

from inventory import words as catalogue
from monitor import words
from monitor.results import Difference, DifferenceKind, LinkKind, Reason, State


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_everything_a_watch_finds_can_be_said(language: catalogue.Language) -> None:
    with catalogue.speaking(language):
        for said in (map(words.state, State), map(words.reason, Reason), map(words.kind, LinkKind)):
            texts = list(said)
            assert all(texts)
            assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("kind", DifferenceKind)
def test_a_difference_names_both_sides(kind: DifferenceKind) -> None:
    from_inventory = Difference(kind=kind, device="gw-k", against="inventory", found="this", expected="")
    assert words.difference(from_inventory).endswith("on gw-k: this; the inventory says nothing")
    from_other = Difference(kind=kind, device="gw-k", against="gw-b", found="this", expected="that")
    assert words.difference(from_other).endswith("on gw-k: this; on gw-b: that")


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("tunnel:k-b", "tunnel k-b"),
        ("end:k-b/gw-k", "tunnel k-b at gw-k"),
        ("link:k-isp1", "link k-isp1"),
        ("device:gw-k", "device gw-k"),
    ],
)
def test_an_event_says_what_it_is_about(subject: str, said: str) -> None:
    assert words.subject(subject) == said
