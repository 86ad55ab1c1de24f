"""Loss is told from an outage, and by chance nothing is cut."""

import random

import pytest

from monitor.echo.loss import Losses


def _after(text: str) -> Losses:
    losses = Losses(3)
    for letter in text:
        losses.add(lost=letter == "l")
    return losses


@pytest.mark.parametrize(
    ("text", "lossy", "cut"),
    [
        ("a" * 100, False, False),
        ("a" * 50 + "lll", False, True),
        ("a" * 50 + "lllll" + "a" * 20, False, False),
        ("al" * 5, False, False),
        ("al" * 6, True, False),
        ("al" * 6 + "ll", True, False),
        ("al" * 6 + "a" * 90, True, False),
        ("al" * 6 + "a" * 98, False, False),
        # An outage says nothing of the way after it.
        ("a" * 50 + "l" * 30 + "a" * 3, False, False),
        ("a" * 50 + "l" * 30 + "a" * 3 + "lll", False, True),
        ("al" * 6 + "l" * 20, True, True),
    ],
)
def test_many_losses_apart_are_loss_and_a_row_of_them_is_a_cut(text: str, lossy: bool, cut: bool) -> None:
    losses = _after(text)
    assert (losses.lossy, losses.cut) == (lossy, cut)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_loss_is_told_within_ten_seconds_and_cuts_nothing_once_it_is(share: float) -> None:
    told, cuts = 0, 0
    for seed in range(50):
        chance, losses = random.Random(seed), Losses(3)
        for _probe in range(100):
            losses.add(lost=chance.random() < share)
        told += losses.lossy
        for _probe in range(400):
            losses.add(lost=chance.random() < share)
            cuts += losses.lossy and losses.cut
    assert told >= 45
    assert cuts == 0


def test_one_lost_now_and_then_is_no_loss() -> None:
    chance, losses = random.Random(1), Losses(3)
    for _probe in range(5000):
        losses.add(lost=chance.random() < 0.01)
        assert not losses.lossy
