"""Batches by length under a budget of tokens."""

import random

import pytest

from sentiment.batching import batches


def test_batches_keep_to_the_budget() -> None:
    lengths = [5, 90, 3, 40, 40, 7, 300]
    made = list(batches(lengths, budget=100))

    assert sorted(position for batch in made for position in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 100 for batch in made)
    assert len(made) == 4


@pytest.mark.parametrize(("window", "padding"), [(256, 0.06), (2048, 0.01)])
def test_little_is_padded_the_less_the_larger_the_window(window: int, padding: float) -> None:
    choose = random.Random(5)
    lengths = [max(3, min(512, round(choose.lognormvariate(3.33, 1.1)))) for _ in range(window)]

    padded = sum(len(batch) * max(lengths[i] for i in batch) for batch in batches(lengths, 512))

    assert padded / sum(lengths) - 1 < padding


def test_nothing_makes_no_batch() -> None:
    assert list(batches([], 512)) == []
